/* pick.h: which listings to review next, of those that are worth it; and which reviewed ones are
 * like another. Pure. */
#ifndef PIPED_PICK_H
#define PIPED_PICK_H

#include "base/arena.h"

struct pick_item {
	struct str title; /* in normal form */
	uint64_t family;
	struct str klass; /* what the model takes it for first; "": nothing */
	double worth;	  /* above 0 */
};

/* Information density (Settles and Craven, EMNLP 2008, 4.3): worth times the mean cosine to the
 * PICK_NEIGHBOURS titles of the pool that are nearest by their bigrams (near/shingle.h). Then the
 * best first, one of each family, at most `of_class` of one class. Writes at most `most` places in
 * `items` to `ret`, returns how many. O(n^2): n is to be PICK_POOL at most. */
#define PICK_NEIGHBOURS 5
#define PICK_POOL 256
int pick_diverse(const struct pick_item *items, int n, int of_class, int most, int *ret);

/* The places in `titles` that are most like `title`, the nearest first, with their cosines; those
 * that share no bigram are left out. At most `most`, PICK_ALIKE_MOST of them. */
#define PICK_ALIKE_MOST 8
int pick_alike(struct str title, const struct str *titles, int n, int most, int *ret,
	       double *ret_cosines);

#endif
