/* rng.h: seeded random numbers (SplitMix64; Steele, Lea, Flood, OOPSLA 2014),
 * the same on every machine. Not for secrets. */
#ifndef PIPED_RNG_H
#define PIPED_RNG_H

#include <stdint.h>

struct rng {
	uint64_t state;
};

uint64_t rng_next(struct rng *r);
uint64_t rng_below(struct rng *r, uint64_t n); /* 0 <= x < n; n > 0 */
double rng_unit(struct rng *r);		       /* 0 <= x < 1 */

#endif
