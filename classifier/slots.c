#include "classifier/slots.h"

#include "base/must.h"

#define KICKS_MOST 2000

struct table {
	struct slots_bucket *buckets;
	const uint32_t *keys;
	unsigned bits;
};

static bool put(struct table *t, uint32_t bucket, uint64_t tag, uint32_t entry)
{
	struct slots_bucket *b = &t->buckets[bucket];

	for (unsigned at = 0; at < SLOTS_BUCKET; at++) {
		if (b->tag[at])
			continue;
		b->tag[at] = (uint16_t)tag;
		b->entry[at] = entry;
		return true;
	}
	return false;
}

/* Puts one out of its place, which it leaves to another, and moves it to its
 * other bucket; so on until one finds room. */
static void kick(struct table *t, uint32_t bucket, uint64_t tag, uint32_t entry)
{
	for (unsigned turn = 0; turn < KICKS_MOST; turn++) {
		struct slots_bucket *b = &t->buckets[bucket];
		unsigned at = (slots_row(entry) + turn) % SLOTS_BUCKET;
		uint64_t tag_there = b->tag[at];
		uint32_t entry_there = b->entry[at];

		b->tag[at] = (uint16_t)tag;
		b->entry[at] = entry;
		tag = tag_there;
		entry = entry_there;
		bucket = slots_other(bucket, tag, t->bits);
		if (put(t, bucket, tag, entry))
			return;
	}
}

static void mark_elsewhere(struct table *t)
{
	for (uint32_t i = 0; i < slots_buckets(t->bits); i++)
		for (unsigned at = 0; at < SLOTS_BUCKET; at++) {
			const struct slots_bucket *b = &t->buckets[i];
			uint32_t home = slots_first(t->keys[slots_row(b->entry[at])], t->bits);

			if (b->tag[at] && home != i)
				t->buckets[home].entry[0] |= SLOTS_ELSEWHERE;
		}
}

/* Whether either bucket has that tag: while the table is filled, any may be used. */
static bool taken(const struct table *t, uint32_t key)
{
	const uint64_t tag = slots_tag(key);
	const uint32_t first = slots_first(key, t->bits);

	return slots_look(&t->buckets[first], tag) < SLOTS_BUCKET ||
	       slots_look(&t->buckets[slots_other(first, tag, t->bits)], tag) < SLOTS_BUCKET;
}

void slots_build(const uint32_t *keys, const uint8_t *levels, uint32_t n, unsigned bits,
		 struct slots_bucket *buckets)
{
	struct table t = { .buckets = buckets, .keys = keys, .bits = bits };

	must(bits >= SLOTS_BITS_LEAST && bits <= SLOTS_BITS_MOST && n <= slots_most(bits));
	memset(buckets, 0, slots_buckets(bits) * sizeof(*buckets));
	for (uint32_t i = 0; i < n; i++) {
		const uint64_t tag = slots_tag(keys[i]);
		const uint32_t bucket = slots_first(keys[i], bits);
		const uint32_t entry = slots_entry(i, levels[i]);

		if (levels[i] == 0 || taken(&t, keys[i]))
			continue;
		if (!put(&t, bucket, tag, entry) &&
		    !put(&t, slots_other(bucket, tag, bits), tag, entry))
			kick(&t, bucket, tag, entry);
	}
	mark_elsewhere(&t);
}
