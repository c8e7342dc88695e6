#include "store/reader_conn.h"

static enum reject_code code_of(struct str name)
{
	enum reject_code code;

	/* Made by a newer piped: told all the same. */
	return reject_parse(name, &code) ? code : REJECT_UNREADABLE;
}

static void make_reject(struct query *q, struct arena *a, void *row)
{
	struct reject *r = row;
	enum listing_field f;

	r->id = query_get_int(q);
	r->source = row_text(q, a);
	r->page = query_get_int(q);
	r->place = (int)query_get_int(q);
	r->ext_id = row_text(q, a);
	r->field = listing_field_parse(query_get_text(q), &f) ? (int)f : REJECT_NO_FIELD;
	r->code = code_of(query_get_text(q));
	r->value = row_text(q, a);
	r->why = row_text(q, a);
	r->excerpt = row_text(q, a);
	r->seen_ms = query_get_int(q);
	r->url = row_text(q, a);
}

enum err reader_rejected(struct reader *r, const struct reject_filter *f, struct arena *a,
			 struct reject **ret, int *ret_n, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_REJECTED);
	const struct str texts[] = { f->source, f->field, f->reason };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		query_text(q, texts[i]);
		query_text(q, texts[i]);
	}
	query_int(q, f->page);
	query_int(q, f->page);
	query_int(q, f->most);
	return reader_error(r, row_all(q, a, sizeof(**ret), make_reject, ret, ret_n), why);
}

static void make_count(struct query *q, struct arena *a, void *row)
{
	struct reject_count *c = row;

	c->source = row_text(q, a);
	c->code = code_of(query_get_text(q));
	c->times = query_get_int(q);
}

enum err reader_reject_counts(struct reader *r, int64_t page, struct arena *a,
			      struct reject_count **ret, int *ret_n, struct reason *why)
{
	struct query *q = sql_use(&r->sql, page ? SQL_REJECTED_OF_PAGE : SQL_REJECTED_COUNTS);

	if (page)
		query_int(q, page);
	return reader_error(r, row_all(q, a, sizeof(**ret), make_count, ret, ret_n), why);
}
