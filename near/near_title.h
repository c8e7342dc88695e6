/* near_title.h: how the index keeps titles; for near_index.c, which keeps them, and near_find.c,
 * which reads them. */
#ifndef PIPED_NEAR_TITLE_H
#define PIPED_NEAR_TITLE_H

#include "near/minhash.h"
#include "near/near_find.h"

#include <math.h>

#define NEAR_BLOCK 4096	    /* titles */
#define NEAR_POOL (1 << 16) /* bigrams */
/* A link is the number of a title + 1, 0 at the end of a chain, below as many bits of the hash that
 * led to it: most titles that are in a chain by chance are passed over without being looked at. */
#define NEAR_LINK_BITS 26
#define NEAR_LINK_TITLE ((UINT32_C(1) << NEAR_LINK_BITS) - 1)
#define NEAR_NONE UINT32_MAX /* no title */
/* Chains of a title: one per band, then these. */
#define NEAR_CHAIN_IMAGE MINHASH_BANDS
#define NEAR_CHAIN_KEY (MINHASH_BANDS + 1)
#define NEAR_CHAINS (MINHASH_BANDS + 2)
#define NEAR_SEEN 1024 /* of a question; a power of two */

struct near_title {
	uint64_t key;
	uint32_t set_at;
	float price;
	uint32_t image;
	uint16_t category;
	uint8_t n, currency;
	bool leader;
	uint32_t first; /* the first title of its key */
};

struct near_block {
	struct near_title title[NEAR_BLOCK];
	uint32_t next[NEAR_BLOCK][NEAR_CHAINS];
};

struct near_table {
	size_t slots; /* 0: none */
	uint32_t *head[NEAR_CHAINS];
};

/* An index grows without anybody waiting for it: titles are pushed into the one table as ever, and
 * moved to the larger one from the oldest on, a few with each that is added, until all are there.
 * A title that was moved ends the chains of the table it was in: those behind it are older. */
struct near_index {
	struct minhash minhash;
	struct near_block **blocks;
	size_t n, n_blocks, cap_blocks;
	uint16_t **pool; /* sets, none across two blocks */
	size_t pool_n, n_pool, cap_pool;
	struct near_table tables[2]; /* the second one: while it grows */
	size_t moved;		     /* to the second */
	float *often;		     /* ln(1 + titles that have the bigram) */
	uint32_t *times;
	uint32_t seen[NEAR_SEEN]; /* title + 1, of the question */
	uint32_t found[NEAR_LOOKS_MOST];
	int64_t looks;
};

/* The first title of that key; NEAR_NONE: there is none. near_index.c */
uint32_t near_index_first(const struct near_index *x, uint64_t key);

static inline struct near_title *near_title_at(const struct near_index *x, size_t i)
{
	return &x->blocks[i / NEAR_BLOCK]->title[i % NEAR_BLOCK];
}

static inline uint32_t *near_title_next(const struct near_index *x, size_t i)
{
	return x->blocks[i / NEAR_BLOCK]->next[i % NEAR_BLOCK];
}

static inline const uint16_t *near_title_set(const struct near_index *x, const struct near_title *t)
{
	return &x->pool[t->set_at / NEAR_POOL][t->set_at % NEAR_POOL];
}

static inline uint64_t near_title_mix(uint64_t h)
{
	h ^= h >> 32;
	return h * UINT64_C(0xd6e8feb86659fd93);
}

/* Where a chain of the table begins. */
static inline uint32_t *near_title_head(const struct near_table *t, int chain, uint64_t h)
{
	return &t->head[chain][(size_t)(near_title_mix(h) >> 32) & (t->slots - 1)];
}

static inline int near_title_tables(const struct near_index *x)
{
	return x->tables[1].slots ? 2 : 1;
}

static inline uint32_t near_title_tag(uint64_t h)
{
	return (uint32_t)near_title_mix(h) & ~NEAR_LINK_TITLE;
}

static inline uint32_t near_title_link(size_t i, uint64_t h)
{
	return (uint32_t)(i + 1) | near_title_tag(h);
}

static inline uint32_t near_title_linked(uint32_t link)
{
	return (link & NEAR_LINK_TITLE) - 1;
}

/* Whether a chain of that table goes on. */
static inline bool near_title_more(const struct near_index *x, int table, uint32_t link)
{
	return link && (table == 1 || near_title_linked(link) >= x->moved);
}

static inline bool near_title_tagged(uint32_t link, uint64_t h)
{
	return (link & ~NEAR_LINK_TITLE) == near_title_tag(h);
}

/* Prices of one block are within NEAR_PRICE_FACTOR squared: what is near a price is in
 * its block or in the nearer of the two beside it. */
static inline void near_title_blocks(float price, int64_t *ret_own, int64_t *ret_other)
{
	double place;

	*ret_own = *ret_other = INT64_MIN;
	if (!(price > 0))
		return;
	place = log((double)price) / (2 * log(NEAR_PRICE_FACTOR));
	*ret_own = (int64_t)floor(place);
	*ret_other = place - floor(place) < 0.5 ? *ret_own - 1 : *ret_own + 1;
}

static inline uint64_t near_title_banded(uint64_t band, int64_t block)
{
	return band + (uint64_t)block * UINT64_C(0x9e3779b97f4a7c15);
}

static inline uint32_t near_title_fold(uint64_t h)
{
	uint32_t f = (uint32_t)(h ^ h >> 32);

	return h && !f ? 1 : f;
}

static inline struct near_title near_title_of(const struct shingle_set *s,
					      const struct near_item *i)
{
	return (struct near_title){
		.key = i->key,
		.price = i->price > 0 ? (float)i->price : 0,
		.image = near_title_fold(i->image),
		.category = (uint16_t)near_title_fold(i->category),
		.currency = (uint8_t)near_title_fold(i->currency),
		.n = (uint8_t)s->n,
		.leader = i->leader,
	};
}

#endif
