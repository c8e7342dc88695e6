#include "daemon/daemon.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/opt.h"
#include "daemon/adopt.h"
#include "daemon/boot.h"
#include "daemon/notify.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define TICK_MS 1000
/* Idle means that nothing is due within this time. */
#define DUE_SOON_MS ((int64_t)10 * 60 * 1000)

/* ---- the view ---- */

void daemon_use(struct daemon *d, struct rule_set *rules, struct model_ref *model)
{
	int n;
	const struct rule_measure *measures = measures_get(d->measures, &n);
	struct view *v = view_new_measured(rules, model, measures, rules->conf->measure_ms ? n : 0);

	view_release(d->view);
	d->view = v;
	if (d->fetch)
		fetch_reconfigure(d->fetch, rules->conf);
	if (d->crawl)
		crawl_set_view(d->crawl, v);
	if (d->drifts)
		drifts_set_view(d->drifts, v);
	if (d->sweep)
		sweep_set_view(d->sweep, v);
	if (d->reread)
		reread_set_view(d->reread, v);
	if (d->images)
		images_set_view(d->images, v);
}

void daemon_use_model(struct daemon *d, int64_t id, const char *file, const char *name)
{
	const struct conf *conf = d->view->rules->conf;
	struct classifier *c = NULL;
	struct reason why = { "" };
	char path[PATH_MAX];
	enum err err = ERR_OK;

	if (snprintf(path, sizeof(path), "%.*s/%s", STR_ARG(conf->model_dir), file) >=
	    (int)sizeof(path))
		err = reason_set(&why, ERR_TOO_BIG, "model-dir is too long");
	if (!err)
		err = classifier_open(path, &c, &why);
	if (!err) {
		daemon_use_classifier(d, c, id, str_of(name));
		return;
	}
	snprintf(d->model_trouble, sizeof(d->model_trouble), "%s cannot be used: %.200s", name,
		 why.text);
	log_error("model=%lld name=%s", (long long)id, d->model_trouble);
}

void daemon_use_classifier(struct daemon *d, struct classifier *c, int64_t id, struct str name)
{
	struct model_ref *m = model_ref_new(c, id, name);

	d->model_trouble[0] = 0;
	daemon_use(d, d->view->rules, m);
	model_ref_release(m);
	log_info("model=%lld live name=%.*s", (long long)id, STR_ARG(name));
}

/* ---- reload ---- */

void daemon_log_problem(void *ctx, const struct conf_problem *p)
{
	char text[512];

	(void)ctx;
	conf_problem_text(p, text);
	log_error("config %s", text);
}

static void on_reload_pool(uv_work_t *w)
{
	struct daemon *d = w->data;

	d->reload_err = rule_set_load(d->opt.config, true, &d->reloaded, daemon_log_problem, NULL,
				      &d->reload_why);
	if (!d->reload_err)
		d->reload_err = adopt_look(d->store, &d->reloaded->conf->taxonomy, &d->adopting,
					   &d->reload_why);
}

static void warn_fixed(const struct conf *was, const struct conf *now)
{
	if (!str_eq(was->state_dir, now->state_dir) || !str_eq(was->socket, now->socket) ||
	    !str_eq(was->database, now->database) || !str_eq(was->archive_dir, now->archive_dir) ||
	    !str_eq(was->image_dir, now->image_dir) ||
	    !str_eq(was->metrics_address, now->metrics_address) ||
	    !str_eq(was->suggest_address, now->suggest_address))
		log_warn("reload: state-dir, database, archive-dir, image-dir, socket, "
			 "metrics-address and suggest-address change only at a restart");
}

static void settle(struct daemon *d);

static void reloaded(struct daemon *d)
{
	d->reloading = false;
	d->reload_ms = clock_wall_ms(d->clock);
	if (d->reload_err) {
		log_error("reload refused, the old configuration stays: %s", d->reload_why.text);
	} else {
		warn_fixed(d->view->rules->conf, d->reloaded->conf);
		if (!d->stopping)
			daemon_use(d, d->reloaded, d->view->model);
		if (!d->opt.log_level_given)
			log_setup(d->reloaded->conf->log_level);
		log_info("reloaded %s", d->opt.config);
	}
	rule_set_release(d->reloaded);
	d->reloaded = NULL;
	notify_ready();
	if (d->stopping)
		settle(d);
}

static void on_adopted(struct write *w)
{
	struct daemon *d = w->ctx;

	d->reload_err = w->err;
	d->reload_why = w->why;
	arena_free(w->arena);
	reloaded(d);
}

/* What the taxonomy makes of old labels is stored before anything is read by it. */
static void on_reload_pool_done(uv_work_t *pool, int status)
{
	struct daemon *d = pool->data;

	(void)status;
	if (d->reload_err || !d->adopting)
		reloaded(d);
	else
		writer_put(d->writer, adopt_write(&d->reloaded->conf->taxonomy,
						  clock_wall_ms(d->clock), on_adopted, d));
}

