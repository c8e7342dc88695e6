/* learn.h: fits weights to rows. Each of a few members embeds the features of
 * a title (mean vector, scaled to unit root mean square; Zhang and Sennrich,
 * NeurIPS 2019) and feeds a linear softmax (Joulin et al., EACL 2017); at each
 * step most features are dropped at random, down to some twenty, which is worth more
 * here than any other setting. Members differ in the order of the rows, in what was
 * dropped and where they began; a model is the mean of their logits. SGD, the
 * rate falling to zero, and the rarer a feature, the faster (Li et al., ICLR 2022). Each member is learned by one thread, so the same
 * input gives the same bits with any number of them. */
#ifndef PIPED_LEARN_H
#define PIPED_LEARN_H

#include "classifier/corpus.h"

#define LEARN_MEMBERS 4

struct learn_shape {
	int classes;
	int members, dim;  /* dim is a multiple of 16 */
	uint32_t features; /* of the vocabulary */
};

struct learn_member {
	float *rows; /* [features][dim]; a row never met is zero */
	float *head; /* [classes][dim] */
	float *bias; /* [classes] */
};

struct learn_weights {
	struct learn_shape shape;
	struct learn_member member[LEARN_MEMBERS];
};

struct learn_opt {
	double rate;
	int epochs;
	int from, to; /* the epochs to learn, of 0..epochs-1: from <= i < to */
	bool warm;    /* epoch 0, too, goes on from what is there */
	uint64_t seed;
	int threads;
	/* Called on the calling thread every few thousand rows with how many,
	 * over all members, were learned since the last call; false cancels. May be
	 * NULL. */
	bool (*progress)(void *ctx, int64_t rows);
	void *ctx;
};

void learn_init(struct learn_weights *w, const struct learn_shape *shape);
void learn_done(struct learn_weights *w);
/* Fresh weights of a member, drawn by the seed. */
void learn_start(const struct learn_shape *s, struct learn_member *m, uint64_t seed);
/* `to` has the same shape. */
void learn_copy(struct learn_weights *to, const struct learn_weights *from);

/* Learns rows order[0..n-1] of `c`; epoch 0 starts afresh unless `warm`, any other goes on
 * from what is there. ERR_CANCELLED, ERR_IO. */
enum err learn_fit(struct learn_weights *w, const struct corpus *c, const uint32_t *order,
		   uint32_t n, const struct learn_opt *opt);

#endif
