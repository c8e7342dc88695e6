/* The pages of a list that a page of it names, unless the list goes on without showing
 * anything that it has not shown: one that repeats its last page for ever, begins anew,
 * or has nothing any more, would have no end. */
#include "store/row.h"
#include "store/tx.h"

/* In a row, until the next one is not asked for. What a page that has links alone shows
 * may be known from elsewhere, so that it is believed longer. */
#define REPEATS_MOST 10
#define REPEATS_MOST_LINKS 50

/* The list that the page of a job belongs to. */
static int64_t list_of(const struct job *j)
{
	return j->list ? j->list : j->id;
}

/* Whether another page of the list was the last to show what is on `page`. */
static enum err by_list(struct tx *t, const struct job *j, int64_t page, bool *ret)
{
	struct query *q = sql_use(&t->sql, SQL_PAGE_LIST);
	struct job of = { 0 };
	enum err err;

	query_int(q, page);
	err = query_one(q);
	if (err)
		return err;
	of.id = query_get_int(q);
	of.list = query_get_int(q);
	*ret = of.id != j->id && list_of(&of) == list_of(j);
	return query_end(q);
}

/* Whether the list has shown all of the page's listings on others of its pages. */
static enum err shown_before(struct tx *t, const struct job *j, const int64_t *was, int n,
			     bool *ret)
{
	int64_t asked = 0;
	enum err err = ERR_OK;

	*ret = true;
	for (int i = 0; i < n && *ret && !err; i++) {
		if (was[i] == asked)
			continue;
		asked = was[i];
		err = by_list(t, j, asked, ret);
	}
	return err;
}

static enum err repeats_of(struct tx *t, int64_t job, int *ret)
{
	struct query *q = sql_use(&t->sql, SQL_JOB_REPEATS);
	enum err err;

	query_int(q, job);
	err = query_one(q);
	if (err)
		return err;
	*ret = (int)query_get_int(q);
	return query_end(q);
}

/* Pages in a row, up to this one, on which the list showed nothing new. */
static enum err count(struct tx *t, const struct write *w, const int64_t *was, int n, bool news,
		      int *ret)
{
	const struct job *j = &w->job;
	bool same = false;
	enum err err = ERR_OK;
	int before = 0;

	*ret = 0;
	if (news || !j->nth)
		return ERR_OK;
	if (n)
		err = shown_before(t, j, was, n, &same);
	else if (j->visit) /* its links are known from its own visits */
		same = j->repeats > 0;
	else
		same = true;
	if (err || !same)
		return err;
	err = repeats_of(t, j->parent, &before);
	*ret = before + 1;
	return err;
}

static enum err keep(struct tx *t, const struct job *j, int repeats)
{
	struct query *q = sql_use(&t->sql, SQL_JOB_REPEATS_SET);

	if (repeats == j->repeats)
		return ERR_OK;
	query_int(q, repeats);
	query_int(q, j->id);
	return query_run(q);
}

/* Links first, then further pages; both in their order. How many are links. */
static int sort(struct write *w, struct arena *a)
{
	struct job *further = arena_array(a, (size_t)w->n_jobs, sizeof(*further));
	int n = 0, n_further = 0;

	for (int i = 0; i < w->n_jobs; i++)
		if (w->jobs[i].nth)
			further[n_further++] = w->jobs[i];
		else
			w->jobs[n++] = w->jobs[i];
	for (int i = 0; i < n_further; i++)
		w->jobs[n + i] = further[i];
	return n;
}

static enum err newest_page(struct tx *t, int64_t job, int64_t *ret)
{
	struct query *q = sql_use(&t->sql, SQL_PAGE_NEWEST);
	enum err err;

	query_int(q, job);
	err = query_one(q);
	if (err)
		return err;
	*ret = query_get_int(q);
	return query_end(q);
}

/* A page that an earlier pass over the list has asked for. What this pass, begun when the
 * first page was answered last, has had already would lead in a circle. */
static enum err ask_again(struct tx *t, const struct write *w, const struct job *named)
{
	struct query *q = sql_use(&t->sql, SQL_JOB_BY_KEY);
	int64_t page = 0, began = 0;
	struct job j;
	enum err err;

	query_text(q, named->source);
	query_text(q, named->key);
	err = query_one(q);
	if (err)
		return err;
	row_job(q, t->scratch, &j);
	err = query_end(q);
	if (!err)
		err = newest_page(t, list_of(&w->job), &began);
	if (!err)
		err = newest_page(t, j.id, &page);
	if (err || page >= began || j.state == JOB_DUE ||
	    !state_may_move(STATE_JOB, (int)j.state, JOB_DUE))
		return err;
	j.state = JOB_DUE;
	j.due_ms = w->now_ms;
	j.attempts = 0;
	j.reason = STR("");
	return write_job_move(t, &j, w->now_ms);
}

enum err write_further_jobs(struct tx *t, struct write *w, const int64_t *was, int n)
{
	int links = sort(w, t->scratch), most = n ? REPEATS_MOST : REPEATS_MOST_LINKS;
	int repeats = 0, added = 0;
	enum err err = write_job_add(t, w->jobs, links, w->now_ms, &w->ret_new_jobs);

	if (err || links == w->n_jobs)
		return err;
	err = count(t, w, was, n, w->ret_new_listings || w->ret_new_jobs, &repeats);
	if (!err)
		err = keep(t, &w->job, repeats);
	if (err)
		return err;
	if (repeats >= most) {
		w->cut = true;
		err = write_refusal_add(t, w->job.source, REFUSAL_ENDLESS, w->n_jobs - links,
					w->jobs[links].url, w->now_ms);
		w->n_jobs = links;
		return err;
	}
	err = write_job_add(t, w->jobs + links, w->n_jobs - links, w->now_ms, &added);
	w->ret_new_jobs += added;
	for (int i = links; i < w->n_jobs && !err; i++)
		if (w->jobs[i].again)
			err = ask_again(t, w, &w->jobs[i]);
	return err;
}
