#include "store/row.h"
#include "store/tx.h"

#define SLICE 20000
/* Rows of one moment have times that differ a little. */
#define SLACK_MS 1000

struct late {
	int64_t id, due_ms, changed_ms;
	struct str source, host;
};

static void make_late(struct query *q, struct arena *a, void *row)
{
	struct late *l = row;

	l->id = query_get_int(q);
	l->source = row_text(q, a);
	l->host = row_text(q, a);
	l->due_ms = query_get_int(q);
	l->changed_ms = query_get_int(q);
}

/* What was stored last has a time that has yet to come. */
static enum err newest(struct tx *t, const struct write *w, bool *ret_ahead, int64_t *ret_last)
{
	struct query *q = sql_use(&t->sql, SQL_JOB_NEWEST);
	int64_t page_ms, job_ms;
	enum err err = query_one(q);

	if (err)
		return err;
	page_ms = query_get_int(q);
	job_ms = query_get_int(q);
	*ret_last = query_get_int(q);
	*ret_ahead = page_ms > w->now_ms + SLACK_MS || job_ms > w->now_ms + SLACK_MS;
	return query_end(q);
}

/* As long after now as it was to be after its row was written. */
static enum err mend(struct tx *t, const struct write *w, const struct late *l)
{
	struct query *q = sql_use(&t->sql, SQL_JOB_FUTURE_SET);
	int64_t due_ms = w->now_ms + (l->due_ms > l->changed_ms ? l->due_ms - l->changed_ms : 0);
	enum err err = tally_source(&t->tallies, &t->sql, l->source);

	if (err)
		return err;
	query_int(q, due_ms);
	query_int(q, w->now_ms);
	query_int(q, l->id);
	due_touch(&t->due, l->source, l->host, 0, due_ms);
	return query_run(q);
}

enum err write_clock_slice(struct tx *t, struct write *w)
{
	int64_t last = 0, from = w->from < 0 ? 0 : w->from;
	struct late *late;
	struct query *q;
	bool ahead = false;
	int n = 0;
	enum err err = newest(t, w, &ahead, &last);

	if (err || (w->from < 0 && !ahead))
		return err;
	q = sql_use(&t->sql, SQL_JOB_FUTURE);
	query_int(q, from);
	query_int(q, from + SLICE);
	query_int(q, w->now_ms + SLACK_MS);
	err = row_all(q, t->scratch, sizeof(*late), make_late, &late, &n);
	for (int i = 0; i < n && !err; i++)
		err = mend(t, w, &late[i]);
	w->ret_changed = n;
	w->ret_more = !err && from + SLICE < last;
	w->ret_from = from + SLICE;
	return err;
}
