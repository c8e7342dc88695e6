/* freshness.h: what the head of an answer says of how long it holds (RFC 9111
 * 4.2) and what to ask with whether it still does (RFC 9110 8.8, 13.1). As a
 * private cache reads it: s-maxage is not for us. `no-store` only means that
 * nothing may be held back from asking; an archive of what was seen is no cache
 * that anybody is answered from. Pure. */
#ifndef PIPED_FRESHNESS_H
#define PIPED_FRESHNESS_H

#include "base/str.h"

/* A validator longer than this, or with control characters, is none. */
#define FRESHNESS_VALIDATOR_MOST 512

struct freshness {
	/* As sent, weak tags and unquoted ones too; borrowed from the head; {0} absent. */
	struct str etag, last_modified;
	/* Explicit lifetimes; -1: nothing is said. The first of several counts; what
	 * cannot be read is 0, as are no-cache, no-store and `Vary: *`. */
	int64_t max_age_ms;
	int64_t expires_ms; /* wall clock of the sender; 0: no date, so long ago */
	int64_t date_ms;    /* when it was sent */
	/* A tenth of the time that it had not been modified by then (RFC 9111 4.2.2),
	 * at most a day; 0: no guess. */
	int64_t guess_ms;
	int64_t age_ms; /* when it came (RFC 9111 4.2.3) */
};

/* An answer that came at `now_ms`; `head` is its status line and headers. */
void freshness_read(struct str head, int status, int64_t now_ms, struct freshness *ret);
/* Milliseconds, from when it came, that it may be used without asking; 0: none.
 * At most a year. */
int64_t freshness_left_ms(const struct freshness *f);
/* Whether a 304 is about what was asked with: its entity tag, if it has one, is the
 * same (RFC 9111 4.3.4). Compared weakly, as servers that compress call a tag weak
 * in the 200 alone. */
bool freshness_confirms(struct str etag, const struct freshness *not_modified);
/* What holds after a 304: its fields in place of the stored ones. */
void freshness_update(struct freshness *stored, const struct freshness *not_modified);

#endif
