/* extract_trim.h: a page without what no selector looks at: attributes that none names,
 * what stands in scripts, styles and comments. A third of a shop's page is left, and
 * parsing is what reading a page costs. Where a page is not written as it should be, the
 * rest of it stays as it is, so that libxml2 is the only one to guess. Pure. */
#ifndef PIPED_EXTRACT_TRIM_H
#define PIPED_EXTRACT_TRIM_H

#include "extractor/extract_plain.h"

/* Of an element; more of them and the page stays as it is, for others to judge. */
#define EXTRACT_TRIM_MOST_ATTRIBUTES 300
#define EXTRACT_TRIM_MOST_NAMES 64

/* What has to stay. */
struct extract_trim {
	struct str attrs[EXTRACT_TRIM_MOST_NAMES];
	int n_attrs;
	bool scripts; /* what stands in them */
	bool all;     /* more than can be said here: nothing is left out */
};

void extract_trim_attribute(struct extract_trim *t, struct str name);
/* What `p` looks at; its names are borrowed. NULL: a selector that may look at all. */
void extract_trim_selector(struct extract_trim *t, const struct extract_plain *p);

/* `html` without the rest, in the arena: the tree is the same but for what is said
 * above. Or `html` itself. */
struct str extract_trim(const struct extract_trim *t, struct str html, struct arena *a);

#endif
