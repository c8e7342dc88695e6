/* Which listings a list shows, pass by pass, so that it can be said of one that it
 * has vanished. A pass is over when every page of the list was answered, and read
 * whole, since it began. */
#include "store/row.h"
#include "store/tx.h"

#include <stdlib.h>

/* The list that a page belongs to, and where it is in its passes. */
struct list {
	int64_t id;	  /* its first page's job; 0: this page is in none yet */
	int64_t pass;	  /* that is going on, from 1 */
	int64_t began;	  /* the newest page of all when it began */
	int64_t answered; /* the pass in which this page was answered last; 0: never */
	bool whole;	  /* all of this page was read, and all that it names is asked for */
};

static enum err one_int(struct query *q, int64_t *ret, bool *ret_found)
{
	enum err err = query_row(q, ret_found);

	if (err || !*ret_found)
		return err;
	*ret = query_get_int(q);
	return query_end(q);
}

/* A page that another one of the list has to name is in no list before that. */
static enum err is_named(struct tx *t, const struct job *j, bool *ret)
{
	struct query *q = sql_use(&t->sql, SQL_JOB_KIND);
	enum err err;

	*ret = false;
	if (!j->parent)
		return ERR_OK;
	query_int(q, j->parent);
	err = query_one(q);
	if (err)
		return err;
	*ret = str_eq(query_get_text(q), j->page);
	return query_end(q);
}

static enum err put_page(struct tx *t, int64_t job, int64_t list, int64_t pass, bool whole)
{
	struct query *q = sql_use(&t->sql, SQL_LIST_PAGE_PUT);

	query_int(q, job);
	query_int(q, list);
	query_int(q, pass);
	query_int(q, whole);
	return query_run(q);
}

static enum err put_pass(struct tx *t, const struct write *w, int64_t list, int64_t pass)
{
	struct query *q = sql_use(&t->sql, SQL_LIST_PASS_PUT);

	query_int(q, list);
	query_int(q, pass);
	query_int(q, w->now_ms);
	query_int(q, w->page.id);
	return query_run(q);
}

static enum err find_list(struct tx *t, const struct write *w, struct list *ret)
{
	struct query *q = sql_use(&t->sql, SQL_LIST_OF);
	bool found = false, named = false;
	enum err err;

	*ret = (struct list){ .id = 0 };
	query_int(q, w->job.id);
	err = query_row(q, &found);
	if (!err && found) {
		ret->id = query_get_int(q);
		ret->answered = query_get_int(q);
		ret->pass = query_get_int(q);
		ret->began = query_get_int(q);
		return query_end(q);
	}
	if (!err)
		err = is_named(t, &w->job, &named);
	if (err || named)
		return err;
	*ret = (struct list){ .id = w->job.id, .pass = 1, .began = w->page.id };
	return put_pass(t, w, ret->id, ret->pass);
}

static enum err put_shown(struct tx *t, const struct write *w, const struct list *l,
			  int64_t listing, int64_t left)
{
	struct query *q = sql_use(&t->sql, SQL_SHOWN_PUT);

	query_int(q, l->id);
	query_int(q, listing);
	query_int(q, w->job.id);
	query_int(q, left);
	return query_run(q);
}

struct shown {
	int64_t listing, left;
};

static void make_shown(struct query *q, struct arena *a, void *row)
{
	struct shown *s = row;

	(void)a;
	s->listing = query_get_int(q);
	s->left = query_get_int(q);
}

static int by_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* `ids` are sorted. */
static bool among(const int64_t *ids, int n, int64_t id)
{
	return bsearch(&id, ids, (size_t)n, sizeof(*ids), by_id) != NULL;
}

/* What the page shows now in place of what it showed; only differences are written.
 * One that it no longer shows was there when the page was answered last. */
static enum err show(struct tx *t, const struct write *w, const struct list *l, int64_t *ids, int n)
{
	struct query *q = sql_use(&t->sql, SQL_SHOWN_BY);
	int64_t *known;
	struct shown *was = NULL;
	int64_t left = l->answered ? l->answered : l->pass;
	int n_was = 0, n_known = 0;
	enum err err;

	qsort(ids, (size_t)n, sizeof(*ids), by_id);

	query_int(q, l->id);
	query_int(q, w->job.id);
	err = row_all(q, t->scratch, sizeof(*was), make_shown, &was, &n_was);
	known = arena_array(t->scratch, (size_t)n_was, sizeof(*known));
	for (int i = 0; i < n_was && !err; i++) {
		bool now = among(ids, n, was[i].listing);

		known[n_known++] = was[i].listing;
		if (now && was[i].left)
			err = put_shown(t, w, l, was[i].listing, 0);
		else if (!now && !was[i].left)
			err = put_shown(t, w, l, was[i].listing, left);
	}
	for (int i = 0; i < n && !err; i++)
		if (!among(known, n_known, ids[i]))
			err = put_shown(t, w, l, ids[i], 0);
	return err;
}

