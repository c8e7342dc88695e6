#include "store/row.h"
#include "store/tx.h"

#include "base/must.h"

#define PRIORITIES 10

/* Counts a job in its state. */
static void count(struct tx *t, struct str source, int state, int64_t n)
{
	tally_add(&t->tallies, source, TALLY_JOBS + state, n);
}

static enum err now(struct tx *t, int64_t id, struct str *ret_source, int *ret_state)
{
	struct query *q = sql_use(&t->sql, SQL_JOB_NOW);
	enum err err;

	query_int(q, id);
	err = query_one(q);
	if (err == ERR_NOT_FOUND)
		return reason_set(&t->engine->why, err, "job=%lld is not in the database",
				  (long long)id);
	if (err)
		return err;
	*ret_source = row_text(q, t->scratch);
	*ret_state = query_get_state(q, STATE_JOB);
	return query_end(q);
}

enum err write_job_move(struct tx *t, const struct job *j, int64_t now_ms)
{
	struct query *q = sql_use(&t->sql, SQL_JOB_MOVE);
	struct str source = { 0 };
	int was = 0;
	enum err err = now(t, j->id, &source, &was);

	if (!err)
		err = tally_source(&t->tallies, &t->sql, source);
	if (err)
		return err;
	if (!state_may_move(STATE_JOB, was, (int)j->state))
		return reason_set(&t->engine->why, ERR_BAD, "job=%lld is %s and can't become %s",
				  (long long)j->id, state_name(STATE_JOB, was),
				  state_name(STATE_JOB, (int)j->state));
	query_state(q, STATE_JOB, state_move(STATE_JOB, was, (int)j->state));
	query_int(q, j->due_ms);
	query_int(q, j->attempts);
	query_text(q, j->reason);
	query_int(q, now_ms);
	query_int(q, j->id);
	count(t, source, was, -1);
	count(t, source, (int)j->state, 1);
	if (j->state == JOB_DUE && j->attempts > 0)
		tally_add(&t->tallies, source, TALLY_RETRIES, 1);
	return query_run(q);
}

enum err write_job_add(struct tx *t, const struct job *jobs, int n, int64_t now_ms, int *ret_new)
{
	struct query *q = sql_use(&t->sql, SQL_JOB_ADD);
	enum err err = ERR_OK;

	*ret_new = 0;
	for (int i = 0; i < n && !err; i++) {
		const struct job *j = &jobs[i];

		must(state_may_start(STATE_JOB, (int)j->state));
		err = tally_source(&t->tallies, &t->sql, j->source);
		if (err)
			return err;
		query_text(q, j->source);
		query_text(q, j->key);
		query_text(q, j->host);
		query_text(q, j->page);
		query_text(q, j->url);
		query_text(q, j->vars);
		query_int(q, j->seed);
		query_id(q, j->parent);
		query_int(q, j->depth);
		query_int(q, j->priority);
		query_state(q, STATE_JOB, (int)j->state);
		query_int(q, j->due_ms);
		query_int(q, j->attempts);
		query_int(q, now_ms);
		query_text(q, j->reason);
		err = query_run(q);
		if (!err && store_engine_changes(t->engine) > 0) {
			count(t, j->source, (int)j->state, 1);
			++*ret_new;
		}
	}
	return err;
}

static bool skipped(const struct write *w, int64_t id)
{
	for (int i = 0; i < w->n_skip; i++)
		if (w->skip[i] == id)
			return true;
	return false;
}

/* Adds due jobs of one priority to w->ret_jobs. */
static enum err pick(struct tx *t, struct write *w, int priority)
{
	struct query *q = sql_use(&t->sql, SQL_JOB_PICK);
	bool more = true;
	enum err err;

	query_text(q, w->source);
	query_text(q, w->host);
	query_int(q, priority);
	query_int(q, w->now_ms);
	query_int(q, (int64_t)w->most - w->ret_n_jobs + w->n_skip);
	err = query_row(q, &more);
	while (!err && more && w->ret_n_jobs < w->most) {
		struct job *j = &w->ret_jobs[w->ret_n_jobs];

		row_job(q, w->arena, j);
		if (!skipped(w, j->id))
			w->ret_n_jobs++;
		err = query_row(q, &more);
	}
	return !err && more ? query_end(q) : err;
}

static void make_host(struct query *q, struct arena *a, void *row)
{
	struct write_host *h = row;

	h->source = row_text(q, a);
	h->host = row_text(q, a);
	h->due_ms = query_get_int(q);
	h->due = query_get_int(q);
}

enum err write_job_pick(struct tx *t, struct write *w)
{
	enum err err = ERR_OK;
	struct query *q;

	w->ret_n_jobs = 0;
	w->ret_n_hosts = 0;
	if (w->host.n) {
		must(w->most > 0);
		w->ret_jobs = arena_array(w->arena, (size_t)w->most, sizeof(*w->ret_jobs));
		for (int p = 0; p < PRIORITIES && w->ret_n_jobs < w->most && !err; p++)
			err = pick(t, w, p);
		return err;
	}
	q = sql_use(&t->sql, SQL_JOB_HOSTS);
	query_text(q, w->source);
	query_text(q, w->source);
	return row_all(q, w->arena, sizeof(*w->ret_hosts), make_host, &w->ret_hosts,
		       &w->ret_n_hosts);
}

/* Counts what write_job_retry will move out of `state`. */
static enum err retry_count(struct tx *t, struct write *w, int state)
{
	struct query *q = sql_use(&t->sql, SQL_JOB_RETRY_COUNT);
	bool more = true;
	enum err err;

	query_state(q, STATE_JOB, state);
	query_text(q, w->source);
	query_text(q, w->source);
	query_int(q, w->only_job);
	query_int(q, w->only_job);
	query_int(q, w->now_ms);
	err = query_row(q, &more);
	while (!err && more) {
		struct str source = row_text(q, t->scratch);
		int64_t n = query_get_int(q);

		err = tally_source(&t->tallies, &t->sql, source);
		if (err) {
			query_end(q);
			break;
		}
		count(t, source, state, -n);
		count(t, source, JOB_DUE, n);
		w->ret_changed += (int)n;
		err = query_row(q, &more);
	}
	return err;
}

enum err write_job_retry(struct tx *t, struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_JOB_RETRY);
	enum err err = ERR_OK;
	struct str source;
	int state;

	if (w->only_job)
		err = now(t, w->only_job, &source, &state);
	for (state = 0; state < JOB_STATES && !err; state++) {
		if (!(w->retry_states & (1u << state)))
			continue;
		must(state_may_move(STATE_JOB, state, JOB_DUE));
		err = retry_count(t, w, state);
		if (err)
			break;
		query_int(q, w->now_ms);
		query_int(q, w->now_ms);
		query_state(q, STATE_JOB, state);
		query_text(q, w->source);
		query_text(q, w->source);
		query_int(q, w->only_job);
		query_int(q, w->only_job);
		query_int(q, w->now_ms);
		err = query_run(q);
	}
	return err;
}

enum err write_job_source(struct tx *t, const struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_SOURCE_PAUSE);
	enum err err = tally_source(&t->tallies, &t->sql, w->source);

	if (err)
		return err;
	query_int(q, w->paused);
	query_text(q, w->source);
	return query_run(q);
}
