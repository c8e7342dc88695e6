#include "classifier/slots.h"

#include "base/mem.h"
#include "base/must.h"

#define KICKS_MOST 2000

struct table {
	uint16_t *tags;
	uint32_t *owner; /* number of the key in each slot */
	uint32_t *slot_of;
	unsigned bits;
};

static bool put(struct table *t, uint32_t bucket, uint64_t tag, uint32_t owner)
{
	for (uint32_t at = bucket * SLOTS_BUCKET; at < (bucket + 1) * SLOTS_BUCKET; at++) {
		if (t->tags[at])
			continue;
		t->tags[at] = (uint16_t)tag;
		t->owner[at] = owner;
		t->slot_of[owner] = at;
		return true;
	}
	return false;
}

/* Puts one out of its place, which it leaves to another, and moves it to its
 * other bucket; so on until one finds room. */
static void kick(struct table *t, uint32_t bucket, uint64_t tag, uint32_t owner)
{
	for (unsigned turn = 0; turn < KICKS_MOST; turn++) {
		uint32_t at = bucket * SLOTS_BUCKET + (owner + turn) % SLOTS_BUCKET;
		uint64_t tag_there = t->tags[at];
		uint32_t owner_there = t->owner[at];

		t->tags[at] = (uint16_t)tag;
		t->owner[at] = owner;
		t->slot_of[owner] = at;
		tag = tag_there;
		owner = owner_there;
		bucket = slots_other(bucket, tag, t->bits);
		if (put(t, bucket, tag, owner))
			return;
	}
	t->slot_of[owner] = SLOTS_NONE;
}

void slots_build(const uint32_t *keys, uint32_t n, unsigned bits, uint16_t *tags, uint32_t *slot_of)
{
	struct table t = { .tags = tags, .slot_of = slot_of, .bits = bits };

	must(bits >= SLOTS_BITS_LEAST && bits <= SLOTS_BITS_MOST && n <= slots_most(bits));
	t.owner = mem_array((size_t)1 << bits, sizeof(*t.owner));
	memset(tags, 0, sizeof(*tags) << bits);
	for (uint32_t i = 0; i < n; i++) {
		uint64_t tag = slots_tag(keys[i]);
		uint32_t bucket = slots_first(keys[i], bits);

		slot_of[i] = SLOTS_NONE;
		if (slots_find(tags, bits, keys[i]) != SLOTS_NONE)
			continue;
		if (!put(&t, bucket, tag, i) && !put(&t, slots_other(bucket, tag, bits), tag, i))
			kick(&t, bucket, tag, i);
	}
	mem_free(t.owner);
}
