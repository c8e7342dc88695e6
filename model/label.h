/* label.h: who says which category: votes of rules, suggestions of a model,
 * and labels, the append-only log of decisions. Categories are the taxonomy's
 * stable codes ("men.outer.jacket"). */
#ifndef PIPED_LABEL_H
#define PIPED_LABEL_H

#include "model/recode.h"

/* The "rule" of the vote that the mapping of the seller's own category gives. */
#define VOTE_BY_SOURCE "source-category"

/* A rule's say. `rule` is its name. */
struct vote {
	struct str rule, category;
	double weight; /* the rule's precision, as configured or measured: 0..1 */
	/* As the rule was configured when it voted; of votes that were stored: {0} and 0. */
	struct str family; /* of rules that go by the same words; {0}: none */
	int priority;	   /* only votes of the highest count */
};

#define LABEL_MOST_VOTES 32

/* What a rule's votes came to on listings that a person decided. */
struct rule_measure {
	struct str rule;
	double fires, hits; /* hits: the decision is the vote's category, or below it */
};

enum label_by {
	LABEL_BY_RULES,	 /* weak: resolved from votes */
	LABEL_BY_PERSON, /* a decision; never overwritten by a machine */
	LABEL_BY_N
};
const char *label_by_name(enum label_by by); /* "rules", "person" */

/* One line of the log. Read from the store, `category` is what the line says in the taxonomy of
 * now (model/recode.h), `written` what stands in it. */
struct label {
	int64_t id, listing;
	struct str category; /* {0}: none of them */
	/* The version that it was made under; read: 0 is before all. Written: 0 is the one in force. */
	int64_t taxonomy;
	struct str written;
	bool recoded; /* the taxonomy has changed so that: */
	enum recode_fate fate;
	struct str recode_why;
	enum label_by by;
	struct str who;	   /* person's name; "" for rules */
	double confidence; /* 0..1 */
	uint64_t version;  /* labeler_version() that made it; 0 for a person */
	int64_t made_ms;
	struct str why; /* "source-category,outer-words" or the key pressed */
};

#define SUGGESTION_K 3

/* The model's top k with calibrated probabilities, best first. Unused places
 * have category {0}. */
struct suggestion {
	int64_t model; /* row of the model */
	struct str category[SUGGESTION_K];
	double p[SUGGESTION_K];
};

/* Which side of the dataset a duplicate family stands on. */
enum split { SPLIT_TRAIN, SPLIT_VALIDATION, SPLIT_TEST, SPLIT_N };
const char *split_name(enum split s); /* "train", "validation", "test" */
/* By hash of the family with a salt, so that no family is on two sides; the
 * shares are of families: 0 <= validation + test < 1. */
enum split split_of(uint64_t family, uint64_t salt, double validation, double test);

#endif
