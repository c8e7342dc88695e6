/* extract_jsonld.h: JSON-LD (W3C JSON-LD 1.1, section 7: in HTML documents), as values;
 * nothing is expanded, contexts are not asked for. Pure. */
#ifndef PIPED_EXTRACT_JSONLD_H
#define PIPED_EXTRACT_JSONLD_H

#include "extractor/extract_html_page.h"
#include "extractor/extract_node.h"

/* The objects of all application/ld+json blocks, in order, those in arrays one by one: items of an
 * array. Read as extract_loose.h says; what no reading helps is left out. */
struct extract_node *extract_jsonld_read(xmlDocPtr doc, struct arena *a);

#endif
