#include "daemon/evaluator.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/niceness.h"
#include "daemon/beside.h"
#include "daemon/labeled.h"

#include <limits.h>
#include <stdio.h>

#define REPORT_MOST ((size_t)8 << 20)
#define FORMATS 3

enum evaluator_state { EVALUATOR_NONE, EVALUATOR_RUNNING, EVALUATOR_DONE, EVALUATOR_FAILED };
static const char *const state_names[] = { "none", "running", "done", "failed" };

struct evaluator {
	struct evaluator_env env;
	uv_thread_t thread;
	uv_async_t ended;
	bool busy, stopping;
	enum evaluator_state state;
	int64_t id, asked_ms;
	/* of the run */
	struct view *view;
	struct classifier *model;
	char name[96], file[PATH_MAX];
	bool chosen; /* `set` was named */
	enum labeled_set set;
	double precision;
	struct trainer_rows *rows; /* that are being read */
	int64_t n;
	_Atomic int64_t read; /* rows handed out: each is read twice */
	_Atomic int64_t all;
	_Atomic bool cancel;
	struct buf report[FORMATS];
	enum err err;
	struct reason why;
};

static void on_ended(uv_async_t *h);

struct evaluator *evaluator_new(const struct evaluator_env *env)
{
	struct evaluator *e = mem_zero(sizeof(*e));

	e->env = *env;
	for (int i = 0; i < FORMATS; i++)
		buf_init(&e->report[i], REPORT_MOST);
	must(uv_async_init(env->loop, &e->ended, on_ended) == 0);
	e->ended.data = e;
	return e;
}

void evaluator_free(struct evaluator *e)
{
	if (!e)
		return;
	must(!e->busy);
	for (int i = 0; i < FORMATS; i++)
		buf_done(&e->report[i]);
	mem_free(e);
}

bool evaluator_busy(const struct evaluator *e)
{
	return e->busy;
}

void evaluator_stop(struct evaluator *e)
{
	e->stopping = true;
	atomic_store(&e->cancel, true);
	if (!e->busy && !uv_is_closing((uv_handle_t *)&e->ended))
		uv_close((uv_handle_t *)&e->ended, NULL);
}

/* ---- on the thread ---- */

static void rows_rewind(void *ctx)
{
	struct evaluator *e = ctx;
	const struct classifier_rows r = trainer_rows_of(e->rows);

	r.rewind(r.ctx);
}

static bool rows_next(void *ctx, struct classifier_row *ret)
{
	struct evaluator *e = ctx;
	const struct classifier_rows r = trainer_rows_of(e->rows);

	atomic_fetch_add(&e->read, 1);
	return !atomic_load(&e->cancel) && r.next(r.ctx, ret);
}

static enum err measure(struct evaluator *e, struct trainer_rows *on,
			struct classifier_evaluation **ret)
{
	const struct classifier_rows rows = { e, rows_rewind, rows_next };
	enum err err;

	on->fields = BESIDE_ALL;
	e->rows = on;
	rows_rewind(e);
	err = classifier_evaluate(e->model, &rows, ret, &e->why);
	if (atomic_load(&e->cancel))
		err = reason_set(&e->why, ERR_CANCELLED,
				 "given up: nobody asked after it, or the daemon is stopping");
	return err;
}

/* What is promised is shown by persons' labels, whichever the report is of. */
static enum err report(struct evaluator *e, struct labeled *l)
{
	static const enum classifier_format formats[FORMATS] = { CLASSIFIER_TEXT, CLASSIFIER_JSON,
								 CLASSIFIER_HTML };
	struct trainer_rows *reviewed = &l->rows[LABELED_REVIEWED];
	struct classifier_evaluation *x = NULL, *r = NULL;
	enum err err = measure(e, &l->rows[e->set], &x);

	if (!err && e->set != LABELED_REVIEWED && reviewed->n)
		err = measure(e, reviewed, &r);
	if (!err)
		classifier_evaluation_promise(x, e->precision, e->set == LABELED_REVIEWED ? x : r,
					      "reviewed listings that were held out");
	for (int i = 0; i < FORMATS && !err; i++)
		if (classifier_evaluation_print(x, formats[i], &e->report[i]))
			err = reason_set(&e->why, ERR_TOO_BIG, "the report is past %zu bytes",
					 REPORT_MOST);
	classifier_evaluation_free(x);
	classifier_evaluation_free(r);
	return err;
}

static void on_thread(void *ctx)
{
	struct evaluator *e = ctx;
	struct labeled l = { .by = { 0 } };
	const unsigned wanted = 1u << LABELED_REVIEWED | 1u << (e->chosen ? e->set : LABELED_ALL);

	niceness_add(e->view->rules->conf->work_nice);
	e->err = labeled_read(e->env.store, e->view, e->file, wanted, &e->cancel, &l, &e->why);
	if (!e->err) {
		e->set = e->chosen ? e->set : labeled_held(&l);
		e->n = l.rows[e->set].n;
		atomic_store(
			&e->all,
			2 * (e->n + (e->set == LABELED_REVIEWED ? 0 : l.rows[LABELED_REVIEWED].n)));
		if (!e->n)
			e->err = reason_set(&e->why, ERR_NOT_FOUND,
					    "no held-out listing has a label of that kind");
	}
	if (!e->err)
		e->err = report(e, &l);
	labeled_done(&l);
	uv_async_send(&e->ended);
}

