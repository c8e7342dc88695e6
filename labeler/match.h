/* match.h: which of many words a clean title contains, in one pass (Aho and
 * Corasick, CACM 18(6), 1975). Read-only once built: many threads may share
 * one. */
#ifndef PIPED_MATCH_H
#define PIPED_MATCH_H

#include "base/str.h"

struct match;

/* `words` in the normal form of base/normal.h: distinct, not empty; they are
 * copied. A word's end that is a Latin letter or a digit must stand at the
 * end of a token of the title ("xl" is not in "xlim"); one that is Hangul or of
 * another script may stand inside ("자켓" is in "청자켓"). */
struct match *match_new(const struct str *words, int n);
void match_free(struct match *m);
/* Calls `hit` for every occurrence in `title`, which is in normal form. */
void match_run(const struct match *m, struct str title, void (*hit)(void *ctx, int word),
	       void *ctx);
/* Whether `word` stands in `title`, by the same rule and word for word. */
bool match_one(struct str word, struct str title);

#endif
