#include "near/near_index.h"

#include "base/mem.h"
#include "base/must.h"
#include "near/near_title.h"

#include <string.h>

#define SLOTS_FIRST (1 << 10)
#define LOAD 2 /* titles a slot before there are twice as many */
#define MOVED_EACH 4

static void table_init(struct near_table *t, size_t slots)
{
	t->slots = slots;
	for (int c = 0; c < NEAR_CHAINS; c++)
		t->head[c] = mem_array(slots, sizeof(uint32_t));
}

static void table_done(struct near_table *t)
{
	for (int c = 0; c < NEAR_CHAINS; c++)
		mem_free(t->head[c]);
	*t = (struct near_table){ .slots = 0 };
}

struct near_index *near_index_new(void)
{
	struct near_index *x = mem_zero(sizeof(*x));

	minhash_init(&x->minhash);
	x->often = mem_array(1 << 16, sizeof(float));
	x->times = mem_array(1 << 16, sizeof(uint32_t));
	table_init(&x->tables[0], SLOTS_FIRST);
	return x;
}

void near_index_free(struct near_index *x)
{
	if (!x)
		return;
	for (size_t i = 0; i < x->n_blocks; i++)
		mem_free(x->blocks[i]);
	for (size_t i = 0; i < x->n_pool; i++)
		mem_free(x->pool[i]);
	for (int t = 0; t < 2; t++)
		table_done(&x->tables[t]);
	mem_free(x->blocks);
	mem_free(x->pool);
	mem_free(x->often);
	mem_free(x->times);
	mem_free(x);
}

static void push(struct near_index *x, int table, size_t i, int chain, uint64_t hash)
{
	uint32_t *head = near_title_head(&x->tables[table], chain, hash);

	near_title_next(x, i)[chain] = *head;
	*head = near_title_link(i, hash);
}

/* Of the newest title. One that was moved still ends a chain of the table it was in. */
static void pop(struct near_index *x, int table, size_t i, int chain, uint64_t hash)
{
	uint32_t *head = near_title_head(&x->tables[table], chain, hash);
	uint32_t *end = near_title_head(&x->tables[0], chain, hash);

	must(near_title_linked(*head) == i);
	*head = near_title_next(x, i)[chain];
	if (table == 1)
		*end = 0;
}

static void each_chain(struct near_index *x, int table, size_t i,
		       void (*each)(struct near_index *x, int table, size_t i, int chain,
				    uint64_t hash))
{
	const struct near_title *t = near_title_at(x, i);
	uint64_t bands[MINHASH_BANDS];
	struct shingle_set s;
	int64_t own, other;

	each(x, table, i, NEAR_CHAIN_KEY, t->key);
	if (t->image)
		each(x, table, i, NEAR_CHAIN_IMAGE, t->image);
	if (!t->leader)
		return;
	s.n = t->n;
	memcpy(s.at, near_title_set(x, t), (size_t)s.n * sizeof(s.at[0]));
	minhash_bands(&x->minhash, &s, bands);
	near_title_blocks(t->price, &own, &other);
	for (int b = 0; b < MINHASH_BANDS; b++)
		each(x, table, i, b, near_title_banded(bands[b], own));
}

static void move_some(struct near_index *x, size_t most)
{
	for (; most > 0 && x->moved < x->n; most--)
		each_chain(x, 1, x->moved++, push);
	if (x->moved < x->n)
		return;
	table_done(&x->tables[0]);
	x->tables[0] = x->tables[1];
	x->tables[1] = (struct near_table){ .slots = 0 };
	x->moved = 0;
}

void near_index_reserve(struct near_index *x, size_t n)
{
	size_t slots = x->tables[0].slots;

	if (x->tables[1].slots)
		move_some(x, x->n);
	n = n < NEAR_MOST ? n : NEAR_MOST;
	while (slots * LOAD < n)
		slots *= 2;
	if (slots == x->tables[0].slots)
		return;
	table_init(&x->tables[1], slots);
	move_some(x, x->n);
}

/* Of a title that is added or taken back. */
static void count(struct near_index *x, const struct near_title *t, int by)
{
	const uint16_t *s = near_title_set(x, t);

	for (int i = 0; i < t->n; i++) {
		x->times[s[i]] += (uint32_t)by;
		x->often[s[i]] = logf(1.0f + (float)x->times[s[i]]);
	}
}

