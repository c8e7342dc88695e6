/* part.h: a result list that shows only the first results of a query, and what
 * became of it: read whole, parted into narrower lists, or cut. */
#ifndef PIPED_PART_H
#define PIPED_PART_H

#include "base/arena.h"

enum part_says {
	PART_FITS,  /* all of its results can be read */
	PART_SPLIT, /* narrower lists are asked instead */
	PART_CUT,   /* has more results than can be read, and nothing parts it further */
	PART_SAYS
};
extern const char *const part_says_names[PART_SAYS + 1];

/* What the narrower lists hold together. */
enum part_covers {
	PART_ALL,  /* every result: their totals add up to the list's */
	PART_SOME, /* some; the list itself is read too, as far as it goes */
	PART_ENDS, /* the same results in orders that are each other's reverse */
	PART_COVERS
};
extern const char *const part_covers_names[PART_COVERS + 1];

struct part {
	int64_t job;	/* that asked for its first page */
	int64_t parent; /* the job of the list that it is a part of; 0 none */
	int64_t seed;
	int64_t total, window; /* results; how many of them can be read */
	enum part_says says;
	enum part_covers covers; /* of PART_SPLIT */
	int parts;		 /* narrower lists */
	bool own;		 /* it is read itself too */
	int64_t seen_ms;
	struct str source, vars, reason; /* vars: of its job; reason: of PART_CUT */
};

/* What can be had of a source's lists. */
struct part_sum {
	int64_t lists, parts;		     /* lists that nothing leads to; all below them */
	int64_t waiting;		     /* parts not asked yet */
	int64_t total, reached, unreachable; /* results of the lists; unreachable: at most */
};
/* Adds up the parts of one source, in any order. `lost` (of n, may be NULL) is what
 * each of them by itself leaves unreachable. */
void part_add_up(const struct part *p, int n, struct part_sum *ret, int64_t *lost);

#endif
