/* market_sitemap.h: /robots.txt and the sitemaps of the HTML side. Pure. */
#ifndef PIPED_MARKET_SITEMAP_H
#define PIPED_MARKET_SITEMAP_H

#include "market_site.h"

#define MARKET_SITEMAP_PART 100

/* GET /robots.txt */
void market_sitemap_robots(const struct market_site *s, const struct market_request *q,
			   struct market_answer *a);
/* GET /sitemap.xml: the index */
void market_sitemap_index(const struct market_site *s, const struct market_request *q,
			  struct market_answer *a);
/* GET /sitemap/N.xml, N from 0: lists (0), then the listings by hundreds */
void market_sitemap_part(const struct market_site *s, const struct market_request *q,
			 struct market_answer *a);

#endif
