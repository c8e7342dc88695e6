#include "daemon/trainer.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/niceness.h"
#include "daemon/trainer_run.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum trainer_state { TRAINER_IDLE, TRAINER_RUNNING, TRAINER_DONE, TRAINER_FAILED };
static const char *const state_names[] = { "idle", "running", "done", "failed" };

struct trainer {
	struct trainer_env env;
	uv_thread_t thread;
	uv_async_t ended;
	enum trainer_state state;
	bool busy;
	/* of the run */
	struct view *view;
	int64_t started_ms;
	char name[64], file[PATH_MAX];
	struct trainer_run run;
	enum err err;
	struct reason why;
	bool live;
	char verdict[400];
	struct buf metrics;
	struct write write;
};

static void on_ended(uv_async_t *h);

struct trainer *trainer_new(const struct trainer_env *env)
{
	struct trainer *t = mem_zero(sizeof(*t));

	t->env = *env;
	buf_init(&t->metrics, 8192);
	must(uv_async_init(env->loop, &t->ended, on_ended) == 0);
	t->ended.data = t;
	return t;
}

void trainer_free(struct trainer *t)
{
	if (!t)
		return;
	must(!t->busy);
	buf_done(&t->metrics);
	mem_free(t);
}

void trainer_stop(struct trainer *t)
{
	atomic_store(&t->run.cancel, true);
	if (!t->busy && !uv_is_closing((uv_handle_t *)&t->ended))
		uv_close((uv_handle_t *)&t->ended, NULL);
}

bool trainer_busy(const struct trainer *t)
{
	return t->busy;
}

static void on_thread(void *ctx)
{
	struct trainer *t = ctx;

	niceness_add(t->view->rules->conf->work_nice);
	t->err = trainer_run(&t->run, &t->why);
	uv_async_send(&t->ended);
}

/* A field that was asked for and cannot do what is expected of it. */
static void warn_untold(const struct trainer_run *r)
{
	if ((r->fields & HINT_BIT(HINT_SOURCE_CATEGORY)) && r->mapped)
		log_warn("train: source-category is not told of %lld listings: their label was "
			 "made of it",
			 (long long)r->mapped);
}

static void finish(struct trainer *t, enum err err)
{
	if (err) {
		t->state = TRAINER_FAILED;
		log_warn("train failed: %s", t->why.text);
	} else {
		t->state = TRAINER_DONE;
	}
	view_release(t->view);
	t->view = NULL;
	t->busy = false;
	if (atomic_load(&t->run.cancel))
		uv_close((uv_handle_t *)&t->ended, NULL);
	if (t->env.idle)
		t->env.idle(t->env.ctx);
}

static void on_stored(struct write *w)
{
	struct trainer *t = w->ctx;

	if (w->err) {
		t->why = w->why;
		unlink(t->file);
	} else {
		log_info("model=%lld name=%s trained rows=%lld classes=%d top1=%.4f top3=%.4f %s",
			 (long long)w->ret_model, t->name, (long long)t->run.report.rows,
			 t->run.report.classes, t->run.score.top1, t->run.score.top3, t->verdict);
		warn_untold(&t->run);
		t->env.stored(t->env.ctx, w->ret_model, w->model_file.p, t->name, t->live);
	}
	arena_free(w->arena);
	finish(t, w->err);
}

/* A model that took the live one's place meanwhile, on a person's word, is another than the
 * one that was compared with. */
static void decide(struct trainer *t)
{
	int64_t was = t->view->v.model_id;

	if (t->env.live_id(t->env.ctx) != was) {
		t->live = false;
		snprintf(t->verdict, sizeof(t->verdict),
			 "kept, not live: another model was made live during the training");
		return;
	}
	t->live = !t->run.gate.worse;
	snprintf(t->verdict, sizeof(t->verdict), "%s: %s", t->live ? "live" : "kept, not live",
		 t->run.gate.text);
}

static void on_ended(uv_async_t *h)
{
	struct trainer *t = h->data;
	struct write *w = &t->write;

	if (!t->busy)
		return;
	uv_thread_join(&t->thread);
	if (t->err) {
		finish(t, t->err);
		return;
	}
	decide(t);
	trainer_run_json(&t->run, t->live, t->verdict, clock_mono_ms(t->env.clock) - t->started_ms,
			 &t->metrics);
	atomic_store(&t->run.phase, TRAINER_STORE);
	*w = (struct write){ .kind = WRITE_MODEL, .done = on_stored, .ctx = t };
	w->arena = arena_new(4096);
	w->now_ms = clock_wall_ms(t->env.clock);
	w->model_name = str_of(t->name);
	/* Named within the model folder, so that the state folder may move. */
	w->model_file = str_of(strrchr(t->file, '/') + 1);
	w->model_sha256 = str_of(t->run.sha256);
	w->model_metrics = buf_str(&t->metrics);
	w->model_rows = t->run.report.rows;
	w->model_recipe = str_of(t->run.recipe);
	w->model_warm = t->run.warm.in_a_row;
	w->live = t->live;
	writer_put(t->env.writer, w);
}

enum err trainer_start(struct trainer *t, struct view *view, bool fresh, struct reason *why)
{
	const struct conf *conf = view->rules->conf;
	int n;

	if (t->busy)
		return reason_set(why, ERR_BUSY, "training is running already; see pipectl status");
	if (atomic_load(&t->run.cancel))
		return reason_set(why, ERR_CANCELLED, "the daemon is stopping");
	snprintf(t->name, sizeof(t->name), "model-%lld", (long long)clock_wall_ms(t->env.clock));
	n = snprintf(t->file, sizeof(t->file), "%.*s/%s.bin", STR_ARG(conf->model_dir), t->name);
	if (n >= (int)sizeof(t->file))
		return reason_set(why, ERR_TOO_BIG, "model-dir is too long");
	t->state = TRAINER_RUNNING;
	t->busy = true;
	t->err = ERR_OK;
	t->why.text[0] = 0;
	t->view = view_keep(view);
	t->run.store = t->env.store;
	t->run.view = t->view;
	t->run.file = t->file;
	t->run.fresh = fresh;
	atomic_store(&t->run.progress, 0);
	atomic_store(&t->run.phase, TRAINER_READ);
	t->started_ms = clock_mono_ms(t->env.clock);
	if (uv_thread_create(&t->thread, on_thread, t) != 0) {
		finish(t, reason_set(&t->why, ERR_IO, "cannot start a thread"));
		return reason_set(why, ERR_IO, "cannot start a thread");
	}
	return ERR_OK;
}

void trainer_json(struct trainer *t, struct json *j, const char *key)
{
	json_object(j, key);
	json_text(j, "state", state_names[t->state]);
	if (t->busy) {
		json_num(j, "progress", atomic_load(&t->run.progress) / 1000.0, 3);
		json_text(j, "what",
			  trainer_phase_text((enum trainer_phase)atomic_load(&t->run.phase)));
	}
	if (t->state == TRAINER_FAILED)
		json_text(j, "error", t->why.text);
	if (t->state == TRAINER_DONE)
		json_raw(j, "metrics", buf_str(&t->metrics));
	json_end_object(j);
}
