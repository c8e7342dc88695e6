/* titles.h: suggestions for a stream of titles, one a line. Blocks; one thread. */
#ifndef PIPED_TITLES_H
#define PIPED_TITLES_H

#include "classifier/classifier.h"

/* The part of a longer line that is read and shown. */
#define TITLES_LINE ((size_t)64 << 10)

struct titles_opt {
	/* Above 0: say the deepest node of the tree of names that is so likely, too. */
	double sure;
	struct str separator; /* in the names of categories */
};

/* For each line of `in` writes {"title":...,"top":[{"category":...,"p":...}]} and a
 * newline to `out`, in order, with "sure":{"category":...,"p":...} where it is asked for, of
 * which the category is "" for the root. What is known is written before waiting for
 * more. ERR_IO, ERR_FULL. */
enum err titles_predict(const struct classifier *c, const struct titles_opt *opt, int in, int out,
			struct reason *why);

#endif
