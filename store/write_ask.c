#include "store/row.h"
#include "store/tx.h"

/* Due before all that waits at its host with the first priority. */
static enum err set_due(struct tx *t, struct job *j, int64_t now_ms)
{
	struct query *q = sql_use(&t->sql, SQL_JOB_NEXT);
	bool there = false;
	enum err err;

	j->due_ms = now_ms;
	query_text(q, j->source);
	query_text(q, j->host);
	query_int(q, 0);
	query_int(q, -1);
	err = query_row(q, &there);
	if (err || !there)
		return err;
	now_ms = query_get_int(q);
	if (now_ms <= j->due_ms)
		j->due_ms = now_ms - 1;
	return query_end(q);
}

/* ERR_NOT_FOUND. */
static enum err find(struct tx *t, const struct job *j, int64_t *ret_id)
{
	struct query *q = sql_use(&t->sql, SQL_JOB_BY_KEY);
	enum err err;

	query_text(q, j->source);
	query_text(q, j->key);
	err = query_one(q);
	if (err)
		return err;
	*ret_id = query_get_int(q);
	return query_end(q);
}

static enum err again(struct tx *t, const struct job *j, int64_t now_ms)
{
	struct job to = { .id = j->id, .state = JOB_DUE, .due_ms = j->due_ms };
	struct query *q = sql_use(&t->sql, SQL_JOB_FIRST);
	enum err err = write_job_move(t, &to, now_ms);

	if (err)
		return err;
	query_int(q, j->id);
	return query_run(q);
}

static enum err ask(struct tx *t, struct write *w, struct job *j)
{
	enum err err = set_due(t, j, w->now_ms);
	int added = 0;

	if (err)
		return err;
	j->priority = 0;
	j->state = JOB_DUE;
	err = find(t, j, &j->id);
	if (!err)
		return again(t, j, w->now_ms);
	if (err != ERR_NOT_FOUND)
		return err;
	err = write_job_add(t, j, 1, w->now_ms, &added);
	w->ret_new_jobs += added;
	return err ? err : find(t, j, &j->id);
}

/* The last one first, as each goes before those that wait. */
enum err write_ask_do(struct tx *t, struct write *w)
{
	enum err err = ERR_OK;

	for (int i = w->n_jobs; i-- > 0 && !err;)
		err = ask(t, w, &w->jobs[i]);
	return err;
}
