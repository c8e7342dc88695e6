#include "labeler/audit_reviewer.h"

#include "base/mem.h"
#include "base/must.h"
#include "base/rng.h"

#include <math.h>
#include <stdlib.h>

static double corrected(double share, double sensitivity, double specificity)
{
	const double told = sensitivity + specificity - 1;

	/* No better than chance: the share can be anything, here what was found. */
	if (told < 1e-3)
		return share;
	share = (share + specificity - 1) / told;
	return share < 0 ? 0 : share > 1 ? 1 : share;
}

static double draw(struct rng *rng, double hits, double n)
{
	return interval_beta_quantile(hits + 0.5, n - hits + 0.5, rng_unit(rng));
}

static int by_size(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

enum err audit_reviewer_correct(const struct audit_reviewer *r, double share, double worth,
				double level, int draws, uint64_t seed, struct audit_corrected *ret,
				struct reason *why)
{
	const double wrong = (double)r->wrong, called_wrong = (double)r->called_wrong;
	const double right = (double)r->right, called_right = (double)r->called_right;
	struct rng rng = { seed };
	double *found;
	int end;

	must(draws > 0 && share >= 0 && share <= 1);
	must(called_wrong <= wrong && called_right <= right);
	if (r->wrong == 0 || r->right == 0)
		return reason_set(
			why, ERR_BAD,
			"of listings reviewed twice %lld are wrong and %lld right: both are needed",
			(long long)r->wrong, (long long)r->right);
	if (called_wrong / wrong + called_right / right <= 1)
		return reason_set(why, ERR_BAD,
				  "reviewers call wrong ones wrong no more than right ones");
	found = mem_array((size_t)draws, sizeof(*found));
	for (int i = 0; i < draws; i++) {
		double p = isfinite(worth) ? draw(&rng, share * worth, worth) : share;
		double sensitivity = draw(&rng, called_wrong, wrong);

		found[i] = corrected(p, sensitivity, draw(&rng, called_right, right));
	}
	qsort(found, (size_t)draws, sizeof(*found), by_size);
	end = (int)((0.5 - level / 2) * draws);
	*ret = (struct audit_corrected){
		.value = corrected(share, called_wrong / wrong, called_right / right),
		.in = { found[end], found[draws - 1 - end] },
		.sensitivity = called_wrong / wrong,
		.specificity = called_right / right,
	};
	mem_free(found);
	return ERR_OK;
}
