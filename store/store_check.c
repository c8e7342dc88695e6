#include "store/store_check.h"

#include "base/buf.h"
#include "store/query.h"

#include <stdio.h>

#define SQL_MOST (64 << 10)

static enum err read_table(struct store_engine *e, struct str table, struct buf *to)
{
	struct query *q = query_new(e, "SELECT sql FROM sqlite_schema WHERE type = 'table' AND "
				       "name = ?");
	enum err err;

	query_text(q, table);
	err = query_one(q);
	if (!err) {
		buf_add(to, query_get_text(q));
		err = query_end(q);
	}
	query_free(q);
	return err;
}

static enum err write_table(struct store_engine *e, struct str table, struct str sql)
{
	struct query *q;
	enum err err = store_engine_exec(e, "PRAGMA writable_schema=ON");

	if (err)
		return err;
	q = query_new(e, "UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = ?");
	query_text(q, sql);
	query_text(q, table);
	err = query_run(q);
	query_free(q);
	/* Also reads the schema again, so that what is wrong with it shows now. */
	store_engine_exec(e, "PRAGMA writable_schema=RESET");
	return err;
}

enum err store_check_set(struct store_engine *e, const char *table, const char *column,
			 struct str check)
{
	struct buf was, now;
	ptrdiff_t from, end;
	char start[128];
	enum err err;

	buf_init(&was, SQL_MOST);
	buf_init(&now, SQL_MOST);
	err = read_table(e, str_of(table), &was);
	if (err)
		goto out;
	snprintf(start, sizeof(start), "CHECK (%s = ", column);
	from = str_find(buf_str(&was), str_of(start));
	end = from < 0 ? -1 : str_find_char(str_sub(buf_str(&was), (size_t)from, was.n), ')');
	if (end < 0) {
		err = reason_set(&e->why, ERR_BAD, "table %s has no check of %s", table, column);
		goto out;
	}
	buf_add(&now, str_sub(buf_str(&was), 0, (size_t)from));
	buf_fmt(&now, "CHECK (%.*s", STR_ARG(check));
	buf_add(&now, str_sub(buf_str(&was), (size_t)(from + end), was.n));
	err = now.full ? reason_set(&e->why, ERR_TOO_BIG, "the check of %s is too long", table)
		       : write_table(e, str_of(table), buf_str(&now));
out:
	buf_done(&was);
	buf_done(&now);
	return err;
}
