#include "classifier/evaluate.h"

#include "base/mem.h"

#include <math.h>

#define BINS 15

struct tally {
	int64_t truth, guessed, hit;
};

struct bin {
	double confidence, hits;
};

struct evaluate {
	int classes;
	int64_t n, unknown, top1, top3;
	struct bin bins[BINS];
	struct tally *tallies;
};

struct evaluate *evaluate_new(int classes)
{
	struct evaluate *e = mem_zero(sizeof(*e));

	e->classes = classes;
	e->tallies = mem_array((size_t)classes, sizeof(*e->tallies));
	return e;
}

void evaluate_free(struct evaluate *e)
{
	if (!e)
		return;
	mem_free(e->tallies);
	mem_free(e);
}

void evaluate_add(struct evaluate *e, int truth, const struct classifier_guess *best, int n)
{
	bool hit = best[0].klass == truth;
	/* Bins are (lo, hi]. */
	int bin = (int)ceil((double)best[0].p * BINS) - 1;

	bin = bin < 0 ? 0 : bin >= BINS ? BINS - 1 : bin;
	e->bins[bin].confidence += (double)best[0].p;
	e->bins[bin].hits += hit;
	e->n++;
	e->tallies[best[0].klass].guessed++;
	if (truth < 0) {
		e->unknown++;
		return;
	}
	e->tallies[truth].truth++;
	e->tallies[truth].hit += hit;
	e->top1 += hit;
	for (int i = 0; i < n && i < 3; i++)
		e->top3 += best[i].klass == truth;
}

static double macro_f1(const struct evaluate *e)
{
	double sum = 0;
	int classes = 0;

	for (int k = 0; k < e->classes; k++) {
		const struct tally *t = &e->tallies[k];

		if (t->truth + t->guessed == 0)
			continue;
		classes++;
		sum += 2 * (double)t->hit / (double)(t->truth + t->guessed);
	}
	return classes ? sum / classes : 0;
}

void evaluate_score(const struct evaluate *e, struct classifier_score *ret)
{
	double n = e->n ? (double)e->n : 1, gap = 0;

	for (int i = 0; i < BINS; i++)
		gap += fabs(e->bins[i].confidence - e->bins[i].hits);
	*ret = (struct classifier_score){ .n = e->n,
					  .unknown_class = e->unknown,
					  .top1 = (double)e->top1 / n,
					  .top3 = (double)e->top3 / n,
					  .macro_f1 = macro_f1(e),
					  .ece = gap / n };
}
