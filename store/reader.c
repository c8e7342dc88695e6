#include "store/reader.h"

#include "base/mem.h"
#include "store/reader_conn.h"

#include <string.h>

enum err reader_open(struct store *s, struct reader **ret_reader, struct reason *why)
{
	struct store_engine *e;
	struct reader *r;
	enum err err = store_engine_open(store_path(s), STORE_ENGINE_READ, &e, why);

	if (err)
		return err;
	r = mem_zero(sizeof(*r));
	r->engine = e;
	sql_init(&r->sql, e);
	*ret_reader = r;
	return ERR_OK;
}

void reader_close(struct reader *r)
{
	if (!r)
		return;
	reader_end(r);
	sql_done(&r->sql);
	store_engine_close(r->engine);
	mem_free(r);
}

enum err reader_begin(struct reader *r, struct reason *why)
{
	return reader_error(r, store_engine_begin_read(r->engine), why);
}

void reader_end(struct reader *r)
{
	store_engine_rollback(r->engine);
}

enum err reader_error(const struct reader *r, enum err err, struct reason *why)
{
	return err ? reason_set(why, err, "%s", r->engine->why.text) : ERR_OK;
}

static void make_history(struct query *q, struct arena *a, void *row)
{
	struct history_row *h = row;

	h->seen_ms = query_get_int(q);
	h->page = query_get_int(q);
	h->field = row_text(q, a);
	h->was = row_text(q, a);
	h->now = row_text(q, a);
}

static void make_vote(struct query *q, struct arena *a, void *row)
{
	struct vote *v = row;

	v->rule = row_text(q, a);
	v->category = row_text(q, a);
	v->weight = query_get_real(q);
}

static void make_label(struct query *q, struct arena *a, void *row)
{
	struct label_row *l = row;

	row_label(q, a, &l->label);
	l->undone_ms = query_get_int(q);
}

static void make_page(struct query *q, struct arena *a, void *row)
{
	row_page(q, a, row);
}

/* All rows of a statement with one number as its parameter. */
static enum err all_of(struct reader *r, enum sql_id id, int64_t of, struct arena *a, size_t each,
		       void (*make)(struct query *q, struct arena *a, void *row), void *ret,
		       int *ret_n, struct reason *why)
{
	struct query *q = sql_use(&r->sql, id);

	query_int(q, of);
	return reader_error(r, row_all(q, a, each, make, ret, ret_n), why);
}

enum err reader_history(struct reader *r, int64_t listing, struct arena *a,
			struct history_row **ret, int *ret_n, struct reason *why)
{
	return all_of(r, SQL_HISTORY_OF, listing, a, sizeof(**ret), make_history, ret, ret_n, why);
}

enum err reader_votes(struct reader *r, int64_t listing, struct arena *a, struct vote **ret,
		      int *ret_n, struct reason *why)
{
	return all_of(r, SQL_VOTES_OF, listing, a, sizeof(**ret), make_vote, ret, ret_n, why);
}

enum err reader_labels(struct reader *r, int64_t listing, struct arena *a, struct label_row **ret,
		       int *ret_n, struct reason *why)
{
	return all_of(r, SQL_LABELS_OF, listing, a, sizeof(**ret), make_label, ret, ret_n, why);
}

enum err reader_listing_at(struct reader *r, struct str url, int64_t *ret_id, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_LISTING_BY_URL);
	int64_t id = 0;
	bool row = false;
	enum err err;

	query_text(q, url);
	err = query_row(q, &row);
	if (!err && row) {
		id = query_get_int(q);
		err = query_row(q, &row);
		if (!err && row)
			return query_end(q),
			       reason_set(why, ERR_EXISTS, "several listings have this address");
	}
	if (!err && !id)
		return reason_set(why, ERR_NOT_FOUND, "no listing has this address");
	*ret_id = id;
	return reader_error(r, err, why);
}

enum err reader_page(struct reader *r, int64_t id, struct arena *a, struct page *ret,
		     struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_PAGE);
	enum err err;

	query_int(q, id);
	err = query_one(q);
	if (err == ERR_NOT_FOUND)
		return reason_set(why, err, "no page %lld", (long long)id);
	if (err)
		return reader_error(r, err, why);
	row_page(q, a, ret);
	return reader_error(r, query_end(q), why);
}

enum err reader_job(struct reader *r, int64_t id, struct arena *a, struct job *ret,
		    struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_JOB);
	enum err err;

	query_int(q, id);
	err = query_one(q);
	if (err == ERR_NOT_FOUND)
		return reason_set(why, err, "no job %lld", (long long)id);
	if (err)
		return reader_error(r, err, why);
	row_job(q, a, ret);
	return reader_error(r, query_end(q), why);
}

enum err reader_job_ahead(struct reader *r, const struct job *j, int64_t now_ms, int most,
			  int64_t *ret, struct reason *why)
{
	int64_t until = j->due_ms > now_ms ? j->due_ms : now_ms, n = 0;
	enum err err = ERR_OK;

	for (int p = 0; p <= j->priority && n < most && !err; p++) {
		struct query *q = sql_use(&r->sql, SQL_JOB_AHEAD);
		bool own = p == j->priority;

		query_text(q, j->source);
		query_text(q, j->host);
		query_int(q, p);
		query_int(q, own ? j->due_ms : until);
		query_int(q, own ? j->id : INT64_MAX);
		query_int(q, most - n);
		err = query_one(q);
		if (err)
			break;
		n += query_get_int(q);
		err = query_end(q);
	}
	*ret = n;
	return reader_error(r, err, why);
}

enum err reader_visit(struct reader *r, int64_t job, struct arena *a, const struct visit **ret,
		      struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_VISIT);
	enum err err;

	query_int(q, job);
	err = query_one(q);
	if (err == ERR_NOT_FOUND) {
		*ret = NULL;
		return ERR_OK;
	}
	if (err)
		return reader_error(r, err, why);
	*ret = row_visit(q, a);
	return reader_error(r, query_end(q), why);
}

enum err reader_job_pages(struct reader *r, int64_t job, int most, struct arena *a,
			  struct page **ret, int *ret_n, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_PAGES_OF_JOB);

	query_int(q, job);
	query_int(q, most);
	return reader_error(r, row_all(q, a, sizeof(**ret), make_page, ret, ret_n), why);
}
