#include "daemon/rule_task.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/niceness.h"
#include "daemon/rule_report.h"

#include <stdatomic.h>

#define REPORT_MOST ((size_t)16 << 20)

enum task_state { TASK_NONE, TASK_RUNNING, TASK_DONE, TASK_FAILED };
static const char *const state_names[] = { "none", "running", "done", "failed" };

static const struct rule_report *const reports[SERVE_RULES_KINDS] = {
	[SERVE_RULES_DIFF] = &rule_diff_report,
	[SERVE_RULES_STATS] = &rule_stats_report,
	[SERVE_RULES_SUGGEST] = &rule_hint_report,
};

struct rule_task {
	struct rule_task_env env;
	uv_thread_t thread;
	uv_async_t ended;
	bool busy, stopping;
	enum task_state state;
	int64_t id, asked_ms;
	/* of the run */
	const struct rule_report *report;
	struct view *view;
	struct conf *conf;
	struct labeler *labeler;
	void *x;
	int pass;
	struct arena *arena;
	_Atomic int64_t listings;
	_Atomic bool cancel;
	struct buf out;
	enum err err;
	struct reason why;
};

static void on_ended(uv_async_t *h);

struct rule_task *rule_task_new(const struct rule_task_env *env)
{
	struct rule_task *t = mem_zero(sizeof(*t));

	t->env = *env;
	buf_init(&t->out, REPORT_MOST);
	must(uv_async_init(env->loop, &t->ended, on_ended) == 0);
	t->ended.data = t;
	return t;
}

void rule_task_free(struct rule_task *t)
{
	if (!t)
		return;
	must(!t->busy);
	buf_done(&t->out);
	mem_free(t);
}

bool rule_task_busy(const struct rule_task *t)
{
	return t->busy;
}

void rule_task_stop(struct rule_task *t)
{
	t->stopping = true;
	atomic_store(&t->cancel, true);
	if (!t->busy && !uv_is_closing((uv_handle_t *)&t->ended))
		uv_close((uv_handle_t *)&t->ended, NULL);
}

/* ---- on the thread ---- */

static bool on_listing(void *ctx, const struct listing_view *v)
{
	struct rule_task *t = ctx;

	arena_reset(t->arena);
	t->report->add(t->x, t->pass, v, t->arena);
	atomic_fetch_add(&t->listings, 1);
	return !atomic_load(&t->cancel);
}

static enum err walk(struct rule_task *t, struct reader *r)
{
	struct listing_filter f = { .most = INT64_MAX };
	struct arena *a = arena_new(16 << 10);
	enum err err = ERR_OK;

	for (t->pass = 0; !err && t->pass < t->report->passes; t->pass++) {
		err = reader_listings(r, &f, a, on_listing, t, &t->why);
		if (!err && atomic_load(&t->cancel))
			err = reason_set(&t->why, ERR_CANCELLED,
					 t->stopping ? "the daemon is stopping"
						     : "given up: nobody asked after it");
	}
	arena_free(a);
	return err;
}

static void print(struct rule_task *t)
{
	struct json j;

	json_init(&j, &t->out);
	json_object(&j, NULL);
	t->report->print(t->x, &j);
	json_end_object(&j);
	if (t->out.full)
		t->err = reason_set(&t->why, ERR_TOO_BIG, "the report is past %zu bytes",
				    REPORT_MOST);
}

static void on_thread(void *ctx)
{
	struct rule_task *t = ctx;
	struct rule_report_in in = { .view = &t->view->v, .conf = t->conf, .labeler = t->labeler };
	struct reader *r = NULL;

	niceness_add(t->view->rules->conf->work_nice);
	t->x = t->report->start(&in);
	t->arena = arena_new(1 << 14);
	t->err = reader_open(t->env.store, &r, &t->why);
	if (!t->err)
		t->err = reader_begin(r, &t->why);
	if (!t->err) {
		t->err = walk(t, r);
		reader_end(r);
	}
	if (!t->err)
		print(t);
	reader_close(r);
	arena_free(t->arena);
	t->report->free(t->x);
	uv_async_send(&t->ended);
}

/* ---- on the loop ---- */

static void drop(struct conf *conf, struct labeler *labeler)
{
	labeler_free(labeler);
	conf_free(conf);
}

static void on_ended(uv_async_t *h)
{
	struct rule_task *t = h->data;

	if (!t->busy)
		return;
	uv_thread_join(&t->thread);
	t->busy = false;
	t->state = t->err ? TASK_FAILED : TASK_DONE;
	drop(t->conf, t->labeler);
	view_release(t->view);
	if (t->err)
		log_warn("rules=%lld %s failed: %s", (long long)t->id, t->report->name,
			 t->why.text);
	else
		log_info("rules=%lld %s done listings=%lld", (long long)t->id, t->report->name,
			 (long long)atomic_load(&t->listings));
	if (t->stopping)
		uv_close((uv_handle_t *)&t->ended, NULL);
	if (t->env.idle)
		t->env.idle(t->env.ctx);
}

enum err rule_task_start(struct rule_task *t, enum serve_rules kind, struct view *view,
			 struct conf *conf, struct labeler *labeler, int64_t *ret_id,
			 struct reason *why)
{
	enum err err = ERR_OK;

	if (t->busy)
		err = reason_set(why, ERR_BUSY, "rules are being looked at already: %s",
				 t->report->name);
	else if (t->stopping)
		err = reason_set(why, ERR_CANCELLED, "the daemon is stopping");
	if (err) {
		drop(conf, labeler);
		return err;
	}
	buf_clear(&t->out);
	t->report = reports[kind];
	t->view = view_keep(view);
	t->conf = conf;
	t->labeler = labeler;
	t->why.text[0] = 0;
	atomic_store(&t->cancel, false);
	atomic_store(&t->listings, 0);
	t->state = TASK_RUNNING;
	t->asked_ms = clock_mono_ms(t->env.clock);
	t->busy = true;
	must(uv_thread_create(&t->thread, on_thread, t) == 0);
	*ret_id = ++t->id;
	return ERR_OK;
}

enum err rule_task_json(struct rule_task *t, int64_t id, struct json *j, struct reason *why)
{
	if (id != t->id || t->state == TASK_NONE)
		return reason_set(why, ERR_NOT_FOUND, "no task %lld; the newest is kept",
				  (long long)id);
	t->asked_ms = clock_mono_ms(t->env.clock);
	json_int(j, "id", id);
	json_text(j, "state", state_names[t->state]);
	json_text(j, "kind", t->report->name);
	json_int(j, "listings", atomic_load(&t->listings) / t->report->passes);
	if (t->state == TASK_FAILED)
		json_text(j, "error", t->why.text);
	if (t->state == TASK_DONE)
		json_raw(j, "report", buf_str(&t->out));
	return ERR_OK;
}

void rule_task_tick(struct rule_task *t)
{
	int64_t unasked = clock_mono_ms(t->env.clock) - t->asked_ms;

	if (t->busy && unasked > RULE_TASK_LEASE_MS)
		atomic_store(&t->cancel, true);
	if (t->busy || t->state == TASK_NONE || unasked <= RULE_TASK_KEEP_MS)
		return;
	buf_done(&t->out);
	buf_init(&t->out, REPORT_MOST);
	t->state = TASK_NONE;
}
