#include "base/must.h"
#include "store/tx.h"

static enum err add(struct tx *t, struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_IMPORT_ADD);
	const struct intake *i = w->intake;
	enum err err;

	must(state_may_start(STATE_IMPORT, (int)i->state));
	query_text(q, i->file);
	query_text(q, i->source);
	query_text(q, i->page_kind);
	query_state(q, STATE_IMPORT, (int)i->state);
	query_text(q, i->reason);
	query_int(q, i->bytes);
	query_int(q, i->done_bytes);
	query_int(q, i->passes);
	query_int(q, i->pass_pages);
	query_int(q, i->began_ms);
	query_int(q, i->changed_ms);
	err = query_run(q);
	if (!err)
		w->ret_intake = store_engine_last_id(t->engine);
	return err;
}

static enum err set(struct tx *t, struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_IMPORT_SET);
	const struct intake *i = w->intake;

	query_state(q, STATE_IMPORT, (int)i->state);
	query_text(q, i->reason);
	query_int(q, i->bytes);
	query_int(q, i->done_bytes);
	query_int(q, i->passes);
	query_int(q, i->pass_pages);
	query_int(q, i->changed_ms);
	query_int(q, i->id);
	w->ret_intake = i->id;
	return query_run(q);
}

enum err write_intake_put(struct tx *t, struct write *w)
{
	const struct intake *i = w->intake;
	enum err err = i->id ? set(t, w) : add(t, w);

	must(i->n_counts <= INTAKE_COUNTS);
	for (int k = 0; k < i->n_counts && !err; k++) {
		struct query *q = sql_use(&t->sql, SQL_IMPORT_COUNT);

		query_int(q, w->ret_intake);
		query_text(q, i->counts[k].name);
		query_int(q, i->counts[k].n);
		err = query_run(q);
	}
	return err;
}
