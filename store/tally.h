/* tally.h: counts per source, gathered in memory while a transaction runs and
 * added to the database at its end. Writer thread. */
#ifndef PIPED_TALLY_H
#define PIPED_TALLY_H

#include "store/reader.h"
#include "store/sql.h"

/* Beyond those of reader.h, jobs by state. */
#define TALLY_JOBS TALLY_COUNT
#define TALLY_ALL (TALLY_COUNT + JOB_STATES)

/* "listings", "jobs-due". `to` holds 64. */
void tally_name(int tally, char to[64]);
/* False: not a name of ours. */
bool tally_parse(struct str name, int *ret_tally);

struct tally_source {
	char *name;
	size_t name_bytes;
	bool stored; /* its row is known to be there */
	int64_t delta[TALLY_ALL];
};
struct tally_set {
	struct tally_source *sources;
	size_t n, cap;
	size_t last; /* found last: nearly always the next one, too */
};
void tally_done(struct tally_set *t);
/* Sees to it that the source has a row. */
enum err tally_source(struct tally_set *t, struct sql *sql, struct str source);
/* The source has been seen in this transaction. */
void tally_add(struct tally_set *t, struct str source, int tally, int64_t n);
/* Within the transaction, before its commit. */
enum err tally_flush(struct tally_set *t, struct sql *sql);
/* The transaction was rolled back. */
void tally_forget(struct tally_set *t);

#endif
