#include "store/reader_conn.h"

static void make_state(struct query *q, struct arena *a, void *row)
{
	struct drift_row *d = row;

	d->source = row_text(q, a);
	d->page_kind = row_text(q, a);
	d->state = row_text(q, a);
}

enum err reader_drifts(struct reader *r, struct arena *a, struct drift_row **ret, int *ret_n,
		       struct reason *why)
{
	return reader_error(
		r, row_all(sql_use(&r->sql, SQL_DRIFTS), a, sizeof(**ret), make_state, ret, ret_n),
		why);
}

static void make_alarm(struct query *q, struct arena *a, void *row)
{
	struct alarm *x = row;

	x->id = query_get_int(q);
	x->source = row_text(q, a);
	x->page_kind = row_text(q, a);
	x->statistic = row_text(q, a);
	x->what = row_text(q, a);
	x->page = query_get_int(q);
	x->url = row_text(q, a);
	x->raised_ms = query_get_int(q);
	x->ended_ms = query_get_int(q);
	x->ended_by = row_text(q, a);
}

enum err reader_alarms(struct reader *r, bool ended, int most, struct arena *a, struct alarm **ret,
		       int *ret_n, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_ALARMS);

	query_int(q, ended);
	query_int(q, most ? most : INT32_MAX);
	return reader_error(r, row_all(q, a, sizeof(**ret), make_alarm, ret, ret_n), why);
}