/* The pages that this one names, which are to be answered too. One that was gone is
 * asked again: the list has grown; one that is no job was too many for its folder. */
static enum err name_page(struct tx *t, const struct write *w, struct list *l,
			  const struct job *named)
{
	struct query *q = sql_use(&t->sql, SQL_LIST_NAMED);
	struct job j = { .reason = STR("") };
	bool found = false;
	int64_t in = 0;
	enum err err;

	query_text(q, named->source);
	query_text(q, named->key);
	err = query_row(q, &found);
	l->whole &= found;
	if (err || !found)
		return err;
	j.id = query_get_int(q);
	j.state = (enum job_state)query_get_state(q, STATE_JOB);
	j.priority = (int)query_get_int(q);
	in = query_get_int(q);
	err = query_end(q);
	if (err || j.id == w->job.id)
		return err;
	if (in != l->id) {
		err = put_page(t, j.id, l->id, 0, true);
		/* Unchanged, it would not say what it shows. */
		q = sql_use(&t->sql, SQL_VISIT_FORGET);
		query_int(q, j.id);
		if (!err)
			err = query_run(q);
	}
	if (err || j.state != JOB_GONE)
		return err;
	j.state = JOB_DUE;
	j.due_ms = w->now_ms;
	return write_job_move(t, &j, w->now_ms);
}

static enum err is_over(struct tx *t, const struct list *l, bool *ret)
{
	struct query *q = sql_use(&t->sql, SQL_LIST_WAITS);
	bool waits = false;
	int64_t job;
	enum err err;

	query_int(q, l->id);
	query_int(q, l->pass);
	err = one_int(q, &job, &waits);
	*ret = !waits;
	return err;
}

/* Passes that a listing has not been shown in are over. Seen elsewhere since this one
 * began, it only left the list; a page of its own that is asked again says more. */
static enum err vanish(struct tx *t, struct write *w, const struct list *l)
{
	struct query *q = sql_use(&t->sql, SQL_SHOWN_LEFT);
	int64_t *ids = NULL;
	int n = 0;
	enum err err;

	query_int(q, l->id);
	query_int(q, l->pass - w->gone_after);
	query_int(q, l->pass - w->gone_after);
	query_int(q, l->began);
	query_int(q, l->began);
	err = row_all(q, t->scratch, sizeof(*ids), row_id, &ids, &n);
	for (int i = 0; i < n && !err; i++) {
		err = write_listing_gone(t, w, ids[i]);
		q = sql_use(&t->sql, SQL_SHOWN_FORGET);
		query_int(q, l->id);
		query_int(q, ids[i]);
		if (!err)
			err = query_run(q);
	}
	return err;
}

/* What the answer makes of the page's part in the pass. */
static enum err take_part(struct tx *t, const struct write *w, const struct list *l)
{
	struct query *q;

	if (w->visited == VISIT_READ)
		return put_page(t, w->job.id, l->id, l->pass, l->whole);
	if (w->visited == VISIT_GONE) {
		/* The list has become shorter; one without a first page says nothing. */
		if (w->job.id == l->id)
			return put_page(t, w->job.id, l->id, l->pass, false);
		q = sql_use(&t->sql, SQL_LIST_PAGE_END);
	} else {
		q = sql_use(&t->sql, SQL_LIST_PAGE_HELD);
		query_int(q, l->pass);
	}
	query_int(q, w->job.id);
	return query_run(q);
}

enum err write_list_store(struct tx *t, struct write *w, int64_t *ids, int n)
{
	struct list l;
	bool over = false;
	enum err err;

	if (!w->gone_after || w->visited == VISIT_NONE || w->visited == VISIT_LOST ||
	    (w->visited == VISIT_HELD && w->page.state != PAGE_UNCHANGED))
		return ERR_OK;
	err = find_list(t, w, &l);
	if (err || !l.id)
		return err;
	if (w->visited != VISIT_HELD)
		err = show(t, w, &l, ids, n);
	l.whole = !w->cut && !write_reject_nameless(w);
	for (int i = 0; i < w->n_jobs && !err; i++)
		if (str_eq(w->jobs[i].page, w->job.page))
			err = name_page(t, w, &l, &w->jobs[i]);
	for (int i = 0; i < w->n_parts && !err; i++)
		err = name_page(t, w, &l, &w->parts[i]);
	if (!err)
		err = take_part(t, w, &l);
	if (!err)
		err = is_over(t, &l, &over);
	if (err || !over)
		return err;
	err = vanish(t, w, &l);
	return err ? err : put_pass(t, w, l.id, l.pass + 1);
}
