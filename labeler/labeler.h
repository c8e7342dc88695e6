/* labeler.h: taxonomy and rules compiled; votes and weak labels made. Pure and
 * read-only after it is built: many threads may share one. */
#ifndef PIPED_LABELER_H
#define PIPED_LABELER_H

#include "base/arena.h"
#include "config/conf.h"
#include "labeler/ruleset.h"
#include "model/review.h"

struct labeler;

/* `conf` is borrowed and must outlive it. ERR_BAD with file:line:column in `why` when
 * a regular expression does not compile. Takes a second for a thousand rules: never on the loop.
 * `cache`: a folder where what takes long is kept and found again (sieve.h); NULL: none. */
enum err labeler_new_cached(const struct conf *conf, const char *cache, struct labeler **ret,
			    struct reason *why);
/* Without a cache. */
enum err labeler_new(const struct conf *conf, struct labeler **ret, struct reason *why);
void labeler_free(struct labeler *l);
/* Of rules, taxonomy and mapping together: a listing labeled under another is
 * due again. */
uint64_t labeler_version(const struct labeler *l);

/* The same labeler, whose rules vote with the precision that was measured: (hits + 4 p) / (fires +
 * 4), where p is the configured one; the source's categories likewise. Rules that are not in the
 * list, or no more, are as configured. Has a version of its own where any is measured. Borrows `l`. */
struct labeler *labeler_measured(const struct labeler *l, const struct rule_measure *m, int n);
/* How far, in nats, that would move the weight of the rule that it moves most. */
double labeler_moved(const struct labeler *l, const struct rule_measure *m, int n);

/* What a rule of the configuration votes with now; `rule` their number: the source's category. */
double labeler_precision(const struct labeler *l, int rule);

/* Scratch of one thread; reused between calls, also of several labelers. */
struct labeler_scratch;
struct labeler_scratch *labeler_scratch_new(void);
void labeler_scratch_free(struct labeler_scratch *s);

/* Adds the flags that the configuration's flag rules find. flag_reason becomes
 * the word that was met (as the rule writes it, or the rule's name), unless one
 * stands there for a flag that weighs as much; it is borrowed from the
 * configuration, as votes are. Rules without word conditions hold by their
 * fields alone; price bounds are in whole units of the listing's currency. */
void labeler_flags(const struct labeler *l, struct labeler_scratch *s, struct listing *listing);
/* How often a seller's own category is taken to be right, the weight of
 * "source-category": a prior, until reviews have measured it. */
#define LABELER_SOURCE_PRECISION 0.9
/* At most LABEL_MOST_VOTES votes, in `votes`; returns how many. The mapping
 * of the source's category votes as rule "source-category", first; the others
 * follow in the order of the configuration. Text is borrowed from it. */
int labeler_votes(const struct labeler *l, struct labeler_scratch *s, const struct listing *listing,
		  struct vote *votes);
/* Both in one pass over the title. */
int labeler_judge(const struct labeler *l, struct labeler_scratch *s, struct listing *listing,
		  struct vote *votes);
/* The same; `each` (may be NULL) hears of every rule that holds, also of those beyond what votes
 * there is room for. */
int labeler_judge_counted(const struct labeler *l, struct labeler_scratch *s,
			  struct listing *listing, struct vote *votes,
			  void (*each)(void *ctx, const struct conf_rule *rule), void *ctx);
/* Which rules hold and why, as ruleset_explain has them. */
void labeler_explain(const struct labeler *l, struct labeler_scratch *s,
		     const struct listing *listing,
		     void (*each)(void *ctx, const struct ruleset_finding *f), void *ctx);
/* The rules that hold, without the source's mapping, and the first word of each that was met, as the
 * rule writes it ({0}: it has none): at most `most`; returns how many. */
struct labeler_hit {
	struct str rule, category, word;
};
int labeler_hits(const struct labeler *l, struct labeler_scratch *s, const struct listing *listing,
		 struct labeler_hit *hits, int most);
/* Weighted vote of those of the highest priority: per category the sum of log(p(K-1)/(1-p)) over its votes, each
 * from .01 to 12 and of a family the heaviest, then softmax over the taxonomy's K leaves: best and its
 * confidence. Votes for an inner node count for it only when no vote is below
 * it; it then stands for all its leaves. Votes for what the taxonomy has not
 * are left out. False: no vote, or a tie. `ret_why` (in `a`, like the category)
 * names the rules that won. n <= LABEL_MOST_VOTES. */
bool labeler_resolve(const struct labeler *l, const struct vote *votes, int n, struct arena *a,
		     struct str *ret_category, double *ret_confidence, struct str *ret_why);

/* What a code that a model learned under some version is called now: itself where it is a category,
 * {0} where it was split or retired. A code that is not known at all stays. */
struct str labeler_now(const struct labeler *l, struct str code);
/* The taxon that a source's category maps to, or -1. The longest `from` wins. */
int labeler_map(const struct labeler *l, struct str source, struct str category);
/* Taxa whose code, names or aliases contain `text` (in normal form, spaces aside, syllables also by
 * their first consonants: "ㅈㅋ" finds 자켓), best first: at most `most` indexes. For the review's search. */
int labeler_search(const struct labeler *l, struct str text, int *taxa, int most);

/* What a person's look is worth: higher for a model sure of another category
 * than the label (1 + how far ahead of it, when that is `margin` or more), then
 * for no label at all (`label` NULL: 1, also without a suggestion `s`) and a small
 * margin p1 - p2 (0 to 1); 0 when none of these, or when a person has decided.
 * `margin` is the configuration's review_margin. */
double labeler_review_score(const struct label *label, const struct suggestion *s, double margin);

/* What the queues of review go by. errors: where model or rules contradict the seller's category,
 * 1 - p_given; without a model the rules' confidence. uncertain: how far the two best are from
 * `margin` apart, 1: they are equal. rules: where rules other than "source-category" contradict the
 * model, how far that is ahead of them times their confidence. guess: the first suggestion, without
 * a model what the rules say. A category contradicts none above or below it. */
struct labeler_facts {
	const struct label *label;	     /* by rules; NULL: none */
	const struct suggestion *suggestion; /* NULL: none */
	int given;	/* taxon of the seller's category (labeler_map), or -1 */
	double p_given; /* the model's probability of it and of all below */
	double margin;	/* the configuration's review_margin */
};
void labeler_worth(const struct labeler *l, const struct labeler_facts *f,
		   struct review_worth *ret);
/* Whether a code is a taxon's, or of one below it. */
bool labeler_within(const struct labeler *l, struct str code, int taxon);

#endif
