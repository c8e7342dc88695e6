#include "daemon/gate.h"

#include "base/interval.h"

#include <stdio.h>

bool gate_worse(int64_t only_old, int64_t only_new, double *ret_p)
{
	/* The two-sided test is even, so that one side is half of it. */
	double both = interval_even(only_old, only_new);

	*ret_p = only_old > only_new ? both / 2 : 1;
	return *ret_p <= GATE_LEVEL;
}

static void tell(struct gate *g)
{
	const struct classifier_comparison *c = &g->c;

	snprintf(g->text, sizeof(g->text),
		 "%s the live model on %lld held-out rows: top-1 %.4f, was %.4f; only the new one "
		 "right %lld times, only the live one %lld (p=%.4f)",
		 g->worse ? "worse than" : "not worse than", (long long)c->n, c->top1.b, c->top1.a,
		 (long long)c->only_b, (long long)c->only_a, g->p);
}

enum err gate_judge(const struct classifier *old, const struct classifier *new,
		    const struct classifier_rows *rows, int64_t n, uint64_t seed, struct gate *ret,
		    struct reason *why)
{
	enum err err;

	*ret = (struct gate){ .p = 1 };
	if (!old || n == 0) {
		snprintf(ret->text, sizeof(ret->text), "not compared: %s",
			 old ? "no rows are held out" : "no model was live");
		return ERR_OK;
	}
	err = classifier_compare(old, new, rows, seed, &ret->c, why);
	if (err)
		return err;
	ret->tested = true;
	ret->worse = gate_worse(ret->c.groups_a, ret->c.groups_b, &ret->p);
	tell(ret);
	return ERR_OK;
}
