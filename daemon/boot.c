#include "daemon/boot.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/must.h"
#include "base/opt.h"
#include "daemon/adopt.h"
#include "daemon/pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MOST_SLOTS 4
/* Pool threads beside those of the tasks: API requests, sweeps, DNS. */
#define POOL_EXTRA 4

static int task_slots(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	if (n < 1)
		return 1;
	return n > MOST_SLOTS ? MOST_SLOTS : (int)n;
}

static int exit_for(enum err err)
{
	return err == ERR_BUSY ? EXIT_BUSY : EXIT_FAILED;
}

/* ---- the writer's side ---- */

static void on_wake(uv_async_t *h)
{
	struct daemon *d = h->data;

	if (d->writer && !d->settled)
		writer_drain(d->writer);
}

static void wake(void *ctx)
{
	struct daemon *d = ctx;

	uv_async_send(&d->writer_wake);
}

static enum err append(void *ctx, struct write **items, int n, struct reason *why)
{
	struct daemon *d = ctx;

	return archive_append(d->archive, items, n, why);
}

static enum err start_writer(struct daemon *d, struct reason *why)
{
	struct writer_opt opt = {
		.near = true,
		.batch_items = (int)d->view->rules->conf->batch_rows,
		.batch_ms = d->view->rules->conf->batch_ms,
		.nice = d->view->rules->conf->work_nice,
		.append = append,
		.wake = wake,
		.ctx = d,
	};

	must(uv_async_init(&d->loop, &d->writer_wake, on_wake) == 0);
	d->writer_wake.data = d;
	return writer_start(d->store, &opt, &d->writer, why);
}

/* A number of a segment that was closed is never another's, though that be gone: pages name it. */
static enum err archive_number(struct daemon *d, int64_t *ret_least, struct reason *why)
{
	int64_t last = 0;
	struct reader *r = NULL;
	enum err err = reader_open(d->store, &r, why);

	if (!err)
		err = reader_segment_last(r, &last, why);
	if (!err)
		*ret_least = last + 1;
	reader_close(r);
	return err;
}

static enum err start_store(struct daemon *d, struct reason *why)
{
	const struct conf *conf = d->view->rules->conf;
	const struct str folders[] = { conf->state_dir, conf->archive_dir, conf->model_dir,
				       conf->export_dir, conf->image_dir };
	int64_t least = 0;
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < sizeof(folders) / sizeof(*folders); i++)
		err = file_folder(folders[i].p, why);
	if (!err)
		err = store_open(conf->database.p, &d->store, why);
	if (!err)
		err = archive_number(d, &least, why);
	if (!err)
		err = archive_open(conf, d->clock, least, &d->archive, why);
	return err ? err : start_writer(d, why);
}

static void on_adopted(struct write *w)
{
	struct daemon *d = w->ctx;

	if (w->err) {
		log_error("the taxonomy cannot be stored: %s", w->why.text);
		if (d->serve) /* all has started */
			daemon_stop(d, EXIT_FAILED);
	}
	arena_free(w->arena);
}

/* Before anything else is written: labels are read by it. */
static enum err start_taxonomy(struct daemon *d, struct reason *why)
{
	const struct conf_taxonomy *t = &d->view->rules->conf->taxonomy;
	bool news = false;
	enum err err = adopt_look(d->store, t, &news, why);

	if (news && !err)
		writer_put(d->writer, adopt_write(t, clock_wall_ms(d->clock), on_adopted, d));
	return err;
}

/* ---- the loop's side ---- */

static void start_request(void *net, struct fetch_request *q)
{
	fetch_start(net, q);
}

static void on_model_stored(void *ctx, int64_t model, const char *file, const char *name, bool live)
{
	struct daemon *d = ctx;

	if (live)
		daemon_use_model(d, model, file, name);
	registry_prune(d->registry, d->view->rules->conf);
}

static int64_t live_model(void *ctx)
{
	const struct daemon *d = ctx;

	return d->model_asked ? d->model_asked : d->view->v.model_id;
}

static uint64_t nonce(const struct daemon *d)
{
	return hash64_join((uint64_t)clock_wall_ms(d->clock), (uint64_t)getpid());
}

