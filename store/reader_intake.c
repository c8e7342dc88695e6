/* What a person asked for of the archive, and how far it is. */
#include "store/reader_conn.h"

enum err reader_page_last(struct reader *r, int64_t *ret, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_PAGE_LAST);
	enum err err = query_one(q);

	if (err)
		return reader_error(r, err, why);
	*ret = query_get_int(q);
	return reader_error(r, query_end(q), why);
}

enum err reader_reprocess(struct reader *r, struct arena *a, struct reprocess_row *ret,
			  bool *ret_any, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_REPROCESS);
	enum err err = query_one(q);

	*ret_any = !err;
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : reader_error(r, err, why);
	ret->source = row_text(q, a);
	ret->page_kind = row_text(q, a);
	ret->since_ms = query_get_int(q);
	ret->page_from = query_get_int(q);
	return reader_error(r, query_end(q), why);
}

static void make_count(struct query *q, struct arena *a, void *row)
{
	struct intake_count *c = row;

	c->name = row_text(q, a);
	c->n = query_get_int(q);
}

enum err reader_intake(struct reader *r, struct arena *a, struct intake *ret, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_IMPORT_LAST);
	enum err err = query_one(q);

	if (err == ERR_NOT_FOUND)
		return reason_set(why, err, "nothing was ever imported");
	if (err)
		return reader_error(r, err, why);
	ret->id = query_get_int(q);
	ret->file = row_text(q, a);
	ret->source = row_text(q, a);
	ret->page_kind = row_text(q, a);
	ret->state = (enum import_state)query_get_state(q, STATE_IMPORT);
	ret->reason = row_text(q, a);
	ret->bytes = query_get_int(q);
	ret->done_bytes = query_get_int(q);
	ret->passes = query_get_int(q);
	ret->pass_pages = query_get_int(q);
	ret->began_ms = query_get_int(q);
	ret->changed_ms = query_get_int(q);
	err = query_end(q);
	q = sql_use(&r->sql, SQL_IMPORT_COUNTS);
	query_int(q, ret->id);
	query_int(q, INTAKE_COUNTS);
	if (!err)
		err = row_all(q, a, sizeof(*ret->counts), make_count, &ret->counts, &ret->n_counts);
	return reader_error(r, err, why);
}

enum err reader_intake_pages(struct reader *r, int64_t id, int64_t *ret, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_IMPORT_PAGES);
	enum err err;

	query_int(q, id);
	err = query_one(q);
	if (err)
		return reader_error(r, err, why);
	*ret = query_get_int(q);
	return reader_error(r, query_end(q), why);
}
