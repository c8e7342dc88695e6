/* drift_pages.h: pages that a shop might give, for tests: listings of a page resemble each other,
 * pages of a list have its category, the last page of a list is short. */
#ifndef PIPED_DRIFT_PAGES_H
#define PIPED_DRIFT_PAGES_H

#include "base/arena.h"
#include "base/rng.h"
#include "drift/drift.h"

#include <math.h>
#include <string.h>

enum fault {
	FAULT_NOTHING,
	FAULT_NO_LISTINGS,
	FAULT_HALF_THE_LISTINGS,
	FAULT_NO_PRICE,
	FAULT_HALF_THE_PRICES,
	FAULT_DEAR,
	FAULT_SAME_PRICE,
	FAULT_OTHER_CATEGORIES,
	FAULT_NO_CATEGORY,
	FAULT_ONE_CATEGORY,
	FAULT_RENUMBERED,
	FAULT_REJECTED,
	FAULT_NO_LINKS,
	FAULT_NO_BRAND,
	FAULTS
};
static const char *const fault_names[FAULTS] = {
	"nothing",     "no listings",	    "half the listings",  "no price",	 "half the prices",
	"prices x100", "one price",	    "categories by name", "no category", "one category",
	"renumbered",  "half are rejected", "no links",		  "no brand",
};

struct shop {
	struct rng rng;
	int per_page;	/* 1: pages about one thing */
	bool mixed;	/* pages of a search: all categories */
	bool known;	/* most listings were seen before */
	int left;	/* pages of the list */
	int category;	/* of the list */
	double level;	/* of its prices, log10 */
	double branded; /* share of its listings */
};

static inline double shop_normal(struct rng *r)
{
	double sum = 0;

	for (int i = 0; i < 12; i++)
		sum += rng_unit(r);
	return sum - 6;
}

static inline void shop_list(struct shop *s)
{
	s->left = 1 + (int)rng_below(&s->rng, 20);
	s->category = (int)(rng_unit(&s->rng) * rng_unit(&s->rng) * 40);
	s->level = 4.5 + 0.3 * shop_normal(&s->rng);
	s->branded = 0.2 + 0.6 * rng_unit(&s->rng);
}

static inline void shop_spoil(struct listing *l, enum fault f, int nth)
{
	if (f == FAULT_NO_PRICE || (f == FAULT_HALF_THE_PRICES && nth % 2))
		l->price = LISTING_NO_PRICE;
	if (f == FAULT_DEAR && l->price != LISTING_NO_PRICE)
		l->price *= 100;
	if (f == FAULT_SAME_PRICE)
		l->price = 30000;
	if (f == FAULT_NO_CATEGORY)
		l->category = STR("");
	if (f == FAULT_ONE_CATEGORY && l->category.n)
		l->category = STR("c0");
	if (f == FAULT_NO_BRAND)
		l->brand = STR("");
}

static inline void shop_page(struct shop *s, enum fault f, struct drift_page *p, struct arena *a)
{
	double near = 0.1 * shop_normal(&s->rng); /* what the listings of a page share */
	int n = s->per_page;

	memset(p, 0, sizeof(*p));
	arena_reset(a);
	if (s->left == 0)
		shop_list(s);
	if (--s->left == 0 && n > 1)
		n = (int)rng_below(&s->rng, (uint64_t)n + 1);
	if (f == FAULT_HALF_THE_LISTINGS)
		n /= 2;
	if (f == FAULT_NO_LISTINGS)
		n = 0;
	p->listed = true;
	p->links = f == FAULT_NO_LINKS ? 0 : n + (int)rng_below(&s->rng, 8);
	for (int i = 0; i < n; i++) {
		struct listing l = { .ext_id = STR("1"),
				     .title = STR("t"),
				     .currency = STR("KRW") };
		int category =
			s->mixed ? (int)(rng_unit(&s->rng) * rng_unit(&s->rng) * 40) : s->category;

		if (f == FAULT_REJECTED && i % 2) {
			p->rejected++;
			continue;
		}
		l.category = arena_fmt(a, f == FAULT_OTHER_CATEGORIES ? "Shoes > %d" : "c%d",
				       f == FAULT_RENUMBERED ? category + 1 : category);
		if (s->known && f != FAULT_NO_CATEGORY && rng_unit(&s->rng) < 0.7) {
			p->known++;
			p->moved += f == FAULT_OTHER_CATEGORIES || f == FAULT_RENUMBERED ||
				    (f == FAULT_ONE_CATEGORY && category != 0) ||
				    rng_unit(&s->rng) < 0.01;
		}
		if (rng_unit(&s->rng) < s->branded)
			l.brand = STR("b");
		l.price = (int64_t)pow(10, s->level + near + 0.4 * shop_normal(&s->rng));
		if (rng_unit(&s->rng) < 0.01)
			l.price = LISTING_NO_PRICE;
		shop_spoil(&l, f, i);
		drift_page_add(p, &l);
	}
}

#endif
