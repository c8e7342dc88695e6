/* extract_trim.h: a page without what no selector looks at: attributes that none names,
 * what stands in scripts, styles and comments, and elements and texts that none can find
 * and that lead to none that one can. A tenth of a shop's page is left, and parsing is
 * what reading a page costs. Where a page is not written as it should be, the rest of it
 * stays as it is, so that libxml2 is the only one to guess. Pure. */
#ifndef PIPED_EXTRACT_TRIM_H
#define PIPED_EXTRACT_TRIM_H

#include "extractor/extract_want.h"

/* Of an element; more of them and the page stays as it is, for others to judge. */
#define EXTRACT_TRIM_MOST_ATTRIBUTES 300
/* Open elements that are kept track of. */
#define EXTRACT_TRIM_DEPTH 190

/* `html` without the rest, in the arena, or `html` itself: every selector of `w` finds in
 * it what it finds in the whole. Of elements and texts only what stands between the tags
 * of <head> and <body> is left out, and only as long as it is clear how libxml2 nests
 * them (extract_nest.h). */
struct str extract_trim(const struct extract_want *w, struct str html, struct arena *a);

#endif
