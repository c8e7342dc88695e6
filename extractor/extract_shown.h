/* extract_shown.h: a product as its page shows it, where no markup says more: the heading, the
 * price beside it, what attributes and buttons give away. Guesses, told as such: the
 * weakest of all sources (extract_auto.h). Pure. */
#ifndef PIPED_EXTRACT_SHOWN_H
#define PIPED_EXTRACT_SHOWN_H

#include "extractor/extract_html_page.h"
#include "extractor/extract_product.h"

/* `url`: that the page was asked by. */
void extract_shown_hints(struct extract_html_page *page, struct str url, struct arena *a,
			 struct extract_hints *ret);
/* Title, price (extract_price.h), id, status (extract_button.h), and what attributes outside of
 * microdata's items say. */
void extract_shown_read(struct extract_html_page *page, const struct extract_hints *hints,
			struct arena *a, struct listing_raw *ret);
/* A number of at least five digits in the path of an address, as shops put their ids there;
 * the last one. {0}: none. */
struct str extract_shown_id(struct str url);

#endif
