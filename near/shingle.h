/* shingle.h: a clean title as the set of its character bigrams, white space left out, so that
 * neither the order of words nor spaces weigh much (Broder 1997; syllables are characters
 * in Hangul). Sizes are left out: one thing is offered in many; other
 * figures are members as a whole, too. Pure. */
#ifndef PIPED_SHINGLE_H
#define PIPED_SHINGLE_H

#include "base/str.h"

#include <stdint.h>

/* Of a longer title only its beginning counts. */
#define SHINGLE_MOST 96

/* Each bigram as 16 bits of its hash: two that differ are taken for one in 65,536. */
struct shingle_set {
	int n;
	uint16_t at[SHINGLE_MOST]; /* ascending, all different */
};

/* `clean` is in normal form (base/normal.h). One character has no bigram. */
void shingle_title(struct str clean, struct shingle_set *ret);

#endif
