/* extract_pick_id.h: what tells the records of a region apart, and stays theirs. Pure. */
#ifndef PIPED_EXTRACT_PICK_ID_H
#define PIPED_EXTRACT_PICK_ID_H

#include "extractor/extract_pick_key.h"

/* An attribute that is another one in every record (data-id), the part of its link that is
 * (/item/71, ?id=71), or the link as a whole. `url`: what finds it; NULL: nothing does. SEL_NONE:
 * there is none. */
void extract_pick_id(struct extract_cells *c, const struct extract_pick_keys *keys,
		     const struct extract_pick_key *url, struct conf_sel *ret);

#endif
