/* found.h: what became of each item of a page, for a person who looks at its selectors. */
#ifndef PIPED_FOUND_H
#define PIPED_FOUND_H

#include "model/listing.h"

enum found_end { FOUND_KEPT, FOUND_SKIPPED, FOUND_REJECTED };

struct found_item {
	enum found_end end;
	struct str reason; /* of FOUND_REJECTED */
	struct listing_raw raw;
	struct str absent[FIELD_COUNT]; /* why a field is not there; {0}: nothing was found */
	/* What found a field where no selector of the configuration did; NULL: one did. */
	const char *reader[FIELD_COUNT];
};

struct found_all {
	struct found_item *items; /* in the page's order */
	int n, room;
};

#endif
