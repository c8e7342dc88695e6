#include "store/tx.h"

enum err write_measure_put(struct tx *t, struct write *w)
{
	enum err err = query_run(sql_use(&t->sql, SQL_MEASURE_CLEAR));

	for (int i = 0; i < w->n_measures && !err; i++) {
		struct query *q;

		if (!(w->measures[i].fires > 0))
			continue;
		q = sql_use(&t->sql, SQL_MEASURE_ADD);
		query_text(q, w->measures[i].rule);
		query_real(q, w->measures[i].fires);
		query_real(q, w->measures[i].hits);
		query_int(q, w->now_ms);
		err = query_run(q);
	}
	return err;
}
