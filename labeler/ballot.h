/* ballot.h: votes -> one category and how sure that is. Pure. */
#ifndef PIPED_BALLOT_H
#define PIPED_BALLOT_H

#include "base/arena.h"
#include "labeler/taxon.h"

/* As labeler_resolve() in labeler.h. */
bool ballot_count(const struct taxon *taxa, const struct vote *votes, int n, struct arena *a,
		  struct str *ret_category, double *ret_confidence, struct str *ret_why);

/* What a vote of that precision weighs among so many classes: the logarithm of p (K - 1) / (1 - p),
 * within bounds. */
double ballot_weight(double precision, int classes);

#endif