#define STIR_MS 3000

static void on_stale(void *ctx)
{
	struct daemon *d = ctx;

	if (d->sweep)
		sweep_stir(d->sweep);
}

static void on_shown(void *ctx, const struct write *w, const struct drift_page *shown)
{
	struct daemon *d = ctx;

	drifts_page(d->drifts, w, shown);
}

static void on_stored(void *ctx)
{
	struct daemon *d = ctx;

	if (d->images)
		images_stir(d->images);
}

static void on_due(void *ctx)
{
	struct daemon *d = ctx;

	crawl_stir(d->crawl);
}

static void on_values(void *ctx, struct str source)
{
	struct daemon *d = ctx;

	crawl_seed_again(d->crawl, source);
}

static enum err start_crawl(struct daemon *d, void (*idle)(void *ctx), struct reason *why)
{
	enum err err = fetch_new(&d->loop, d->view->rules->conf, d->clock, &d->fetch, why);
	struct crawl_env env = {
		.loop = &d->loop,
		.clock = d->clock,
		.writer = d->writer,
		.fetch = start_request,
		.net = d->fetch,
		.nonce = nonce(d),
		.slots = task_slots(),
		.image_dir = d->image_dir,
		.idle = idle,
		.stored = on_stored,
		.shown = on_shown,
		.stale = on_stale,
		.ctx = d,
	};

	if (err)
		return err;
	d->crawl = crawl_new(&env, d->view);
	if (d->opt.paused)
		crawl_pause(d->crawl, (struct str){ 0 }, true);
	return ERR_OK;
}

/* The live model and the paused sources, as an earlier life left them. */
static enum err recall(struct daemon *d, struct reason *why)
{
	struct source_counts *sources;
	struct model_row *models;
	struct arena *a = arena_new(16 << 10);
	struct reader *r = NULL;
	enum err err;
	int n;

	err = reader_open(d->store, &r, why);
	if (!err)
		err = reader_models(r, a, &models, &n, why);
	for (int i = 0; !err && i < n; i++)
		if (models[i].state == MODEL_LIVE)
			daemon_use_model(d, models[i].id, models[i].file.p, models[i].name.p);
	if (!err)
		registry_check(d->view->rules->conf->model_dir, models, n);
	if (!err)
		err = reader_sources(r, a, &sources, &n, why);
	for (int i = 0; !err && i < n; i++)
		if (sources[i].paused)
			crawl_pause(d->crawl, sources[i].source, true);
	reader_close(r);
	arena_free(a);
	return err;
}

/* Why no segment may be removed now. Pages that are read again wait while a disk is full, and
 * what is removed may be what makes room. */
static const char *archive_held(void *ctx)
{
	const struct daemon *d = ctx;
	struct reread_view v;

	reread_look(d->reread, &v);
	if (v.active && !d->disk_low)
		return "pages are being read again";
	return audit_busy(d->audit) ? "the archive is being verified or indexed" : NULL;
}

static const struct labeler *labeler_of(void *ctx)
{
	return ((struct daemon *)ctx)->view->v.labeler;
}

static void on_moved(void *ctx)
{
	struct daemon *d = ctx;

	daemon_use(d, d->view->rules, d->view->model);
}

/* What was measured before holds. */
static enum err start_measures(struct daemon *d, void (*idle)(void *ctx), struct reason *why)
{
	const struct measures_env env = { .loop = &d->loop,
					  .clock = d->clock,
					  .store = d->store,
					  .writer = d->writer,
					  .labeler = labeler_of,
					  .moved = on_moved,
					  .idle = idle,
					  .ctx = d };
	enum err err = measures_new(&env, &d->measures, why);

	if (!err)
		on_moved(d);
	return err;
}

