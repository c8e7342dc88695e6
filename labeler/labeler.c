#include "labeler/labeler.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/must.h"
#include "labeler/ballot.h"
#include "labeler/label_model.h"
#include "labeler/ruleset.h"
#include "labeler/sourcemap.h"
#include "labeler/taxon.h"
#include "labeler/worth.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

/* Part of labeler_version(): raise it when the same rules may say otherwise. */
#define LABELER_CODE 2
#define TOP_BIT (UINT64_C(1) << 63)

struct labeler {
	const struct conf *conf;
	struct taxon *taxa;
	struct sourcemap *map;
	struct ruleset *rules;
	uint64_t version;
	/* labeler_measured: all of the above is another's. */
	bool borrowed;
	double *precision; /* [rules], and of the source's categories; NULL: as configured */
};

static uint64_t with(uint64_t h, struct str s)
{
	return hash64_join(h, hash64(s, LABELER_CODE));
}

/* Names are left out: a better translation changes no label. */
static uint64_t version_of(const struct conf *conf)
{
	const struct conf_taxonomy *t = &conf->taxonomy;
	uint64_t h = hash64_join(conf->rules.version, (uint64_t)t->version);

	h = with(h, t->name);
	for (int i = 0; i < t->n_taxa; i++) {
		h = with(h, t->taxa[i].code);
		h = hash64_join(h, (uint64_t)t->taxa[i].parent);
		h = hash64_join(h, t->taxa[i].leaf);
	}
	for (int i = 0; i < t->n_recodes; i++) {
		h = with(h, t->recodes[i].code);
		h = with(h, t->recodes[i].category);
		h = hash64_join(h, (uint64_t)t->recodes[i].until);
		h = hash64_join(h, t->recodes[i].fate);
	}
	for (int i = 0; i < t->n_mappings; i++) {
		h = with(h, t->mappings[i].source);
		h = with(h, t->mappings[i].from);
		h = hash64_join(h, (uint64_t)t->mappings[i].taxon);
	}
	h &= ~TOP_BIT; /* signed columns */
	return h ? h : 1;
}

enum err labeler_new(const struct conf *conf, struct labeler **ret, struct reason *why)
{
	return labeler_new_cached(conf, NULL, ret, why);
}

enum err labeler_new_cached(const struct conf *conf, const char *cache, struct labeler **ret,
			    struct reason *why)
{
	struct labeler *l = mem_zero(sizeof(*l));
	enum err err;

	l->conf = conf;
	l->version = version_of(conf);
	l->taxa = taxon_new(&conf->taxonomy);
	l->map = sourcemap_new(&conf->taxonomy);
	err = ruleset_new(conf, cache, &l->rules, why);
	if (err) {
		labeler_free(l);
		return err;
	}
	*ret = l;
	return ERR_OK;
}

void labeler_free(struct labeler *l)
{
	if (!l)
		return;
	mem_free(l->precision);
	if (l->borrowed) {
		mem_free(l);
		return;
	}
	ruleset_free(l->rules);
	sourcemap_free(l->map);
	taxon_free(l->taxa);
	mem_free(l);
}

uint64_t labeler_version(const struct labeler *l)
{
	return l->version;
}

struct labeler_scratch *labeler_scratch_new(void)
{
	return ruleset_scratch_new();
}

void labeler_scratch_free(struct labeler_scratch *s)
{
	ruleset_scratch_free(s);
}

static void flagged(void *ctx, const struct conf_rule *rule, struct str word)
{
	struct listing *l = ctx;
	bool tells_more = listing_flags[rule->flag].unfit && !listing_unfit(l->flags);

	if (l->flag_reason.n == 0 || tells_more)
		l->flag_reason = word.n ? word : rule->name;
	l->flags |= FLAG_BIT(rule->flag);
}

void labeler_flags(const struct labeler *l, struct labeler_scratch *s, struct listing *listing)
{
	ruleset_run(l->rules, s, RULESET_FLAGS, listing, flagged, listing);
}

double labeler_precision(const struct labeler *l, int rule)
{
	if (l->precision)
		return l->precision[rule];
	return rule < l->conf->rules.n_rules ? l->conf->rules.rules[rule].precision
					     : LABELER_SOURCE_PRECISION;
}

static int by_rule(const void *a, const void *b)
{
	return str_cmp(((const struct rule_measure *)a)->rule,
		       ((const struct rule_measure *)b)->rule);
}

