/* extract_walk.h: many plain selectors answered by one walk over a tree. Pure. */
#ifndef PIPED_EXTRACT_WALK_H
#define PIPED_EXTRACT_WALK_H

#include "extractor/extract_plain.h"

struct extract_walk {
	const struct extract_plain *plain;
	bool first; /* only the first is asked for */
	/* out, in document order, in the arena */
	xmlNodePtr *nodes;
	int n;
	size_t room;
};

/* Fills `w` with what each finds from `context`, an element or the document. Takes
 * what it looks at off *left; with less than 0 left, what was found is not all. */
void extract_walk(xmlNodePtr context, struct extract_walk *w, int n, struct arena *a,
		  int64_t *left);

#endif
