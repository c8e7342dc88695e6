/* choose.h: how well a setting does on rows it did not see. One thread. */
#ifndef PIPED_CHOOSE_H
#define PIPED_CHOOSE_H

#include "classifier/learn.h"
#include "classifier/model_file.h"

/* Rows that were held out, and those that may be learned. Rows of a group are on
 * one side. Nothing is held out where too little would be left. Both lists are row numbers, owned. */
struct choose_split {
	uint32_t *dev, *rest;
	uint32_t dev_n, rest_n;
};

/* Nothing is held out of fewer rows. */
#define CHOOSE_ROWS 500

void choose_split_init(struct choose_split *s, const struct corpus *c, uint64_t seed);
void choose_split_done(struct choose_split *s);

/* What rows cost at some temperatures, in nats. */
#define CHOOSE_TEMPERATURES 66
struct choose_losses {
	double at[CHOOSE_TEMPERATURES];
	float temperature[CHOOSE_TEMPERATURES];
	int64_t n;
};

void choose_losses_init(struct choose_losses *l);
/* Of a row with those labels; their shares add up to 1. */
void choose_losses_add(struct choose_losses *l, const float *logits, int classes,
		       const struct corpus_label *labels, int labels_n);
/* The best temperature, and the mean loss there. */
float choose_losses_best(const struct choose_losses *l, double *ret_loss);

struct choose_score {
	double loss; /* mean log loss at the best temperature, nats */
	float temperature;
	double top1, top3;
};

/* What was learned of rows known[0..n-1], packed as it will be used; `ret` is a view
 * of `image`. ERR_BAD: weights grew past all bounds. */
enum err choose_pack(const struct learn_weights *w, const struct corpus *c, unsigned bits,
		     const uint32_t *known, uint32_t n, struct buf *image, struct model *ret);
/* How well weights that were learned of rows known[0..n-1] do on dev, packed
 * as they will be used. ERR_IO; ERR_BAD as above. */
enum err choose_measure(const struct learn_weights *w, const struct corpus *c, unsigned bits,
			const uint32_t *known, uint32_t n, const uint32_t *dev, uint32_t dev_n,
			struct choose_score *ret);
/* The logits of row i, all 0 where nothing of it is known, but for classes
 * that were not learned; `row` is that row. ERR_IO. */
enum err choose_logits(const struct model *m, const struct corpus *c, uint32_t i, float *logits,
		       struct corpus_row *row);
/* Shares of the classes among rows order[0..n-1]; ret: [classes]. */
void choose_shares(const struct corpus *c, const uint32_t *order, uint32_t n, float *ret);

#endif
