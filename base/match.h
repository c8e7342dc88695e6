/* match.h: which of many words a clean title contains, and where, in one pass
 * (Aho and Corasick, CACM 18(6), 1975). Read-only once built: many threads may
 * share one. */
#ifndef PIPED_MATCH_H
#define PIPED_MATCH_H

#include "base/str.h"

struct match;

/* `text` in the normal form of base/normal.h. An end of it that is a Latin letter or a
 * digit must stand at the end of a token of the title ("xl" is not in "xlim"); one that
 * is Hangul or of another script may stand inside ("자켓" is in "청자켓"), unless the
 * word is to stand `whole` ("네고" is not in "카네고" then). */
struct match_word {
	struct str text;
	bool whole;
	int group; /* what hides it in match_longest */
};

struct match_hit {
	int word;
	size_t start, end; /* bytes of the title */
};

/* `words`: distinct, not empty; they are copied. */
struct match *match_new(const struct match_word *words, int n);
void match_free(struct match *m);
/* Calls `hit` for every occurrence in `title`, which is in normal form: by where they end,
 * the longer first. */
void match_run(const struct match *m, struct str title,
	       void (*hit)(void *ctx, const struct match_hit *h), void *ctx);
/* The occurrences that lie in no longer one of their group ("네고불가" hides its "네고")
 * or of group 0, by where they end; of a title with more than `most`, only the first are
 * looked at. Returns how many. */
int match_longest(const struct match *m, struct str title, struct match_hit *hits, int most);
/* Whether `word` stands in `title`, by the same rule and word for word. */
bool match_one(struct match_word word, struct str title);

#endif
