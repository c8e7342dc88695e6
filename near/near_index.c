#include "near/near_index.h"

#include "base/mem.h"
#include "base/must.h"
#include "near/minhash.h"

#include <math.h>
#include <string.h>

#define BLOCK 4096	     /* titles */
#define POOL_BLOCK (1 << 16) /* bigrams */
#define SLOTS_FIRST (1 << 10)
#define LOAD 2 /* titles a slot before there are twice as many */
/* A link is the number of a title, below as many bits of the hash that led to it: most
 * titles that are in a chain by chance are passed over without being looked at. */
#define LINK_BITS 26
#define LINK_TITLE ((UINT32_C(1) << LINK_BITS) - 1)
#define NONE UINT32_MAX
/* Chains of a title: one per band, then these. */
#define CHAIN_IMAGE MINHASH_BANDS
#define CHAIN_KEY (MINHASH_BANDS + 1)
#define CHAINS (MINHASH_BANDS + 2)
/* Weights of a young index: as if so many titles had been seen. */
#define TITLES_PRIOR 64
#define PRICE_SAME 1.01
#define SEEN 1024 /* of a question; a power of two */
#define CURSORS (2 * MINHASH_BANDS)

struct title {
	uint64_t key;
	uint32_t set_at;
	float price;
	uint32_t image;
	uint16_t place;
	uint8_t n, currency;
	bool leader;
};

struct block {
	struct title title[BLOCK];
	uint32_t next[BLOCK][CHAINS];
};

struct near_index {
	struct minhash minhash;
	struct block **blocks;
	size_t n, n_blocks, cap_blocks;
	uint16_t **pool; /* sets, none across two blocks */
	size_t pool_n, n_pool, cap_pool;
	uint32_t *head[CHAINS];
	size_t slots;
	float *often; /* ln(1 + titles that have the bigram) */
	uint32_t *times;
	uint32_t seen[SEEN]; /* title + 1, of the question */
	uint32_t found[NEAR_LOOKS_MOST];
	int64_t looks;
};

static struct title *at(const struct near_index *x, size_t i)
{
	return &x->blocks[i / BLOCK]->title[i % BLOCK];
}

static uint32_t *next_of(const struct near_index *x, size_t i)
{
	return x->blocks[i / BLOCK]->next[i % BLOCK];
}

static const uint16_t *set_of(const struct near_index *x, const struct title *t)
{
	return &x->pool[t->set_at / POOL_BLOCK][t->set_at % POOL_BLOCK];
}

static uint64_t mix(uint64_t h)
{
	h ^= h >> 32;
	return h * UINT64_C(0xd6e8feb86659fd93);
}

static size_t slot(const struct near_index *x, uint64_t h)
{
	return (size_t)(mix(h) >> 32) & (x->slots - 1);
}

static uint32_t tag(uint64_t h)
{
	return (uint32_t)mix(h) & ~LINK_TITLE;
}

static bool tagged(uint32_t link, uint64_t h)
{
	return (link & ~LINK_TITLE) == tag(h);
}

static void heads_new(struct near_index *x, size_t slots)
{
	x->slots = slots;
	for (int c = 0; c < CHAINS; c++) {
		mem_free(x->head[c]);
		x->head[c] = mem_alloc(slots * sizeof(uint32_t));
		memset(x->head[c], 0xff, slots * sizeof(uint32_t));
	}
}

struct near_index *near_index_new(void)
{
	struct near_index *x = mem_zero(sizeof(*x));

	minhash_init(&x->minhash);
	x->often = mem_array(1 << 16, sizeof(float));
	x->times = mem_array(1 << 16, sizeof(uint32_t));
	heads_new(x, SLOTS_FIRST);
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
	for (int c = 0; c < CHAINS; c++)
		mem_free(x->head[c]);
	mem_free(x->blocks);
	mem_free(x->pool);
	mem_free(x->often);
	mem_free(x->times);
	mem_free(x);
}

/* Prices of one block are within NEAR_PRICE_FACTOR squared: what is near a price is in
 * its block or in the nearer of the two beside it. */
static void blocks_of(float price, int64_t *ret_own, int64_t *ret_other)
{
	double place;

	*ret_own = *ret_other = INT64_MIN;
	if (!(price > 0))
		return;
	place = log((double)price) / (2 * log(NEAR_PRICE_FACTOR));
	*ret_own = (int64_t)floor(place);
	*ret_other = place - floor(place) < 0.5 ? *ret_own - 1 : *ret_own + 1;
}

