/* extract_price.h: the price that a page shows. Pure. */
#ifndef PIPED_EXTRACT_PRICE_H
#define PIPED_EXTRACT_PRICE_H

#include "extractor/extract_html_page.h"

/* The likeliest of the texts that look like a price, by the names of their elements, by a
 * currency's sign, and by how closely they follow the heading (NULL: there is none); one that
 * is struck out, of another product or of shipping is none. {0}: no text is likely. */
struct str extract_price_find(struct extract_html_page *page, const xmlNode *heading,
			      struct arena *a);

#endif
