#include "store/sql.h"

#include "base/must.h"

#include <string.h>

void sql_init(struct sql *s, struct store_engine *e)
{
	memset(s, 0, sizeof(*s));
	s->engine = e;
}

void sql_done(struct sql *s)
{
	for (int i = 0; i < SQL_COUNT; i++) {
		query_free(s->query[i]);
		s->query[i] = NULL;
	}
}

struct query *sql_use(struct sql *s, enum sql_id id)
{
	must(id < SQL_COUNT);
	if (!s->query[id])
		s->query[id] = query_new(s->engine, sql_rows[id].text);
	return s->query[id];
}
