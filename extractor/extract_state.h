/* extract_state.h: what the scripts of a page carry: application/json blocks (__NEXT_DATA__
 * among them), self.__next_f.push([1, "..."]), object and array literals that something is
 * set to or pushed to (window.X = {...}, __remixContext, dataLayer.push({...})),
 * JSON.parse("..."). Scripts are read, not run; those without a price are left alone. Pure. */
#ifndef PIPED_EXTRACT_STATE_H
#define PIPED_EXTRACT_STATE_H

#include "extractor/extract_html_page.h"
#include "extractor/extract_node.h"

#define EXTRACT_STATE_DOCS 2000 /* of a page */

/* All values found, an array. */
struct extract_node *extract_state_read(xmlDocPtr doc, struct arena *a);
/* Those of one name, whether they have a price or not: "__NEXT_DATA__" is the id of a script
 * that is JSON, or what a variable is called that is set to a literal ("window.X", "self.X"
 * and "X" are one); "__next_f" the documents of what is pushed there; "ld+json" all blocks of
 * JSON-LD. An array, empty if there is none. */
struct extract_node *extract_state_named(xmlDocPtr doc, struct str name, struct arena *a);
/* Names that the page may have JSON by, in its order, in the arena; at most `most`; how many. */
int extract_state_names(xmlDocPtr doc, struct arena *a, struct str *to, int most);

#endif
