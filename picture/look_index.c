#include "picture/look_index.h"

#include "base/mem.h"
#include "base/must.h"

#include <string.h>

#define CHUNKS 16 /* of a hash */
#define CHUNK_BITS 16
#define SLOTS (1 << CHUNK_BITS)
#define CHAINS (CHUNK_BITS + 1) /* of a chunk that are read: its own, and with a bit changed */
#define BLOCK 1024
#define NONE UINT32_MAX

struct hash {
	struct pdq pdq;
	int64_t id;	       /* negative: it is dropped, unless that is undone */
	uint32_t next[CHUNKS]; /* that has the same chunk there; [0]: of one that is free */
};

/* Places in the blocks. */
struct places {
	uint32_t *at;
	size_t n, cap;
};

struct look_index {
	uint32_t head[CHUNKS][SLOTS];
	struct hash **blocks;
	size_t n_blocks, cap_blocks;
	size_t n, most; /* hashes that are found */
	uint32_t used;	/* places, from the first on */
	uint32_t free;	/* the first of those let go */
	struct places added, dropped;
};

struct look_index *look_index_new(size_t most)
{
	struct look_index *x = mem_zero(sizeof(*x));

	memset(x->head, 0xff, sizeof(x->head));
	x->most = most;
	x->free = NONE;
	return x;
}

void look_index_free(struct look_index *x)
{
	if (!x)
		return;
	for (size_t i = 0; i < x->n_blocks; i++)
		mem_free(x->blocks[i]);
	mem_free(x->blocks);
	mem_free(x->added.at);
	mem_free(x->dropped.at);
	mem_free(x);
}

static struct hash *at(const struct look_index *x, size_t i)
{
	return &x->blocks[i / BLOCK][i % BLOCK];
}

static uint32_t chunk(const struct pdq *p, int c)
{
	return (uint32_t)(p->word[c / 4] >> c % 4 * CHUNK_BITS) & (SLOTS - 1);
}

static void note_place(struct places *p, uint32_t i)
{
	mem_grow(&p->at, &p->cap, p->n + 1, sizeof(*p->at));
	p->at[p->n++] = i;
}

static uint32_t take_place(struct look_index *x)
{
	uint32_t i = x->free;

	if (i != NONE) {
		x->free = at(x, i)->next[0];
		return i;
	}
	if (x->used == x->n_blocks * BLOCK) {
		mem_grow(&x->blocks, &x->cap_blocks, x->n_blocks + 1, sizeof(struct hash *));
		x->blocks[x->n_blocks++] = mem_array(BLOCK, sizeof(struct hash));
	}
	return x->used++;
}

static void add(struct look_index *x, const struct pdq *p, int64_t id)
{
	uint32_t i = take_place(x);
	struct hash *h = at(x, i);

	h->pdq = *p;
	h->id = id;
	for (int c = 0; c < CHUNKS; c++) {
		uint32_t *head = &x->head[c][chunk(p, c)];

		h->next[c] = *head;
		*head = i;
	}
	x->n++;
	note_place(&x->added, i);
}

/* Takes a hash out of its chains; its place is free. */
static void let_go(struct look_index *x, uint32_t i)
{
	struct hash *h = at(x, i);

	for (int c = 0; c < CHUNKS; c++) {
		uint32_t *to = &x->head[c][chunk(&h->pdq, c)];

		while (*to != i) {
			must(*to != NONE);
			to = &at(x, *to)->next[c];
		}
		*to = h->next[c];
	}
	h->next[0] = x->free;
	x->free = i;
}

/* The hashes of a look that differ; how many. */
static int parts_of(const struct look *l, const struct pdq *ret[LOOK_PARTS])
{
	int n = 0;

	if (l->quality < PDQ_QUALITY_LEAST)
		return 0;
	for (int i = 0; i < LOOK_PARTS; i++) {
		bool known = false;

		for (int k = 0; k < n; k++)
			known |= !pdq_distance(ret[k], &l->part[i]);
		if (!known)
			ret[n++] = &l->part[i];
	}
	return n;
}

bool look_index_add(struct look_index *x, const struct look *l, int64_t id)
{
	const struct pdq *part[LOOK_PARTS];
	int n = parts_of(l, part);

	must(id > 0);
	if (x->n + (size_t)n > x->most)
		return false;
	for (int i = 0; i < n; i++)
		add(x, part[i], id);
	return true;
}

