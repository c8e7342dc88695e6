#include "store/row.h"
#include "store/tx.h"

#include "base/must.h"

#define RETRY_SLICE 1000

static bool is_image(const struct job *j)
{
	return str_is(j->page, IMAGE_PAGE);
}

/* Counts a job in a state. */
static void count(struct tx *t, const struct job *j, enum job_state state, int64_t n)
{
	tally_add(&t->tallies, j->source, TALLY_JOBS + (int)state, n);
	if (state == JOB_DUE && is_image(j))
		tally_add(&t->tallies, j->source, TALLY_IMAGES_WAITING, n);
}

static enum err unknown(struct tx *t, int64_t id)
{
	return reason_set(&t->engine->why, ERR_NOT_FOUND, "job=%lld is not in the database",
			  (long long)id);
}

static void make_job(struct query *q, struct arena *a, void *row)
{
	struct job *j = row;

	j->id = query_get_int(q);
	j->source = row_text(q, a);
	j->page = row_text(q, a);
	j->host = row_text(q, a);
	j->state = (enum job_state)query_get_state(q, STATE_JOB);
	j->due_ms = query_get_int(q);
	j->reason = row_text(q, a);
	j->priority = (int)query_get_int(q);
	j->way = row_text(q, a);
}

static enum err now(struct tx *t, int64_t id, struct job *ret)
{
	struct query *q = sql_use(&t->sql, SQL_JOB_NOW);
	enum err err;

	query_int(q, id);
	err = query_one(q);
	if (err == ERR_NOT_FOUND)
		return unknown(t, id);
	if (err)
		return err;
	make_job(q, t->scratch, ret);
	return query_end(q);
}

/* A job without a host stays where it is. */
static enum err lead(struct tx *t, const struct job *j, const struct job *was)
{
	struct query *q;

	if (!j->host.n || (str_eq(j->host, was->host) && str_eq(j->way, was->way)))
		return ERR_OK;
	q = sql_use(&t->sql, SQL_JOB_LED);
	query_text(q, j->host);
	query_text(q, j->way);
	query_int(q, j->id);
	return query_run(q);
}

/* Stores where a job has moved to, and counts it. Its source has been seen. */
static enum err move(struct tx *t, const struct job *j, const struct job *was, int64_t now_ms)
{
	struct query *q = sql_use(&t->sql, SQL_JOB_MOVE);
	bool due = j->state == JOB_DUE, was_due = was->state == JOB_DUE;
	struct str host = j->host.n ? j->host : was->host;
	enum err err;

	query_state(q, STATE_JOB, state_move(STATE_JOB, (int)was->state, (int)j->state));
	query_int(q, j->due_ms);
	query_int(q, j->attempts);
	query_text(q, j->reason);
	query_int(q, now_ms);
	query_int(q, j->priority);
	query_int(q, j->id);
	count(t, was, was->state, -1);
	count(t, was, j->state, 1);
	if (!str_eq(host, was->host)) {
		due_touch(&t->due, was->source, was->host, -was_due, JOB_NEVER);
		was_due = false;
	}
	due_touch(&t->due, was->source, host, due - was_due, due ? j->due_ms : JOB_NEVER);
	err = query_run(q);
	return err ? err : lead(t, j, was);
}

enum err write_job_move(struct tx *t, const struct job *j, int64_t now_ms)
{
	struct job was = { .id = 0 };
	enum err err = now(t, j->id, &was);

	if (!err)
		err = tally_source(&t->tallies, &t->sql, was.source);
	if (err)
		return err;
	if (!state_may_move(STATE_JOB, (int)was.state, (int)j->state))
		return reason_set(&t->engine->why, ERR_BAD, "job=%lld is %s and can't become %s",
				  (long long)j->id, state_name(STATE_JOB, (int)was.state),
				  state_name(STATE_JOB, (int)j->state));
	if (j->state == JOB_DUE && j->attempts > 0)
		tally_add(&t->tallies, was.source, TALLY_RETRIES, 1);
	return move(t, j, &was, now_ms);
}

/* A page that changed after it was visited is asked before its interval is over. */
static enum err newer(struct tx *t, const struct job *j, int64_t now_ms)
{
	struct query *q;
	struct job was, to;
	int64_t soonest;
	enum err err;

