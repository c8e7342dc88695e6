/* Closed segments of the archive, and those that were removed from it. */
#include "store/reader_conn.h"

static enum err one(struct reader *r, struct query *q, struct arena *a, struct segment_removed *ret,
		    struct reason *why)
{
	enum err err = query_one(q);

	if (err == ERR_NOT_FOUND)
		return reason_set(why, err, "no such segment was removed");
	if (err)
		return reader_error(r, err, why);
	ret->number = query_get_int(q);
	ret->file = row_text(q, a);
	ret->bytes = query_get_int(q);
	ret->removed_ms = query_get_int(q);
	ret->by = row_text(q, a);
	return reader_error(r, query_end(q), why);
}

enum err reader_segment_removed(struct reader *r, struct str file, struct arena *a,
				struct segment_removed *ret, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_SEGMENT_BY_FILE);

	query_text(q, file);
	return one(r, q, a, ret, why);
}

enum err reader_segment_unfinished(struct reader *r, struct arena *a, struct segment_removed *ret,
				   struct reason *why)
{
	return one(r, sql_use(&r->sql, SQL_SEGMENT_UNFINISHED), a, ret, why);
}

enum err reader_segment_totals(struct reader *r, struct segment_totals *ret, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_SEGMENT_TOTALS);
	enum err err = query_one(q);

	if (err)
		return reader_error(r, err, why);
	ret->n = query_get_int(q);
	ret->bytes = query_get_int(q);
	ret->last_ms = query_get_int(q);
	return reader_error(r, query_end(q), why);
}

enum err reader_segment_last(struct reader *r, int64_t *ret, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_SEGMENT_LAST);
	enum err err = query_one(q);

	if (err)
		return reader_error(r, err, why);
	*ret = query_get_int(q);
	return reader_error(r, query_end(q), why);
}

enum err reader_segment_clock(struct reader *r, struct segment_clock *ret, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_SEGMENT_CLOCK);
	enum err err = query_one(q);

	if (err == ERR_NOT_FOUND)
		return reason_set(why, err, "the archive's time was never stored");
	if (err)
		return reader_error(r, err, why);
	ret->counted_ms = query_get_int(q);
	ret->wall_ms = query_get_int(q);
	return reader_error(r, query_end(q), why);
}

static void make_closed(struct query *q, struct arena *a, void *row)
{
	struct segment_closed *s = row;

	s->number = query_get_int(q);
	s->file = row_text(q, a);
	s->closed_ms = query_get_int(q);
}

enum err reader_segments(struct reader *r, struct arena *a, struct segment_closed **ret, int *ret_n,
			 struct reason *why)
{
	return reader_error(
		r,
		row_all(sql_use(&r->sql, SQL_SEGMENTS), a, sizeof(**ret), make_closed, ret, ret_n),
		why);
}

static void make_pin(struct query *q, struct arena *a, void *row)
{
	struct segment_pin *s = row;

	s->file = row_text(q, a);
	s->page = query_get_int(q);
}

enum err reader_segment_pins(struct reader *r, struct arena *a, struct segment_pin **ret,
			     int *ret_n, struct reason *why)
{
	return reader_error(
		r,
		row_all(sql_use(&r->sql, SQL_SEGMENT_PINS), a, sizeof(**ret), make_pin, ret, ret_n),
		why);
}
