/* market_journal.h: what was asked of the market, and when: proof of a
 * crawler's politeness that the crawler did not write. Any thread. */
#ifndef PIPED_MARKET_JOURNAL_H
#define PIPED_MARKET_JOURNAL_H

#include "base/buf.h"

struct market_journal;

struct market_journal_entry {
	int64_t arrived_ms, answered_ms; /* monotonic */
	struct str host, path;		 /* without port; with query */
	int status;			 /* 0: hung up without an answer */
	int64_t bytes;			 /* of the body, as sent */
	const char *fault;		 /* NULL: none */
	int64_t retry_after_ms;		 /* that the answer tells; -1 none */
};

/* `path` is appended to; NULL: only counts. */
enum err market_journal_new(const char *path, struct market_journal **ret, struct reason *why);
void market_journal_free(struct market_journal *j);

/* A request has arrived, and is done with. Returns its place for the latter. */
int market_journal_begin(struct market_journal *j, struct str host);
void market_journal_end(struct market_journal *j, int place);
/* The answer is about to be sent: one line "MS HOST PATH STATUS BYTES FAULT
 * RETRY-AFTER-MS ANSWERED-MS", tabs between; "-" where there is none. */
void market_journal_line(struct market_journal *j, const struct market_journal_entry *e);

/* Requests, bytes, answers by status class, most requests at once, by host. */
void market_journal_json(struct market_journal *j, struct buf *to);

#endif
