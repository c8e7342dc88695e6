/* known.h: keys of jobs that are in the database for certain, so that a link that
 * every page has is not looked up every time: most of what a page names is known.
 * Of a bounded number, newer ones in the place of older ones. Keys are compared by a
 * hash of 64 bits: of ten million keys, one in thirty million crawls would miss one.
 * Writer thread. */
#ifndef PIPED_KNOWN_H
#define PIPED_KNOWN_H

#include "base/str.h"

#define KNOWN_PLACES 65536

struct known {
	uint64_t *places; /* 0: nothing */
};
void known_init(struct known *k);
void known_done(struct known *k);

/* A job of that source and key was found in the database. */
void known_note(struct known *k, struct str source, struct str key);
bool known_has(const struct known *k, struct str source, struct str key);
/* What was found may have been of a transaction that came to nothing. */
void known_forget(struct known *k);

#endif
