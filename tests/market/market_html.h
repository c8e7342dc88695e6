/* market_html.h: the HTML side (market.example). Ids of its listings are "m"
 * and the pid, so they are another source's listings. Pure. */
#ifndef PIPED_MARKET_HTML_H
#define PIPED_MARKET_HTML_H

#include "market_site.h"

#define MARKET_HTML_PER_PAGE 30
#define MARKET_HTML_CATEGORIES 6
#define MARKET_HTML_TYPE "text/html; charset=utf-8"

struct market_html_category {
	const char *id, *title;
};
/* The categories of the HTML side; ends with a row whose id is NULL. */
extern const struct market_html_category market_html_categories[MARKET_HTML_CATEGORIES + 1];

/* GET / */
void market_html_home(const struct market_site *s, const struct market_request *q,
		      struct market_answer *a);
/* GET /list?category=ID&page=0 */
void market_html_list(const struct market_site *s, const struct market_request *q,
		      struct market_answer *a);
/* GET /item/mPID */
void market_html_item(const struct market_site *s, const struct market_request *q,
		      struct market_answer *a);

/* "https://market.example" as the client addressed us. */
void market_html_origin(const struct market_request *q, struct buf *to);

#endif
