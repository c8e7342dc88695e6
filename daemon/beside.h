/* beside.h: what is known of a listing beside its title, as the classifier takes
 * it: in training, suggesting and measuring alike. Any thread. */
#ifndef PIPED_BESIDE_H
#define PIPED_BESIDE_H

#include "classifier/classifier.h"
#include "model/hint.h"
#include "model/listing.h"

struct beside {
	char band[CLASSIFIER_BAND];
	struct str values[HINT_N]; /* "": nothing is known; borrowed from the listing, or `band` */
};
void beside_of(const struct listing *l, struct beside *ret);
/* Those of the fields in `wanted` (HINT_BIT) that have a value; returns how many. Borrows `values`. */
int beside_fields(const struct str values[HINT_N], unsigned wanted,
		  struct classifier_field ret[HINT_N]);
#define BESIDE_ALL ((1u << HINT_N) - 1)

#endif
