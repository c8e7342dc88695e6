#include "labeler/worth.h"

/* One of the two codes is the other, or stands below it. */
static bool agree(const struct taxon *taxa, struct str a, struct str b)
{
	int x = taxon_find(taxa, a), y = taxon_find(taxa, b);

	return x < 0 || y < 0 || x == y || taxon_is_below(taxa, x, y) || taxon_is_below(taxa, y, x);
}

static bool says_otherwise(const struct taxon *taxa, int given, struct str category)
{
	return category.n && !agree(taxa, category, taxon_code(taxa, given));
}

static double errors_of(const struct taxon *taxa, const struct labeler_facts *f,
			struct str by_rules, struct str first)
{
	if (f->given < 0)
		return 0;
	if (!says_otherwise(taxa, f->given, by_rules) && !says_otherwise(taxa, f->given, first))
		return 0;
	if (!first.n)
		return f->label->confidence;
	return f->p_given < 1 ? 1 - f->p_given : 0;
}

static double share_of(const struct taxon *taxa, const struct suggestion *s, struct str category)
{
	double p = 0;

	for (int i = 0; i < SUGGESTION_K; i++)
		if (s->category[i].n && agree(taxa, s->category[i], category))
			p += s->p[i];
	return p;
}

/* The seller's own category is one vote of the rules; what it says against the model is of the
 * other queue. */
static double rules_of(const struct taxon *taxa, const struct labeler_facts *f, struct str by_rules,
		       struct str first)
{
	double ahead;

	if (!by_rules.n || !first.n || str_is(f->label->why, "source-category") ||
	    agree(taxa, by_rules, first))
		return 0;
	ahead = f->suggestion->p[0] - share_of(taxa, f->suggestion, by_rules);
	return ahead > 0 ? ahead * f->label->confidence : 0;
}

void worth_of(const struct taxon *taxa, const struct labeler_facts *f, struct review_worth *ret)
{
	struct str by_rules = { 0 }, first = { 0 };
	double margin;

	*ret = (struct review_worth){ 0 };
	if (f->label && f->label->by == LABEL_BY_RULES)
		by_rules = f->label->category;
	if (f->suggestion)
		first = f->suggestion->category[0];
	ret->errors = errors_of(taxa, f, by_rules, first);
	ret->rules = rules_of(taxa, f, by_rules, first);
	if (first.n) {
		margin = f->suggestion->p[0] - f->suggestion->p[1];
		ret->uncertain = margin < f->margin ? (f->margin - margin) / f->margin : 0;
		ret->guess = first;
		ret->guess_p = f->suggestion->p[0];
	} else if (by_rules.n) {
		ret->guess = by_rules;
		ret->guess_p = f->label->confidence;
	}
}
