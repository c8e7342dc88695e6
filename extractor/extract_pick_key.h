/* extract_pick_key.h: the selectors that may find something in the records of a region, each
 * with what it finds first in every one of them. Pure. */
#ifndef PIPED_EXTRACT_PICK_KEY_H
#define PIPED_EXTRACT_PICK_KEY_H

#include "extractor/extract_mark.h"
#include "extractor/extract_repeat.h"

#define EXTRACT_PICK_RECORDS 40 /* that are looked at, spread over the region */
#define EXTRACT_PICK_KEYS 1500

struct extract_pick_key {
	uint64_t hash;
	bool self; /* the record itself */
	struct extract_mark mark;
	bool within; /* a child of `parent` */
	struct extract_mark parent;
	int nth;		      /* of its parent's children; 0: any */
	int n;			      /* records that have it */
	int at[EXTRACT_PICK_RECORDS]; /* its place in each; -1: it has none */
};

struct extract_pick_keys {
	struct extract_pick_key *key;
	int n;
	int record[EXTRACT_PICK_RECORDS], records; /* places of the records */
};

void extract_pick_keys(struct extract_cells *c, const struct extract_repeat *r,
		       struct extract_pick_keys *ret);
/* "h3.title" and the like; "" for the record itself. */
struct str extract_pick_css(const struct extract_pick_key *k, struct arena *a);
/* ".//h3[...]"; "." for the record itself. */
struct str extract_pick_xpath(const struct extract_pick_key *k, struct arena *a);

#endif
