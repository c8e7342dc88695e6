#include "base/must.h"
#include "labeler/ruleset_inner.h"

#include <string.h>

static void add_hit(struct labeler_scratch *x, struct ruleset_finding *f, int pattern,
		    const struct conf_term *term, int list)
{
	const struct ruleset_pattern *p = &x->set->patterns[pattern];
	struct ruleset_hit *h = &f->hits[f->n];
	const struct ruleset_pattern *word;

	if (f->n == RULESET_HITS || ruleset_ask(x, pattern) != REGEX_YES)
		return;
	*h = (struct ruleset_hit){ .term = term,
				   .list = list,
				   .written = p->kind == CONF_TERM_WRITTEN };
	if (p->regex) {
		if (!regex_find(p->regex, x->regex,
				h->written ? x->listing->title : x->listing->title_clean, &h->from,
				&h->till))
			return;
	} else {
		word = &x->set->patterns[x->met[pattern].word];
		h->till = x->met[pattern].end;
		h->from = h->till - word->text.n;
	}
	f->n++;
}

/* The first condition that does not hold; true: all do. */
static bool decide(struct labeler_scratch *x, const struct ruleset_rule *r,
		   struct ruleset_finding *f)
{
	const struct conf_rule *c = r->conf;
	bool any = r->n[LIST_ANY] == 0;

	for (int i = 0; i < r->n[LIST_ALL]; i++) {
		if (ruleset_ask(x, r->patterns[LIST_ALL][i]) == REGEX_YES)
			continue;
		f->against = "all";
		f->term = &c->all[i];
		return false;
	}
	for (int i = 0; i < r->n[LIST_ANY] && !any; i++)
		any = ruleset_ask(x, r->patterns[LIST_ANY][i]) == REGEX_YES;
	for (int i = 0; i < r->n[LIST_NONE]; i++) {
		if (ruleset_ask(x, r->patterns[LIST_NONE][i]) == REGEX_NO)
			continue;
		f->against = "none";
		f->term = &c->none[i];
		return false;
	}
	if (any && r->fields)
		f->against = fields_against(r->fields, &x->fields, x->listing);
	if (!any)
		f->against = "any";
	return !f->against;
}

void ruleset_explain(const struct ruleset *s, struct labeler_scratch *x, const struct listing *l,
		     void (*each)(void *ctx, const struct ruleset_finding *f), void *ctx)
{
	ruleset_find(s, x, RULESET_BOTH, l);
	for (int i = 0; i < x->n_rules; i++) {
		const struct ruleset_rule *r = &s->rules[x->rules[i]];
		const struct conf_term *terms[LISTS] = { r->conf->any, r->conf->all,
							 r->conf->none };
		struct ruleset_finding f = { .rule = r->conf };

		f.holds = decide(x, r, &f);
		for (int list = 0; list < LISTS; list++)
			for (int k = 0; k < r->n[list]; k++)
				add_hit(x, &f, r->patterns[list][k], &terms[list][k], list);
		/* of a rule without words there is nothing to tell unless it holds */
		if (f.holds || f.n)
			each(ctx, &f);
	}
}
