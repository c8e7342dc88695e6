/* label_in.h: a label that a person made elsewhere, to be taken into the log. */
#ifndef PIPED_LABEL_IN_H
#define PIPED_LABEL_IN_H

#include "base/str.h"

enum label_in_end {
	LABEL_IN_STORED,
	LABEL_IN_KNOWN, /* it came before: nothing is done */
	LABEL_IN_OLDER, /* a person has said something since it was made: that stands */
	LABEL_IN_ENDS
};

struct label_in {
	struct str origin, item; /* where it comes from, and its name there: the same is the same */
	int64_t listing;
	struct str category; /* none: none of them fits */
	struct str who, note;
	int64_t made_ms;
	enum label_in_end end; /* ret */
};

/* Of one write; the most that a request brings. */
#define LABEL_IN_MOST 1000

#endif
