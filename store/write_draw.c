#include "store/tx.h"

static enum err add_item(struct tx *t, int64_t draw, const struct review_draw_item *i)
{
	struct query *q = sql_use(&t->sql, SQL_DRAW_ITEM_ADD);

	query_int(q, draw);
	query_int(q, i->place);
	query_int(q, i->listing);
	query_text(q, i->stratum);
	query_real(q, i->drawn_p);
	query_int(q, i->wants);
	query_text(q, i->facts);
	return query_run(q);
}

enum err write_draw_do(struct tx *t, struct write *w)
{
	const struct review_draw *d = w->draw;
	struct query *q = sql_use(&t->sql, SQL_DRAW_ADD);
	enum err err;

	query_text(q, d->name);
	query_text(q, d->who);
	query_int(q, w->now_ms);
	query_int(q, d->population);
	query_version(q, d->seed);
	query_int(q, d->taxonomy);
	query_version(q, d->rules);
	query_id(q, d->model);
	query_text(q, d->plan);
	err = query_run(q);
	if (!err)
		w->ret_draw = store_engine_last_id(t->engine);
	for (int i = 0; i < w->n_draw_items && !err; i++)
		err = add_item(t, w->ret_draw, &w->draw_items[i]);
	return err;
}
