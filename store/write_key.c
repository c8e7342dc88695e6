#include "store/row.h"
#include "store/tx.h"

#define SLICE 1000

static void make_job(struct query *q, struct arena *a, void *row)
{
	struct job *j = row;

	j->id = query_get_int(q);
	j->url = row_text(q, a);
	j->key = row_text(q, a);
	j->state = (enum job_state)query_get_state(q, STATE_JOB);
	j->attempts = (int)query_get_int(q);
	j->due_ms = query_get_int(q);
}

static enum err is_done(struct tx *t, const struct write *w, bool *ret)
{
	struct query *q = sql_use(&t->sql, SQL_SOURCE_KEYS);
	enum err err;

	query_text(q, w->source);
	err = query_one(q);
	if (err)
		return err;
	*ret = query_get_version(q) == w->key_version;
	return query_end(q);
}

static enum err done(struct tx *t, const struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_SOURCE_KEYED);

	query_version(q, w->key_version);
	query_text(q, w->source);
	return query_run(q);
}

/* There is a job of that key: this one is no more. */
static enum err same_page(struct tx *t, const struct write *w, struct job *j)
{
	if (j->state != JOB_DUE)
		return ERR_OK;
	j->state = (enum job_state)state_move(STATE_JOB, JOB_DUE, JOB_REFUSED);
	j->reason = STR("the same page as another job by the rules of keys");
	return write_job_move(t, j, w->now_ms);
}

static enum err rekey(struct tx *t, struct write *w, struct job *j)
{
	struct query *q = sql_use(&t->sql, SQL_JOB_REKEY);
	ptrdiff_t body = str_find_char(j->key, '#');
	struct str key;
	enum err err;

	/* A seed that was never an address has that for a key. */
	if (w->key(w->key_ctx, j->url, t->scratch, &key))
		return ERR_OK;
	if (body >= 0)
		key = arena_fmt(t->scratch, "%.*s%.*s", STR_ARG(key), (int)j->key.n - (int)body,
				j->key.p + body);
	if (str_eq(key, j->key))
		return ERR_OK;
	query_text(q, key);
	query_int(q, j->id);
	query_text(q, w->source);
	query_text(q, key);
	err = query_run(q);
	if (!err && store_engine_changes(t->engine) == 0)
		err = same_page(t, w, j);
	w->ret_changed++;
	return err;
}

enum err write_key_slice(struct tx *t, struct write *w)
{
	enum err err = tally_source(&t->tallies, &t->sql, w->source);
	struct query *q;
	struct job *jobs;
	bool fresh = false;
	int n = 0;

	if (!err)
		err = is_done(t, w, &fresh);
	if (err || fresh)
		return err;
	q = sql_use(&t->sql, SQL_JOB_KEYS);
	query_int(q, w->key_from);
	query_text(q, w->source);
	query_int(q, SLICE);
	err = row_all(q, t->scratch, sizeof(*jobs), make_job, &jobs, &n);
	for (int i = 0; i < n && !err; i++)
		err = rekey(t, w, &jobs[i]);
	if (!err && n == SLICE)
		w->ret_key_from = jobs[n - 1].id;
	else if (!err)
		err = done(t, w);
	return err;
}