static uint64_t banded(uint64_t band, int64_t block)
{
	return band + (uint64_t)block * UINT64_C(0x9e3779b97f4a7c15);
}

static void push(struct near_index *x, size_t i, int chain, uint64_t hash)
{
	uint32_t *head = &x->head[chain][slot(x, hash)];

	next_of(x, i)[chain] = *head;
	*head = (uint32_t)i | tag(hash);
}

static void pop(struct near_index *x, size_t i, int chain, uint64_t hash)
{
	uint32_t *head = &x->head[chain][slot(x, hash)];

	must((*head & LINK_TITLE) == i);
	*head = next_of(x, i)[chain];
}

static void each_chain(struct near_index *x, size_t i,
		       void (*each)(struct near_index *x, size_t i, int chain, uint64_t hash))
{
	const struct title *t = at(x, i);
	uint64_t bands[MINHASH_BANDS];
	struct shingle_set s;
	int64_t own, other;

	each(x, i, CHAIN_KEY, t->key);
	if (t->image)
		each(x, i, CHAIN_IMAGE, t->image);
	if (!t->leader)
		return;
	s.n = t->n;
	memcpy(s.at, set_of(x, t), (size_t)s.n * sizeof(s.at[0]));
	minhash_bands(&x->minhash, &s, bands);
	blocks_of(t->price, &own, &other);
	for (int b = 0; b < MINHASH_BANDS; b++)
		each(x, i, b, banded(bands[b], own));
}

static void grow(struct near_index *x, size_t slots)
{
	heads_new(x, slots);
	for (size_t i = 0; i < x->n; i++)
		each_chain(x, i, push);
}

void near_index_reserve(struct near_index *x, size_t n)
{
	size_t slots = x->slots;

	while (slots * LOAD < n)
		slots *= 2;
	if (slots != x->slots)
		grow(x, slots);
}

/* Of a title that is added or taken back. */
static void count(struct near_index *x, const struct title *t, int by)
{
	const uint16_t *s = set_of(x, t);

	for (int i = 0; i < t->n; i++) {
		x->times[s[i]] += (uint32_t)by;
		x->often[s[i]] = logf(1.0f + (float)x->times[s[i]]);
	}
}

static uint32_t fold(uint64_t h)
{
	uint32_t f = (uint32_t)(h ^ h >> 32);

	return h && !f ? 1 : f;
}

static struct title title_of(const struct shingle_set *s, const struct near_item *i)
{
	return (struct title){
		.key = i->key,
		.price = i->price > 0 ? (float)i->price : 0,
		.image = fold(i->image),
		.place = (uint16_t)fold(i->place),
		.currency = (uint8_t)fold(i->currency),
		.n = (uint8_t)s->n,
		.leader = i->leader,
	};
}

static uint32_t keep(struct near_index *x, const struct shingle_set *s)
{
	size_t left = x->n_pool * POOL_BLOCK - x->pool_n;
	uint32_t from;

	if (left < (size_t)s->n) {
		mem_grow(&x->pool, &x->cap_pool, x->n_pool + 1, sizeof(*x->pool));
		x->pool_n = x->n_pool * POOL_BLOCK;
		x->pool[x->n_pool++] = mem_alloc(POOL_BLOCK * sizeof(uint16_t));
	}
	must(x->pool_n + (size_t)s->n <= UINT32_MAX);
	from = (uint32_t)x->pool_n;
	memcpy(&x->pool[from / POOL_BLOCK][from % POOL_BLOCK], s->at,
	       (size_t)s->n * sizeof(s->at[0]));
	x->pool_n += (size_t)s->n;
	return from;
}

void near_index_add(struct near_index *x, const struct shingle_set *s, const struct near_item *i)
{
	struct title *t;

	if (s->n < NEAR_LEAST || near_index_knows(x, i->key))
		return;
	must(x->n < LINK_TITLE);
	if (x->n == x->n_blocks * BLOCK) {
		mem_grow(&x->blocks, &x->cap_blocks, x->n_blocks + 1, sizeof(*x->blocks));
		x->blocks[x->n_blocks++] = mem_alloc(sizeof(struct block));
	}
	t = at(x, x->n);
	*t = title_of(s, i);
	t->set_at = keep(x, s);
	count(x, t, 1);
	if (x->n + 1 > x->slots * LOAD)
		grow(x, x->slots * 2);
	each_chain(x, x->n++, push);
}