/* Precision of all rules as measured; the version that makes of the labeler's own. */
static double *measured(const struct labeler *l, const struct rule_measure *m, int n,
			uint64_t *version)
{
	const struct conf_rules *rules = &l->conf->rules;
	double *ret = mem_array((size_t)rules->n_rules + 1, sizeof(*ret));
	struct rule_measure *sorted = mem_array((size_t)n, sizeof(*sorted));

	for (int i = 0; i < n; i++)
		sorted[i] = m[i];
	if (n)
		qsort(sorted, (size_t)n, sizeof(*sorted), by_rule);
	for (int i = 0; i <= rules->n_rules; i++) {
		const bool own = i < rules->n_rules;
		const double centre = own ? rules->rules[i].precision : LABELER_SOURCE_PRECISION;
		const struct rule_measure key = { .rule = own ? rules->rules[i].name
							      : STR(VOTE_BY_SOURCE) };
		const struct rule_measure *found =
			n ? bsearch(&key, sorted, (size_t)n, sizeof(key), by_rule) : NULL;

		ret[i] = centre;
		if (!found || !(found->fires > 0))
			continue;
		ret[i] = label_model_smooth(found->hits, found->fires, centre);
		*version = with(*version, key.rule);
		*version = hash64_join(*version, (uint64_t)llround(found->fires * 1000));
		*version = hash64_join(*version, (uint64_t)llround(found->hits * 1000));
	}
	mem_free(sorted);
	return ret;
}

struct labeler *labeler_measured(const struct labeler *l, const struct rule_measure *m, int n)
{
	struct labeler *ret = mem_dup(l, sizeof(*l));
	uint64_t version = version_of(l->conf);

	ret->borrowed = true;
	ret->precision = measured(l, m, n, &version);
	version &= ~TOP_BIT;
	ret->version = version ? version : 1;
	return ret;
}

double labeler_moved(const struct labeler *l, const struct rule_measure *m, int n)
{
	const int classes = taxon_leaves(l->taxa);
	uint64_t version = 0;
	double *now = measured(l, m, n, &version), most = 0;

	for (int i = 0; i <= l->conf->rules.n_rules; i++)
		most = fmax(most, fabs(ballot_weight(now[i], classes) -
				       ballot_weight(labeler_precision(l, i), classes)));
	mem_free(now);
	return most;
}

struct voting {
	const struct labeler *l;
	struct vote *votes;
	int n;
};

static void voted(void *ctx, const struct conf_rule *rule, struct str word)
{
	struct voting *v = ctx;

	(void)word;
	if (v->n == LABEL_MOST_VOTES)
		return;
	v->votes[v->n++] = (struct vote){
		.rule = rule->name,
		.category = taxon_code(v->l->taxa, rule->taxon),
		.weight = labeler_precision(v->l, (int)(rule - v->l->conf->rules.rules)),
		.family = rule->family,
		.priority = rule->priority,
	};
}

/* The source's own category votes first. */
static struct voting voting_of(const struct labeler *l, const struct listing *listing,
			       struct vote *votes)
{
	struct voting v = { .l = l, .votes = votes };
	int taxon = labeler_map(l, listing->source, listing->category);

	if (taxon >= 0)
		votes[v.n++] = (struct vote){
			.rule = STR(VOTE_BY_SOURCE),
			.category = taxon_code(l->taxa, taxon),
			.weight = labeler_precision(l, l->conf->rules.n_rules),
		};
	return v;
}

int labeler_votes(const struct labeler *l, struct labeler_scratch *s, const struct listing *listing,
		  struct vote *votes)
{
	struct voting v = voting_of(l, listing, votes);

	ruleset_run(l->rules, s, RULESET_VOTES, listing, voted, &v);
	return v.n;
}

struct judging {
	struct voting voting;
	struct listing *listing;
	void (*each)(void *ctx, const struct conf_rule *rule);
	void *ctx;
};

static void judged(void *ctx, const struct conf_rule *rule, struct str word)
{
	struct judging *j = ctx;

	if (rule->flag >= 0)
		flagged(j->listing, rule, word);
	else
		voted(&j->voting, rule, word);
	if (j->each)
		j->each(j->ctx, rule);
}

int labeler_judge(const struct labeler *l, struct labeler_scratch *s, struct listing *listing,
		  struct vote *votes)
{
	return labeler_judge_counted(l, s, listing, votes, NULL, NULL);
}

