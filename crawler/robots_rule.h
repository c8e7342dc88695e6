/* robots_rule.h: one allow or disallow rule of a robots.txt, and what it is
 * compared with (RFC 9309 2.2.2, 2.2.3). Both sides are brought to one
 * spelling first: unreserved characters plain, hexadecimal digits upper case,
 * everything that no URL may hold percent-encoded. In a pattern * and an ending
 * $ are the wildcards; where they are meant literally they are %2A and %24 on
 * both sides. Pure. */
#ifndef PIPED_ROBOTS_RULE_H
#define PIPED_ROBOTS_RULE_H

#include "base/arena.h"

struct robots_rule {
	struct str text; /* the pattern; the longer, the more specific */
	bool allow;
	bool anchored; /* the pattern ends with the wildcard $ */
	int line;      /* of the file, from 1 */
};

/* The path and query of a URL, as rules see it. */
struct robots_target {
	struct str text;
	/* With %2F and %3A of the query plain: the RFC has a rule with a plain /
	 * in its query match an encoded one, and the other way round. The same
	 * bytes as `text` when there is no difference. */
	struct str loose;
};

/* `value` is not empty; one that starts with neither / nor * is taken as if it
 * started with /. Text in `a`. */
struct robots_rule robots_rule_new(struct str value, bool allow, int line, struct arena *a);
/* An absolute URL or a path; the fragment counts for nothing. Text in `a`. */
struct robots_target robots_rule_target(struct str url, struct arena *a);
/* Whatever the wildcards, nothing of the URL is tried twice: at most the product
 * of both lengths, and nearly always their sum. */
bool robots_rule_match(const struct robots_rule *r, const struct robots_target *t);
/* For qsort: the most specific first, allow before disallow, then as in the file. */
int robots_rule_order(const void *a, const void *b);

#endif