/* What trains, measures and keeps models. */
static void start_models(struct daemon *d, void (*idle)(void *ctx))
{
	struct trainer_env trainer = { .loop = &d->loop,
				       .clock = d->clock,
				       .store = d->store,
				       .writer = d->writer,
				       .stored = on_model_stored,
				       .live_id = live_model,
				       .idle = idle,
				       .ctx = d };
	struct registry_env registry = { .loop = &d->loop,
					 .clock = d->clock,
					 .store = d->store,
					 .writer = d->writer,
					 .idle = idle,
					 .ctx = d };
	struct evaluator_env evaluator = {
		.loop = &d->loop, .clock = d->clock, .store = d->store, .idle = idle, .ctx = d
	};
	struct rule_task_env rule_task = {
		.loop = &d->loop, .clock = d->clock, .store = d->store, .idle = idle, .ctx = d
	};
	struct study_env study = {
		.loop = &d->loop, .clock = d->clock, .store = d->store, .idle = idle, .ctx = d
	};

	d->trainer = trainer_new(&trainer);
	d->registry = registry_new(&registry);
	registry_prune(d->registry, d->view->rules->conf);
	d->evaluator = evaluator_new(&evaluator);
	d->rule_task = rule_task_new(&rule_task);
	for (int i = 0; i < SERVE_STUDIES; i++)
		d->studies[i] = study_new(&study, (enum serve_study)i);
}

/* What reads the archive again, and takes in and removes parts of it. */
static enum err start_archive(struct daemon *d, void (*idle)(void *ctx), struct reason *why)
{
	struct audit_env audit = { .loop = &d->loop,
				   .clock = d->clock,
				   .store = d->store,
				   .archive = d->archive,
				   .archive_dir = d->archive_dir,
				   .nice = d->view->rules->conf->work_nice,
				   .idle = idle,
				   .ctx = d };
	struct import_env import = { .loop = &d->loop,
				     .clock = d->clock,
				     .store = d->store,
				     .writer = d->writer,
				     .nonce = nonce(d),
				     .stale = on_stale,
				     .due = on_due,
				     .values = on_values,
				     .idle = idle,
				     .ctx = d };
	struct reread_env reread = { .loop = &d->loop,
				     .clock = d->clock,
				     .store = d->store,
				     .writer = d->writer,
				     .archive_dir = d->archive_dir,
				     .stale = on_stale,
				     .due = on_due,
				     .values = on_values,
				     .idle = idle,
				     .ctx = d };
	struct retain_env retain = { .loop = &d->loop,
				     .clock = d->clock,
				     .store = d->store,
				     .writer = d->writer,
				     .archive = d->archive,
				     .archive_dir = d->archive_dir,
				     .held = archive_held,
				     .idle = idle,
				     .ctx = d };
	enum err err = retain_new(&retain, &d->retain, why);

	if (!err)
		err = reread_new(&reread, d->view, &d->reread, why);
	if (!err)
		err = import_new(&import, d->view, &d->import, why);
	if (!err)
		d->audit = audit_new(&audit);
	return err;
}

static enum err start_serve(struct daemon *d, struct reason *why)
{
	const struct conf *conf = d->view->rules->conf;
	const struct serve_at at = { .socket = conf->socket.p,
				     .metrics = conf->metrics_address,
				     .suggest = conf->suggest_address };
	struct serve_ops ops = api_ops;

	ops.ctx = d;
	return serve_start(&d->loop, &at, d->store, &ops, &d->serve, why);
}

static enum err start_rest(struct daemon *d, void (*idle)(void *ctx), struct reason *why)
{
	struct sweep_env sweep = { .loop = &d->loop,
				   .clock = d->clock,
				   .store = d->store,
				   .writer = d->writer,
				   .stir_ms = STIR_MS,
				   .idle = idle,
				   .ctx = d };
	struct images_env images = { .loop = &d->loop,
				     .clock = d->clock,
				     .store = d->store,
				     .writer = d->writer,
				     .folder = d->image_dir,
				     .due = on_due,
				     .idle = idle,
				     .ctx = d };
	struct exports_env exports = { .loop = &d->loop,
				       .clock = d->clock,
				       .store = d->store,
				       .image_dir = d->image_dir,
				       .idle = idle,
				       .ctx = d };
	enum err err = start_measures(d, idle, why);