/* ---- on the loop ---- */

static void on_ended(uv_async_t *h)
{
	struct evaluator *e = h->data;

	if (!e->busy)
		return;
	uv_thread_join(&e->thread);
	e->busy = false;
	e->state = e->err ? EVALUATOR_FAILED : EVALUATOR_DONE;
	classifier_close(e->model);
	view_release(e->view);
	e->view = NULL;
	if (e->err)
		log_warn("evaluation=%lld failed: %s", (long long)e->id, e->why.text);
	else
		log_info("evaluation=%lld done model=%s rows=%lld", (long long)e->id, e->name,
			 (long long)e->n);
	if (e->stopping)
		uv_close((uv_handle_t *)&e->ended, NULL);
	if (e->env.idle)
		e->env.idle(e->env.ctx);
}

static bool parse_set(struct str labels, enum labeled_set *ret)
{
	for (int i = LABELED_REVIEWED; i <= LABELED_SELLER; i++) {
		if (!str_is(labels, labeled_name((enum labeled_set)i)))
			continue;
		*ret = (enum labeled_set)i;
		return true;
	}
	return false;
}

enum err evaluator_start(struct evaluator *e, struct view *view, struct classifier *c,
			 const struct serve_evaluation *what, int64_t *ret_id, struct reason *why)
{
	const struct conf *conf = view->rules->conf;
	enum err err = ERR_OK;

	if (e->busy)
		err = reason_set(why, ERR_BUSY, "an evaluation is running already");
	else if (e->stopping)
		err = reason_set(why, ERR_CANCELLED, "the daemon is stopping");
	if (err) {
		classifier_close(c);
		return err;
	}
	for (int i = 0; i < FORMATS; i++)
		buf_clear(&e->report[i]);
	e->chosen = parse_set(what->labels, &e->set);
	e->precision = what->precision;
	snprintf(e->name, sizeof(e->name), "%.*s", STR_ARG(what->model));
	snprintf(e->file, sizeof(e->file), "%.*s/evaluation", STR_ARG(conf->model_dir));
	e->model = c;
	e->view = view_keep(view);
	e->why.text[0] = 0;
	atomic_store(&e->cancel, false);
	atomic_store(&e->read, 0);
	atomic_store(&e->all, 0);
	e->state = EVALUATOR_RUNNING;
	e->asked_ms = clock_mono_ms(e->env.clock);
	e->busy = true;
	must(uv_thread_create(&e->thread, on_thread, e) == 0);
	*ret_id = ++e->id;
	return ERR_OK;
}

static enum err ask(struct evaluator *e, int64_t id, struct reason *why)
{
	if (id != e->id || e->state == EVALUATOR_NONE)
		return reason_set(why, ERR_NOT_FOUND, "no evaluation %lld; the newest is kept",
				  (long long)id);
	e->asked_ms = clock_mono_ms(e->env.clock);
	return ERR_OK;
}

enum err evaluator_json(struct evaluator *e, int64_t id, struct json *j, struct reason *why)
{
	int64_t all = atomic_load(&e->all);
	enum err err = ask(e, id, why);

	if (err)
		return err;
	json_int(j, "id", id);
	json_text(j, "state", state_names[e->state]);
	if (e->state == EVALUATOR_RUNNING) {
		json_num(j, "progress", all ? (double)atomic_load(&e->read) / (double)all : 0, 3);
		json_text(j, "what", all ? "measuring" : "reading labeled listings");
	} else if (e->state == EVALUATOR_FAILED) {
		json_text(j, "error", e->why.text);
	} else {
		json_text(j, "model", e->name);
		json_text(j, "labels", labeled_name(e->set));
		json_int(j, "rows", e->n);
		json_raw(j, "report", str_trim(buf_str(&e->report[CLASSIFIER_JSON])));
	}
	return ERR_OK;
}

enum err evaluator_page(struct evaluator *e, int64_t id, bool html, struct buf *to,
			struct reason *why)
{
	enum err err = ask(e, id, why);

	if (err)
		return err;
	if (e->state == EVALUATOR_RUNNING)
		return reason_set(why, ERR_BUSY, "the evaluation is running");
	if (e->state == EVALUATOR_FAILED)
		return reason_set(why, ERR_NOT_FOUND, "the evaluation failed: %.200s", e->why.text);
	buf_add(to, buf_str(&e->report[html ? CLASSIFIER_HTML : CLASSIFIER_TEXT]));
	return ERR_OK;
}

void evaluator_tick(struct evaluator *e)
{
	int64_t unasked = clock_mono_ms(e->env.clock) - e->asked_ms;

	if (e->busy && unasked > EVALUATOR_LEASE_MS)
		atomic_store(&e->cancel, true);
	if (e->busy || e->state == EVALUATOR_NONE || unasked <= EVALUATOR_KEEP_MS)
		return;
	for (int i = 0; i < FORMATS; i++) {
		buf_done(&e->report[i]);
		buf_init(&e->report[i], REPORT_MOST);
	}
	e->state = EVALUATOR_NONE;
}
