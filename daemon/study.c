#include "daemon/study.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/niceness.h"
#include "classifier/folds_file.h"
#include "daemon/labeled.h"

#include <limits.h>
#include <malloc.h>
#include <stdio.h>

#define RESULT_MOST ((size_t)16 << 10)

enum study_state { STUDY_IDLE, STUDY_RUNNING, STUDY_DONE, STUDY_FAILED };
static const char *const state_names[] = { "idle", "running", "done", "failed" };

enum phase { PHASE_READ, PHASE_TRAIN, PHASE_WRITE };
static const char *const phases[] = {
	[PHASE_READ] = "reading labeled listings",
	[PHASE_TRAIN] = "training",
	[PHASE_WRITE] = "writing",
};

static const struct {
	const char *name;
	enum labeled_set set;
} kinds[] = {
	[SERVE_FOLDS] = { "folds", LABELED_EVERY },
	[SERVE_CURVE] = { "curve", LABELED_TRAIN },
};

struct study {
	struct study_env env;
	enum serve_study kind;
	uv_thread_t thread;
	uv_async_t ended;
	bool busy, stopping;
	enum study_state state;
	/* of the run */
	struct view *view;
	int folds;
	char file[PATH_MAX];
	int64_t made_ms;
	_Atomic bool cancel;
	_Atomic int phase, progress; /* progress: thousandths */
	struct buf result;
	enum err err;
	struct reason why;
};

static void on_ended(uv_async_t *h);

struct study *study_new(const struct study_env *env, enum serve_study kind)
{
	struct study *s = mem_zero(sizeof(*s));

	s->env = *env;
	s->kind = kind;
	buf_init(&s->result, RESULT_MOST);
	must(uv_async_init(env->loop, &s->ended, on_ended) == 0);
	s->ended.data = s;
	return s;
}

void study_free(struct study *s)
{
	if (!s)
		return;
	must(!s->busy);
	buf_done(&s->result);
	mem_free(s);
}

bool study_busy(const struct study *s)
{
	return s->busy;
}

void study_stop(struct study *s)
{
	s->stopping = true;
	atomic_store(&s->cancel, true);
	if (!s->busy && !uv_is_closing((uv_handle_t *)&s->ended))
		uv_close((uv_handle_t *)&s->ended, NULL);
}

/* ---- on the thread ---- */

static bool on_progress(void *ctx, double done, const char *what)
{
	struct study *s = ctx;

	(void)what;
	atomic_store(&s->progress, (int)(done * 1000));
	return !atomic_load(&s->cancel);
}

static struct classifier_opt options(struct study *s)
{
	const struct conf *conf = s->view->v.conf;
	struct classifier_opt opt = classifier_defaults();

	opt.seed = (uint64_t)conf->train_seed;
	opt.epochs = (int)conf->train_epochs;
	opt.min_rows = conf->train_min_rows;
	opt.progress = on_progress;
	opt.ctx = s;
	return opt;
}

static enum err write_folds(struct study *s, struct trainer_rows *rows,
			    const struct classifier_folds *f)
{
	const struct folds_file_about about = {
		.made_ms = s->made_ms,
		.taxonomy = s->view->v.conf->taxonomy.version,
		.labels = labeler_version(s->view->v.labeler),
	};
	int64_t *ids = trainer_rows_ids(rows);
	enum err err;

	atomic_store(&s->progress, 0);
	atomic_store(&s->phase, PHASE_WRITE);
	err = folds_file_write(f, ids, &about, on_progress, s, s->file, &s->why);
	mem_free(ids);
	return err;
}

static void folds_json(const struct study *s, const struct classifier_folds *f, struct json *j)
{
	struct classifier_folds_about a = classifier_folds_about(f);

	json_text(j, "file", s->file);
	json_int(j, "rows", a.rows);
	json_int(j, "left_out", a.left_out);
	json_int(j, "classes", a.classes);
	json_int(j, "folds", a.folds);
	json_num(j, "top1", a.top1, 4);
	json_num(j, "top3", a.top3, 4);
	json_num(j, "loss", a.loss, 4);
}

static enum err run_folds(struct study *s, struct trainer_rows *rows, struct json *j)
{
	const struct classifier_rows r = trainer_rows_of(rows);
	const struct classifier_opt opt = options(s);
	struct classifier_folds *f = NULL;
	enum err err = classifier_folds_make(&r, &opt, s->folds, s->file, &f, &s->why);

	if (!err)
		err = write_folds(s, rows, f);
	if (!err)
		folds_json(s, f, j);
	classifier_folds_free(f);
	return err;
}

