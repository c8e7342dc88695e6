/* extract_around.h: what the names of an element and of those around it give away. Pure. */
#ifndef PIPED_EXTRACT_AROUND_H
#define PIPED_EXTRACT_AROUND_H

#include "extractor/extract_html_page.h"

#define EXTRACT_AROUND_MOST 2000 /* elements of a page, for their surroundings */
#define EXTRACT_AROUND_TEXT 60	 /* bytes of a short text */

/* Whether its class, id or the like has one of the words in it; the list ends with NULL. */
bool extract_around_named(const xmlNode *n, const char *const *words);
/* 0: nothing speaks against it; less: it is struck out, an old price, or of other products
 * than the page's. `left`: elements that may still be asked about, EXTRACT_AROUND_MOST at first;
 * those past it are not the product's. */
int extract_around_score(const xmlNode *n, int *left);
/* The text of an element that holds little; {0}: more, or none. */
struct str extract_around_text(struct extract_html_page *page, xmlNodePtr top, struct arena *a);
/* The same with up to `most` bytes. */
struct str extract_around_upto(struct extract_html_page *page, xmlNodePtr top, size_t most,
			       struct arena *a);

#endif
