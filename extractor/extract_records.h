/* extract_records.h: arrays of records in JSON values: those whose objects have a title, and a
 * price or an address; with jq for what they have. Pure. */
#ifndef PIPED_EXTRACT_RECORDS_H
#define PIPED_EXTRACT_RECORDS_H

#include "extractor/extract_draft.h"
#include "extractor/extract_node.h"

#define EXTRACT_RECORDS_MOST 3 /* of one document */

/* Likeliest first; how many. `top` is what jq gets. */
int extract_records_find(const struct extract_node *top, const struct extract_draft_in *in,
			 struct arena *a, struct extract_draft_way to[EXTRACT_RECORDS_MOST]);

#endif