static void drop(struct look_index *x, const struct pdq *p, int64_t id)
{
	for (uint32_t i = x->head[0][chunk(p, 0)]; i != NONE; i = at(x, i)->next[0]) {
		struct hash *h = at(x, i);

		if (h->id != id || pdq_distance(p, &h->pdq))
			continue;
		h->id = -id;
		x->n--;
		note_place(&x->dropped, i);
		return;
	}
}

void look_index_drop(struct look_index *x, const struct look *l, int64_t id)
{
	const struct pdq *part[LOOK_PARTS];
	int n = parts_of(l, part);

	for (int i = 0; i < n; i++)
		drop(x, part[i], id);
}

void look_index_keep(struct look_index *x)
{
	for (size_t i = 0; i < x->dropped.n; i++)
		let_go(x, x->dropped.at[i]);
	x->dropped.n = x->added.n = 0;
}

void look_index_undo(struct look_index *x)
{
	for (size_t i = 0; i < x->dropped.n; i++) {
		struct hash *h = at(x, x->dropped.at[i]);

		h->id = -h->id;
		x->n++;
	}
	for (size_t i = x->added.n; i > 0; i--) {
		let_go(x, x->added.at[i - 1]);
		x->n--;
	}
	x->dropped.n = x->added.n = 0;
}

struct found {
	int64_t *id;
	int n;
};

static void note(struct found *f, int64_t id)
{
	for (int i = 0; i < f->n; i++)
		if (f->id[i] == id)
			return;
	if (f->n < LOOK_INDEX_FOUND)
		f->id[f->n++] = id;
}

/* Most are not, which half of the bits tell. */
static bool is_near(const struct pdq *a, const struct pdq *b)
{
	int n = 0;

	for (int i = 0; i < PDQ_WORDS && n <= LOOK_NEAR; i++)
		n += __builtin_popcountll(a->word[i] ^ b->word[i]);
	return n <= LOOK_NEAR;
}

static void ahead(const struct look_index *x, uint32_t i, int c)
{
	__builtin_prefetch(&at(x, i)->pdq);
	__builtin_prefetch(&at(x, i)->next[c]);
}

/* The first of each chain of chunk `c` to be read: with that of `p`, but for a bit. */
static int start(const struct look_index *x, const struct pdq *p, int c, uint32_t ret[CHAINS])
{
	int n = 0;

	for (int b = 0; b < CHAINS; b++) {
		uint32_t other = b < CHUNK_BITS ? 1u << b : 0;
		uint32_t i = x->head[c][chunk(p, c) ^ other];

		if (i == NONE)
			continue;
		ahead(x, i, c);
		ret[n++] = i;
	}
	return n;
}

/* Chains are read side by side, as each step waits for memory. */
static void find(const struct look_index *x, const struct pdq *p, struct found *f)
{
	for (int c = 0; c < CHUNKS; c++) {
		uint32_t chain[CHAINS];
		int n = start(x, p, c, chain);

		while (n > 0 && f->n < LOOK_INDEX_FOUND)
			for (int k = 0; k < n; k++) {
				const struct hash *h = at(x, chain[k]);

				if (h->id > 0 && is_near(p, &h->pdq))
					note(f, h->id);
				chain[k] = h->next[c];
				if (chain[k] == NONE)
					chain[k--] = chain[--n];
				else
					ahead(x, chain[k], c);
			}
	}
}

int look_index_find(struct look_index *x, const struct look *l, int64_t ret[LOOK_INDEX_FOUND])
{
	const struct pdq *part[LOOK_PARTS];
	int n = parts_of(l, part);
	struct found f = { .id = ret };

	for (int i = 0; i < n; i++) {
		struct pdq mirrored = pdq_mirrored(part[i]);

		find(x, part[i], &f);
		find(x, &mirrored, &f);
	}
	return f.n;
}

size_t look_index_count(const struct look_index *x)
{
	return x->n;
}

size_t look_index_bytes(const struct look_index *x)
{
	return sizeof(*x) + x->n_blocks * BLOCK * sizeof(struct hash) +
	       (x->added.cap + x->dropped.cap) * sizeof(uint32_t);
}