void near_index_cut(struct near_index *x, size_t n)
{
	while (x->n > n) {
		const struct title *t = at(x, x->n - 1);

		each_chain(x, x->n - 1, pop);
		count(x, t, -1);
		x->pool_n = t->set_at;
		x->n--;
	}
	while (x->n_blocks > x->n / BLOCK + 1)
		mem_free(x->blocks[--x->n_blocks]);
	while (x->n_pool > x->pool_n / POOL_BLOCK + 1)
		mem_free(x->pool[--x->n_pool]);
}

bool near_index_knows(const struct near_index *x, uint64_t key)
{
	uint32_t i = x->head[CHAIN_KEY][slot(x, key)];

	while (i != NONE && (!tagged(i, key) || at(x, i & LINK_TITLE)->key != key))
		i = next_of(x, i & LINK_TITLE)[CHAIN_KEY];
	return i != NONE;
}

/* Of two sets, what they share and what each has alone. */
static void weigh(const struct near_index *x, const uint16_t *a, int na, const uint16_t *b, int nb,
		  struct near_likeness *ret)
{
	float all = logf((float)(x->n + TITLES_PRIOR)), both = 0, one = 0, other = 0;
	int i = 0, k = 0;

	while (i < na && k < nb) {
		if (a[i] == b[k]) {
			both += all - x->often[a[i++]];
			k++;
		} else if (a[i] < b[k]) {
			one += all - x->often[a[i++]];
		} else {
			other += all - x->often[b[k++]];
		}
	}
	for (; i < na; i++)
		one += all - x->often[a[i]];
	for (; k < nb; k++)
		other += all - x->often[b[k]];
	ret->alike = both > 0 ? (double)(both / (both + one + other)) : 0;
	ret->odd = (double)(one < other ? one : other);
}

/* What is asked for, and the best so far. */
struct question {
	const struct shingle_set *set;
	struct title title;
	uint32_t best;
	struct near_match match;
	bool found;
};

static bool within(float a, float b, double factor)
{
	float low = a < b ? a : b, high = a < b ? b : a;

	return low > 0 && (double)high <= (double)low * factor;
}

static enum near_signal judge(const struct near_index *x, const struct title *a,
			      const uint16_t *of_a, const struct title *b, const uint16_t *of_b,
			      struct near_likeness *ret)
{
	*ret = (struct near_likeness){
		.image = a->image && a->image == b->image,
		.place = a->place && a->place == b->place,
	};
	if (a->currency == b->currency) {
		ret->price_same = within(a->price, b->price, PRICE_SAME);
		ret->price_near = within(a->price, b->price, NEAR_PRICE_FACTOR);
	}
	if (!ret->image && !ret->price_near)
		return NEAR_SIGNALS;
	weigh(x, of_a, a->n, of_b, b->n, ret);
	return near_rule_of(ret);
}

enum near_signal near_index_compare(const struct near_index *x, const struct shingle_set *a,
				    const struct near_item *of_a, const struct shingle_set *b,
				    const struct near_item *of_b, struct near_likeness *ret)
{
	struct title ta = title_of(a, of_a), tb = title_of(b, of_b);

	if (a->n < NEAR_LEAST || b->n < NEAR_LEAST)
		return NEAR_SIGNALS;
	return judge(x, &ta, a->at, &tb, b->at, ret);
}

/* An image says more than words; then the likest, then the oldest. */
static bool better(const struct question *q, enum near_signal by, double alike, uint32_t i)
{
	bool image = by == NEAR_IMAGE, was = q->match.signal == NEAR_IMAGE;
	double than = q->match.likeness.alike;

	if (!q->found || image != was)
		return !q->found || image;
	return alike > than || (!(alike < than) && i < q->best);
}

static void look(struct near_index *x, struct question *q, uint32_t i)
{
	const struct title *t = at(x, i);
	struct near_likeness l;
	enum near_signal by = judge(x, &q->title, q->set->at, t, set_of(x, t), &l);

	if (by == NEAR_SIGNALS)
		return;
	if (!better(q, by, l.alike, i))
		return;
	q->found = true;
	q->best = i;
	q->match = (struct near_match){ .key = t->key, .signal = by, .likeness = l };
}

