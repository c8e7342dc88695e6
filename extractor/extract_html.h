/* extract_html.h: HTML pages by CSS (extract_css.h) and XPath 1.0 selectors. All
 * selectors that extract_plain.h can say are answered by one walk over the tree, the
 * others by libxml2; where all are, what they don't look at is not even parsed.
 * Field and skip selectors are evaluated from the item's element, the others
 * from the page. A field takes the first match, links take all; a link
 * selector that finds elements takes their href. `last` is the greatest number
 * found: of each match, the last run of digits ("1 / 1,025", "?page=25").
 * With <base href>, relative links, `url` and `image` are made absolute; without
 * it they stay as found. One thread at a time. */
#ifndef PIPED_EXTRACT_HTML_H
#define PIPED_EXTRACT_HTML_H

#include "extractor/extract_sink.h"

struct extract_heap;
struct extract_html;

/* `page` and `heap` are borrowed. ERR_BAD when a selector doesn't compile: `why` names it. */
enum err extract_html_new(const struct conf_page *page, struct extract_heap *heap,
			  struct extract_html **ret, struct reason *why);
void extract_html_free(struct extract_html *h);

/* ERR_BAD: no markup, or `items` finds no elements but a value. */
enum err extract_html_run(struct extract_html *h, const struct extract_in *in,
			  struct extract_sink *s, struct reason *why);

/* One selector alone, for extractor_check. */
enum err extract_html_check(const struct conf_sel *sel, struct reason *why);

#endif
