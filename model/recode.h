/* recode.h: what codes of the taxonomy's former versions are called now. Labels are never
 * rewritten: whoever reads one that was made under version `since` to `until` - 1 with `code`
 * takes it for what this row says. */
#ifndef PIPED_RECODE_H
#define PIPED_RECODE_H

#include "base/str.h"

enum recode_fate {
	RECODE_CODE,  /* it is `category` now */
	RECODE_SPLIT, /* it may be one of several: only a person can say which */
	RECODE_NONE,  /* retired without a successor: none of the categories */
	RECODE_FATES
};
const char *recode_fate_name(enum recode_fate f); /* "code", "split", "none" */

struct recode {
	struct str code;
	int64_t since, until;
	enum recode_fate fate;
	struct str category; /* {0} unless RECODE_CODE */
	struct str why;	     /* "split into a, b (version 3)"; the first change is of `until` */
};

#endif
