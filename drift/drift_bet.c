#include "drift/drift_bet.h"

#include <math.h>
#include <string.h>

/* Beyond this a test claims so little that nothing can be won. */
#define P0_MOST 0.9
/* Means may change by this part without being news, and by so many standard deviations that a
 * thing that is so or not has: a run of pages may be quite unlike the average one. What is half
 * this and half that is therefore no matter for means. */
#define MEAN_SLACK 0.25
#define MEAN_RUN 0.8
#define MEAN_DOUBT 3 /* standard errors */
#define SHARE_LEFT 0.67

static const double stakes[DRIFT_STAKES] = { 0.95, 0.5 };
/* Part of the sample beyond the edge. */
static const double parts[DRIFT_TESTS] = {
	[DRIFT_BELOW_TENTH] = 0.1,
	[DRIFT_BELOW_THIRD] = 0.3,
	[DRIFT_ABOVE_TENTH] = 0.1,
};

static bool is_below(enum drift_test t)
{
	return t <= DRIFT_BELOW_THIRD;
}

static bool is_mean(enum drift_test t)
{
	return t == DRIFT_MEAN_BELOW || t == DRIFT_MEAN_ABOVE;
}

/* As the mean tests see it; `usual` is the value that counts as 1. */
static double share(const struct drift_look *look, double usual, double x)
{
	double most = exp2(usual) - 1;

	if (!look->scaled)
		return x;
	return most > 0 ? fmin(1, (exp2(x) - 1) / most) : 1;
}

static double band(struct drift_bets *b, const struct drift_ref *r, const struct drift_look *look,
		   enum drift_test t)
{
	int k = (int)(parts[t] * r->n), beyond;
	/* A small sample may have seen but a few lists. */
	double margin = look->margin * (2 - (double)r->n / DRIFT_SAMPLE), at, left;

	at = (double)r->sorted[is_below(t) ? k : r->n - 1 - k];
	left = is_below(t) ? at : 1 - at;
	if (look->share)
		margin = fmin(margin, SHARE_LEFT * left);
	if (is_below(t)) {
		b->edge[t] = at - margin;
		beyond = drift_ref_below(r, b->edge[t]);
	} else {
		b->edge[t] = at + margin;
		beyond = drift_ref_above(r, b->edge[t]);
	}
	return drift_ref_most(beyond, r->n);
}

static double mean(struct drift_bets *b, const struct drift_ref *r, const struct drift_look *look,
		   enum drift_test t)
{
	double usual = drift_ref_median(r), sum = 0, squares = 0, m, error;

	for (int i = 0; i < r->n; i++) {
		double x = share(look, usual, (double)r->value[i]);

		sum += x;
		squares += x * x;
	}
	b->edge[t] = usual;
	m = sum / r->n;
	error = MEAN_DOUBT * sqrt(fmax(0, squares / r->n - m * m) / r->n) +
		MEAN_RUN * sqrt(fmax(0, m * (1 - m)));
	if (t == DRIFT_MEAN_BELOW)
		return 1 - m * (1 - MEAN_SLACK) + error;
	return m + (1 - m) * MEAN_SLACK + error;
}

void drift_bets_set(struct drift_bets *b, const struct drift_ref *r, const struct drift_look *look)
{
	b->tests = 0;
	for (enum drift_test t = 0; t < DRIFT_TESTS && r->n; t++) {
		double p0;

		if (!(look->tests & 1u << t))
			continue;
		p0 = is_mean(t) ? mean(b, r, look, t) : band(b, r, look, t);
		b->p0[t] = fmax(p0, DRIFT_TOLERANCE);
		if (b->p0[t] <= P0_MOST)
			b->tests |= 1u << t;
		else
			memset(b->wealth[t], 0, sizeof(b->wealth[t]));
	}
}

double drift_bets_score(const struct drift_bets *b, const struct drift_look *look,
			enum drift_test t, double x)
{
	if (t == DRIFT_MEAN_BELOW)
		return 1 - share(look, b->edge[t], x);
	if (t == DRIFT_MEAN_ABOVE)
		return share(look, b->edge[t], x);
	return is_below(t) ? x < b->edge[t] : x > b->edge[t];
}

void drift_bets_add(struct drift_bets *b, const struct drift_look *look, double x)
{
	for (enum drift_test t = 0; t < DRIFT_TESTS; t++) {
		double news;

		if (!(b->tests & 1u << t))
			continue;
		news = (drift_bets_score(b, look, t, x) - b->p0[t]) / b->p0[t];
		for (int i = 0; i < DRIFT_STAKES; i++)
			b->wealth[t][i] = fmin((1 + b->wealth[t][i]) * (1 + stakes[i] * news),
					       DRIFT_WEALTH_MOST);
	}
}

double drift_bets_wealth(const struct drift_bets *b)
{
	double sum = 0;

	for (int t = 0; t < DRIFT_TESTS; t++)
		for (int i = 0; i < DRIFT_STAKES; i++)
			sum += b->wealth[t][i];
	return sum;
}

enum drift_test drift_bets_loudest(const struct drift_bets *b)
{
	enum drift_test best = 0;
	double most = -1;

	for (enum drift_test t = 0; t < DRIFT_TESTS; t++) {
		double w = b->wealth[t][0] + b->wealth[t][1];

		if (w > most) {
			most = w;
			best = t;
		}
	}
	return best;
}

void drift_bets_end(struct drift_bets *b)
{
	memset(b->wealth, 0, sizeof(b->wealth));
}
