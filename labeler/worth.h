/* worth.h: how much a listing belongs in each queue of review. Pure. */
#ifndef PIPED_WORTH_H
#define PIPED_WORTH_H

#include "labeler/labeler.h"
#include "labeler/taxon.h"

/* As labeler_worth() in labeler.h. */
void worth_of(const struct taxon *taxa, const struct labeler_facts *f, struct review_worth *ret);

#endif
