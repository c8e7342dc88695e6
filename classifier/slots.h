/* slots.h: from a feature's key to its row in a model. Buckets of one cache
 * line, each key in one of two (cuckoo hashing; tags instead of keys as in Fan
 * et al., "Cuckoo Filter", CoNEXT 2014). The bucket holds the number of the row,
 * too, so rows can stand by how often they are met and share the near caches, and
 * a feature that was never learned takes mostly one line and no row from memory.
 * One in some four thousand of those is taken for a known one. Pure. */
#ifndef PIPED_SLOTS_H
#define PIPED_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SLOTS_NONE UINT32_MAX
#define SLOTS_BUCKET 10u
#define SLOTS_TAGS 12u /* the last two stay 0 */
#define SLOTS_BITS_LEAST 8u
#define SLOTS_BITS_MOST 21u
/* An entry: number of the row, its level above it. The top bit of the first one
 * of a bucket: some keys that belong here stand in their other bucket. */
#define SLOTS_LEVEL_SHIFT 21u
#define SLOTS_ELSEWHERE 0x80000000u

struct slots_bucket {
	uint32_t entry[SLOTS_BUCKET];
	uint16_t tag[SLOTS_TAGS]; /* 0: free */
};
_Static_assert(sizeof(struct slots_bucket) == 64, "a bucket is a cache line");

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define SLOTS_PLACE(i) (i)
#else
#define SLOTS_PLACE(i) (3 - (i))
#endif

static inline uint32_t slots_buckets(unsigned bits)
{
	return (uint32_t)1 << (bits - 3);
}

/* How many keys a table of 2^(bits - 3) buckets is made for: three quarters of
 * its places, so that most keys stand in the first of their buckets. */
static inline uint32_t slots_most(unsigned bits)
{
	return (uint32_t)(((uint64_t)15 << bits) / 16);
}

static inline uint32_t slots_row(uint32_t entry)
{
	return entry & (((uint32_t)1 << SLOTS_LEVEL_SHIFT) - 1);
}

static inline uint8_t slots_level(uint32_t entry)
{
	return (uint8_t)(entry >> SLOTS_LEVEL_SHIFT);
}

static inline uint32_t slots_entry(uint32_t row, uint8_t level)
{
	return row | (uint32_t)level << SLOTS_LEVEL_SHIFT;
}

static inline uint64_t slots_tag(uint32_t key)
{
	uint64_t tag = key & 0xffffu;

	return tag ? tag : 1;
}

static inline uint32_t slots_first(uint32_t key, unsigned bits)
{
	return key >> (32 - (bits - 3));
}

static inline uint32_t slots_other(uint32_t bucket, uint64_t tag, unsigned bits)
{
	return (bucket ^ (uint32_t)tag * 0x5bd1e995u) & (slots_buckets(bits) - 1);
}

/* Place of the tag in the bucket, or SLOTS_TAGS. */
static inline unsigned slots_look(const struct slots_bucket *b, uint64_t tag)
{
	const uint64_t ones = 0x0001000100010001u, tops = 0x8000800080008000u;

	for (unsigned part = 0; part < SLOTS_TAGS; part += 4) {
		uint64_t x, hit;

		memcpy(&x, b->tag + part, sizeof(x));
		x ^= tag * ones;
		/* The lowest mark is right, whatever stands above it. */
		hit = (x - ones) & ~x & tops;
		if (hit)
			return part + SLOTS_PLACE((unsigned)__builtin_ctzll(hit) / 16);
	}
	return SLOTS_TAGS;
}

/* The key's entry, or SLOTS_NONE. */
static inline uint32_t slots_find(const struct slots_bucket *buckets, unsigned bits, uint32_t key)
{
	const uint64_t tag = slots_tag(key);
	const uint32_t first = slots_first(key, bits);
	const struct slots_bucket *b = &buckets[first];
	unsigned at = slots_look(b, tag);

	if (at >= SLOTS_BUCKET && b->entry[0] & SLOTS_ELSEWHERE) {
		b = &buckets[slots_other(first, tag, bits)];
		at = slots_look(b, tag);
	}
	return at < SLOTS_BUCKET ? b->entry[at] & ~SLOTS_ELSEWHERE : SLOTS_NONE;
}

/* Fills the table (slots_buckets(bits) of them) with n keys; key i has row i and
 * levels[i], of level 0 none at all. A key that can't be told from one before
 * it, or finds no place, is left out: with at most slots_most(bits) keys a
 * handful. The same keys give the same table. */
void slots_build(const uint32_t *keys, const uint8_t *levels, uint32_t n, unsigned bits,
		 struct slots_bucket *buckets);

#endif
