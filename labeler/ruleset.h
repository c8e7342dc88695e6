/* ruleset.h: rules compiled. Words of all rules are found in one pass; field
 * conditions and regular expressions are only asked for rules whose words
 * stand. Read-only once built: many threads may share one. */
#ifndef PIPED_RULESET_H
#define PIPED_RULESET_H

#include "config/conf.h"

struct ruleset;
struct labeler_scratch;

/* The rules of `conf` (borrowed) that vote, or those that set flags. ERR_BAD
 * with file:line:column when a regular expression does not compile or a word
 * has no letter or digit. */
enum err ruleset_new(const struct conf *conf, bool flags, struct ruleset **ret, struct reason *why);
void ruleset_free(struct ruleset *s);

struct labeler_scratch *ruleset_scratch_new(void);
void ruleset_scratch_free(struct labeler_scratch *x);

/* Calls `each` for the rules that hold, in the order of the configuration.
 * `word` is the one of the rule's words that was met first, {0} when it has
 * none; both are borrowed from the configuration. A regular expression that
 * runs into its limits does not hold. */
void ruleset_run(const struct ruleset *s, struct labeler_scratch *x, const struct listing *l,
		 void (*each)(void *ctx, const struct conf_rule *rule, struct str word), void *ctx);

#endif