int labeler_judge_counted(const struct labeler *l, struct labeler_scratch *s,
			  struct listing *listing, struct vote *votes,
			  void (*each)(void *ctx, const struct conf_rule *rule), void *ctx)
{
	struct judging j = {
		.voting = voting_of(l, listing, votes), .listing = listing, .each = each, .ctx = ctx
	};

	ruleset_run(l->rules, s, RULESET_BOTH, listing, judged, &j);
	return j.voting.n;
}

struct hitting {
	const struct taxon *taxa;
	struct labeler_hit *hits;
	int n, most;
};

static void hit(void *ctx, const struct conf_rule *rule, struct str word)
{
	struct hitting *h = ctx;

	if (h->n == h->most)
		return;
	h->hits[h->n++] = (struct labeler_hit){
		.rule = rule->name,
		.category = taxon_code(h->taxa, rule->taxon),
		.word = word,
	};
}

int labeler_hits(const struct labeler *l, struct labeler_scratch *s, const struct listing *listing,
		 struct labeler_hit *hits, int most)
{
	struct hitting h = { .taxa = l->taxa, .hits = hits, .most = most };

	ruleset_run(l->rules, s, RULESET_VOTES, listing, hit, &h);
	return h.n;
}

void labeler_explain(const struct labeler *l, struct labeler_scratch *s,
		     const struct listing *listing,
		     void (*each)(void *ctx, const struct ruleset_finding *f), void *ctx)
{
	ruleset_explain(l->rules, s, listing, each, ctx);
}

bool labeler_resolve(const struct labeler *l, const struct vote *votes, int n, struct arena *a,
		     struct str *ret_category, double *ret_confidence, struct str *ret_why)
{
	struct vote counted[LABEL_MOST_VOTES];
	int highest = INT_MIN, m = 0;

	must(n >= 0 && n <= LABEL_MOST_VOTES);
	for (int i = 0; i < n; i++)
		highest = votes[i].priority > highest ? votes[i].priority : highest;
	for (int i = 0; i < n; i++)
		if (votes[i].priority == highest)
			counted[m++] = votes[i];
	return ballot_count(l->taxa, counted, m, a, ret_category, ret_confidence, ret_why);
}

struct str labeler_now(const struct labeler *l, struct str code)
{
	const struct conf_taxonomy *t = &l->conf->taxonomy;
	const struct recode *last = NULL;

	if (taxon_find(l->taxa, code) >= 0)
		return code;
	/* The change that took it away is its last, and made under whichever version it meant that. */
	for (int i = 0; i < t->n_recodes; i++)
		if (str_eq(t->recodes[i].code, code))
			last = &t->recodes[i];
	return last ? last->category : code;
}

int labeler_map(const struct labeler *l, struct str source, struct str category)
{
	return sourcemap_find(l->map, source, category);
}

int labeler_search(const struct labeler *l, struct str text, int *taxa, int most)
{
	return taxon_search(l->taxa, text, taxa, most);
}

void labeler_worth(const struct labeler *l, const struct labeler_facts *f, struct review_worth *ret)
{
	worth_of(l->taxa, f, ret);
}

bool labeler_within(const struct labeler *l, struct str code, int taxon)
{
	int at = taxon_find(l->taxa, code);

	return at >= 0 && (at == taxon || taxon_is_below(l->taxa, at, taxon));
}

/* What the model gives the label's category; 0 when it is not among its best. */
static double share_of(const struct suggestion *s, struct str category)
{
	for (int i = 0; i < SUGGESTION_K; i++)
		if (s->category[i].n && str_eq(s->category[i], category))
			return s->p[i];
	return 0;
}

double labeler_review_score(const struct label *label, const struct suggestion *s, double margin)
{
	double ahead;

	if (label && label->by == LABEL_BY_PERSON)
		return 0;
	if (!s || s->category[0].n == 0)
		return label ? 0 : 1;
	if (label && label->category.n && !str_eq(label->category, s->category[0])) {
		ahead = s->p[0] - share_of(s, label->category);
		if (ahead >= margin)
			return 1 + ahead;
	}
	/* Rules that contradict each other, or none: only a person can label it. */
	if (!label)
		return 1;
	ahead = s->p[0] - (s->category[1].n ? s->p[1] : 0);
	return ahead < margin ? (margin - ahead) / margin : 0;
}
