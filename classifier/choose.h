/* choose.h: how well a setting does on rows it did not see. One thread. */
#ifndef PIPED_CHOOSE_H
#define PIPED_CHOOSE_H

#include "classifier/learn.h"

/* Rows that were held out, and those that may be learned. Equal titles are on
 * one side. Both lists are row numbers, owned. */
struct choose_split {
	uint32_t *dev, *rest;
	uint32_t dev_n, rest_n;
};

/* Nothing is held out of fewer rows. */
#define CHOOSE_ROWS 500

void choose_split_init(struct choose_split *s, const struct corpus *c, uint64_t seed);
void choose_split_done(struct choose_split *s);

struct choose_score {
	double loss; /* mean log loss at the best temperature, nats */
	float temperature;
	double top1, top3;
};

/* Fits rows order[0..n-1] (which are shuffled) and measures on dev. `w` is
 * left with what was learned. ERR_CANCELLED. */
enum err choose_try(struct learn_weights *w, const struct corpus *c, uint32_t *order, uint32_t n,
		    const struct learn_opt *opt, const uint32_t *dev, uint32_t dev_n,
		    struct choose_score *ret);

#endif
