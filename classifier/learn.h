/* learn.h: fits weights to rows. Each of a few members embeds the features of
 * a title (mean vector, scaled to unit root mean square; Zhang and Sennrich,
 * NeurIPS 2019) and feeds a linear softmax (Joulin et al., EACL 2017); five
 * of eight features are dropped at random at each step, which is worth more
 * here than any other setting. Members differ in what was dropped and where they
 * began; a model is the mean of their logits. SGD, the rate falling to zero.
 * The same input gives the same bits. One thread. */
#ifndef PIPED_LEARN_H
#define PIPED_LEARN_H

#include "classifier/corpus.h"

#define LEARN_MEMBERS 4

struct learn_shape {
	int classes;
	int members, dim; /* dim is a multiple of 16 */
	unsigned bits;	  /* log2 of feature rows */
};

struct learn_weights {
	struct learn_shape shape;
	float *rows; /* [2^bits][members * dim]; a row never met is zero */
	float *head; /* [members][classes][dim] */
	float *bias; /* [members][classes] */
	void *held;  /* the memory of `rows`, which begin at a cache line */
};

struct learn_opt {
	double rate;
	int epochs;
	uint64_t seed;
	/* Called every few thousand rows with how many were done since the
	 * last call; false cancels. May be NULL. */
	bool (*progress)(void *ctx, int64_t rows);
	void *ctx;
};

void learn_init(struct learn_weights *w, const struct learn_shape *shape);
void learn_done(struct learn_weights *w);

/* Starts afresh and learns rows order[0..n-1] of `c`; shuffles `order`.
 * ERR_CANCELLED. */
enum err learn_fit(struct learn_weights *w, const struct corpus *c, uint32_t *order, uint32_t n,
		   const struct learn_opt *opt);

#endif
