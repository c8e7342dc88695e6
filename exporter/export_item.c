#include "exporter/export_item.h"

#include "base/clock.h"

const char *export_item_label_source(const struct export_item *x)
{
	if (!x->view->labeled)
		return NULL;
	return x->seller ? "seller" : label_by_name(x->view->label.by);
}

const struct vote *export_item_seller(const struct export_item *x)
{
	for (int i = 0; i < x->n_votes; i++)
		if (str_is(x->votes[i].rule, VOTE_BY_SOURCE))
			return &x->votes[i];
	return NULL;
}

/* Its category became several since, and nobody has said which it is. */
static bool split(const struct label *l)
{
	return l->recoded && l->fate == RECODE_SPLIT;
}

const struct label *export_item_rules(const struct export_item *x)
{
	for (int i = x->n_labels - 1; i >= 0; i--) {
		const struct label *l = &x->labels[i].label;

		if (l->by == LABEL_BY_RULES && !x->labels[i].undone_ms)
			return l->category.n && !split(l) ? l : NULL;
	}
	return NULL;
}

bool export_item_opinion(const struct export_item *x, int i)
{
	const struct label_row *l = &x->labels[i];

	if (l->label.by != LABEL_BY_PERSON || l->undone_ms || split(&l->label))
		return false;
	for (int k = i + 1; k < x->n_labels; k++)
		if (x->labels[k].label.by == LABEL_BY_PERSON && !x->labels[k].undone_ms &&
		    str_eq(x->labels[k].label.who, l->label.who))
			return false;
	return true;
}

struct str export_item_time(int64_t ms, struct arena *a)
{
	char text[32];

	if (ms <= 0)
		return (struct str){ 0 };
	clock_iso(ms, text);
	return arena_text(a, text);
}
