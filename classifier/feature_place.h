/* feature_place.h: where the features of feature.h stand in a title. Pure. */
#ifndef PIPED_FEATURE_PLACE_H
#define PIPED_FEATURE_PLACE_H

#include "classifier/feature.h"

/* Characters of a normal form, from..to-1; of a feature of two words one range
 * each, the earlier first; else the second is empty. Spaces at the ends of the title are in none. */
struct feature_place {
	uint16_t from[2], to[2];
};

/* The places of the keys that feature_keys gives, in the same order, as many.
 * `starts` gets the byte at which each character begins, and where the last one
 * ends: *ret_characters + 1 numbers, at most FEATURE_MOST. */
unsigned feature_place_all(struct str normal, struct feature_place *to, uint16_t *starts,
			   unsigned *ret_characters);

#endif
