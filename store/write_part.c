#include "base/must.h"
#include "store/row.h"
#include "store/tx.h"

/* Lists and parts of one source: past this a list is cut. */
#define PARTS_MOST 100000
/* Of a thousand results, that may come and go while the parts are asked one after the
 * other: less than that is not missed. */
#define DRIFT 1000
/* Cut lists that are asked again at once. */
#define CUTS_MOST 1000

/* Whether the source may have so many parts more. */
static enum err room(struct tx *t, const struct write *w, bool *ret)
{
	struct query *q = sql_use(&t->sql, SQL_PART_COUNT);
	enum err err;

	query_text(q, w->job.source);
	err = query_one(q);
	if (err)
		return err;
	*ret = query_get_int(q) + w->n_parts <= PARTS_MOST;
	return query_end(q);
}

static enum err store(struct tx *t, const struct write *w, const struct part *p)
{
	struct query *q = sql_use(&t->sql, SQL_PART_SET);

	query_int(q, w->job.id);
	query_text(q, w->job.source);
	query_id(q, w->job.parent);
	query_int(q, p->total);
	query_int(q, p->window);
	query_text(q, str_of(part_says_names[p->says]));
	query_text(q, str_of(part_covers_names[p->covers]));
	query_int(q, p->parts);
	query_int(q, p->own);
	query_int(q, w->now_ms);
	query_text(q, p->reason);
	return query_run(q);
}

/* A list that was parted keeps its parts; only its total is news. */
static enum err see(struct tx *t, const struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_PART_SEE);

	query_int(q, w->part.total);
	query_int(q, w->now_ms);
	query_int(q, w->job.id);
	return query_run(q);
}

static enum err mark(struct tx *t, int64_t job, enum job_part part)
{
	struct query *q = sql_use(&t->sql, SQL_JOB_PART);

	query_int(q, (int64_t)part);
	query_int(q, job);
	query_int(q, (int64_t)part);
	return query_run(q);
}

/* Due now, and read whatever it was before: unchanged, it would say nothing. */
static enum err ask_again(struct tx *t, int64_t job, int64_t now_ms)
{
	struct query *q = sql_use(&t->sql, SQL_JOB);
	struct job j = { 0 };
	enum err err;

	query_int(q, job);
	err = query_one(q);
	if (err)
		return err;
	row_job(q, t->scratch, &j);
	err = query_end(q);
	if (err || !state_may_move(STATE_JOB, (int)j.state, JOB_DUE))
		return err;
	q = sql_use(&t->sql, SQL_VISIT_FORGET);
	query_int(q, job);
	err = query_run(q);
	if (err)
		return err;
	j.state = JOB_DUE;
	j.due_ms = now_ms;
	j.attempts = 0;
	j.reason = STR("");
	return write_job_move(t, &j, now_ms);
}

/* The list itself is asked again, to be read as far as it goes. */
static enum err read_too(struct tx *t, int64_t job, int64_t now_ms)
{
	enum err err = mark(t, job, JOB_PARTED_READ);

	return err ? err : ask_again(t, job, now_ms);
}

/* Whether the parts of the list above are all there and hold less than it does. */
static enum err check_above(struct tx *t, const struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_PART_BELOW);
	int64_t total, parts, in, sum;
	enum err err;

	if (!w->job.parent)
		return ERR_OK;
	query_int(q, w->job.parent);
	err = query_one(q);
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	total = query_get_int(q);
	parts = query_get_int(q);
	in = query_get_int(q);
	sum = query_get_int(q);
	err = query_end(q);
	if (err || in < parts || sum >= total - total / DRIFT)
		return err;
	q = sql_use(&t->sql, SQL_PART_OWN);
	query_int(q, w->job.parent);
	err = query_run(q);
	return err ? err : read_too(t, w->job.parent, w->now_ms);
}

/* A list that finds no room for its parts is read as far as it goes. */
static enum err cut(struct tx *t, const struct write *w)
{
	struct part p = w->part;
	enum err err;

	p.says = PART_CUT;
	p.parts = 0;
	p.own = false;
	p.reason = STR("the source has as many parts as are kept");
	err = store(t, w, &p);
	return err ? err : read_too(t, w->job.id, w->now_ms);
}

static enum err split(struct tx *t, struct write *w)
{
	int added = 0;
	enum err err = store(t, w, &w->part);

	if (!err)
		err = mark(t, w->job.id, w->job.part);
	if (!err)
		err = write_job_add(t, w->parts, w->n_parts, w->now_ms, &added);
	w->ret_new_jobs += added;
	return err;
}

enum err write_part_store(struct tx *t, struct write *w)
{
	bool fits = true;
	enum err err = ERR_OK;

	if (!w->parted)
		return ERR_OK;
	if (w->n_parts)
		err = room(t, w, &fits);
	if (err)
		return err;
	if (w->again)
		err = see(t, w);
	else
		err = fits ? split(t, w) : cut(t, w);
	return err ? err : check_above(t, w);
}

enum err write_part_reread(struct tx *t, struct write *w)
{
	if (!w->parted || w->again || w->part.total <= w->part.window)
		return ERR_OK;
	w->ret_due_again = true;
	return ask_again(t, w->job.id, w->now_ms);
}

enum err write_part_retry(struct tx *t, struct str source, int64_t now_ms)
{
	struct query *q = sql_use(&t->sql, SQL_PART_CUTS);
	int64_t *jobs = NULL;
	int n = 0;
	enum err err;

	query_text(q, source);
	query_int(q, CUTS_MOST);
	err = row_all(q, t->scratch, sizeof(*jobs), row_id, &jobs, &n);
	for (int i = 0; i < n && !err; i++)
		err = ask_again(t, jobs[i], now_ms);
	return err;
}
