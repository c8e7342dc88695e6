/* extract_repeat.h: the regions of a page that are repeated, as the records of a list are: sets
 * of elements that one selector finds, each with a link and a text of its own. Pure. */
#ifndef PIPED_EXTRACT_REPEAT_H
#define PIPED_EXTRACT_REPEAT_H

#include "extractor/extract_cells.h"

#define EXTRACT_REPEAT_LEAST 3 /* records */
#define EXTRACT_REPEAT_MOST 8  /* regions of a page */

struct extract_repeat {
	struct str css; /* that finds them; in the arena */
	int *at;	/* their places, none within another */
	int n;
	double score;
};

/* Likeliest first; how many. */
int extract_repeat_find(struct extract_cells *c, struct extract_repeat to[EXTRACT_REPEAT_MOST]);

#endif
