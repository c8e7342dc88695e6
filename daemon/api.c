#include "base/log.h"
#include "base/must.h"
#include "cleaner/check.h"
#include "crawler/canon.h"
#include "crawler/scope.h"
#include "daemon/adopt.h"
#include "daemon/daemon.h"
#include "daemon/draft_run.h"
#include "daemon/record.h"
#include "daemon/target.h"
#include "daemon/trial_run.h"
#include "extractor/extractor.h"

/* The operations that the HTTP API asks of the daemon. */

static void api_status(void *ctx, struct json *j, struct arena *a)
{
	status_json(ctx, j, a);
}

static void api_metrics(void *ctx, struct buf *to, struct arena *a)
{
	figures_add(ctx, to, a);
}

static bool known_source(const struct daemon *d, struct str source)
{
	return !source.n || conf_source(d->view->rules->conf, source);
}

static void on_source_written(struct write *w)
{
	struct daemon *d = w->ctx;

	if (w->err)
		log_warn("source=%.*s not stored: %s", STR_ARG(w->source), w->why.text);
	crawl_stir(d->crawl);
	arena_free(w->arena);
}

/* The write lives in its own arena. */
static struct write *new_write(struct daemon *d, enum write_kind kind, void (*done)(struct write *))
{
	struct arena *a = arena_new(4096);
	struct write *w = arena_zero(a, sizeof(*w));

	w->kind = kind;
	w->arena = a;
	w->done = done;
	w->ctx = d;
	w->now_ms = clock_wall_ms(d->clock);
	return w;
}

static void write_paused(struct daemon *d, struct str source, bool paused)
{
	struct write *w = new_write(d, WRITE_SOURCE, on_source_written);

	w->source = arena_str(w->arena, source);
	w->paused = paused;
	writer_put(d->writer, w);
}

static void pause_source(struct daemon *d, struct str source, bool paused)
{
	const struct conf *conf = d->view->rules->conf;

	log_info("source=%.*s %s", STR_ARG(source.n ? source : STR("all")),
		 paused ? "paused" : "resumed");
	crawl_pause(d->crawl, source, paused);
	if (source.n)
		write_paused(d, source, paused);
	for (int i = 0; !source.n && i < conf->n_sources; i++)
		write_paused(d, conf->sources[i].name, paused);
}

static void run_source(struct daemon *d, struct str source)
{
	struct write *w = new_write(d, WRITE_RETRY, on_source_written);

	log_info("source=%.*s run", STR_ARG(source.n ? source : STR("all")));
	w->source = source.n ? arena_str(w->arena, source) : (struct str){ 0 };
	w->retry_states = 1u << JOB_DONE | 1u << JOB_FAILED | 1u << JOB_GONE | 1u << JOB_DUE;
	writer_put(d->writer, w);
	crawl_seed(d->crawl);
	pause_source(d, source, false);
}

static enum err api_source(void *ctx, struct str source, enum serve_source_act act,
			   struct reason *why)
{
	struct daemon *d = ctx;

	if (!known_source(d, source))
		return reason_set(why, ERR_NOT_FOUND, "no source '%.*s' in the configuration",
				  STR_ARG(source));
	switch (act) {
	case SERVE_RUN:
		run_source(d, source);
		break;
	case SERVE_PAUSE:
	case SERVE_RESUME:
		pause_source(d, source, act == SERVE_PAUSE);
		break;
	}
	return ERR_OK;
}

static void api_drift(void *ctx, struct str source, struct json *j)
{
	drifts_json(((struct daemon *)ctx)->drifts, source, j);
}

static enum err api_drift_accept(void *ctx, struct str source, struct str page_kind, int *ret_n,
				 struct reason *why)
{
	return drifts_accept(((struct daemon *)ctx)->drifts, source, page_kind, ret_n, why);
}

static enum err api_train(void *ctx, bool fresh, struct reason *why)
{
	struct daemon *d = ctx;

	return trainer_start(d->trainer, d->view, fresh, why);
}

struct use_model {
	struct daemon *d;
	struct classifier *model; /* opened before the database says that it is live */
	struct str name;
};

static void on_model_used(struct write *w)
{
	struct use_model *u = w->ctx;

	if (u->d->model_asked == w->model)
		u->d->model_asked = 0;
	if (w->err) {
		log_warn("model=%lld not made live: %s", (long long)w->model, w->why.text);
		classifier_close(u->model);
	} else {
		daemon_use_classifier(u->d, u->model, w->model, u->name);
		registry_prune(u->d->registry, u->d->view->rules->conf);
	}
	arena_free(w->arena);
}