/* A title is in several chains of a question: once is enough, mostly. */
static bool seen_before(struct near_index *x, uint32_t i)
{
	uint32_t *at_slot = &x->seen[i & (SEEN - 1)];

	if (*at_slot == i + 1)
		return true;
	*at_slot = i + 1;
	return false;
}

/* Where a chain is being read. Chains are read side by side, as each step waits for
 * memory. */
struct cursor {
	int chain;
	uint64_t hash;
	uint32_t link;
};

static void ahead(const struct near_index *x, const struct cursor *c)
{
	if (c->link != NONE)
		__builtin_prefetch(&next_of(x, c->link & LINK_TITLE)[c->chain]);
}

static int start(const struct near_index *x, const uint64_t bands[MINHASH_BANDS],
		 const int64_t blocks[2], struct cursor c[CURSORS])
{
	for (int k = 0; k < CURSORS; k++) {
		c[k].chain = k % MINHASH_BANDS;
		c[k].hash = banded(bands[c[k].chain], blocks[k / MINHASH_BANDS]);
		__builtin_prefetch(&x->head[c[k].chain][slot(x, c[k].hash)]);
	}
	for (int k = 0; k < CURSORS; k++) {
		c[k].link = x->head[c[k].chain][slot(x, c[k].hash)];
		ahead(x, &c[k]);
	}
	return CURSORS;
}

/* Titles that share a band and a price block with what is asked; how many. */
static int gather(struct near_index *x, struct cursor c[CURSORS], int n)
{
	int found = 0;

	while (n > 0)
		for (int k = 0; k < n; k++) {
			uint32_t i = c[k].link & LINK_TITLE;

			if (c[k].link == NONE || found == NEAR_LOOKS_MOST) {
				c[k--] = c[--n];
				continue;
			}
			if (tagged(c[k].link, c[k].hash) && !seen_before(x, i)) {
				__builtin_prefetch(at(x, i));
				x->found[found++] = i;
			}
			c[k].link = next_of(x, i)[c[k].chain];
			ahead(x, &c[k]);
		}
	return found;
}

static void walk_bands(struct near_index *x, struct question *q)
{
	uint64_t bands[MINHASH_BANDS];
	struct cursor c[CURSORS];
	int64_t blocks[2];
	int n;

	blocks_of(q->title.price, &blocks[0], &blocks[1]);
	if (blocks[0] == INT64_MIN)
		return;
	minhash_bands(&x->minhash, q->set, bands);
	memset(x->seen, 0, sizeof(x->seen));
	n = gather(x, c, start(x, bands, blocks, c));
	for (int i = 0; i < n; i++)
		look(x, q, x->found[i]);
	x->looks += n;
}

/* The newest first, as everywhere. */
static void walk_image(struct near_index *x, struct question *q)
{
	uint32_t image = q->title.image;
	uint32_t i = x->head[CHAIN_IMAGE][slot(x, image)];
	int n = 0, looks = 0;

	for (; i != NONE && n <= NEAR_IMAGE_MOST && looks < NEAR_LOOKS_MOST; looks++) {
		if (tagged(i, image) && at(x, i & LINK_TITLE)->image == image)
			x->found[n++] = i & LINK_TITLE;
		i = next_of(x, i & LINK_TITLE)[CHAIN_IMAGE];
	}
	x->looks += n;
	if (n > NEAR_IMAGE_MOST)
		q->title.image = 0;
	else
		while (n-- > 0)
			look(x, q, x->found[n]);
}

bool near_index_find(struct near_index *x, const struct shingle_set *s, const struct near_item *i,
		     struct near_match *ret)
{
	struct question q = { .set = s, .title = title_of(s, i) };

	if (s->n < NEAR_LEAST)
		return false;
	if (q.title.image)
		walk_image(x, &q);
	walk_bands(x, &q);
	if (q.found)
		*ret = q.match;
	return q.found;
}

size_t near_index_count(const struct near_index *x)
{
	return x->n;
}

size_t near_index_bytes(const struct near_index *x)
{
	return x->n_blocks * sizeof(struct block) + x->n_pool * POOL_BLOCK * sizeof(uint16_t) +
	       CHAINS * x->slots * sizeof(uint32_t) + 2 * (1 << 16) * sizeof(float) + sizeof(*x);
}

int64_t near_index_looks(const struct near_index *x)
{
	return x->looks;
}
