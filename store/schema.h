/* schema.h: the tables, made by numbered migrations. Each runs in a transaction
 * of its own and is stamped on the file. Start-up only. */
#ifndef PIPED_SCHEMA_H
#define PIPED_SCHEMA_H

#include "model/state.h"
#include "store/store_engine.h"

/* A script, in parts because C bounds a string's length, and what it is for.
 * "@name@" in a script stands for a word of the engine (store_engine_word), or,
 * as in "@job_states@", for the state names of a kind as an SQL list. Its number
 * is its place in the table, from 1. */
#define SCHEMA_PARTS 4
struct schema_migration {
	const char *doc;
	const char *sql[SCHEMA_PARTS];
	/* Kinds of states (1 << STATE_PAGE) that have got new ones: what the table of
	 * that name lets in is stated anew, after the script. */
	unsigned restates;
};
extern const struct schema_migration schema_migrations[];
extern const int schema_n_migrations;

/* Brings the file to migration `n`. ERR_VERSION: it is past that, and is left
 * as it is. ERR_BAD: somebody else's. A migration that fails leaves the file at
 * the one before. `ret_was` is the number found. */
enum err schema_apply(struct store_engine *e, const struct schema_migration *m, int n, int *ret_was,
		      struct reason *why);

#endif
