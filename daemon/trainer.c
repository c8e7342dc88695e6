#include "daemon/trainer.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "daemon/trainer_rows.h"

#include <limits.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
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
	struct trainer_rows train, test;
	struct classifier_report report;
	struct classifier_score score;
	char sha256[HASH_SHA256_HEX];
	enum err err;
	struct reason why;
	struct buf metrics;
	struct write write;
	_Atomic bool cancel;
	_Atomic int progress; /* thousandths */
	_Atomic int phase;
};

enum phase { PHASE_READ, PHASE_TRAIN, PHASE_TEST, PHASE_STORE };
static const char *const phase_names[] = {
	[PHASE_READ] = "reading labeled listings",
	[PHASE_TRAIN] = "training",
	[PHASE_TEST] = "measuring on the held-out split",
	[PHASE_STORE] = "storing",
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
	atomic_store(&t->cancel, true);
	if (!t->busy && !uv_is_closing((uv_handle_t *)&t->ended))
		uv_close((uv_handle_t *)&t->ended, NULL);
}

bool trainer_busy(const struct trainer *t)
{
	return t->busy;
}

/* ---- on the training thread ---- */

static bool on_row(void *ctx, const struct listing_view *v)
{
	struct trainer *t = ctx;
	const struct conf *conf = t->view->rules->conf;
	struct trainer_rows *r;
	enum split side;

	if (!v->labeled || !v->label.category.n || listing_unfit(v->listing.flags))
		return !atomic_load(&t->cancel);
	side = split_of(v->listing.family, hash64(conf->salt, 0), conf->validation_share,
			conf->test_share);
	r = side == SPLIT_TEST ? &t->test : &t->train;
	t->err = trainer_rows_add(r, v->listing.title_clean, v->label.category, &t->why);
	return !t->err && !atomic_load(&t->cancel);
}

static enum err read_rows(struct trainer *t)
{
	struct listing_filter f = { .by_name = true, .most = INT64_MAX };
	struct arena *a = arena_new(16 << 10);
	struct reader *r = NULL;
	enum err err;

	err = reader_open(t->env.store, &r, &t->why);
	if (!err)
		err = reader_begin(r, &t->why);
	if (!err) {
		err = reader_listings(r, &f, a, on_row, t, &t->why);
		reader_end(r);
	}
	reader_close(r);
	arena_free(a);
	if (!err)
		err = t->err;
	if (!err && atomic_load(&t->cancel))
		err = reason_set(&t->why, ERR_CANCELLED, "cancelled");
	if (!err)
		err = trainer_rows_flush(&t->train, &t->why);
	if (!err)
		err = trainer_rows_flush(&t->test, &t->why);
	if (!err && t->train.n < 2)
		err = reason_set(&t->why, ERR_NOT_FOUND,
				 "no labeled listings to train on; crawl first, and see that the "
				 "taxonomy maps the source's categories");
	return err;
}

static bool on_progress(void *ctx, double done, const char *what)
{
	struct trainer *t = ctx;

	(void)what;
	atomic_store(&t->progress, (int)(done * 1000));
	return !atomic_load(&t->cancel);
}

static enum err train_and_test(struct trainer *t)
{
	const struct conf *conf = t->view->rules->conf;
	struct classifier_opt opt = classifier_defaults();
	struct classifier_rows rows;
	struct classifier *c;
	enum err err;

	opt.seed = (uint64_t)conf->train_seed;
	opt.epochs = (int)conf->train_epochs;
	opt.min_rows = conf->train_min_rows;
	opt.progress = on_progress;
	opt.ctx = t;
	atomic_store(&t->phase, PHASE_TRAIN);
	rows = trainer_rows_of(&t->train);
	err = classifier_train(&rows, &opt, t->file, &t->report, &t->why);
	if (err)
		return err;
	atomic_store(&t->phase, PHASE_TEST);
	err = classifier_open(t->file, &c, &t->why);
	if (err)
		return err;
	rows = trainer_rows_of(&t->test);
	rows.rewind(rows.ctx);
	err = classifier_test(c, &rows, &t->score, &t->why);
	classifier_close(c);
	if (!err)
		err = file_sha256(t->file, t->sha256, &t->why);
	return err;
}

