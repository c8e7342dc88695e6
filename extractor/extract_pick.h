/* extract_pick.h: where each field of a listing stands within the records of a repeated region.
 * Pure. */
#ifndef PIPED_EXTRACT_PICK_H
#define PIPED_EXTRACT_PICK_H

#include "extractor/extract_repeat.h"

/* Selectors for what most records have, in the arena; `to->items` too. */
void extract_pick(struct extract_cells *c, const struct extract_repeat *r,
		  struct extract_draft_way *to);

#endif
