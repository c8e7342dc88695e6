/* robots.h: what a robots.txt says to one crawler (RFC 9309). Pure; one that is
 * made may be read from any thread.
 *
 * Kept from the file: the rules of the groups that name us, all together, or
 * else those of the groups for *. Lines that make no sense count for nothing.
 * Beyond the RFC, to be polite where the wish is clear: a key may lack its
 * colon ("disallow /x"), disallow may be misspelled, a pattern may lack its
 * leading slash, and crawl-delay is heard. */
#ifndef PIPED_ROBOTS_H
#define PIPED_ROBOTS_H

#include "crawler/robots_rule.h"

/* What follows in a longer file is not read (RFC 9309 2.5: 500 KiB at least). */
#define ROBOTS_BYTES ((size_t)1 << 20)

struct robots {
	struct arena *arena; /* holds everything below */
	struct robots_rule *rules;
	int n_rules;
	bool named;	  /* a group names us; else the rules are those for * */
	int64_t delay_ms; /* crawl-delay; the longest when there are several; -1 none */
	bool delay_cut;	  /* the file wants a longer one than we grant */
	int delay_line;
	struct str *sitemaps; /* as written; they belong to no group */
	int n_sitemaps;
	bool cut;    /* the file is longer than ROBOTS_BYTES */
	int ignored; /* lines that are neither empty nor understood */
};

/* The name that a user-agent value or line begins with: "piped" of
 * "piped/1.0 (+mailto:...)". Borrowed. */
struct str robots_token(struct str user_agent);

/* `bytes` is the body, decoded. Names are compared without regard to case. A
 * crawl-delay over `most_delay_ms` counts as that. */
struct robots *robots_new(struct str bytes, struct str token, int64_t most_delay_ms);
void robots_free(struct robots *r);

struct robots_verdict {
	bool allowed;
	int line;	 /* of the rule that decided; 0: none did, so it is allowed */
	struct str rule; /* its pattern, as it was compared; borrowed from `r` */
};
/* `url` is absolute or begins with the path. `scratch` is for its spelling. */
struct robots_verdict robots_judge(const struct robots *r, struct str url, struct arena *scratch);

#endif
