/* minhash.h: MinHash signatures cut into bands (Broder 1997; Leskovec, Rajaraman, Ullman,
 * Mining of Massive Datasets, section 3.4): two sets of Jaccard similarity s have a band in
 * common with probability 1 - (1 - s^ROWS)^BANDS. Pure. */
#ifndef PIPED_MINHASH_H
#define PIPED_MINHASH_H

#include "near/shingle.h"

#define MINHASH_BANDS 16
#define MINHASH_ROWS 4
#define MINHASH_COUNT (MINHASH_BANDS * MINHASH_ROWS)

/* The hash functions: the same on every machine. */
struct minhash {
	uint32_t times[MINHASH_COUNT], plus[MINHASH_COUNT];
};
void minhash_init(struct minhash *m);
/* A hash of each band. The set has members. */
void minhash_bands(const struct minhash *m, const struct shingle_set *s,
		   uint64_t ret[MINHASH_BANDS]);

#endif
