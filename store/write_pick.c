#include "store/row.h"
#include "store/tx.h"

#include "base/must.h"

#define PRIORITIES 10

static bool skipped(const struct write *w, int64_t id)
{
	for (int i = 0; i < w->n_skip; i++)
		if (w->skip[i] == id)
			return true;
	return false;
}

/* Adds due jobs of one priority to w->ret_jobs. *ret_seen: jobs that are due,
 * those left out among them. */
static enum err pick(struct tx *t, struct write *w, int priority, int *ret_seen)
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
		j->visit = row_visit(q, w->arena);
		if (!skipped(w, j->id))
			w->ret_n_jobs++;
		++*ret_seen;
		err = query_row(q, &more);
	}
	return !err && more ? query_end(q) : err;
}

/* When the next job of the host comes due. */
static enum err next_due(struct tx *t, struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_JOB_NEXT);
	enum err err = ERR_OK;

	for (int p = 0; p < PRIORITIES && !err; p++) {
		bool there;
		int64_t ms;

		query_text(q, w->source);
		query_text(q, w->host);
		query_int(q, p);
		query_int(q, w->now_ms);
		err = query_row(q, &there);
		if (err || !there)
			continue;
		ms = query_get_int(q);
		err = query_end(q);
		if (!err && ms < w->ret_next_ms)
			w->ret_next_ms = ms;
	}
	return err;
}

enum err write_pick_jobs(struct tx *t, struct write *w)
{
	struct write_host h = { .source = w->source, .host = w->host };
	enum err err = ERR_OK;
	int seen = 0;

	must(w->most > 0);
	w->ret_jobs = arena_array(w->arena, (size_t)w->most, sizeof(*w->ret_jobs));
	for (int p = 0; p < PRIORITIES && w->ret_n_jobs < w->most && !err; p++)
		err = pick(t, w, p, &seen);
	if (err || w->ret_n_jobs == w->most)
		return err;
	err = next_due(t, w);
	h.due_ms = w->ret_next_ms;
	return err || seen ? err : due_correct(&t->due, &h);
}

enum err write_pick_hosts(struct tx *t, struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_HOST_LIST);
	bool more = true;
	enum err err = due_flush(&t->due);

	if (err)
		return err;
	must(w->most > 0);
	w->ret_hosts = arena_array(w->arena, (size_t)w->most, sizeof(*w->ret_hosts));
	query_text(q, w->source);
	query_int(q, w->after_ms);
	query_text(q, w->host);
	query_int(q, (int64_t)w->most + 1);
	err = query_row(q, &more);
	while (!err && more && w->ret_n_hosts < w->most) {
		struct write_host *h = &w->ret_hosts[w->ret_n_hosts];

		h->source = row_text(q, w->arena);
		h->host = row_text(q, w->arena);
		h->due_ms = query_get_int(q);
		h->due = query_get_int(q);
		if (h->due_ms > w->until_ms) {
			w->ret_next_ms = h->due_ms;
			break;
		}
		w->ret_n_hosts++;
		err = query_row(q, &more);
	}
	return !err && more ? query_end(q) : err;
}
