#include "exporter/export_pick.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

const struct export_named export_words[EXPORT_WORDS] = {
	[EXPORT_REVIEWED] = { "reviewed", "a person's" },
	[EXPORT_WEAK] = { "weak", "what rules say" },
	[EXPORT_SELLER] = { "seller", "what the seller's own category maps to" },
};

const struct export_named export_accords[EXPORT_ACCORDS] = {
	[EXPORT_ACCORD_REVIEWERS] = { "reviewers",
				      "two people or more have decided, and all the same" },
	[EXPORT_ACCORD_UNDISPUTED] = { "undisputed", "no two people say different things" },
	[EXPORT_ACCORD_RULES] = { "rules", "rules say the same" },
	[EXPORT_ACCORD_MODEL] = { "model", "the model's first suggestion is the same" },
	[EXPORT_ACCORD_SELLER] = { "seller",
				   "the seller's own category maps to it, or to one above it" },
};

const struct export_named export_lefts[EXPORT_LEFTS] = {
	[EXPORT_LEFT_UNFIT] = { "unfit", "flagged as unfit (see `flags`)" },
	[EXPORT_LEFT_UNLABELED] = { "unlabeled", "without a label" },
	[EXPORT_LEFT_SOURCE] = { "source", "of other sources" },
	[EXPORT_LEFT_FIRST_SEEN] = { "first_seen", "first seen at other times" },
	[EXPORT_LEFT_CONFIDENCE] = { "confidence", "with a label of rules below `min_confidence`" },
	[EXPORT_LEFT_CATEGORY] = { "category", "of other categories" },
	[EXPORT_LEFT_LABELED] = { "labeled", "labeled at other times" },
	[EXPORT_LEFT_AGREEMENT] = { "agreement", "where it does not agree as asked for" },
	[EXPORT_LEFT_PICTURE] = { "picture", "whose picture is not kept" },
};

