/* feature.h: what a model sees of a title: every run of 1 to 3 characters,
 * across words and with a space at both ends; every word; every two
 * neighbouring words in their order; every two words at most 8 apart in any
 * order. Each is hashed to a row of a table. Repeats are kept. Pure. */
#ifndef PIPED_FEATURE_H
#define PIPED_FEATURE_H

#include "base/str.h"

/* Past so many the rest of the title is not read: some 150 characters. */
#define FEATURE_MOST 1024
#define FEATURE_LONGEST 3
#define FEATURE_APART 8

/* `normal` is a normal form (base/normal.h). Writes row numbers below
 * 2^bits (1 to 32), at most FEATURE_MOST; returns how many. */
unsigned feature_rows(struct str normal, unsigned bits, uint32_t *to);

#endif