enum err daemon_reload(struct daemon *d, struct reason *why)
{
	if (d->reloading)
		return reason_set(why, ERR_BUSY, "a reload is running already");
	if (d->stopping)
		return reason_set(why, ERR_CANCELLED, "the daemon is stopping");
	d->reloading = true;
	d->reload_work.data = d;
	notify_reloading();
	must(uv_queue_work(&d->loop, &d->reload_work, on_reload_pool, on_reload_pool_done) == 0);
	return ERR_OK;
}

/* ---- stopping ---- */

static void on_serve_closed(void *ctx)
{
	struct daemon *d = ctx;

	d->serve_closed = true;
	settle(d);
}

static void on_fetch_closed(void *ctx)
{
	struct daemon *d = ctx;

	d->fetch_closed = true;
	d->fetch = NULL; /* it has freed itself; a model may still come */
	settle(d);
}

static void close_handle(void *h)
{
	if (!uv_is_closing(h))
		uv_close(h, NULL);
}

static const int signal_numbers[] = { SIGTERM, SIGINT, SIGHUP };

static bool studies_busy(const struct daemon *d)
{
	bool busy = false;

	for (int i = 0; i < SERVE_STUDIES; i++)
		busy = busy || study_busy(d->studies[i]);
	return busy;
}

/* When the last piece of work has ended: the API, then the writer, then the
 * loop's own handles. Called after each end; does what is next. */
static void settle(struct daemon *d)
{
	if (!d->stopping || d->settled || d->reloading || !d->fetch_closed ||
	    crawl_busy(d->crawl) || sweep_busy(d->sweep) || images_busy(d->images) ||
	    trainer_busy(d->trainer) || exports_busy(d->exports) || audit_busy(d->audit) ||
	    import_busy(d->import) || reread_busy(d->reread) || retain_busy(d->retain) ||
	    registry_busy(d->registry) || evaluator_busy(d->evaluator) || studies_busy(d) ||
	    rule_task_busy(d->rule_task) || measures_busy(d->measures) || d->turning)
		return;
	if (!d->closing) {
		d->closing = true;
		if (d->serve)
			serve_stop(d->serve, on_serve_closed, d);
		else
			d->serve_closed = true;
	}
	if (!d->serve_closed)
		return;
	d->settled = true;
	drifts_stop(d->drifts);
	writer_stop(d->writer);
	close_handle(&d->writer_wake);
	close_handle(&d->tick);
	for (size_t i = 0; i < sizeof(d->signals) / sizeof(*d->signals); i++)
		close_handle(&d->signals[i]);
	/* One who is impatient must not end what is left: folding the database. */
	for (size_t i = 0; i < sizeof(signal_numbers) / sizeof(*signal_numbers); i++)
		signal(signal_numbers[i], SIG_IGN);
}

static void on_idle(void *ctx)
{
	settle(ctx);
}

void daemon_stop(struct daemon *d, int exit_code)
{
	if (d->stopping)
		return;
	d->stopping = true;
	d->exit_code = exit_code;
	log_info("stopping");
	notify_stopping();
	crawl_stop(d->crawl);
	sweep_stop(d->sweep);
	images_stop(d->images);
	trainer_stop(d->trainer);
	exports_stop(d->exports);
	audit_stop(d->audit);
	retain_stop(d->retain);
	registry_stop(d->registry);
	evaluator_stop(d->evaluator);
	for (int i = 0; i < SERVE_STUDIES; i++)
		study_stop(d->studies[i]);
	rule_task_stop(d->rule_task);
	measures_stop(d->measures);
	import_stop(d->import);
	reread_stop(d->reread);
	fetch_close(d->fetch, on_fetch_closed, d);
	settle(d);
}

static void on_signal(uv_signal_t *s, int number)
{
	struct daemon *d = s->data;
	struct reason why;

	if (number != SIGHUP)
		daemon_stop(d, EXIT_DONE);
	else if (daemon_reload(d, &why))
		log_warn("reload: %s", why.text);
}

/* ---- the tick ---- */

bool daemon_idle(const struct daemon *d)
{
	struct reread_view r;
	struct images_view i;
	struct sweep_view s;

	sweep_look(d->sweep, &s);
	reread_look(d->reread, &r);
	images_look(d->images, &i);
	return crawl_idle(d->crawl, DUE_SOON_MS) && !s.active && !r.active &&
	       !trainer_busy(d->trainer) && !exports_busy(d->exports) && !audit_busy(d->audit) &&
	       !retain_busy(d->retain) && !registry_busy(d->registry) &&
	       !evaluator_busy(d->evaluator) && !studies_busy(d) && !rule_task_busy(d->rule_task) &&
	       !measures_busy(d->measures) && !import_active(d->import) &&
	       !import_busy(d->import) && !i.looking && !i.collecting && !d->reloading;
}

/* Of the disk that holds `folder`, if that is less than what d has. */
static void see_free(struct daemon *d, const char *folder, const char **ret_folder)
{
	struct statvfs v;
	int64_t n;

	if (statvfs(folder, &v) != 0)
		return;
	n = (int64_t)v.f_bavail * (int64_t)v.f_frsize;
	if (n >= d->free_bytes)
		return;
	d->free_bytes = n;
	*ret_folder = folder;
}

