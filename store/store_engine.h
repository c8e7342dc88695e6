/* store_engine.h: all that is SQLite's own: opening, settings, transactions,
 * error codes, and the words that PostgreSQL spells otherwise. An engine is a
 * connection: one thread at a time. */
#ifndef PIPED_STORE_ENGINE_H
#define PIPED_STORE_ENGINE_H

#include "base/err.h"
#include "base/str.h"

struct sqlite3;

struct store_engine {
	struct sqlite3 *db;
	struct reason why; /* of the last failure */
};

enum store_engine_mode {
	STORE_ENGINE_CREATE, /* looks and migrates; changes no setting of the file */
	STORE_ENGINE_WRITE,  /* WAL, synchronous=FULL, foreign keys */
	STORE_ENGINE_READ,
};

/* ERR_BAD: not a database, or corrupt. */
enum err store_engine_open(const char *path, enum store_engine_mode mode, struct store_engine **ret,
			   struct reason *why);
void store_engine_close(struct store_engine *e); /* its queries are freed before */

/* Runs statements without parameters or rows. */
enum err store_engine_exec(struct store_engine *e, const char *sql);
/* A transaction that holds the write lock from the start. */
enum err store_engine_begin(struct store_engine *e);
/* A transaction that sees one state until its end. */
enum err store_engine_begin_read(struct store_engine *e);
enum err store_engine_commit(struct store_engine *e);
void store_engine_rollback(struct store_engine *e); /* none open: nothing */

/* The error that a SQLite result code stands for; sets e->why. */
enum err store_engine_error(struct store_engine *e, int code);
/* Row number given to the row inserted last. */
int64_t store_engine_last_id(const struct store_engine *e);
/* Rows changed by the statement run last. */
int64_t store_engine_changes(const struct store_engine *e);

/* What the file says of itself. `empty`: holds nothing yet; `ours`: made by piped. */
struct store_engine_stamp {
	bool empty, ours;
	int64_t version;
};
enum err store_engine_stamp(struct store_engine *e, struct store_engine_stamp *ret);
/* Within a transaction. */
enum err store_engine_set_stamp(struct store_engine *e, int64_t version);

/* What "@name@" stands for in a migration script; NULL: not the engine's. */
const char *store_engine_word(struct str name);

/* For tests: engines opened from now on report a full disk past so many database
 * pages; 0 lifts it. */
void store_engine_test_pages(int64_t most);

#endif