static uint32_t keep(struct near_index *x, const struct shingle_set *s)
{
	size_t left = x->n_pool * NEAR_POOL - x->pool_n;
	uint32_t from;

	if (left < (size_t)s->n) {
		mem_grow(&x->pool, &x->cap_pool, x->n_pool + 1, sizeof(*x->pool));
		x->pool_n = x->n_pool * NEAR_POOL;
		x->pool[x->n_pool++] = mem_alloc(NEAR_POOL * sizeof(uint16_t));
	}
	must(x->pool_n + (size_t)s->n <= UINT32_MAX);
	from = (uint32_t)x->pool_n;
	memcpy(&x->pool[from / NEAR_POOL][from % NEAR_POOL], s->at,
	       (size_t)s->n * sizeof(s->at[0]));
	x->pool_n += (size_t)s->n;
	return from;
}

/* The newest title of that key; NEAR_NONE: there is none. */
static uint32_t newest(const struct near_index *x, uint64_t key)
{
	for (int t = 0; t < near_title_tables(x); t++) {
		uint32_t link = *near_title_head(&x->tables[t], NEAR_CHAIN_KEY, key);

		while (near_title_more(x, t, link)) {
			uint32_t i = near_title_linked(link);

			if (near_title_tagged(link, key) && near_title_at(x, i)->key == key)
				return i;
			link = near_title_next(x, i)[NEAR_CHAIN_KEY];
		}
	}
	return NEAR_NONE;
}

static void append(struct near_index *x, const struct shingle_set *s, const struct near_item *i,
		   uint32_t first)
{
	struct near_title *t;

	if (x->n == x->n_blocks * NEAR_BLOCK) {
		mem_grow(&x->blocks, &x->cap_blocks, x->n_blocks + 1, sizeof(struct near_block *));
		x->blocks[x->n_blocks++] = mem_alloc(sizeof(struct near_block));
	}
	t = near_title_at(x, x->n);
	*t = near_title_of(s, i);
	t->first = first;
	t->set_at = keep(x, s);
	count(x, t, 1);
	each_chain(x, 0, x->n++, push);
	if (!x->tables[1].slots && x->n > x->tables[0].slots * LOAD)
		table_init(&x->tables[1], x->tables[0].slots * 2);
	if (x->tables[1].slots)
		move_some(x, MOVED_EACH);
}

void near_index_add(struct near_index *x, const struct shingle_set *s, const struct near_item *i)
{
	if (s->n >= NEAR_LEAST && x->n < NEAR_MOST && !near_index_knows(x, i->key))
		append(x, s, i, (uint32_t)x->n);
}

void near_index_again(struct near_index *x, const struct shingle_set *s, const struct near_item *i)
{
	uint32_t at = newest(x, i->key);
	const struct near_title *was = at == NEAR_NONE ? NULL : near_title_at(x, at);
	struct near_item item = *i;

	item.image = 0;
	if (!was || s->n < NEAR_LEAST || x->n >= NEAR_MOST ||
	    (was->n == s->n &&
	     memcmp(near_title_set(x, was), s->at, (size_t)s->n * sizeof(s->at[0])) == 0))
		return;
	append(x, s, &item, was->first);
}

void near_index_cut(struct near_index *x, size_t n)
{
	while (x->n > n) {
		const struct near_title *t = near_title_at(x, x->n - 1);

		each_chain(x, x->n <= x->moved, x->n - 1, pop);
		count(x, t, -1);
		x->pool_n = t->set_at;
		x->n--;
		x->moved = x->moved < x->n ? x->moved : x->n;
	}
	while (x->n_blocks > x->n / NEAR_BLOCK + 1)
		mem_free(x->blocks[--x->n_blocks]);
	while (x->n_pool > x->pool_n / NEAR_POOL + 1)
		mem_free(x->pool[--x->n_pool]);
}

bool near_index_knows(const struct near_index *x, uint64_t key)
{
	return newest(x, key) != NEAR_NONE;
}

uint32_t near_index_first(const struct near_index *x, uint64_t key)
{
	uint32_t i = newest(x, key);

	return i == NEAR_NONE ? NEAR_NONE : near_title_at(x, i)->first;
}

size_t near_index_count(const struct near_index *x)
{
	return x->n;
}

size_t near_index_bytes(const struct near_index *x)
{
	return x->n_blocks * sizeof(struct near_block) + x->n_pool * NEAR_POOL * sizeof(uint16_t) +
	       NEAR_CHAINS * (x->tables[0].slots + x->tables[1].slots) * sizeof(uint32_t) +
	       ((size_t)2 << 16) * sizeof(float) + sizeof(*x);
}

int64_t near_index_looks(const struct near_index *x)
{
	return x->looks;
}
