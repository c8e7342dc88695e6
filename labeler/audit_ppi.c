#include "labeler/audit_ppi.h"

#include <math.h>

#define LEAST_ROWS 200
#define LEAST_HITS 10.0

struct moments {
	double n, sum, squares;
};

static void add(struct moments *m, double x)
{
	m->n++;
	m->sum += x;
	m->squares += x * x;
}

static double mean(const struct moments *m)
{
	return m->n > 0 ? m->sum / m->n : 0;
}

/* Of the rows themselves, not of what they were drawn from. */
static double variance(const struct moments *m)
{
	return m->n > 0 ? fmax(0, m->squares / m->n - mean(m) * mean(m)) : 0;
}

/* Of all guesses, decided rows' and others'. */
static double tuned(const struct audit_ppi_rows *r)
{
	struct moments truth = { 0 }, guess = { 0 }, all = { 0 };
	double both = 0, lambda;

	if (r->n < AUDIT_PPI_STRATUM || r->rest_n == 0)
		return 0;
	for (size_t i = 0; i < r->n; i++) {
		add(&truth, r->truth[i]);
		add(&guess, r->guess[i]);
		add(&all, r->guess[i]);
		both += r->truth[i] * r->guess[i];
	}
	for (size_t i = 0; i < r->rest_n; i++)
		add(&all, r->rest[i]);
	if (!(variance(&all) > 0))
		return 0;
	lambda = (both / guess.n - mean(&truth) * mean(&guess)) /
		 ((1 + (double)r->n / (double)r->rest_n) * variance(&all));
	return lambda < 0 ? 0 : lambda > 1 ? 1 : lambda;
}

void audit_ppi_mean(const struct audit_ppi_rows *strata, int n, double lambda, double level,
		    struct audit_ppi *ret)
{
	double value = 0, square = 0, followed = 0, half;

	for (int h = 0; h < n; h++) {
		const struct audit_ppi_rows *r = &strata[h];
		const double by = lambda < 0 ? tuned(r) : r->rest_n ? lambda : 0;
		struct moments off = { 0 }, rest = { 0 };

		for (size_t i = 0; i < r->n; i++)
			add(&off, r->truth[i] - by * r->guess[i]);
		for (size_t i = 0; i < r->rest_n; i++)
			add(&rest, by * r->rest[i]);
		value += r->weight * (mean(&rest) + mean(&off));
		followed += r->weight * by;
		square += r->weight * r->weight *
			  ((rest.n > 0 ? variance(&rest) / rest.n : 0) +
			   (off.n > 0 ? variance(&off) / off.n : 0.25));
	}
	half = interval_normal(0.5 + level / 2) * sqrt(square);
	*ret = (struct audit_ppi){ .value = value,
				   .error = sqrt(square),
				   .in = { value - half, value + half },
				   .lambda = followed };
}

bool audit_ppi_valid(size_t decided, double hits, bool model_saw_them, struct reason *why)
{
	if (model_saw_them)
		(void)reason_set(why, ERR_BAD, "the model learned these decisions");
	else if (decided < LEAST_ROWS)
		(void)reason_set(why, ERR_BAD, "%zu rows are decided, %d are needed", decided,
				 LEAST_ROWS);
	else if (hits < LEAST_HITS || (double)decided - hits < LEAST_HITS)
		(void)reason_set(why, ERR_BAD,
				 "fewer than %.0f of the decided rows are of one kind", LEAST_HITS);
	else
		return true;
	return false;
}
