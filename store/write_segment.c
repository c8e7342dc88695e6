#include "store/tx.h"

static enum err put_clock(struct tx *t, const struct segment_clock *c)
{
	struct query *q = sql_use(&t->sql, SQL_SEGMENT_CLOCK_PUT);

	query_int(q, c->counted_ms);
	query_int(q, c->wall_ms);
	return query_run(q);
}

static enum err close_one(struct tx *t, const struct segment_closed *s)
{
	struct query *q = sql_use(&t->sql, SQL_SEGMENT_CLOSE);

	query_int(q, s->number);
	query_text(q, s->file);
	query_int(q, s->closed_ms);
	return query_run(q);
}

static enum err remove_one(struct tx *t, const struct segment_removed *s)
{
	struct query *q = sql_use(&t->sql, SQL_SEGMENT_REMOVE);

	query_int(q, s->bytes);
	query_int(q, s->removed_ms);
	query_text(q, s->by);
	query_int(q, s->number);
	return query_run(q);
}

static enum err end_one(struct tx *t, int64_t number)
{
	struct query *q = sql_use(&t->sql, SQL_SEGMENT_DONE);

	query_int(q, number);
	return query_run(q);
}

enum err write_segment_put(struct tx *t, struct write *w)
{
	const struct write_segment *s = &w->segment;
	enum err err = put_clock(t, &s->clock);

	for (int i = 0; !err && i < s->n_closed; i++)
		err = close_one(t, &s->closed[i]);
	if (!err && s->removed)
		err = remove_one(t, s->removed);
	if (!err && s->done)
		err = end_one(t, s->done);
	return err;
}
