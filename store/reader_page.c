#include "store/reader_conn.h"

static enum err one_page(struct reader *r, struct query *q, struct arena *a, struct page *ret,
			 const char *what, struct reason *why)
{
	enum err err = query_one(q);

	if (err == ERR_NOT_FOUND)
		return reason_set(why, err, "%s", what);
	if (err)
		return reader_error(r, err, why);
	row_page(q, a, ret);
	return reader_error(r, query_end(q), why);
}

enum err reader_page_at(struct reader *r, int64_t job, int64_t from_ms, int64_t till_ms,
			struct arena *a, struct page *ret, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_PAGE_AT);

	query_int(q, job);
	query_int(q, from_ms);
	query_int(q, till_ms);
	return one_page(r, q, a, ret, "the job has no page of that time", why);
}

enum err reader_job_by_key(struct reader *r, struct str source, struct str key, struct arena *a,
			   struct job *ret, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_JOB_BY_KEY);
	enum err err;

	query_text(q, source);
	query_text(q, key);
	err = query_one(q);
	if (err == ERR_NOT_FOUND)
		return reason_set(why, err, "no job of that name");
	if (err)
		return reader_error(r, err, why);
	row_job(q, a, ret);
	return reader_error(r, query_end(q), why);
}

/* A pattern with * as LIKE reads it. */
static struct str like(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, 2 * s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '%' || s.p[i] == '_' || s.p[i] == '\\')
			p[n++] = '\\';
		p[n++] = (char)(s.p[i] == '*' ? '%' : s.p[i]);
	}
	return (struct str){ p, n };
}

enum err reader_pages(struct reader *r, const struct page_filter *f, struct arena *a,
		      bool (*each)(void *ctx, const struct page *p), void *ctx, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_PAGES);
	struct page p;
	bool more = true;
	enum err err;

	query_int(q, f->after_id);
	query_int(q, f->since_ms);
	query_text(q, f->page_kind);
	query_text(q, f->page_kind);
	query_text(q, f->url);
	query_text(q, like(a, f->url));
	query_text(q, f->source);
	query_text(q, f->source);
	query_int(q, f->most);
	err = query_row(q, &more);
	while (!err && more) {
		row_page(q, NULL, &p);
		if (!each(ctx, &p))
			return reader_error(r, query_end(q), why);
		err = query_row(q, &more);
	}
	return reader_error(r, err, why);
}
