#include "near/near_find.h"

#include "near/near_title.h"

#include <string.h>

/* Weights of a young index: as if so many titles had been seen. */
#define TITLES_PRIOR 64
#define PRICE_SAME 1.01
#define CURSORS (2 * MINHASH_BANDS) /* of a table */
/* Sets that are fetched from memory before they are looked at. */
#define SETS_AHEAD 4
/* Links followed for one question. */
#define STEPS_MOST (4 * NEAR_LOOKS_MOST)

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
	struct near_title title;
	uint32_t before; /* only titles whose first one is */
	uint32_t best;
	struct near_match match;
	bool found;
};

static bool within(float a, float b, double factor)
{
	float low = a < b ? a : b, high = a < b ? b : a;

	return low > 0 && (double)high <= (double)low * factor;
}

static enum near_signal judge(const struct near_index *x, const struct near_title *a,
			      const uint16_t *of_a, const struct near_title *b,
			      const uint16_t *of_b, bool picture, struct near_likeness *ret)
{
	*ret = (struct near_likeness){
		.picture = picture,
		.image = a->image && a->image == b->image,
		.category = a->category && a->category == b->category,
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

enum near_signal near_find_compare(const struct near_index *x, const struct shingle_set *a,
				   const struct near_item *of_a, const struct shingle_set *b,
				   const struct near_item *of_b, bool picture,
				   struct near_likeness *ret)
{
	struct near_title ta = near_title_of(a, of_a), tb = near_title_of(b, of_b);

	if (a->n < NEAR_LEAST || b->n < NEAR_LEAST)
		return NEAR_SIGNALS;
	return judge(x, &ta, a->at, &tb, b->at, picture, ret);
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
	const struct near_title *t = near_title_at(x, i);
	struct near_likeness l;
	enum near_signal by;

	if (t->first >= q->before)
		return;
	by = judge(x, &q->title, q->set->at, t, near_title_set(x, t), false, &l);

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
	uint32_t *at_slot = &x->seen[i & (NEAR_SEEN - 1)];

	if (*at_slot == i + 1)
		return true;
	*at_slot = i + 1;
	return false;
}

/* Where a chain is being read. Chains are read side by side, as each step waits for
 * memory. */
struct cursor {
	int chain, table;
	uint64_t hash;
	uint32_t link;
};

static void ahead(const struct near_index *x, const struct cursor *c)
{
	if (near_title_more(x, c->table, c->link))
		__builtin_prefetch(&near_title_next(x, near_title_linked(c->link))[c->chain]);
}

/* Returns how many there are. */
static int start(const struct near_index *x, const uint64_t bands[MINHASH_BANDS],
		 const int64_t blocks[2], struct cursor *c)
{
	int n = near_title_tables(x) * CURSORS;

	for (int k = 0; k < n; k++) {
		c[k].table = k / CURSORS;
		c[k].chain = k % MINHASH_BANDS;
		c[k].hash = near_title_banded(bands[c[k].chain], blocks[k / MINHASH_BANDS % 2]);
		__builtin_prefetch(near_title_head(&x->tables[c[k].table], c[k].chain, c[k].hash));
	}
	for (int k = 0; k < n; k++) {
		c[k].link = *near_title_head(&x->tables[c[k].table], c[k].chain, c[k].hash);
		ahead(x, &c[k]);
	}
	return n;
}

/* Titles that share a band and a price block with what is asked; how many. */
static int gather(struct near_index *x, struct cursor c[CURSORS], int n)
{
	int found = 0, steps = 0;

	while (n > 0)
		for (int k = 0; k < n; k++, steps++) {
			uint32_t i = near_title_linked(c[k].link);

			if (!near_title_more(x, c[k].table, c[k].link) ||
			    found == NEAR_LOOKS_MOST || steps >= STEPS_MOST) {
				c[k--] = c[--n];
				continue;
			}
			if (near_title_tagged(c[k].link, c[k].hash) && !seen_before(x, i)) {
				__builtin_prefetch(near_title_at(x, i));
				x->found[found++] = i;
			}
			c[k].link = near_title_next(x, i)[c[k].chain];
			ahead(x, &c[k]);
		}
	return found;
}

static void walk_bands(struct near_index *x, struct question *q)
{
	uint64_t bands[MINHASH_BANDS];
	struct cursor c[2 * CURSORS];
	int64_t blocks[2];
	int n;

	near_title_blocks(q->title.price, &blocks[0], &blocks[1]);
	if (blocks[0] == INT64_MIN)
		return;
	minhash_bands(&x->minhash, q->set, bands);
	memset(x->seen, 0, sizeof(x->seen));
	n = gather(x, c, start(x, bands, blocks, c));
	for (int i = 0; i < n; i++) {
		if (i + SETS_AHEAD < n)
			__builtin_prefetch(
				near_title_set(x, near_title_at(x, x->found[i + SETS_AHEAD])));
		look(x, q, x->found[i]);
	}
	x->looks += n;
}

/* Titles with that image in x->found, the newest first; how many, or more than NEAR_IMAGE_MOST. */
static int gather_image(struct near_index *x, uint32_t image)
{
	int n = 0, looks = 0;

	for (int t = 0; t < near_title_tables(x); t++) {
		uint32_t link = *near_title_head(&x->tables[t], NEAR_CHAIN_IMAGE, image);

		for (; n <= NEAR_IMAGE_MOST && looks < NEAR_LOOKS_MOST; looks++) {
			uint32_t i = near_title_linked(link);

			if (!near_title_more(x, t, link))
				break;

			if (near_title_tagged(link, image) && near_title_at(x, i)->image == image)
				x->found[n++] = i;
			link = near_title_next(x, i)[NEAR_CHAIN_IMAGE];
		}
	}
	return n;
}

static void walk_image(struct near_index *x, struct question *q)
{
	int n = gather_image(x, q->title.image);

	x->looks += n;
	if (n > NEAR_IMAGE_MOST)
		q->title.image = 0;
	else
		while (n-- > 0)
			look(x, q, x->found[n]);
}

static bool ask(struct near_index *x, const struct shingle_set *s, const struct near_item *i,
		uint32_t before, struct near_match *ret)
{
	struct question q = { .set = s, .title = near_title_of(s, i), .before = before };

	if (s->n < NEAR_LEAST)
		return false;
	if (q.title.image)
		walk_image(x, &q);
	walk_bands(x, &q);
	if (q.found)
		*ret = q.match;
	return q.found;
}

bool near_find_best(struct near_index *x, const struct shingle_set *s, const struct near_item *i,
		    struct near_match *ret)
{
	return ask(x, s, i, NEAR_NONE, ret);
}

bool near_find_older(struct near_index *x, const struct shingle_set *s, const struct near_item *i,
		     struct near_match *ret)
{
	uint32_t first = near_index_first(x, i->key);

	return first != NEAR_NONE && ask(x, s, i, first, ret);
}
