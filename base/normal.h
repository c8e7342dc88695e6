/* normal.h: the one normal form of a title, which duplicates, rules and models
 * read: NFKC, case fold, punctuation and symbols to a space, a space where
 * Hangul, Latin and digits meet, white space folded to one and trimmed.
 * Idempotent. (Unicode 15: UAX #15; utf8proc.) Pure, no allocation on the
 * common path (ASCII and Hangul syllables). */
#ifndef PIPED_NORMAL_H
#define PIPED_NORMAL_H

#include "base/arena.h"

/* Longest input that is read; the rest is cut at a character. */
#define NORMAL_MOST 8192

/* Writes the normal form of `s` to `to`, never more than `room` bytes and never
 * a part of a character; returns the bytes written. Ill-formed UTF-8 counts
 * as punctuation. */
size_t normal_title(struct str s, char *to, size_t room);
/* The same, in an arena. */
struct str normal_str(struct arena *a, struct str s);

#endif
