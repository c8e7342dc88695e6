#include "base/mem.h"
#include "labeler/label_inner.h"

#define ITERATIONS 1000
#define TOLERANCE 1e-5

/* A rule that says one class or nothing: of what it is said to say of each class it
 * says only that, so that without its silences nothing can be learned. -1: none. */
static int one_sided_rule(const struct vote_matrix *m)
{
	int *class_of = mem_array((size_t)m->rules, sizeof(*class_of)), ret = -1;

	/* 1 + the class met; -1: several */
	for (uint64_t v = 0; v < m->first[m->rows]; v++) {
		const struct vote_column *c = &m->column[m->votes[v]];
		int *met = &class_of[c->rule];

		*met = *met && *met != c->klass + 1 ? -1 : c->klass + 1;
	}
	for (int r = 0; r < m->rules && ret < 0; r++)
		ret = class_of[r] > 0 ? r : -1;
	mem_free(class_of);
	return ret;
}

static bool asked_twice(const struct vote_matrix *m)
{
	for (size_t i = 0; i < m->rows; i++) {
		int n;
		const uint32_t *row = vote_matrix_row(m, i, &n);

		for (int v = 1; v < n; v++)
			for (int w = v - 1; w >= 0; w--)
				if (row[v] == row[w])
					return true;
	}
	return false;
}

static enum err check(enum label_model_kind kind, const struct vote_matrix *m,
		      const struct label_em_opt *opt, struct reason *why)
{
	int rule;

	if (m->first[m->rows] == 0)
		return reason_set(why, ERR_BAD, "no rule says anything of %zu rows", m->rows);
	if (m->classes < 2)
		return reason_set(why, ERR_BAD, "with one class there is nothing to tell apart");
	if (kind == LABEL_TWO_RATE) {
		if (opt->skip_abstains)
			return reason_set(why, ERR_BAD, "two rates need to know who said nothing");
		if (asked_twice(m))
			return reason_set(why, ERR_BAD,
					  "two rates are of rules that are asked once a row");
		return ERR_OK;
	}
	if (m->classes > LABEL_DENSE_CLASSES)
		return reason_set(why, ERR_BAD, "%d classes are too many for tables (at most %d)",
				  m->classes, LABEL_DENSE_CLASSES);
	rule = opt->skip_abstains ? one_sided_rule(m) : -1;
	if (rule >= 0)
		return reason_set(why, ERR_BAD,
				  "rule %d says one class only: without its abstains it would seem "
				  "to say so of all",
				  rule);
	return ERR_OK;
}

enum err label_model_em(enum label_model_kind kind, const struct vote_matrix *m,
			const struct label_em_opt *opt, struct label_model **ret,
			struct reason *why)
{
	struct label_em_opt o = opt ? *opt : (struct label_em_opt){ 0 };
	enum err err = check(kind, m, &o, why);

	if (err)
		return err;
	o.iterations = o.iterations > 0 ? o.iterations : ITERATIONS;
	o.tolerance = o.tolerance > 0 ? o.tolerance : TOLERANCE;
	*ret = label_inner_new(kind, m);
	if (kind == LABEL_TWO_RATE)
		label_rates_fit(*ret, m, &o);
	else
		label_dawid_fit(*ret, m, &o);
	return ERR_OK;
}
