/* A taxonomy is in force: what labels of its former versions are now. */
#include "store/tx.h"

static enum err clear(struct tx *t, enum sql_id id)
{
	return query_run(sql_use(&t->sql, id));
}

static enum err recodes(struct tx *t, const struct write *w)
{
	enum err err = clear(t, SQL_RECODES_CLEAR);

	for (int i = 0; i < w->n_recodes && !err; i++) {
		const struct recode *m = &w->recodes[i];
		struct query *q = sql_use(&t->sql, SQL_RECODE_ADD);

		query_text(q, m->code);
		query_int(q, m->since);
		query_int(q, m->until);
		query_text(q, str_of(recode_fate_name(m->fate)));
		query_maybe(q, m->category);
		query_text(q, m->why);
		err = query_run(q);
	}
	return err;
}

enum err write_taxonomy_put(struct tx *t, const struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_EDITION_PUT);
	enum err err;

	query_int(q, w->taxonomy);
	query_text(q, w->taxonomy_name);
	query_version(q, w->taxonomy_hash);
	query_int(q, w->now_ms);
	err = query_run(q);
	if (!err)
		err = recodes(t, w);
	if (!err)
		err = clear(t, SQL_CODES_CLEAR);
	for (int i = 0; i < w->n_codes && !err; i++) {
		q = sql_use(&t->sql, SQL_CODE_ADD);
		query_text(q, w->codes[i]);
		err = query_run(q);
	}
	return err;
}
