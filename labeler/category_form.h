/* category_form.h: how alike names of categories are, in any script. Pure. */
#ifndef PIPED_CATEGORY_FORM_H
#define PIPED_CATEGORY_FORM_H

#include "base/arena.h"

#define CATEGORY_FORM_CLEAR 0.8 /* likeness that leaves no question */
#define CATEGORY_FORM_LIKE 0.45 /* and that is worth a proposal */

/* A name to compare: its pairs of characters, hashed and sorted, without spaces. */
struct category_form {
	uint32_t *grams;
	int n;
	uint64_t bits; /* of all, to tell at once that nothing is shared */
	struct str text;
};

struct category_form category_form_of(struct str name, struct arena *a);
/* 0 to 1: Dice's coefficient of the pairs (Dice, Ecology 26, 1945); a name that holds the other is
 * nearly as good, the same name is 1. */
double category_form_alike(const struct category_form *x, const struct category_form *y);

#endif