	if (!err)
		err = recall(d, why);
	if (!err)
		err = drifts_new(d->clock, d->store, d->writer, d->view, &d->drifts, why);
	if (!err)
		err = sweep_new(&sweep, d->view, &d->sweep, why);
	if (!err)
		err = start_archive(d, idle, why);
	if (!err)
		err = images_new(&images, d->view, &d->images, why);
	if (err)
		return err;
	start_models(d, idle);
	d->exports = exports_new(&exports);
	return start_serve(d, why);
}

int boot_start(struct daemon *d, void (*idle)(void *ctx), struct reason *why)
{
	struct rule_set *rules;
	enum err err;

	err = rule_set_load(d->opt.config, true, &rules, daemon_log_problem, NULL, why);
	if (err)
		return EXIT_USAGE;
	d->view = view_new(rules, NULL);
	/* Kept till the end: where things lie does not change at a reload. */
	d->first_rules = rules;
	d->archive_dir = rules->conf->archive_dir.p;
	d->image_dir = rules->conf->image_dir.p;
	log_setup(d->opt.log_level_given ? d->opt.log_level : d->view->rules->conf->log_level);
	pool_start(task_slots() + POOL_EXTRA, rules->conf->work_nice);
	err = start_store(d, why);
	if (!err)
		err = start_taxonomy(d, why);
	if (!err)
		err = start_crawl(d, idle, why);
	if (!err)
		err = start_rest(d, idle, why);
	if (err)
		return exit_for(err);
	crawl_seed(d->crawl);
	return EXIT_DONE;
}

/* ---- taking it down ---- */

static void close_any(uv_handle_t *h, void *ctx)
{
	(void)ctx;
	if (!uv_is_closing(h))
		uv_close(h, NULL);
}

static void nothing(void *ctx)
{
	(void)ctx;
}

/* A boot that failed halfway left parts that hold handles of the loop. */
static void end_half_made(struct daemon *d)
{
	if (d->settled)
		return;
	if (d->serve)
		serve_stop(d->serve, nothing, NULL);
	if (d->trainer)
		trainer_stop(d->trainer);
	if (d->exports)
		exports_stop(d->exports);
	if (d->evaluator)
		evaluator_stop(d->evaluator);
	for (int i = 0; i < SERVE_STUDIES; i++)
		if (d->studies[i])
			study_stop(d->studies[i]);
	if (d->rule_task)
		rule_task_stop(d->rule_task);
	if (d->sweep)
		sweep_stop(d->sweep);
	if (d->reread)
		reread_stop(d->reread);
	if (d->audit)
		audit_stop(d->audit);
	if (d->retain)
		retain_stop(d->retain);
	if (d->images)
		images_stop(d->images);
	if (d->import)
		import_stop(d->import);
	if (d->registry)
		registry_stop(d->registry);
	if (d->crawl)
		crawl_stop(d->crawl);
	if (d->fetch)
		fetch_close(d->fetch, nothing, NULL);
	while ((d->crawl && crawl_busy(d->crawl)) || (d->sweep && sweep_busy(d->sweep)) ||
	       (d->reread && reread_busy(d->reread)) || (d->images && images_busy(d->images)) ||
	       (d->import && import_busy(d->import)) || (d->registry && registry_busy(d->registry)))
		uv_run(&d->loop, UV_RUN_ONCE);
	if (d->writer)
		writer_stop(d->writer);
	uv_walk(&d->loop, close_any, NULL);
	uv_run(&d->loop, UV_RUN_DEFAULT);
}

void boot_end(struct daemon *d)
{
	end_half_made(d);
	drifts_free(d->drifts);
	exports_free(d->exports);
	evaluator_free(d->evaluator);
	for (int i = 0; i < SERVE_STUDIES; i++)
		study_free(d->studies[i]);
	rule_task_free(d->rule_task);
	measures_free(d->measures);
	trainer_free(d->trainer);
	registry_free(d->registry);
	sweep_free(d->sweep);
	reread_free(d->reread);
	import_free(d->import);
	audit_free(d->audit);
	retain_free(d->retain);
	images_free(d->images);
	crawl_free(d->crawl);
	archive_close(d->archive);
	store_close(d->store);
	view_release(d->view);
	rule_set_release(d->first_rules);
	must(uv_loop_close(&d->loop) == 0);
}