	if (!j->changed_ms || j->changed_ms > now_ms)
		return ERR_OK;
	q = sql_use(&t->sql, SQL_JOB_NEWER);
	query_text(q, j->source);
	query_text(q, j->key);
	query_state(q, STATE_JOB, JOB_DUE);
	query_int(q, j->changed_ms);
	err = query_one(q);
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	make_job(q, t->scratch, &was);
	soonest = query_get_int(q) + j->least_ms;
	err = query_end(q);
	if (err || was.due_ms <= now_ms || was.due_ms <= soonest)
		return err;
	to = (struct job){ .id = was.id,
			   .state = JOB_DUE,
			   .due_ms = soonest > now_ms ? soonest : now_ms,
			   .reason = STR("has changed, as a sitemap says"),
			   .priority = was.priority };
	err = tally_source(&t->tallies, &t->sql, was.source);
	return err ? err : move(t, &to, &was, now_ms);
}

/* A new row: it stays if its folder has room. Asked now, as most links are known. */
static enum err added(struct tx *t, const struct job *j, int64_t now_ms, int *ret_new)
{
	int64_t id = store_engine_last_id(t->engine);
	struct query *q = sql_use(&t->sql, SQL_JOB_DROP);
	bool full = false;
	enum err err = write_folder_add(t, j, &full);

	if (!err && full) {
		query_int(q, id);
		err = query_run(q);
		return err ? err
			   : write_refusal_add(t, j->source, REFUSAL_BUDGET, 1, j->url, now_ms);
	}
	count(t, j, j->state, 1);
	if (j->state == JOB_DUE)
		due_touch(&t->due, j->source, j->host, 1, j->due_ms);
	++*ret_new;
	return err;
}

enum err write_job_add(struct tx *t, const struct job *jobs, int n, int64_t now_ms, int *ret_new)
{
	struct query *q = sql_use(&t->sql, SQL_JOB_ADD);
	enum err err = ERR_OK;

	*ret_new = 0;
	for (int i = 0; i < n && !err; i++) {
		const struct job *j = &jobs[i];

		must(state_may_start(STATE_JOB, (int)j->state));
		if (known_has(&t->known, j->source, j->key)) {
			err = newer(t, j, now_ms);
			continue;
		}
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
		query_text(q, j->body);
		query_text(q, j->body_type);
		query_int(q, j->list);
		query_int(q, j->nth);
		err = query_run(q);
		if (!err && store_engine_changes(t->engine) > 0)
			err = added(t, j, now_ms, ret_new);
		else if (!err) {
			known_note(&t->known, j->source, j->key);
			err = newer(t, j, now_ms);
		}
	}
	return err;
}

/* An image that is kept is not asked for again. */
static bool to_retry(const struct write *w, const struct job *j)
{
	return w->retry_states & (1u << j->state) &&
	       (!w->source.n || str_eq(j->source, w->source)) &&
	       (!w->host.n || str_eq(j->host, w->host)) &&
	       (!w->retry_reason.n || str_find(j->reason, w->retry_reason) >= 0) &&
	       (j->state != JOB_DUE || j->due_ms > w->now_ms) &&
	       (j->state != JOB_DONE || w->only_job || !is_image(j));
}

/* One slice of it, from w->from on. */
enum err write_job_retry(struct tx *t, struct write *w)
{
	const unsigned ended = 1u << JOB_FAILED | 1u << JOB_REFUSED | 1u << JOB_GONE;
	struct query *q =
		sql_use(&t->sql, w->only_job || w->retry_states & ~ended ? SQL_JOB_WALK
									 : SQL_JOB_WALK_ENDED);
	struct job *jobs, to;
	enum err err;
	int n;

	w->ret_changed = w->changed_before;
	query_int(q, w->only_job ? w->only_job - 1 : w->from);
	query_int(q, w->only_job ? 1 : RETRY_SLICE);
	err = row_all(q, t->scratch, sizeof(*jobs), make_job, &jobs, &n);
	if (!err && w->only_job && (!n || jobs[0].id != w->only_job))
		return unknown(t, w->only_job);
	for (int i = 0; i < n && !err; i++) {
		if (!to_retry(w, &jobs[i]))
			continue;
		to = (struct job){ .id = jobs[i].id,
				   .state = JOB_DUE,
				   .due_ms = w->now_ms,
				   .priority = jobs[i].priority };
		err = tally_source(&t->tallies, &t->sql, jobs[i].source);
		if (!err)
			err = move(t, &to, &jobs[i], w->now_ms);
		w->ret_changed++;
	}
	w->ret_more = !err && !w->only_job && n == RETRY_SLICE;
	w->ret_from = w->ret_more ? jobs[n - 1].id : 0;
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
