#include "store/reader_conn.h"

static void make_edition(struct query *q, struct arena *a, void *row)
{
	struct taxonomy_edition *e = row;

	e->version = query_get_int(q);
	e->first_ms = query_get_int(q);
	e->name = row_text(q, a);
	e->hash = query_get_version(q);
}

static void make_code(struct query *q, struct arena *a, void *row)
{
	*(struct str *)row = row_text(q, a);
}

enum err reader_taxonomy(struct reader *r, struct arena *a, struct taxonomy_edition **ret,
			 int *ret_n, struct str **ret_codes, int *ret_codes_n, struct reason *why)
{
	enum err err =
		row_all(sql_use(&r->sql, SQL_EDITIONS), a, sizeof(**ret), make_edition, ret, ret_n);

	if (!err)
		err = row_all(sql_use(&r->sql, SQL_CODES), a, sizeof(**ret_codes), make_code,
			      ret_codes, ret_codes_n);
	return reader_error(r, err, why);
}

static void make_count(struct query *q, struct arena *a, void *row)
{
	struct label_count *c = row;

	c->written = row_text(q, a);
	c->taxonomy = query_get_int(q);
	c->labels = query_get_int(q);
	c->by = row_label_by(q);
}

enum err reader_label_counts(struct reader *r, struct arena *a, struct label_count **ret,
			     int *ret_n, struct reason *why)
{
	enum err err = row_all(sql_use(&r->sql, SQL_LABEL_COUNTS), a, sizeof(**ret), make_count,
			       ret, ret_n);

	return reader_error(r, err, why);
}

enum err reader_rechecks(struct reader *r, int64_t *ret, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_RECHECKS);
	enum err err = query_one(q);

	if (!err) {
		*ret = query_get_int(q);
		err = query_end(q);
	}
	return reader_error(r, err, why);
}

static void make_use(struct query *q, struct arena *a, void *row)
{
	struct category_use *u = row;

	u->source = row_text(q, a);
	u->own = row_text(q, a);
	u->says = row_text(q, a);
	u->listings = query_get_int(q);
}

enum err reader_category_use(struct reader *r, enum category_use_of what, struct arena *a,
			     struct category_use **ret, int *ret_n, struct reason *why)
{
	static const enum sql_id ids[] = {
		[CATEGORY_LISTINGS] = SQL_CATEGORY_LISTINGS,
		[CATEGORY_REVIEWS] = SQL_CATEGORY_REVIEWS,
		[CATEGORY_VOTES] = SQL_CATEGORY_VOTES,
	};
	enum err err = row_all(sql_use(&r->sql, ids[what]), a, sizeof(**ret), make_use, ret, ret_n);

	return reader_error(r, err, why);
}
