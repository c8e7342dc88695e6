/* market_find.h: the results of a query, a page of them. Pure. */
#ifndef PIPED_MARKET_FIND_H
#define PIPED_MARKET_FIND_H

#include "market_site.h"

struct market_find {
	struct str category, words; /* words: part of the title; none: any */
	bool by_score;		    /* else newest first */
	int64_t page, n, price_min, price_max;
};

/* A page: `rows` are indexes of items. */
struct market_found {
	uint32_t *rows;
	uint32_t n, total;
};

/* Rows page*n to page*n+n of the results at and below `node`, none past the site's
 * window. Without words and prices that is a slice of the node's list; with them all
 * of it is looked at. */
void market_find_rows(const struct market_site *s, const struct market_node *node,
		      const struct market_find *f, struct arena *a, struct market_found *to);

#endif
