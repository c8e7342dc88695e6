/* extract_html_page.h: bytes -> a bounded tree of elements and text (libxml2's
 * HTML parser; comments and processing instructions are dropped). */
#ifndef PIPED_EXTRACT_HTML_PAGE_H
#define PIPED_EXTRACT_HTML_PAGE_H

#include "base/arena.h"
#include "base/buf.h"
#include "extractor/extract_heap.h"
#include "extractor/extract_trim.h"

#include <libxml/tree.h>

#define EXTRACT_MOST_NODES 300000   /* elements and attributes of a page */
#define EXTRACT_MOST_ATTRIBUTES 300 /* of an element */

struct extract_html_page {
	xmlDocPtr doc;
	struct str base; /* href of the first <base>; {0} none */
	struct buf text; /* for extract_html_page_text */
	struct extract_heap *heap;
};

/* ERR_BAD: no markup at all; ERR_TOO_BIG: past a bound above, or nested deeper
 * than EXTRACT_DEPTH. Done with extract_html_page_done, also on failure; until then
 * what this thread's libxml2 allocates is from `heap`. What `want` does not tell is left
 * out. */
enum err extract_html_page_read(struct extract_html_page *p, struct extract_heap *heap,
				const struct extract_want *want, struct str body,
				struct str content_type, struct arena *a, struct reason *why);
void extract_html_page_done(struct extract_html_page *p);

/* All text within `n`, folded as extract_css.h says, in the arena; cut at the
 * longest field. */
struct str extract_html_page_text(struct extract_html_page *p, const xmlNode *n, struct arena *a);
/* Value of an attribute, or none. */
struct str extract_html_page_attr(const xmlNode *n, const char *name, struct arena *a);

#endif