static void api_use_model(void *ctx, int64_t id, struct str name, struct classifier *c)
{
	struct write *w = new_write(ctx, WRITE_MODEL, on_model_used);
	struct use_model *u = arena_zero(w->arena, sizeof(*u));

	u->d = ctx;
	u->model = c;
	u->name = arena_str(w->arena, name);
	w->ctx = u;
	w->model = id;
	w->live = true;
	u->d->model_asked = id;
	writer_put(u->d->writer, w);
}

static enum err api_evaluate_start(void *ctx, struct classifier *c,
				   const struct serve_evaluation *what, int64_t *ret_id,
				   struct reason *why)
{
	struct daemon *d = ctx;

	return evaluator_start(d->evaluator, d->view, c, what, ret_id, why);
}

static enum err api_evaluate_state(void *ctx, int64_t id, struct json *j, struct reason *why)
{
	return evaluator_json(((struct daemon *)ctx)->evaluator, id, j, why);
}

static enum err api_evaluate_page(void *ctx, int64_t id, bool html, struct buf *to,
				  struct reason *why)
{
	return evaluator_page(((struct daemon *)ctx)->evaluator, id, html, to, why);
}

static enum err api_study_start(void *ctx, enum serve_study kind, int folds, struct reason *why)
{
	struct daemon *d = ctx;

	return study_start(d->studies[kind], d->view, folds, why);
}

static void api_study_state(void *ctx, enum serve_study kind, struct json *j)
{
	study_json(((struct daemon *)ctx)->studies[kind], j);
}

static enum err api_study_stop(void *ctx, enum serve_study kind, struct reason *why)
{
	return study_cancel(((struct daemon *)ctx)->studies[kind], why);
}

static enum err api_rules_start(void *ctx, enum serve_rules kind, struct serve_view *view,
				struct conf *conf, struct labeler *labeler, int64_t *ret_id,
				struct reason *why)
{
	struct daemon *d = ctx;

	/* struct view begins with its serve_view. */
	return rule_task_start(d->rule_task, kind, (struct view *)view, conf, labeler, ret_id, why);
}

static enum err api_rules_state(void *ctx, int64_t id, struct json *j, struct reason *why)
{
	return rule_task_json(((struct daemon *)ctx)->rule_task, id, j, why);
}

static enum err api_export_start(void *ctx, const struct export_order *order, int64_t *ret_id,
				 struct reason *why)
{
	struct daemon *d = ctx;

	return exports_start(d->exports, d->view, order, ret_id, why);
}

static enum err api_export_state(void *ctx, int64_t id, struct json *j, struct reason *why)
{
	struct daemon *d = ctx;

	return exports_json(d->exports, id, j, why);
}

static enum err api_reload(void *ctx, struct reason *why)
{
	return daemon_reload(ctx, why);
}

static void api_collect_images(void *ctx)
{
	struct daemon *d = ctx;

	images_collect(d->images);
}

static enum err api_export_file(void *ctx, int64_t id, struct str name, char *path, size_t room,
				struct reason *why)
{
	struct daemon *d = ctx;

	return exports_file(d->exports, id, name, path, room, why);
}

/* The archive's folder is fixed while the daemon runs: any thread may read it. */
static enum err api_record(void *ctx, const struct page_record *r, enum serve_part part,
			   struct buf *to, int64_t *ret_original_ms, struct reason *why)
{
	struct daemon *d = ctx;

	return record_part(d->archive_dir, r, part, to, ret_original_ms, why);
}

static enum err api_archive_plan(void *ctx, struct reader *r, int64_t keep_ms, int64_t max_bytes,
				 struct arena *a, struct json *j, struct reason *why)
{
	const struct daemon *d = ctx;
	struct retain_ask ask = { .folder = d->archive_dir,
				  .keep_ms = keep_ms,
				  .max_bytes = max_bytes,
				  .counted_ms = retain_counted_ms(d->retain) };
	struct retain_plan plan;
	int64_t size;
	enum err err;

	archive_place(d->archive, &ask.open, &size);
	err = retain_plan(&ask, r, a, &plan, why);
	if (!err)
		retain_plan_json(&plan, &ask, j);
	return err;
}

static enum err api_trial(void *ctx, const struct trial_in *in, struct arena *a, struct trial *ret,
			  struct reason *why)
{
	const struct daemon *d = ctx;

	return trial_run(d->archive_dir, in, a, ret, why);
}

static enum err api_draft(void *ctx, const struct draft_in *in, struct arena *a, struct draft *ret,
			  struct reason *why)
{
	const struct daemon *d = ctx;

	return draft_run(d->archive_dir, in, a, ret, why);
}

static enum err api_adoptable(void *ctx, struct reader *r, const struct conf_taxonomy *t,
			      struct reason *why)
{
	bool news;

