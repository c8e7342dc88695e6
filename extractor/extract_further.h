/* extract_further.h: where a list goes on: its link to the next page, or the parameter that counts
 * its pages. Pure. */
#ifndef PIPED_EXTRACT_FURTHER_H
#define PIPED_EXTRACT_FURTHER_H

#include "extractor/extract_cells.h"

struct extract_further {
	bool rel_next;	  /* the page calls it so */
	struct str css;	  /* that finds the next page's address; {0}: nothing does */
	struct str param; /* of the list's address; {0}: none counts */
	int64_t first;	  /* its value on the first page */
};

void extract_further_find(struct extract_cells *c, struct extract_further *ret);
/* The parameter of `url` that counts pages, with its value. {0}: none. */
struct str extract_further_param(struct str url, int64_t *ret_value);

#endif
