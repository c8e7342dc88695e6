/* slots.h: from a feature's key to its row in a model. A table of tags in
 * buckets of eight, each key in one of two buckets (a cuckoo filter; Fan et
 * al., CoNEXT 2014), so that a feature which was never learned is told by one
 * or two cache lines that stay near, and takes no row from memory. One in
 * some four thousand of those is taken for a known one. Pure. */
#ifndef PIPED_SLOTS_H
#define PIPED_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SLOTS_NONE UINT32_MAX
#define SLOTS_BUCKET 8u
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define SLOTS_PLACE(i) (i)
#else
#define SLOTS_PLACE(i) (3 - (i))
#endif
#define SLOTS_BITS_LEAST 8u
#define SLOTS_BITS_MOST 21u

/* How many keys a table of 2^bits slots is made for. */
static inline uint32_t slots_most(unsigned bits)
{
	return (uint32_t)(((uint64_t)15 << bits) / 16);
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
	return (bucket ^ (uint32_t)tag * 0x5bd1e995u) & (((uint32_t)1 << (bits - 3)) - 1);
}

/* Place of the tag among eight, or 8. */
static inline unsigned slots_look(const uint16_t *bucket, uint64_t tag)
{
	const uint64_t ones = 0x0001000100010001u, tops = 0x8000800080008000u;

	for (unsigned half = 0; half < 2; half++) {
		uint64_t x, hit;

		memcpy(&x, bucket + (size_t)half * 4, sizeof(x));
		x ^= tag * ones;
		/* The lowest mark is right, whatever stands above it. */
		hit = (x - ones) & ~x & tops;
		if (hit)
			return half * 4 + SLOTS_PLACE((unsigned)__builtin_ctzll(hit) / 16);
	}
	return SLOTS_BUCKET;
}

static inline uint32_t slots_find(const uint16_t *tags, unsigned bits, uint32_t key)
{
	uint64_t tag = slots_tag(key);
	uint32_t bucket = slots_first(key, bits);

	for (int turn = 0; turn < 2; turn++, bucket = slots_other(bucket, tag, bits)) {
		unsigned at = slots_look(tags + (size_t)bucket * SLOTS_BUCKET, tag);

		if (at < SLOTS_BUCKET)
			return bucket * SLOTS_BUCKET + at;
	}
	return SLOTS_NONE;
}

/* Fills tags[2^bits] and slot_of[0..n-1] from n keys. A key that can't be told
 * from one before it, or finds no place, has SLOTS_NONE: with at most
 * slots_most(bits) keys a handful. The same keys give the same table. */
void slots_build(const uint32_t *keys, uint32_t n, unsigned bits, uint16_t *tags,
		 uint32_t *slot_of);

#endif
