/* market_api.h: the JSON side, in the shape of Bunjang's search. Pure. */
#ifndef PIPED_MARKET_API_H
#define PIPED_MARKET_API_H

#include "market_site.h"

/* GET /api/1/find_v2.json?f_category_id=&q=&order=date|score&page=0&n=100 */
void market_api_find(const struct market_site *s, const struct market_request *q,
		     struct market_answer *a);
/* GET /api/1/categories/list.json */
void market_api_categories(const struct market_site *s, const struct market_request *q,
			   struct market_answer *a);

#endif
