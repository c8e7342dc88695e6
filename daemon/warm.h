/* warm.h: whether a training goes on from the live model, which is a third of the work, or from
 * nothing. Chains of models that go on from each other fade, so they have a length at most. Pure. */
#ifndef PIPED_WARM_H
#define PIPED_WARM_H

#include "config/conf.h"
#include "store/reader.h"

/* What two trainings must have in common: fields beside the title, which families are held out
 * (else the live one has learned some that are to measure it), the taxonomy, the least rows of a category.
 * Written to `to`. */
#define WARM_RECIPE 17
struct str warm_recipe(const struct conf *conf, unsigned fields, uint64_t split,
		       char to[WARM_RECIPE]);

struct warm {
	bool on;	  /* from the live model */
	int64_t in_a_row; /* models that went on from the one before, this one too; 0: from nothing */
	char text[200];	  /* for a person: "on from model-7 ..." or "from nothing: ..." */
};
/* `live` NULL: no model that can be used is live. `rows`: to learn from now. */
struct warm warm_decide(const struct conf *conf, const struct model_row *live, struct str recipe,
			int64_t rows);

#endif
