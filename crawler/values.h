/* values.h: what pages of a source gave for variables of its seeds, as a set that is
 * made once and then only read: any thread. A newer answer makes a new one. */
#ifndef PIPED_VALUES_H
#define PIPED_VALUES_H

#include "model/value.h"

struct values;

/* Copies. */
struct values *values_new(const struct value *v, int n);
void values_free(struct values *v);
/* Those of `name` that stand below `under` (none or empty: below nothing), in the order
 * of their texts; NULL and 0 where there are none, or no set. */
const struct value *values_find(const struct values *v, struct str name, struct str under,
				int *ret_n);

#endif
