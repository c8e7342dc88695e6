/* ruleset_inner.h: what ruleset.c runs and ruleset_make.c makes. Only for files
 * of that name. */
#ifndef PIPED_RULESET_INNER_H
#define PIPED_RULESET_INNER_H

#include "base/arena.h"
#include "base/regex.h"
#include "labeler/fields.h"
#include "labeler/ruleset.h"
#include "labeler/sieve.h"

/* The lists of a rule. */
enum { LIST_ANY, LIST_ALL, LIST_NONE, LISTS };
/* What patterns are looked for in. */
enum { TEXT_CLEAN, TEXT_WRITTEN, TEXTS };

/* Numbers of one thing that belong to numbers of another. */
struct ruleset_index {
	int *first; /* by number; one more than there are */
	int *of;
};

/* A word, an expression, or a lookup list, which stands where one of its words does. The same
 * one of many rules is one pattern. */
struct ruleset_pattern {
	enum conf_term_kind kind;
	struct str text;  /* normal form, or the expression; none of a list */
	bool left, right; /* of words: as sieve.h has them */
	int list;	  /* of the configuration, or -1 */
	int number;	  /* in its sieve, or -1 */
	struct regex *regex;
	const struct conf_term *term; /* the first of it, for messages */
};

/* Small, as it is read for every rule of which a word stands. */
struct ruleset_rule {
	const struct conf_rule *conf;
	int *patterns[LISTS];
	int n[LISTS];
	bool flags;	       /* or votes */
	struct fields *fields; /* NULL: no condition on any */
};

struct ruleset {
	struct arena *arena;
	const struct conf *conf;
	struct ruleset_rule *rules;
	int n;
	struct ruleset_pattern *patterns;
	int n_patterns;
	struct sieve *sieve[TEXTS]; /* NULL: no such pattern */
	int *sieved[TEXTS];	    /* pattern of each number of the sieve */
	int n_sieved[TEXTS];
	int *blind; /* expressions that no sieve finds: asked always */
	int n_blind;
	struct ruleset_index lists; /* list patterns of a word's */
	/* Rules that are looked at when the pattern stands. One that holds has such a pattern. */
	struct ruleset_index triggers;
	int *always; /* rules without: by fields alone */
	int n_always;
};

/* Where a pattern stands in the title of the current run. */
struct ruleset_met {
	uint64_t run; /* the rest counts when this is the current run */
	uint32_t end; /* of words: the first one's */
	int word;     /* the pattern itself, or the word of the list that stands there */
	bool asked;
	enum regex_answer answer; /* of expressions */
};

struct labeler_scratch {
	uint64_t run;
	struct ruleset_met *met; /* by pattern */
	uint64_t *rule_run;	 /* run that a rule was to be looked at in last */
	int *rules;		 /* to be looked at */
	size_t met_room, rule_room, list_room;
	int n_rules;
	struct regex_match *regex;
	struct sieve_scratch *sieve;
	struct fields_scratch fields;
	/* of the current run */
	const struct ruleset *set;
	const struct listing *listing;
	enum ruleset_kind kinds;
	int text; /* that is being looked through */
};

/* Fills in a set that has its arena and configuration. What it made before an error is
 * ruleset_free's. */
enum err ruleset_make(struct ruleset *s, const char *cache, struct reason *why);

/* Looks through the title: x->rules are then those to be looked at, in their order. */
void ruleset_find(const struct ruleset *s, struct labeler_scratch *x, enum ruleset_kind kinds,
		  const struct listing *l);
/* Whether a pattern stands in the title that was looked through. */
enum regex_answer ruleset_ask(struct labeler_scratch *x, int pattern);

#endif
