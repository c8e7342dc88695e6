/* extract_microdata.h: microdata (WHATWG HTML, section 5), in the shape of its JSON:
 * {"type": [...], "id": "...", "properties": {"name": [...]}}. Unlike there, an item is a
 * property by the first of its names alone, the items of an
 * item that has been told already are left out, a `content` is heeded on any element, texts
 * are folded as extract_css.h says and leave out scripts, an item that is referred to but
 * no property lends its own properties, and an item without a property has the text of
 * its element as "value". Pure. */
#ifndef PIPED_EXTRACT_MICRODATA_H
#define PIPED_EXTRACT_MICRODATA_H

#include "extractor/extract_html_page.h"
#include "extractor/extract_node.h"

#define EXTRACT_MICRODATA_REFS 64 /* of all itemref of a page */

/* Items that are no other's property, in order: an array. Addresses become absolute where
 * `base` is one. Marks elements of the tree (_private). */
struct extract_node *extract_microdata_read(struct extract_html_page *page, struct str base,
					    struct arena *a);

#endif
