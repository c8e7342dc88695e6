/* How many jobs of links a folder of a host has. A host's rows are bounded: what comes
 * after the first FOLDERS_MOST is counted in one. */
#include "store/tx.h"

#define FOLDERS_MOST 10000
#define ROWS STR("")	/* counts the host's rows */
#define OTHERS STR("*") /* the folders without a row; no path starts so */

/* -1: it has no row. */
static enum err jobs_in(struct tx *t, const struct job *j, struct str prefix, int64_t *ret)
{
	struct query *q = sql_use(&t->sql, SQL_FOLDER_JOBS);
	enum err err;

	query_text(q, j->source);
	query_text(q, j->host);
	query_text(q, prefix);
	*ret = -1;
	err = query_one(q);
	if (err == ERR_NOT_FOUND)
		return ERR_OK;
	if (err)
		return err;
	*ret = query_get_int(q);
	return query_end(q);
}

static enum err add(struct tx *t, const struct job *j, struct str prefix)
{
	struct query *q = sql_use(&t->sql, SQL_FOLDER_ADD);

	query_text(q, j->source);
	query_text(q, j->host);
	query_text(q, prefix);
	return query_run(q);
}

/* The row that the job's folder counts in, and what that says. */
static enum err row_of(struct tx *t, const struct job *j, struct str *ret_prefix, int64_t *ret)
{
	int64_t rows = -1;
	enum err err = jobs_in(t, j, j->prefix, ret);

	*ret_prefix = j->prefix;
	if (err || *ret >= 0)
		return err;
	err = jobs_in(t, j, ROWS, &rows);
	if (!err && rows < FOLDERS_MOST)
		return add(t, j, ROWS);
	*ret_prefix = OTHERS;
	return err ? err : jobs_in(t, j, OTHERS, ret);
}

enum err write_folder_add(struct tx *t, const struct job *j, bool *ret_full)
{
	struct str prefix;
	int64_t jobs = 0;
	enum err err;

	*ret_full = false;
	if (!j->prefix.n)
		return ERR_OK;
	err = row_of(t, j, &prefix, &jobs);
	if (err)
		return err;
	*ret_full = jobs >= j->prefix_most;
	return *ret_full ? ERR_OK : add(t, j, prefix);
}
