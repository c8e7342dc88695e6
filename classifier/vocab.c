#include "classifier/vocab.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_BITS 16u

struct place {
	uint32_t key;	/* 0: free */
	uint32_t count; /* after vocab_choose: 1 + its number, or 0 */
};

struct vocab {
	struct place *places;
	unsigned bits;
	uint32_t used, least; /* least: what survives the next forgetting */
	uint32_t *keys, *counts;
	uint32_t size;
};

struct vocab *vocab_new(void)
{
	struct vocab *v = mem_zero(sizeof(*v));

	v->bits = FIRST_BITS;
	v->least = 1;
	v->places = mem_array((size_t)1 << v->bits, sizeof(*v->places));
	return v;
}

void vocab_free(struct vocab *v)
{
	if (!v)
		return;
	mem_free(v->places);
	mem_free(v->keys);
	mem_free(v->counts);
	mem_free(v);
}

static struct place *find(const struct vocab *v, uint32_t key)
{
	uint32_t mask = ((uint32_t)1 << v->bits) - 1;
	uint32_t at = (key * 0x9e3779b1u) >> (32 - v->bits);

	while (v->places[at].key && v->places[at].key != key)
		at = (at + 1) & mask;
	return &v->places[at];
}

/* Into a table of 2^bits places, without what was met less than `least` times. */
static void move(struct vocab *v, unsigned bits, uint32_t least)
{
	struct place *old = v->places;
	size_t n = (size_t)1 << v->bits;

	v->places = mem_array((size_t)1 << bits, sizeof(*v->places));
	v->bits = bits;
	v->used = 0;
	for (size_t i = 0; i < n; i++) {
		if (old[i].key == 0 || old[i].count < least)
			continue;
		*find(v, old[i].key) = old[i];
		v->used++;
	}
	mem_free(old);
}

static void make_room(struct vocab *v)
{
	if (v->used >= VOCAB_SEEN)
		move(v, v->bits, ++v->least);
	else if (v->used >= ((uint32_t)3 << v->bits) / 4)
		move(v, v->bits + 1, 0);
}

void vocab_count(struct vocab *v, const uint32_t *keys, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct place *p = find(v, keys[i]);

		if (p->key) {
			p->count += p->count < UINT32_MAX;
			continue;
		}
		*p = (struct place){ .key = keys[i], .count = 1 };
		v->used++;
		make_room(v);
	}
}

static int by_count(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return x->key < y->key ? -1 : x->key > y->key;
}

void vocab_choose(struct vocab *v, uint32_t least, uint32_t most)
{
	struct place *kept = mem_array(v->used + 1, sizeof(*kept));
	uint32_t n = 0;

	for (size_t i = 0; i < (size_t)1 << v->bits; i++) {
		struct place *p = &v->places[i];

		if (p->key && p->count >= least)
			kept[n++] = *p;
		p->count = 0;
	}
	qsort(kept, n, sizeof(*kept), by_count);
	v->size = n < most ? n : most;
	v->keys = mem_array(v->size + 1, sizeof(*v->keys));
	v->counts = mem_array(v->size + 1, sizeof(*v->counts));
	for (uint32_t i = 0; i < v->size; i++) {
		v->keys[i] = kept[i].key;
		v->counts[i] = kept[i].count;
		find(v, kept[i].key)->count = i + 1;
	}
	mem_free(kept);
}

uint32_t vocab_id(const struct vocab *v, uint32_t key)
{
	const struct place *p = find(v, key);

	return p->key && p->count ? p->count - 1 : VOCAB_NONE;
}

void vocab_forget(struct vocab *v)
{
	mem_free(v->places);
	v->places = NULL;
}

uint32_t vocab_size(const struct vocab *v)
{
	return v->size;
}

const uint32_t *vocab_keys(const struct vocab *v)
{
	return v->keys;
}

const uint32_t *vocab_counts(const struct vocab *v)
{
	return v->counts;
}
