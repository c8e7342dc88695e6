#include "store/row.h"
#include "store/tx.h"

/* Alarms that are over and are kept, of all sources. */
#define ENDED_MOST 1000

static enum err put_state(struct tx *t, const struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_DRIFT_PUT);

	query_text(q, w->source);
	query_text(q, w->page_kind);
	query_text(q, w->drift_state);
	query_int(q, w->now_ms);
	return query_run(q);
}

static void make_open(struct query *q, struct arena *a, void *row)
{
	struct alarm *x = row;

	x->id = query_get_int(q);
	x->statistic = row_text(q, a);
	x->page = query_get_int(q);
}

static bool is_same(const struct alarm *a, const struct alarm *b)
{
	return a->page == b->page && str_eq(a->statistic, b->statistic);
}

static bool holds(const struct alarm *all, int n, const struct alarm *x)
{
	for (int i = 0; i < n; i++)
		if (is_same(&all[i], x))
			return true;
	return false;
}

static enum err end(struct tx *t, const struct write *w, int64_t id)
{
	struct query *q = sql_use(&t->sql, SQL_ALARM_END);

	query_int(q, w->now_ms);
	query_text(q, w->alarms_ended_by);
	query_int(q, id);
	return query_run(q);
}

static enum err add(struct tx *t, const struct write *w, const struct alarm *x)
{
	struct query *q = sql_use(&t->sql, SQL_ALARM_ADD);
	enum err err;

	query_text(q, w->source);
	query_text(q, w->page_kind);
	query_text(q, x->statistic);
	query_text(q, x->what);
	query_int(q, x->page);
	query_int(q, x->raised_ms);
	err = query_run(q);
	if (err)
		return err;
	q = sql_use(&t->sql, SQL_ALARM_PRUNE);
	query_int(q, store_engine_last_id(t->engine) - ENDED_MOST);
	return query_run(q);
}

enum err write_drift_put(struct tx *t, struct write *w)
{
	struct query *q;
	struct alarm *open = NULL;
	int n = 0;
	enum err err = put_state(t, w);

	if (err)
		return err;
	q = sql_use(&t->sql, SQL_ALARMS_OF);
	query_text(q, w->source);
	query_text(q, w->page_kind);
	err = row_all(q, t->scratch, sizeof(*open), make_open, &open, &n);
	for (int i = 0; i < n && !err; i++)
		if (!holds(w->alarms, w->n_alarms, &open[i]))
			err = end(t, w, open[i].id);
	for (int i = 0; i < w->n_alarms && !err; i++)
		if (!holds(open, n, &w->alarms[i]))
			err = add(t, w, &w->alarms[i]);
	return err;
}