static enum err run_curve(struct study *s, struct trainer_rows *rows, struct json *j)
{
	const struct classifier_rows r = trainer_rows_of(rows);
	const struct classifier_opt opt = options(s);
	struct classifier_curve c;
	enum err err = classifier_curve(&r, &opt, s->file, &c, &s->why);

	if (err)
		return err;
	json_int(j, "dev_rows", c.dev_rows);
	json_array(j, "points");
	for (int i = 0; i < c.points_n; i++) {
		json_object(j, NULL);
		json_int(j, "rows", c.points[i].rows);
		json_num(j, "top1", c.points[i].top1, 4);
		json_num(j, "low", c.points[i].low, 4);
		json_num(j, "high", c.points[i].high, 4);
		json_end_object(j);
	}
	json_end_array(j);
	json_num(j, "gain", c.gain, 6);
	json_num(j, "gain_low", c.gain_low, 6);
	json_num(j, "gain_high", c.gain_high, 6);
	return ERR_OK;
}

static enum err run(struct study *s, struct labeled *l)
{
	struct trainer_rows *rows = &l->rows[kinds[s->kind].set];
	struct json j;
	enum err err;

	rows->fields = labeled_fields(s->view->v.conf);
	atomic_store(&s->phase, PHASE_TRAIN);
	json_init(&j, &s->result);
	json_object(&j, NULL);
	err = s->kind == SERVE_FOLDS ? run_folds(s, rows, &j) : run_curve(s, rows, &j);
	json_end_object(&j);
	return err;
}

static void on_thread(void *ctx)
{
	struct study *s = ctx;
	struct labeled l = { .by = { 0 } };
	const enum labeled_set set = kinds[s->kind].set;

	niceness_add(s->view->rules->conf->work_nice);
	s->err = labeled_read(s->env.store, s->view, s->file, 1u << set, &s->cancel, &l, &s->why);
	if (!s->err && l.rows[set].n < 2)
		s->err = reason_set(&s->why, ERR_NOT_FOUND, "no labeled listings to learn from");
	if (!s->err)
		s->err = run(s, &l);
	labeled_done(&l);
	/* Training's peak is not the daemon's. */
	malloc_trim(0);
	uv_async_send(&s->ended);
}

/* ---- on the loop ---- */

static void on_ended(uv_async_t *h)
{
	struct study *s = h->data;

	if (!s->busy)
		return;
	uv_thread_join(&s->thread);
	s->busy = false;
	s->state = s->err ? STUDY_FAILED : STUDY_DONE;
	view_release(s->view);
	s->view = NULL;
	if (s->err)
		log_warn("%s failed: %s", kinds[s->kind].name, s->why.text);
	else
		log_info("%s done %.*s", kinds[s->kind].name, STR_ARG(buf_str(&s->result)));
	if (s->stopping)
		uv_close((uv_handle_t *)&s->ended, NULL);
	if (s->env.idle)
		s->env.idle(s->env.ctx);
}

enum err study_start(struct study *s, struct view *view, int folds, struct reason *why)
{
	if (s->busy)
		return reason_set(why, ERR_BUSY, "that is running already");
	if (s->stopping)
		return reason_set(why, ERR_CANCELLED, "the daemon is stopping");
	if (snprintf(s->file, sizeof(s->file), "%.*s/%s", STR_ARG(view->rules->conf->model_dir),
		     s->kind == SERVE_FOLDS ? STUDY_FOLDS_FILE : kinds[s->kind].name) >=
	    (int)sizeof(s->file))
		return reason_set(why, ERR_TOO_BIG, "model-dir is too long");
	buf_clear(&s->result);
	s->why.text[0] = 0;
	s->folds = folds;
	s->made_ms = clock_wall_ms(s->env.clock);
	s->view = view_keep(view);
	atomic_store(&s->cancel, false);
	atomic_store(&s->phase, PHASE_READ);
	atomic_store(&s->progress, 0);
	s->state = STUDY_RUNNING;
	s->busy = true;
	must(uv_thread_create(&s->thread, on_thread, s) == 0);
	return ERR_OK;
}

enum err study_cancel(struct study *s, struct reason *why)
{
	if (!s->busy)
		return reason_set(why, ERR_NOT_FOUND, "nothing of that kind is running");
	atomic_store(&s->cancel, true);
	return ERR_OK;
}

void study_json(struct study *s, struct json *j)
{
	json_text(j, "state", state_names[s->state]);
	if (s->state == STUDY_RUNNING) {
		json_num(j, "progress", atomic_load(&s->progress) / 1000.0, 3);
		json_text(j, "what", phases[atomic_load(&s->phase)]);
	}
	if (s->state == STUDY_FAILED)
		json_text(j, "error", s->why.text);
	if (s->state == STUDY_DONE)
		json_raw(j, "result", buf_str(&s->result));
}
