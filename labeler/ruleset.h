/* ruleset.h: rules compiled. Words and expressions of all rules are found in one
 * pass (sieve.h) over the clean title, and in a second one over the title as it is
 * written where rules ask for that. A rule is looked at where one of its words
 * stands; its fields and expressions are asked last. Read-only once built: many
 * threads may share one. */
#ifndef PIPED_RULESET_H
#define PIPED_RULESET_H

#include "config/conf.h"

struct ruleset;
struct labeler_scratch;

enum ruleset_kind { RULESET_VOTES = 1, RULESET_FLAGS = 2, RULESET_BOTH = 3 };

/* The rules of `conf` (borrowed). `cache` as in sieve.h. ERR_BAD with file:line:column when a
 * regular expression does not compile or a word has no letter or digit; ERR_UNSUPPORTED as
 * sieve_new says. */
enum err ruleset_new(const struct conf *conf, const char *cache, struct ruleset **ret,
		     struct reason *why);
void ruleset_free(struct ruleset *s);
/* Whether all that takes time to compile was found in the cache. */
bool ruleset_was_cached(const struct ruleset *s);

struct labeler_scratch *ruleset_scratch_new(void);
void ruleset_scratch_free(struct labeler_scratch *x);

/* Calls `each` for the rules of that kind that hold, in the order of the configuration.
 * `word` is the one of the rule's words that ends first, {0} when it has none; both are
 * borrowed from the configuration. Where a regular expression runs into its limits, its rule
 * does not hold. */
void ruleset_run(const struct ruleset *s, struct labeler_scratch *x, enum ruleset_kind kinds,
		 const struct listing *l,
		 void (*each)(void *ctx, const struct conf_rule *rule, struct str word), void *ctx);

/* A condition of a rule that is met, and by which bytes of the title. */
struct ruleset_hit {
	const struct conf_term *term;
	int list;     /* 0: any, 1: all, 2: none */
	bool written; /* of the title as it is written, not of the clean one */
	size_t from, till;
};
#define RULESET_HITS 32

/* A rule that holds, or of which something is met. */
struct ruleset_finding {
	const struct conf_rule *rule;
	bool holds;
	/* What keeps it from holding: "any", "all", "none", or a field as the rule calls it. */
	const char *against;
	const struct conf_term *term; /* of all and none: which */
	struct ruleset_hit hits[RULESET_HITS];
	int n;
};

/* Which rules hold and why, for people: every rule that is looked at for this title, in the order
 * of the configuration. */
void ruleset_explain(const struct ruleset *s, struct labeler_scratch *x, const struct listing *l,
		     void (*each)(void *ctx, const struct ruleset_finding *f), void *ctx);

#endif
