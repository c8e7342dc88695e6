/* near_find.h: the title of an index that offers the same thing as another: those that share a
 * MinHash band and a price block, or the image, judged by near_rule.h. One thread at a
 * time. */
#ifndef PIPED_NEAR_FIND_H
#define PIPED_NEAR_FIND_H

#include "near/near_index.h"
#include "near/near_rule.h"

/* An image that so many titles have is no picture of a thing. */
#define NEAR_IMAGE_MOST 8
/* Titles looked at for one question; the newest come first. */
#define NEAR_LOOKS_MOST 4096

struct near_match {
	uint64_t key;
	enum near_signal signal;
	struct near_likeness likeness;
};

/* The best match that a rule accepts. */
bool near_find_best(struct near_index *x, const struct shingle_set *s, const struct near_item *i,
		    struct near_match *ret);
/* Of those that were known before the title of that key, which is in the index. */
bool near_find_older(struct near_index *x, const struct shingle_set *s, const struct near_item *i,
		     struct near_match *ret);
/* What joins two titles, in the index or not; NEAR_SIGNALS: nothing. `picture`: theirs look the
 * same. */
enum near_signal near_find_compare(const struct near_index *x, const struct shingle_set *a,
				   const struct near_item *of_a, const struct shingle_set *b,
				   const struct near_item *of_b, bool picture,
				   struct near_likeness *ret);

#endif
