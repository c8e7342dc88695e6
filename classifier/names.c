#include "classifier/names.h"

#include "base/hash.h"
#include "base/mem.h"

#define SLOTS ((size_t)2 * NAMES_MOST)

struct name {
	char *p;
	size_t n;
};

struct names {
	struct name *at;
	size_t n, room;
	uint32_t *slots; /* 1 + number */
};

struct names *names_new(void)
{
	struct names *n = mem_zero(sizeof(*n));

	n->slots = mem_array(SLOTS, sizeof(*n->slots));
	return n;
}

void names_free(struct names *n)
{
	if (!n)
		return;
	for (size_t i = 0; i < n->n; i++)
		mem_free(n->at[i].p);
	mem_free(n->at);
	mem_free(n->slots);
	mem_free(n);
}

int64_t names_number(struct names *n, struct str s)
{
	size_t slot = hash64(s, 0) % SLOTS;

	for (; n->slots[slot]; slot = (slot + 1) % SLOTS)
		if (str_eq(names_at(n, n->slots[slot] - 1), s))
			return n->slots[slot] - 1;
	if (n->n == NAMES_MOST)
		return -1;
	mem_grow(&n->at, &n->room, n->n + 1, sizeof(*n->at));
	n->at[n->n] = (struct name){ mem_dup(s.p, s.n), s.n };
	n->slots[slot] = (uint32_t)++n->n;
	return n->slots[slot] - 1;
}

uint32_t names_count(const struct names *n)
{
	return (uint32_t)n->n;
}

struct str names_at(const struct names *n, uint32_t i)
{
	return (struct str){ n->at[i].p, n->at[i].n };
}
