/* due.h: how many due jobs each (source, host) has, and when the soonest of
 * them may be due: gathered while a transaction runs, stored in table host at
 * its end. The time is a lower bound: it follows new jobs at once, and is made
 * exact when somebody finds nothing due any more (due_correct). Writer thread. */
#ifndef PIPED_DUE_H
#define PIPED_DUE_H

#include "store/sql.h"
#include "store/tally.h"
#include "store/writer.h"

struct due_row {
	struct due_row *in_bucket, *next;
	struct str source, host;
	int64_t delta;	    /* to be added to the stored count */
	int64_t soonest_ms; /* of jobs made due, not stored yet; JOB_NEVER */
	int64_t due;	    /* as stored last */
	int64_t item;	    /* that touched it last */
	int touched;	    /* its place among what that item touched */
};

#define DUE_BUCKETS 1024

struct due_set {
	struct sql *sql;
	struct tally_set *tallies;
	struct arena *arena; /* of one transaction */
	struct due_row *buckets[DUE_BUCKETS], *rows;
	struct write_host *touched; /* by the item at hand */
	size_t n_touched, touched_room;
	int64_t item;
};
/* Both are borrowed. */
void due_init(struct due_set *s, struct sql *sql, struct tally_set *t);
void due_done(struct due_set *s);

/* `more` jobs of the host are due than before; one of them at due_ms (a job
 * that stays due at another time counts as none more), or JOB_NEVER. */
void due_touch(struct due_set *s, struct str source, struct str host, int64_t more, int64_t due_ms);
/* What the item has touched since the last call, as w->ret_hosts; the counts
 * are filled in by due_answer, after the last flush. */
void due_report(struct due_set *s, struct write *w);
void due_answer(const struct due_set *s, struct write *w);

/* Within the transaction: stores what was gathered. Before its end, and before
 * the table is read. */
enum err due_flush(struct due_set *s);
/* No job of the host is due before h->due_ms (JOB_NEVER: none at all). */
enum err due_correct(struct due_set *s, const struct write_host *h);
/* The transaction has ended, one way or the other. */
void due_forget(struct due_set *s);

#endif
