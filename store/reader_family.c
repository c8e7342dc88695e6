#include "store/reader_conn.h"

enum err reader_family_title(struct reader *r, const struct listing *l, struct arena *a,
			     struct family_title *ret, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_FAMILY_PIN);
	struct family_title f = { .joined_by = STR("own"), .alike = 1, .picture = -1 };
	bool found = false;
	enum err err;

	query_int(q, l->id);
	err = query_row(q, &found);
	if (!err && found) {
		f.joined_by = STR("pinned");
		err = query_end(q);
	} else if (!err && listing_title_key(l) != l->family) {
		q = sql_use(&r->sql, SQL_FAMILY_TITLE);
		query_version(q, listing_title_key(l));
		err = query_row(q, &found);
		if (!err && found) {
			query_get_version(q);
			f.joined_by = row_text(q, a);
			f.alike = query_get_real(q);
			f.picture = query_at_null(q) ? -1 : 0;
			f.picture += (int)query_get_int(q);
			err = query_end(q);
		}
	}
	if (!err)
		*ret = f;
	return reader_error(r, err, why);
}

static void make_event(struct query *q, struct arena *a, void *row)
{
	struct family_event *e = row;

	e->id = query_get_int(q);
	e->made_ms = query_get_int(q);
	e->who = row_text(q, a);
	e->action = row_text(q, a);
	e->listing = query_get_int(q);
	e->was = query_get_version(q);
	e->family = query_get_version(q);
	e->moved = query_get_int(q);
}

enum err reader_family_events(struct reader *r, uint64_t family, int most, struct arena *a,
			      struct family_event **ret, int *ret_n, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_FAMILY_EVENTS);

	query_version(q, family);
	query_version(q, family);
	query_int(q, most);
	return reader_error(r, row_all(q, a, sizeof(**ret), make_event, ret, ret_n), why);
}
