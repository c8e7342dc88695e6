/* split.h: an interface shows only the first results of a query, its window. A list
 * with more of them is parted into narrower ones, by what its seed names in `split`,
 * in that order: values of a variable, bands of prices, orders; each part is a list of
 * its own and may be parted further. Bands tile the prices: the first has no least and
 * the last no greatest price. Pure. */
#ifndef PIPED_SPLIT_H
#define PIPED_SPLIT_H

#include "base/arena.h"
#include "config/conf.h"
#include "crawler/values.h"
#include "model/part.h"

#define SPLIT_BANDS 64	   /* most bands that a list is parted into at once */
#define SPLIT_VALUES 10000 /* most values likewise */

struct split_in {
	const struct conf_seed *seed;
	const struct values *values; /* found so far; may be NULL */
	struct str vars;	     /* of the list's job, form-encoded */
	int64_t total, window;
	/* What its first page shows: prices in the unit of the band's variables, sorted
	 * by this (those outside of its band are dropped), and how many listings have none. */
	int64_t *prices;
	int n_prices, n_unpriced;
};

struct split_out {
	enum part_says says;
	struct str *parts; /* variables of each part */
	int n_parts;
	enum part_covers covers; /* of them together */
	bool own;		 /* the list itself is to be read too, as far as it goes */
	struct str why;		 /* of PART_CUT */
};

void split_run(const struct split_in *in, struct arena *a, struct split_out *ret);

/* Where to cut the band lo..hi, both within: the first price of every band but the
 * lowest, ascending. At least one when lo + step <= hi, else none. Bands hold some
 * seven tenths of a window each if the rest is as the sorted `prices` are; a price that
 * would fill one by itself is cut on both sides. Cuts stand whole steps from lo. */
int split_cuts(int64_t lo, int64_t hi, int64_t step, int64_t total, int64_t window,
	       const int64_t *prices, int n, int64_t cuts[SPLIT_BANDS]);

#endif
