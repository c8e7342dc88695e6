/* market_search.h: a search that is asked by POST, in the shape of Joongna's. Pure. */
#ifndef PIPED_MARKET_SEARCH_H
#define PIPED_MARKET_SEARCH_H

#include "market_site.h"

/* POST /v3/search/all {"searchWord":"", "page":0, "size":50,
 * "priceFilter":{"minPrice":0,"maxPrice":0}}; status 400 for what is no such object. */
void market_search_all(const struct market_site *s, const struct market_request *q,
		       struct market_answer *a);

#endif
