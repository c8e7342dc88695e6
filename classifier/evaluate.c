#include "classifier/evaluate.h"

#include "base/mem.h"

struct evaluate {
	int classes;
	int64_t n, unknown, top1, top3, top5;
	struct calibration_bin bins[CALIBRATION_BINS], bins3[CALIBRATION_BINS];
	struct evaluate_class *tallies;
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
	double mass = 0;
	int place = n;

	for (int i = n - 1; i >= 0; i--)
		place = best[i].klass == truth ? i : place;
	for (int i = 0; i < n && i < 3; i++)
		mass += (double)best[i].p;
	calibration_add(e->bins, (double)best[0].p, place < 1);
	calibration_add(e->bins3, mass, place < n && place < 3);
	e->n++;
	e->tallies[best[0].klass].guessed++;
	if (truth < 0) {
		e->unknown++;
		return;
	}
	e->tallies[truth].truth++;
	e->tallies[truth].hits += place < 1;
	e->top1 += place < 1;
	e->top3 += place < n && place < 3;
	e->top5 += place < n && place < 5;
}

double evaluate_f1(const struct evaluate_class *t)
{
	return 2 * (double)t->hits / (double)(t->truth + t->guessed);
}

static double macro_f1(const struct evaluate *e)
{
	double sum = 0;
	int classes = 0;

	for (int k = 0; k < e->classes; k++) {
		const struct evaluate_class *t = &e->tallies[k];

		if (t->truth + t->guessed == 0)
			continue;
		classes++;
		sum += evaluate_f1(t);
	}
	return classes ? sum / classes : 0;
}

void evaluate_score(const struct evaluate *e, struct classifier_score *ret)
{
	double n = e->n ? (double)e->n : 1;

	*ret = (struct classifier_score){ .n = e->n,
					  .unknown_class = e->unknown,
					  .top1 = (double)e->top1 / n,
					  .top3 = (double)e->top3 / n,
					  .top5 = (double)e->top5 / n,
					  .macro_f1 = macro_f1(e),
					  .ece = calibration_error(e->bins),
					  .ece3 = calibration_error(e->bins3) };
}

struct evaluate_class evaluate_class(const struct evaluate *e, int k)
{
	return e->tallies[k];
}

const struct calibration_bin *evaluate_bins(const struct evaluate *e)
{
	return e->bins;
}

const struct calibration_bin *evaluate_bins3(const struct evaluate *e)
{
	return e->bins3;
}
