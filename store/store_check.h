/* store_check.h: the CHECK of a column stated anew, which SQLite has no statement
 * for (PostgreSQL: ALTER TABLE ... DROP CONSTRAINT, ADD CONSTRAINT). Start-up only. */
#ifndef PIPED_STORE_CHECK_H
#define PIPED_STORE_CHECK_H

#include "store/store_engine.h"

/* Puts `check` in place of what the CHECK of `column` in `table` says. The rows are
 * not looked at, nor copied: for conditions that let in more than before, and the
 * way that SQLite's documentation gives for these ("Making Other Kinds Of Table
 * Schema Changes"). Within a transaction, before statements of the table are
 * prepared. ERR_BAD: there is no such CHECK. */
enum err store_check_set(struct store_engine *e, const char *table, const char *column,
			 struct str check);

#endif
