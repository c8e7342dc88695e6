/* extract_need.h: which members of a JSON page the selectors of its kind can look at, told
 * from the programs alone: paths, pipes, operators, conditions and calls. A program that
 * says more (variables, functions of its own, objects, assignments) may look at everything.
 * Paths into an item are kept apart, as no jq is needed for them. Pure. */
#ifndef PIPED_EXTRACT_NEED_H
#define PIPED_EXTRACT_NEED_H

#include "extractor/extract_program.h"

/* A place in the page and what is looked at below it. */
struct extract_need {
	struct str name;	      /* of the member of its parent; elements have none */
	struct extract_need *next;    /* another member of the same parent */
	struct extract_need *members; /* by name */
	struct extract_need *element; /* what is looked at in each element, or NULL */
	int slot;		      /* of an item: where its value goes; -1: nowhere */
	bool whole;		      /* jq may look at all of it */
	bool counted;		      /* jq asks for its length */
	bool kept;		      /* jq sees it: this or something below is looked at */
	bool slots;		      /* something below has a slot or is an item with slots */
	bool items;		      /* the way to such items, from its array upwards */
};

struct extract_needs {
	struct arena *a;
	struct extract_need *root;
	struct extract_need *item; /* where items stand; NULL: only jq can tell */
	bool by_slot;		   /* each object met there is the next item; paths have slots */
	int n_slots;
	int skip, *fields; /* slots of the page kind's skip and fields; -1: not by slot */
};

/* Of a page kind and its compiled program, both borrowed while this runs only. NULL: all is
 * looked at. */
struct extract_needs *extract_need_new(const struct extract_program *p);
void extract_need_free(struct extract_needs *n);

#endif
