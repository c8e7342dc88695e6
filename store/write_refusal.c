#include "store/tx.h"

enum err write_refusal_add(struct tx *t, struct str source, enum refusal why, int64_t n,
			   struct str url, int64_t now_ms)
{
	struct query *q = sql_use(&t->sql, SQL_REFUSED_ADD);

	query_text(q, source);
	query_text(q, str_of(refusals[why].name));
	query_int(q, n);
	query_int(q, now_ms);
	query_text(q, url);
	return query_run(q);
}

enum err write_refusal_all(struct tx *t, struct str source, const struct refusal_counts *c,
			   int64_t now_ms)
{
	enum err err = ERR_OK;

	for (int i = 0; i < REFUSALS && !err; i++)
		if (c->of[i].n)
			err = write_refusal_add(t, source, (enum refusal)i, c->of[i].n,
						c->of[i].url, now_ms);
	return err;
}