	(void)ctx;
	return adopt_check(r, t, &news, why);
}

static int api_check(const struct conf *conf, void (*each)(void *ctx, const struct conf_problem *p),
		     void *ctx)
{
	struct check_set *patterns;
	int n = extractor_check(conf, each, ctx);

	n += check_new(conf, &patterns, each, ctx);
	check_free(patterns);
	return n;
}

static enum err api_job_key(void *ctx, const struct conf_source *s, struct str url, struct arena *a,
			    struct str *ret_key, struct reason *why)
{
	struct str host;
	enum err err = canon_key(s, url, a, ret_key, &host, why);

	(void)ctx;
	if (!err && !scope_host(s, host))
		err = reason_set(why, ERR_BAD, "its host is not one of the source's");
	return err;
}

static enum err api_work_start(void *ctx, const struct serve_work_args *a, struct reason *why)
{
	struct daemon *d = ctx;

	if ((a->kind == SERVE_VERIFY || a->kind == SERVE_INDEX) && retain_removes(d->retain))
		return reason_set(why, ERR_BUSY, "a segment is being removed from the archive");
	switch (a->kind) {
	case SERVE_VERIFY:
		return audit_verify(d->audit, a->files, a->n_files, why);
	case SERVE_INDEX:
		return audit_index(d->audit, true, why);
	case SERVE_IMPORT:
		return import_start(d->import, d->view, a->file, a->source, a->page_kind, why);
	case SERVE_REPROCESS:
		return reread_start(d->reread, a->source, a->page_kind, a->since_ms, why);
	}
	return ERR_UNSUPPORTED;
}

static enum err api_import_stop(void *ctx, struct reason *why)
{
	struct daemon *d = ctx;

	return import_cancel(d->import, why);
}

static void api_work_state(void *ctx, enum serve_work kind, struct json *j)
{
	struct daemon *d = ctx;

	switch (kind) {
	case SERVE_VERIFY:
	case SERVE_INDEX:
		audit_json(d->audit, kind == SERVE_INDEX, j);
		break;
	case SERVE_IMPORT:
		import_json(d->import, j);
		break;
	case SERVE_REPROCESS:
		reread_json(d->reread, j);
		break;
	}
}

static enum err api_targets(void *ctx, const struct conf *conf, struct str url, struct str source,
			    struct arena *a, struct serve_target **ret, int *ret_n,
			    struct reason *why)
{
	const struct daemon *d = ctx;

	return target_find(conf, url, source, clock_wall_ms(d->clock), a, ret, ret_n, why);
}

static void api_known(void *ctx, const struct conf_source *source, const struct job *job,
		      struct arena *a, struct serve_known *ret)
{
	struct daemon *d = ctx;

	crawl_known(d->crawl, source, job, a, ret);
}

static void api_write(void *ctx, struct write *w)
{
	struct daemon *d = ctx;

	writer_put(d->writer, w);
	for (int i = 0; w->kind == WRITE_ASK && i < w->n_jobs; i++)
		crawl_front(d->crawl, w->jobs[i].source, w->jobs[i].host);
	/* The question that this makes is answered behind the write. */
	if (w->kind == WRITE_RETRY || w->kind == WRITE_ASK)
		crawl_stir(d->crawl);
}

static struct serve_view *api_view(void *ctx)
{
	struct daemon *d = ctx;

	return &view_keep(d->view)->v;
}

static void api_release(void *ctx, struct serve_view *v)
{
	(void)ctx;
	/* struct view begins with its serve_view. */
	view_release((struct view *)v);
}

const struct serve_ops api_ops = {
	.status = api_status,
	.metrics = api_metrics,
	.source = api_source,
	.drift = api_drift,
	.drift_accept = api_drift_accept,
	.train = api_train,
	.use_model = api_use_model,
	.evaluate_start = api_evaluate_start,
	.evaluate_state = api_evaluate_state,
	.evaluate_page = api_evaluate_page,
	.study_start = api_study_start,
	.study_state = api_study_state,
	.study_stop = api_study_stop,
	.rules_start = api_rules_start,
	.rules_state = api_rules_state,
	.export_start = api_export_start,
	.export_state = api_export_state,
	.collect_images = api_collect_images,
	.reload = api_reload,
	.export_file = api_export_file,
	.targets = api_targets,
	.known = api_known,
	.record = api_record,
	.trial = api_trial,
	.draft = api_draft,
	.check = api_check,
	.adoptable = api_adoptable,
	.job_key = api_job_key,
	.work_start = api_work_start,
	.work_state = api_work_state,
	.import_stop = api_import_stop,
	.archive_plan = api_archive_plan,
	.write = api_write,
	.view = api_view,
	.release = api_release,
};
