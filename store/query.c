#include "store/query.h"

#include "base/mem.h"
#include "base/must.h"

#include <limits.h>
#include <sqlite3.h>
#include <string.h>

struct query {
	struct store_engine *engine;
	const char *sql; /* borrowed */
	sqlite3_stmt *st;
	int bound, column;
	int rc; /* of preparing and binding */
};

static void prepare(struct query *q)
{
	q->rc = sqlite3_prepare_v3(q->engine->db, q->sql, -1, SQLITE_PREPARE_PERSISTENT, &q->st,
				   NULL);
}

struct query *query_new(struct store_engine *e, const char *sql)
{
	struct query *q = mem_zero(sizeof(*q));

	q->engine = e;
	q->sql = sql;
	prepare(q);
	return q;
}

void query_free(struct query *q)
{
	if (!q)
		return;
	sqlite3_finalize(q->st);
	mem_free(q);
}

static void bound(struct query *q, int rc)
{
	if (q->rc == SQLITE_OK)
		q->rc = rc;
}

void query_int(struct query *q, int64_t value)
{
	if (q->st)
		bound(q, sqlite3_bind_int64(q->st, ++q->bound, value));
}

void query_null(struct query *q)
{
	if (q->st)
		bound(q, sqlite3_bind_null(q->st, ++q->bound));
}

void query_id(struct query *q, int64_t value)
{
	if (value)
		query_int(q, value);
	else
		query_null(q);
}

void query_version(struct query *q, uint64_t value)
{
	int64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	query_int(q, bits);
}

void query_real(struct query *q, double value)
{
	if (q->st)
		bound(q, sqlite3_bind_double(q->st, ++q->bound, value));
}

void query_text(struct query *q, struct str value)
{
	if (q->st)
		bound(q, sqlite3_bind_text64(q->st, ++q->bound, value.n ? value.p : "", value.n,
					     SQLITE_STATIC, SQLITE_UTF8));
}

void query_maybe(struct query *q, struct str value)
{
	if (value.n)
		query_text(q, value);
	else
		query_null(q);
}

void query_state(struct query *q, enum state_kind k, int state)
{
	query_text(q, str_of(state_name(k, state)));
}

static void reset(struct query *q)
{
	/* Its result repeats the error of the last step. */
	sqlite3_reset(q->st);
	q->bound = 0;
	q->column = 0;
	if (q->st)
		q->rc = SQLITE_OK;
	else
		prepare(q); /* the trouble may have passed by the next run */
}

enum err query_end(struct query *q)
{
	enum err err = q->rc == SQLITE_OK ? ERR_OK : store_engine_error(q->engine, q->rc);

	reset(q);
	return err;
}

static enum err failed(struct query *q, int rc)
{
	enum err err = store_engine_error(q->engine, rc);

	reset(q);
	return err;
}

enum err query_row(struct query *q, bool *ret_row)
{
	int rc = q->rc;

	if (rc != SQLITE_OK)
		return failed(q, rc);
	if (!sqlite3_stmt_busy(q->st))
		must(q->bound == sqlite3_bind_parameter_count(q->st));
	rc = sqlite3_step(q->st);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		return failed(q, rc);
	q->column = 0;
	*ret_row = rc == SQLITE_ROW;
	if (rc == SQLITE_DONE)
		reset(q);
	return ERR_OK;
}

enum err query_run(struct query *q)
{
	bool more = true;
	enum err err = ERR_OK;

	while (!err && more)
		err = query_row(q, &more);
	return err;
}

enum err query_one(struct query *q)
{
	bool row = false;
	enum err err = query_row(q, &row);

	return err ? err : row ? ERR_OK : ERR_NOT_FOUND;
}

int64_t query_get_int(struct query *q)
{
	return sqlite3_column_int64(q->st, q->column++);
}

uint64_t query_get_version(struct query *q)
{
	return (uint64_t)query_get_int(q);
}

double query_get_real(struct query *q)
{
	return sqlite3_column_double(q->st, q->column++);
}

struct str query_get_text(struct query *q)
{
	const void *p = sqlite3_column_text(q->st, q->column);
	int n = sqlite3_column_bytes(q->st, q->column++);

	return (struct str){ p, p ? (size_t)n : 0 };
}

bool query_at_null(struct query *q)
{
	return sqlite3_column_type(q->st, q->column) == SQLITE_NULL;
}

int query_get_state(struct query *q, enum state_kind k)
{
	int state = 0;

	/* CHECK keeps others out, so the file was changed by other means. */
	if (!state_parse(k, query_get_text(q), &state))
		q->rc = SQLITE_CORRUPT;
	return state;
}
