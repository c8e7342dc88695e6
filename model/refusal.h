/* refusal.h: why an address that a page named became no job. Such addresses are counted
 * per source and reason, the newest of each kept as an example; a job that was stored
 * and then refused (a seed, robots.txt) says so itself. */
#ifndef PIPED_REFUSAL_H
#define PIPED_REFUSAL_H

#include "base/str.h"

enum refusal {
	REFUSAL_ADDRESS,
	REFUSAL_SCHEME,
	REFUSAL_HOST,
	REFUSAL_PATH,
	REFUSAL_DEPTH,
	REFUSAL_LENGTH,
	REFUSAL_PARAMS,
	REFUSAL_REPEATS,
	REFUSAL_DATES,
	REFUSAL_BUDGET,
	REFUSAL_REDIRECT,
	REFUSAL_ENDLESS,
	REFUSALS
};

struct refusal_row {
	const char *name, *doc; /* doc: what a person may do about it */
};
extern const struct refusal_row refusals[REFUSALS];

/* False: no such name. */
bool refusal_parse(struct str name, enum refusal *ret);

/* What one page had refused: how often for each reason, and the last address. */
struct refusal_count {
	int64_t n;
	struct str url; /* borrowed */
};
struct refusal_counts {
	struct refusal_count of[REFUSALS];
};
void refusal_add(struct refusal_counts *c, enum refusal why, struct str url);

#endif