/* Whatever writes much by itself. */
static void hold(struct daemon *d, const char *why)
{
	import_hold(d->import, why);
	reread_hold(d->reread, why);
	crawl_hold(d->crawl, why);
}

static void check_disk(struct daemon *d)
{
	const struct conf *conf = d->view->rules->conf;
	const char *folder = d->archive_dir;
	bool was_low = d->disk_low;
	struct images_view images;

	images_look(d->images, &images);
	d->free_bytes = INT64_MAX;
	see_free(d, d->archive_dir, &folder);
	see_free(d, d->first_rules->conf->state_dir.p, &folder);
	if (images.wanted)
		see_free(d, d->image_dir, &folder);
	d->disk_low = d->free_bytes < conf->min_free_bytes;
	if (!d->disk_low) {
		if (was_low) {
			log_info("disk has room again free=%lld", (long long)d->free_bytes);
			hold(d, NULL);
		}
		return;
	}
	snprintf(d->disk_why, sizeof(d->disk_why),
		 "disk nearly full: %lld bytes free, min-free wants %lld: %s",
		 (long long)d->free_bytes, (long long)conf->min_free_bytes, folder);
	if (!was_low)
		log_error("fetching waits: %s", d->disk_why);
	hold(d, d->disk_why);
}

static void on_turned(struct write *w)
{
	struct daemon *d = w->ctx;

	d->turning = false;
	if (w->err)
		log_warn("archive: no new segment: %s", w->why.text);
	arena_free(w->arena);
	settle(d);
}

/* A segment that is old is closed though nothing is fetched, closed ones are
 * indexed, and in time removed. */
static void check_archive(struct daemon *d)
{
	struct arena *a;
	struct write *w;

	if (!retain_removes(d->retain))
		audit_tick(d->audit);
	retain_tick(d->retain, d->view->rules->conf);
	if (d->turning || !archive_is_old(d->archive, clock_wall_ms(d->clock)))
		return;
	a = arena_new(1024);
	w = arena_zero(a, sizeof(*w));
	*w = (struct write){ .kind = WRITE_TURN,
			     .arena = a,
			     .done = on_turned,
			     .ctx = d,
			     .now_ms = clock_wall_ms(d->clock) };
	d->turning = true;
	writer_put(d->writer, w);
}

/* What rules vote with is looked at again when listings have what they say now. */
static void measure(struct daemon *d)
{
	struct sweep_view v;

	sweep_look(d->sweep, &v);
	if (!v.active)
		measures_tick(d->measures, d->view->rules->conf->measure_ms);
}

static void on_tick(uv_timer_t *t)
{
	struct daemon *d = t->data;
	struct crawl_view v;
	struct arena *a;
	char text[160];

	if (d->stopping)
		return;
	check_disk(d);
	crawl_clock(d->crawl);
	check_archive(d);
	drifts_tick(d->drifts);
	evaluator_tick(d->evaluator);
	rule_task_tick(d->rule_task);
	measure(d);
	a = arena_new(4096);
	crawl_look(d->crawl, a, &v);
	snprintf(text, sizeof(text), "pages=%lld listings=%lld in-flight=%d%s%s",
		 (long long)v.pages, (long long)v.listings, crawl_busy(d->crawl),
		 v.held ? " waiting: " : "", v.held ? v.held : "");
	notify_alive(text);
	arena_free(a);
	if (d->opt.once && daemon_idle(d)) {
		log_info("nothing is due: done");
		daemon_stop(d, EXIT_DONE);
	}
}

static void start_handles(struct daemon *d)
{
	for (size_t i = 0; i < sizeof(d->signals) / sizeof(*d->signals); i++) {
		must(uv_signal_init(&d->loop, &d->signals[i]) == 0);
		d->signals[i].data = d;
		must(uv_signal_start(&d->signals[i], on_signal, signal_numbers[i]) == 0);
	}
	must(uv_timer_init(&d->loop, &d->tick) == 0);
	d->tick.data = d;
	must(uv_timer_start(&d->tick, on_tick, TICK_MS, TICK_MS) == 0);
}

int daemon_run(const struct daemon_opt *opt)
{
	struct daemon *d = mem_zero(sizeof(*d));
	struct reason why = { "" };
	int code;

	d->opt = *opt;
	d->clock = &clock_system;
	d->started_mono_ms = clock_mono_ms(d->clock);
	d->free_bytes = INT64_MAX;
	must(uv_loop_init(&d->loop) == 0);
	code = boot_start(d, on_idle, &why);
	if (code == EXIT_DONE) {
		start_handles(d);
		notify_ready();
		log_info("ready version=%s pid=%d socket=%.*s state-dir=%.*s", PIPED_VERSION,
			 (int)getpid(), STR_ARG(d->view->rules->conf->socket),
			 STR_ARG(d->view->rules->conf->state_dir));
		check_disk(d);
		crawl_pump(d->crawl);
		uv_run(&d->loop, UV_RUN_DEFAULT);
		code = d->exit_code;
		log_info("stopped");
	} else {
		log_error("cannot start: %s", why.text);
	}
	boot_end(d);
	mem_free(d);
	return code;
}
