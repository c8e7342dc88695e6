#include "store/reader_conn.h"

#include <stdint.h>

static void make_draw(struct query *q, struct arena *a, void *row)
{
	struct review_draw *d = row;

	d->id = query_get_int(q);
	d->name = row_text(q, a);
	d->who = row_text(q, a);
	d->made_ms = query_get_int(q);
	d->population = query_get_int(q);
	d->seed = query_get_version(q);
	d->taxonomy = query_get_int(q);
	d->rules = query_get_version(q);
	d->model = query_get_int(q);
	d->plan = row_text(q, a);
	d->items = query_get_int(q);
	d->decisions = query_get_int(q);
	d->done = query_get_int(q);
}

enum err reader_draws(struct reader *r, int64_t id, struct arena *a, struct review_draw **ret,
		      int *ret_n, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_DRAWS);

	query_int(q, id);
	query_int(q, id);
	return reader_error(r, row_all(q, a, sizeof(**ret), make_draw, ret, ret_n), why);
}

static void make_item(struct query *q, struct arena *a, void *row)
{
	struct review_draw_item *i = row;

	i->place = query_get_int(q);
	i->listing = query_get_int(q);
	i->stratum = row_text(q, a);
	i->drawn_p = query_get_real(q);
	i->wants = (int)query_get_int(q);
	i->facts = row_text(q, a);
}

enum err reader_draw_items(struct reader *r, int64_t draw, int64_t after_place, int most,
			   struct arena *a, struct review_draw_item **ret, int *ret_n,
			   struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_DRAW_ITEMS);

	query_int(q, draw);
	query_int(q, after_place);
	query_int(q, most ? most : INT64_MAX);
	return reader_error(r, row_all(q, a, sizeof(**ret), make_item, ret, ret_n), why);
}

enum err reader_draw_next(struct reader *r, int64_t draw, struct str who, int most, struct arena *a,
			  struct review_draw_item **ret, int *ret_n, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_DRAW_NEXT);

	query_int(q, draw);
	query_text(q, who);
	query_int(q, most);
	return reader_error(r, row_all(q, a, sizeof(**ret), make_item, ret, ret_n), why);
}

enum err reader_draw_item(struct reader *r, int64_t draw, int64_t listing, struct arena *a,
			  struct review_draw_item *ret, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_DRAW_ITEM);
	enum err err;

	query_int(q, draw);
	query_int(q, listing);
	err = query_one(q);
	if (err == ERR_NOT_FOUND)
		return reason_set(why, err, "listing %lld is not of draw %lld", (long long)listing,
				  (long long)draw);
	if (!err) {
		make_item(q, a, ret);
		err = query_end(q);
	}
	return reader_error(r, err, why);
}
