#include "store/tx.h"

static enum err state_of(struct tx *t, int64_t id, int *ret_state)
{
	struct query *q = sql_use(&t->sql, SQL_MODEL_STATE);
	enum err err;

	query_int(q, id);
	err = query_one(q);
	if (err == ERR_NOT_FOUND)
		return reason_set(&t->engine->why, err, "model=%lld is not in the database",
				  (long long)id);
	if (err)
		return err;
	*ret_state = query_get_state(q, STATE_MODEL);
	return query_end(q);
}

static enum err move(struct tx *t, int64_t id, int to)
{
	struct query *q = sql_use(&t->sql, SQL_MODEL_MOVE);
	int was = 0;
	enum err err = state_of(t, id, &was);

	if (err || was == to)
		return err;
	query_state(q, STATE_MODEL, state_move(STATE_MODEL, was, to));
	query_int(q, id);
	return query_run(q);
}

/* Keeps the live one, so that another can be. */
static enum err step_down(struct tx *t)
{
	struct query *q = sql_use(&t->sql, SQL_MODEL_LIVE);
	int64_t id;
	enum err err = query_one(q);

	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	id = query_get_int(q);
	err = query_end(q);
	return err ? err : move(t, id, MODEL_KEPT);
}

static enum err add(struct tx *t, struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_MODEL_ADD);
	enum err err;

	query_text(q, w->model_name);
	query_text(q, w->model_file);
	query_text(q, w->model_sha256);
	query_text(q, w->model_metrics);
	query_int(q, w->model_rows);
	query_int(q, w->now_ms);
	query_state(q, STATE_MODEL, MODEL_KEPT);
	query_text(q, w->model_recipe);
	query_int(q, w->model_warm);
	err = query_run(q);
	if (!err)
		w->ret_model = store_engine_last_id(t->engine);
	return err;
}

/* Whoever asks has seen it kept; by now it may be retired, its file with it. */
static enum err usable(struct tx *t, int64_t id)
{
	int state = MODEL_KEPT;
	enum err err = state_of(t, id, &state);

	if (!err && state == MODEL_RETIRED)
		err = reason_set(&t->engine->why, ERR_NOT_FOUND,
				 "model=%lld is retired: its file is gone", (long long)id);
	return err;
}

enum err write_model_do(struct tx *t, struct write *w)
{
	enum err err;

	w->ret_model = w->model;
	err = w->model ? usable(t, w->model) : add(t, w);
	if (err || (!w->model && !w->live))
		return err;
	err = step_down(t);
	return err ? err : move(t, w->ret_model, MODEL_LIVE);
}

/* An id may be seen as kept by who asks, and be live by now. */
enum err write_model_retire(struct tx *t, struct write *w)
{
	enum err err = ERR_OK;
	int state = MODEL_KEPT;

	for (int i = 0; i < w->n_retire && !err; i++) {
		err = state_of(t, w->retire[i], &state);
		if (err == ERR_NOT_FOUND || (!err && state != MODEL_KEPT)) {
			w->retire[i] = 0;
			err = ERR_OK;
		} else if (!err) {
			err = move(t, w->retire[i], MODEL_RETIRED);
		}
	}
	return err;
}
