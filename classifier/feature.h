/* feature.h: what a model sees of a title: every run of 1 to 3 characters,
 * across words and with a space at both ends; every word; every two
 * neighbouring words in their order; every two words at most 8 apart in any
 * order; and of a field beside the title its name and value. Each is known by
 * the 32 bits of its hash, its key. Repeats are kept. Pure. */
#ifndef PIPED_FEATURE_H
#define PIPED_FEATURE_H

#include "base/str.h"

/* Past so many the rest of the title is not read: some 150 characters. */
#define FEATURE_MOST 1024
#define FEATURE_LONGEST 3
#define FEATURE_APART 8

/* `normal` is a normal form (base/normal.h). Writes keys, none of them 0, at
 * most FEATURE_MOST; returns how many. */
unsigned feature_keys(struct str normal, uint32_t *to);
/* The key of a field; `value` is a normal form. */
uint32_t feature_field(struct str name, struct str value);

#endif
