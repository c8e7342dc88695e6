/* store.h: the database of one daemon. Opens, locks, migrates. SQLite in WAL
 * mode with synchronous=FULL; statements stay within what PostgreSQL 15 runs
 * too, engine-specific words live in store_engine.c. */
#ifndef PIPED_STORE_H
#define PIPED_STORE_H

#include "base/err.h"
#include "base/str.h"

struct store;

/* Creates or migrates the database at `path`, and takes the lock (an flock on
 * `path`.lock, whose file tells the holder's pid) that admits one daemon.
 * ERR_BUSY: another daemon has it. ERR_VERSION: made by a newer piped, left
 * untouched. ERR_FULL, ERR_BAD (not a database, corrupt), ERR_IO. */
enum err store_open(const char *path, struct store **ret_store, struct reason *why);
void store_close(struct store *s); /* after its writer and readers are closed */
const char *store_path(const struct store *s);
int store_schema_version(void);

#endif
