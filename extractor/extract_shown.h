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
/* Title, price, id, status and image. The price is the likeliest of the texts that look
 * like one, by the names of their elements, by a currency's sign, and by how closely they
 * follow the heading; one that is struck out, of another product or of shipping is none. */
void extract_shown_read(struct extract_html_page *page, const struct extract_hints *hints,
			struct arena *a, struct listing_raw *ret);
/* A number of at least five digits in the path of an address, as shops put their ids there;
 * the last one. {0}: none. */
struct str extract_shown_id(struct str url);

#endif
