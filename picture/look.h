/* look.h: what a picture is found again by: PDQ hashes of all of it, of what is inside its
 * margins, and of the core of that, so that a border or a crop, which PDQ itself hardly bears,
 * leaves a pair of parts that agree. Pure. */
#ifndef PIPED_LOOK_H
#define PIPED_LOOK_H

#include "picture/pdq.h"

enum look_part { LOOK_WHOLE, LOOK_INSIDE, LOOK_CORE, LOOK_PARTS };

/* Changes with what looks are made of: those of another version are made again. */
#define LOOK_VERSION 1

struct look {
	int quality; /* of the whole; below PDQ_QUALITY_LEAST nothing is like it */
	struct pdq part[LOOK_PARTS];
};

/* Bits of 256 within which two looks are of one picture; docs/pictures.md has what that finds. A
 * sign, no proof: one stock picture is shown by many who offer different things. */
#define LOOK_NEAR 56

void look_of(const struct luma *l, struct look *ret);
/* Of a file's bytes; errors are luma_read's. */
enum err look_read(struct str bytes, struct look *ret, struct reason *why);
/* The least of the parts that can be the same piece of a picture, in a mirror or not; 256 where
 * one of the two is flat. */
int look_distance(const struct look *a, const struct look *b);

#endif