static void on_thread(void *ctx)
{
	struct trainer *t = ctx;
	enum err err;

	atomic_store(&t->phase, PHASE_READ);
	err = trainer_rows_open(&t->train, t->file, ".train.tsv", &t->why);
	if (!err)
		err = trainer_rows_open(&t->test, t->file, ".test.tsv", &t->why);
	if (!err)
		err = read_rows(t);
	if (!err)
		err = train_and_test(t);
	trainer_rows_close(&t->train);
	trainer_rows_close(&t->test);
	t->err = err;
	/* Training's peak is not the daemon's. */
	malloc_trim(0);
	uv_async_send(&t->ended);
}

/* ---- back on the loop ---- */

static void make_metrics(struct trainer *t)
{
	struct json j;

	buf_clear(&t->metrics);
	json_init(&j, &t->metrics);
	json_object(&j, NULL);
	json_int(&j, "rows", t->report.rows);
	json_int(&j, "left_out", t->report.left_out);
	json_int(&j, "classes", t->report.classes);
	json_int(&j, "epochs", t->report.epochs);
	json_num(&j, "rate", t->report.rate, 4);
	json_int(&j, "seed", t->view->rules->conf->train_seed);
	json_int(&j, "test_rows", t->score.n);
	json_num(&j, "top1", t->score.top1, 4);
	json_num(&j, "top3", t->score.top3, 4);
	json_num(&j, "macro_f1", t->score.macro_f1, 4);
	json_num(&j, "ece", t->score.ece, 4);
	json_int(&j, "took_ms", clock_mono_ms(t->env.clock) - t->started_ms);
	json_end_object(&j);
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
	if (atomic_load(&t->cancel))
		uv_close((uv_handle_t *)&t->ended, NULL);
	if (t->env.idle)
		t->env.idle(t->env.ctx);
}

static void on_stored(struct write *w)
{
	struct trainer *t = w->ctx;

	if (w->err) {
		t->why = w->why;
	} else {
		log_info("model=%lld trained rows=%lld classes=%d top1=%.4f top3=%.4f",
			 (long long)w->ret_model, (long long)t->report.rows, t->report.classes,
			 t->score.top1, t->score.top3);
		t->env.live(t->env.ctx, w->ret_model, w->model_file.p, t->name);
	}
	arena_free(w->arena);
	finish(t, w->err);
}

static void on_ended(uv_async_t *h)
{
	struct trainer *t = h->data;
	struct write *w = &t->write;

	if (!t->busy)
		return;
	uv_thread_join(&t->thread);
	if (t->err) {
		unlink(t->file);
		finish(t, t->err);
		return;
	}
	make_metrics(t);
	atomic_store(&t->phase, PHASE_STORE);
	*w = (struct write){ .kind = WRITE_MODEL, .done = on_stored, .ctx = t };
	w->arena = arena_new(4096);
	w->now_ms = clock_wall_ms(t->env.clock);
	w->model_name = str_of(t->name);
	/* Named within the model folder, so that the state folder may move. */
	w->model_file = str_of(strrchr(t->file, '/') + 1);
	w->model_sha256 = str_of(t->sha256);
	w->model_metrics = buf_str(&t->metrics);
	w->model_rows = t->report.rows;
	w->live = true;
	writer_put(t->env.writer, w);
}

enum err trainer_start(struct trainer *t, struct view *view, struct reason *why)
{
	const struct conf *conf = view->rules->conf;
	int n;

	if (t->busy)
		return reason_set(why, ERR_BUSY, "training is running already; see pipectl status");
	if (atomic_load(&t->cancel))
		return reason_set(why, ERR_CANCELLED, "the daemon is stopping");
	snprintf(t->name, sizeof(t->name), "model-%lld", (long long)clock_wall_ms(t->env.clock));
	n = snprintf(t->file, sizeof(t->file), "%.*s/%s.bin", STR_ARG(conf->model_dir), t->name);
	if (n >= (int)sizeof(t->file))
		return reason_set(why, ERR_TOO_BIG, "model-dir is too long");
	t->state = TRAINER_RUNNING;
	t->busy = true;
	t->err = ERR_OK;
	t->why.text[0] = 0;
	atomic_store(&t->progress, 0);
	t->view = view_keep(view);
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
		json_num(j, "progress", atomic_load(&t->progress) / 1000.0, 3);
		json_text(j, "what", phase_names[atomic_load(&t->phase)]);
	}
	if (t->state == TRAINER_FAILED)
		json_text(j, "error", t->why.text);
	if (t->state == TRAINER_DONE)
		json_raw(j, "metrics", buf_str(&t->metrics));
	json_end_object(j);
}
