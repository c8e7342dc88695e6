#include "store/row.h"
#include "store/tx.h"

#include "base/must.h"

static enum err count(struct tx *t, struct str source, int64_t *ret)
{
	struct query *q = sql_use(&t->sql, SQL_VALUE_COUNT);
	enum err err;

	query_text(q, source);
	err = query_one(q);
	if (err)
		return err;
	*ret = query_get_int(q);
	return query_end(q);
}

static enum err add(struct tx *t, const struct write *w, const struct value *v)
{
	struct query *q = sql_use(&t->sql, SQL_VALUE_ADD);

	query_text(q, w->job.source);
	query_text(q, v->name);
	query_text(q, v->under);
	query_text(q, v->value);
	query_int(q, w->job.id);
	query_int(q, w->now_ms);
	return query_run(q);
}

/* What the same job found before and no longer does. */
static enum err forget(struct tx *t, const struct write *w, int64_t *ret)
{
	struct query *q = sql_use(&t->sql, SQL_VALUE_FORGET);
	enum err err;

	query_int(q, w->job.id);
	query_int(q, w->now_ms);
	err = query_run(q);
	*ret = err ? 0 : store_engine_changes(t->engine);
	return err;
}

enum err write_value_store(struct tx *t, struct write *w)
{
	int64_t before = 0, after = 0, gone = 0;
	enum err err = ERR_OK;

	/* A page without any is more likely a bad answer than news. */
	if (!w->n_values)
		return ERR_OK;
	err = count(t, w->job.source, &before);
	for (int i = 0; i < w->n_values && !err && before + i < INT64_C(2) * VALUE_MOST; i++)
		err = add(t, w, &w->values[i]);
	if (!err)
		err = count(t, w->job.source, &after);
	if (!err)
		err = forget(t, w, &gone);
	w->ret_values_changed = after != before || gone > 0;
	return err || !w->ret_values_changed ? err : write_part_retry(t, w->job.source, w->now_ms);
}

static void make(struct query *q, struct arena *a, void *row)
{
	struct value *v = row;

	v->name = row_text(q, a);
	v->under = row_text(q, a);
	v->value = row_text(q, a);
}

enum err write_value_read(struct tx *t, struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_VALUES);

	query_text(q, w->source);
	query_int(q, VALUE_MOST);
	return row_all(q, w->arena, sizeof(*w->ret_values), make, &w->ret_values, &w->ret_n_values);
}