#define ASK_ROW(member, option, value, text)                                                       \
	{ .name = #member, .doc = (text), .at = offsetof(struct export_ask, member) },
const struct export_pick_ask export_pick_asks[] = { EXPORT_ASK_ROWS(ASK_ROW) };
const int export_pick_n_asks = (int)(sizeof(export_pick_asks) / sizeof(export_pick_asks[0]));

struct str export_pick_text(const struct export_ask *ask, const struct export_pick_ask *row)
{
	struct str s;

	memcpy(&s, (const char *)ask + row->at, sizeof(s));
	return s;
}

static enum err unknown(const char *what, struct str name, const struct export_named *known, int n,
			struct reason *why)
{
	char there[256] = "";
	size_t at = 0;

	for (int i = 0; i < n; i++)
		at += (size_t)snprintf(there + at, sizeof(there) - at, "%s%s", i ? ", " : "",
				       known[i].name);
	return reason_set(why, ERR_BAD, "`%s` has no \"%.*s\"; there are: %s", what,
			  STR_ARG(str_sub(name, 0, 64)), there);
}

/* Names joined by commas as bits. */
static enum err read_names(struct str names, const char *what, const struct export_named *known,
			   int n, unsigned *ret, struct reason *why)
{
	struct str rest = names, name;
	unsigned bits = 0;

	while (str_next(&rest, ',', &name)) {
		int i = 0;

		name = str_trim(name);
		while (i < n && !str_is(name, known[i].name))
			i++;
		if (i == n)
			return unknown(what, name, known, n, why);
		bits |= 1u << i;
	}
	*ret = bits;
	return ERR_OK;
}

static enum err read_sources(struct str names, struct export_pick *p, struct reason *why)
{
	struct str rest = names, name;

	while (str_next(&rest, ',', &name)) {
		name = str_trim(name);
		if (!name.n)
			return reason_set(why, ERR_BAD, "`source` has an empty name");
		if (p->n_sources == EXPORT_SOURCES_MOST)
			return reason_set(why, ERR_BAD, "`source` names more than %d",
					  EXPORT_SOURCES_MOST);
		p->sources[p->n_sources++] = name;
	}
	return ERR_OK;
}

static enum err read_time(struct str s, const char *what, int64_t none, int64_t *ret,
			  struct reason *why)
{
	*ret = none;
	if (!s.p || clock_read(s, ret))
		return ERR_OK;
	return reason_set(why, ERR_BAD,
			  "`%s` wants 2025-03-01 or 2025-03-01T12:00:00Z, not \"%.*s\"", what,
			  STR_ARG(str_sub(s, 0, 64)));
}

static enum err read_times(const struct export_ask *ask, struct export_pick *p, struct reason *why)
{
	enum err err;

	err = read_time(ask->seen_since, "seen_since", INT64_MIN, &p->seen_since, why);
	if (!err)
		err = read_time(ask->seen_until, "seen_until", INT64_MAX, &p->seen_until, why);
	if (!err)
		err = read_time(ask->labeled_since, "labeled_since", INT64_MIN, &p->labeled_since,
				why);
	if (!err)
		err = read_time(ask->labeled_until, "labeled_until", INT64_MAX, &p->labeled_until,
				why);
	if (!err && (p->seen_since >= p->seen_until || p->labeled_since >= p->labeled_until))
		err = reason_set(why, ERR_BAD, "a time to begin with is not before the one to end");
	return err;
}

enum err export_pick_read(const struct export_ask *ask, bool all, struct export_pick *ret,
			  struct reason *why)
{
	struct export_pick p = { .ask = *ask, .all = all };
	enum err err;

	err = export_columns_read(ask->columns, &p.columns, why);
	if (!err)
		err = read_names(ask->labels, "labels", export_words, EXPORT_WORDS, &p.words, why);
	if (!err)
		err = read_names(ask->agree, "agree", export_accords, EXPORT_ACCORDS, &p.accords,
				 why);
	if (!err)
		err = read_sources(ask->source, &p, why);
	if (!err)
		err = read_times(ask, &p, why);
	if (!err && ask->min_confidence.p &&
	    (!str_f64(ask->min_confidence, &p.min_confidence) ||
	     !(p.min_confidence >= 0 && p.min_confidence <= 1)))
		err = reason_set(why, ERR_BAD, "`min_confidence` wants 0 to 1, such as 0.9");
	if (!err)
		*ret = p;
	return err;
}

static unsigned looks(const struct export_pick *p)
{
	unsigned bits = 0;

	for (int i = 0; i < p->columns.n; i++)
		bits |= p->columns.at[i]->looks;
	if ((p->words & 1u << EXPORT_SELLER) || (p->accords & 1u << EXPORT_ACCORD_SELLER))
		bits |= EXPORT_VOTES;
	/* The rules' word of what a person has decided is in the log. */
	if ((p->words && !(p->words & 1u << EXPORT_REVIEWED)) ||
	    (p->accords & (1u << EXPORT_ACCORD_REVIEWERS | 1u << EXPORT_ACCORD_UNDISPUTED |
			   1u << EXPORT_ACCORD_RULES)))
		bits |= EXPORT_LABELS;
	return bits;
}

bool export_pick_votes(const struct export_pick *p)
{
	return looks(p) & EXPORT_VOTES;
}

bool export_pick_labels(const struct export_pick *p)
{
	return looks(p) & EXPORT_LABELS;
}

/* Whether rules' word counts; the confidence that is asked for is theirs alone. */
static bool sure(const struct export_pick *p, const struct label *l)
{
	return l->by != LABEL_BY_RULES || l->confidence >= p->min_confidence;
}

static bool by_rules(const struct export_pick *p, struct listing_view *v, struct export_item *x)
{
	const struct label *l = &v->label;

	if (!v->labeled || l->by != LABEL_BY_RULES)
		l = export_item_rules(x);
	if (!l || !sure(p, l))
		return false;
	v->labeled = true;
	v->label = *l;
	return true;
}

static bool by_seller(struct listing_view *v, struct export_item *x)
{
	const struct vote *vote = export_item_seller(x);

	if (!vote)
		return false;
	v->labeled = x->seller = true;
	v->label = (struct label){ .listing = v->listing.id,
				   .category = vote->category,
				   .by = LABEL_BY_RULES,
				   .confidence = vote->weight,
				   .version = v->label_version,
				   .why = vote->rule };
	return true;
}

/* A person's "none of them" is a word, too: nobody else is asked then. */
static enum export_left give_label(const struct export_pick *p, struct listing_view *v,
				   struct export_item *x)
{
	bool weak = v->labeled && v->label.by == LABEL_BY_RULES;

	if (!p->words)
		return weak && !sure(p, &v->label) ? EXPORT_LEFT_CONFIDENCE : EXPORT_LEFTS;
	if ((p->words & 1u << EXPORT_REVIEWED) && v->labeled && v->label.by == LABEL_BY_PERSON)
		return EXPORT_LEFTS;
	if ((p->words & 1u << EXPORT_WEAK) && by_rules(p, v, x))
		return EXPORT_LEFTS;
	if ((p->words & 1u << EXPORT_SELLER) && by_seller(v, x))
		return EXPORT_LEFTS;
	v->labeled = false;
	return weak && (p->words & 1u << EXPORT_WEAK) ? EXPORT_LEFT_CONFIDENCE
						      : EXPORT_LEFT_UNLABELED;
}

static bool within(const struct export_pick *p, struct str code, struct str above)
{
	if (p->within)
		return p->within(p->taxonomy, code, above);
	return str_eq(code, above) ||
	       (above.n && str_starts(code, above) && code.n > above.n && code.p[above.n] == '.');
}

/* Whether all people say the same, and at least `least` do. */
static bool people_agree(const struct export_item *x, int least)
{
	const struct label *first = NULL;
	int n = 0;

	for (int i = 0; i < x->n_labels; i++) {
		const struct label *l = &x->labels[i].label;

		if (!export_item_opinion(x, i))
			continue;
		if (first && !str_eq(first->category, l->category))
			return false;
		first = l;
		n++;
	}
	return n >= least;
}

static bool agrees(const struct export_pick *p, const struct export_item *x, enum export_accord a)
{
	struct str category = x->view->labeled ? x->view->label.category : (struct str){ 0 };
	const struct label *rules;
	const struct vote *seller;

	switch (a) {
	case EXPORT_ACCORD_REVIEWERS:
		return people_agree(x, 2);
	case EXPORT_ACCORD_UNDISPUTED:
		return people_agree(x, 0);
	case EXPORT_ACCORD_RULES:
		rules = export_item_rules(x);
		return rules && str_eq(rules->category, category);
	case EXPORT_ACCORD_MODEL:
		return x->view->suggested && category.n &&
		       str_eq(x->view->suggestion.category[0], category);
	case EXPORT_ACCORD_SELLER:
		seller = export_item_seller(x);
		return seller && within(p, category, seller->category);
	case EXPORT_ACCORDS:
		break;
	}
	return false;
}

static bool of_source(const struct export_pick *p, struct str source)
{
	for (int i = 0; i < p->n_sources; i++)
		if (str_eq(p->sources[i], source))
			return true;
	return p->n_sources == 0;
}

static enum export_left by_label(const struct export_pick *p, const struct export_item *x)
{
	const struct listing_view *v = x->view;
	bool dated = p->ask.labeled_since.p || p->ask.labeled_until.p;

	if (p->ask.category.n && !(v->labeled && within(p, v->label.category, p->ask.category)))
		return EXPORT_LEFT_CATEGORY;
	if (dated && !(v->labeled && v->label.made_ms >= p->labeled_since &&
		       v->label.made_ms < p->labeled_until && v->label.made_ms > 0))
		return EXPORT_LEFT_LABELED;
	for (int a = 0; a < EXPORT_ACCORDS; a++)
		if ((p->accords & 1u << a) && !agrees(p, x, (enum export_accord)a))
			return EXPORT_LEFT_AGREEMENT;
	return EXPORT_LEFTS;
}

enum export_left export_pick_row(const struct export_pick *p, struct listing_view *v,
				 struct export_item *x)
{
	enum export_left left;

	x->view = v;
	if (!p->all && listing_unfit(v->listing.flags))
		return EXPORT_LEFT_UNFIT;
	if (!of_source(p, v->listing.source))
		return EXPORT_LEFT_SOURCE;
	if (v->listing.first_seen_ms < p->seen_since || v->listing.first_seen_ms >= p->seen_until)
		return EXPORT_LEFT_FIRST_SEEN;
	left = give_label(p, v, x);
	if (left == EXPORT_LEFTS && !p->all && (!v->labeled || !v->label.category.n))
		left = EXPORT_LEFT_UNLABELED;
	if (left != EXPORT_LEFTS)
		return left;
	if (p->picture && !v->image_file.n)
		return EXPORT_LEFT_PICTURE;
	return by_label(p, x);
}
