/* extract_opengraph.h: The Open Graph protocol (ogp.me) and its vocabularies, product
 * among them: {"namespace": {"og": "..."}, "properties": [["og:title", "..."], ...]}. Pure. */
#ifndef PIPED_EXTRACT_OPENGRAPH_H
#define PIPED_EXTRACT_OPENGRAPH_H

#include "extractor/extract_html_page.h"
#include "extractor/extract_node.h"

/* From every <meta> of the page with a prefix that is declared (`prefix` of html or head)
 * or one of the protocol's own; under `property` or, as many write it, `name`. An array of
 * one such object, or of none. */
struct extract_node *extract_opengraph_read(xmlDocPtr doc, struct arena *a);

#endif
