/* extract_cells.h: the elements of a page in its order, and how many links, prices, pictures and
 * texts each has in it: what a repeated region is told by (extract_repeat.h). Pure. */
#ifndef PIPED_EXTRACT_CELLS_H
#define PIPED_EXTRACT_CELLS_H

#include "extractor/extract_draft.h"
#include "extractor/extract_html_page.h"

#define EXTRACT_CELLS_MOST 30000 /* elements; those behind are left out */

enum extract_cells_what {
	EXTRACT_CELLS_LINK,  /* an a that leads to another page */
	EXTRACT_CELLS_PRICE, /* the innermost element with such a text */
	EXTRACT_CELLS_IMAGE,
	EXTRACT_CELLS_TEXT, /* with text of its own */
	EXTRACT_CELLS_WHATS
};

struct extract_cell {
	xmlNodePtr node;
	int parent; /* -1: none */
	int end;    /* place of the first that does not stand in it */
	uint8_t is; /* bits of the above */
	struct str text;
	bool read; /* `text` is, and what it may be */
	int price; /* as extract_draft_in says */
	bool time;
};

struct extract_cells {
	struct extract_html_page *page;
	const struct extract_draft_in *in;
	struct arena *a;
	struct extract_cell *at;
	int n;
	int *sum[EXTRACT_CELLS_WHATS]; /* of those before a place */
};

void extract_cells_read(struct extract_cells *c, struct extract_html_page *page,
			const struct extract_draft_in *in, struct arena *a);
/* In the element at `i`, itself included. */
int extract_cells_count(const struct extract_cells *c, int i, enum extract_cells_what what);
/* The text of an element; none if it has more than 400 bytes, or much in it. */
struct str extract_cells_text(struct extract_cells *c, int i);
/* What that may be; long ones are neither. */
int extract_cells_price(struct extract_cells *c, int i);
bool extract_cells_time(struct extract_cells *c, int i);
/* The address that an a leads to; {0}: none that is another page. */
struct str extract_cells_href(const xmlNode *n);
/* The first link in the element at `i`, or -1. */
int extract_cells_link(const struct extract_cells *c, int i);

#endif
