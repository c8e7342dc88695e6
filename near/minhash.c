#include "near/minhash.h"

#include "base/rng.h"

#include <string.h>

void minhash_init(struct minhash *m)
{
	struct rng r = { 0x6d696e68617368 };

	for (int i = 0; i < MINHASH_COUNT; i++) {
		m->times[i] = (uint32_t)rng_next(&r) | 1;
		m->plus[i] = (uint32_t)rng_next(&r);
	}
}

/* Spreads 16 bits over 32, as multiplication only carries upwards. */
static uint32_t spread(uint32_t x)
{
	x *= 0x9e3779b1u;
	x ^= x >> 15;
	x *= 0x85ebca77u;
	return x ^ x >> 13;
}

void minhash_bands(const struct minhash *m, const struct shingle_set *s,
		   uint64_t ret[MINHASH_BANDS])
{
	uint32_t least[MINHASH_COUNT];

	memset(least, 0xff, sizeof(least));
	for (int k = 0; k < s->n; k++) {
		uint32_t x = spread(s->at[k]);

		for (int i = 0; i < MINHASH_COUNT; i++) {
			uint32_t h = x * m->times[i] + m->plus[i];

			least[i] = h < least[i] ? h : least[i];
		}
	}
	for (int b = 0; b < MINHASH_BANDS; b++) {
		uint64_t h = (uint64_t)b;

		for (int i = 0; i < MINHASH_ROWS; i++)
			h = (h ^ least[b * MINHASH_ROWS + i]) * UINT64_C(0x9fb21c651e98df25);
		ret[b] = h;
	}
}
