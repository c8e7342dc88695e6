#include "labeler/agreement.h"

#include "base/mem.h"
#include "base/must.h"

#include <math.h>
#include <stdbool.h>

struct agreement {
	int categories, groups;
	const int *map;
	int64_t units, silent, pairable, answers; /* silent: nobody judged it */
	int fewest, most;			  /* answers of a unit */
	double agreed;		 /* sum over units of the share of pairs that agree */
	int64_t *first_two;	 /* [groups][groups] */
	int64_t *said;		 /* [groups]: answers */
	double *share;		 /* [groups]: sum over units of the share that said it */
	double *met;		 /* [groups][groups]: Krippendorff's coincidences */
	int *of_unit;		 /* [groups]: answers of the unit at hand */
	int *touched, n_touched; /* groups that it has answers in */
};

struct agreement *agreement_new(int categories, const int *map, int groups)
{
	struct agreement *a = mem_zero(sizeof(*a));
	size_t n = (size_t)(map ? groups : categories);

	must(categories > 0 && n > 0);
	a->categories = categories;
	a->groups = (int)n;
	a->map = map;
	a->first_two = mem_array(n * n, sizeof(*a->first_two));
	a->met = mem_array(n * n, sizeof(*a->met));
	a->said = mem_array(n, sizeof(*a->said));
	a->share = mem_array(n, sizeof(*a->share));
	a->of_unit = mem_array(n, sizeof(*a->of_unit));
	a->touched = mem_array(n, sizeof(*a->touched));
	return a;
}

void agreement_free(struct agreement *a)
{
	if (!a)
		return;
	mem_free(a->first_two);
	mem_free(a->met);
	mem_free(a->said);
	mem_free(a->share);
	mem_free(a->of_unit);
	mem_free(a->touched);
	mem_free(a);
}

static double *cell(const struct agreement *a, int x, int y)
{
	return &a->met[(size_t)x * (size_t)a->groups + (size_t)y];
}

static int group_of(const struct agreement *a, int answer)
{
	int group;

	if (answer == AGREEMENT_NONE)
		return AGREEMENT_NONE;
	must(answer >= 0 && answer < a->categories);
	group = a->map ? a->map[answer] : answer;
	must(group >= 0 && group < a->groups);
	return group;
}

/* Pairs of answers of one unit, in `n` of which group g has of_unit[g]. */
static void add_pairs(struct agreement *a, int n)
{
	double same = 0;

	for (int i = 0; i < a->n_touched; i++) {
		int x = a->touched[i], times = a->of_unit[x];

		same += (double)times * (times - 1);
		for (int j = 0; j < a->n_touched; j++) {
			int y = a->touched[j];
			double pairs = (double)times * (a->of_unit[y] - (x == y));

			*cell(a, x, y) += pairs / (n - 1);
		}
	}
	a->agreed += same / ((double)n * (n - 1));
	a->pairable++;
}

void agreement_add(struct agreement *a, const int *answers, int n)
{
	int said = 0;

	a->n_touched = 0;
	for (int i = 0; i < n; i++) {
		int g = group_of(a, answers[i]);

		if (g == AGREEMENT_NONE)
			continue;
		if (a->of_unit[g]++ == 0)
			a->touched[a->n_touched++] = g;
		a->said[g]++;
		said++;
	}
	if (n >= 2 && answers[0] != AGREEMENT_NONE && answers[1] != AGREEMENT_NONE)
		a->first_two[group_of(a, answers[0]) * a->groups + group_of(a, answers[1])]++;
	a->units++;
	a->silent += said == 0;
	a->answers += said;
	a->fewest = a->units == 1 || said < a->fewest ? said : a->fewest;
	a->most = said > a->most ? said : a->most;
	if (said >= 2)
		add_pairs(a, said);
	for (int i = 0; i < a->n_touched; i++) {
		a->share[a->touched[i]] += (double)a->of_unit[a->touched[i]] / said;
		a->of_unit[a->touched[i]] = 0;
	}
}

int64_t agreement_count(const struct agreement *x, int a, int b)
{
	must(a >= 0 && b >= 0 && a < x->groups && b < x->groups);
	return x->first_two[a * x->groups + b];
}

static double beyond_chance(double observed, double expected)
{
	return expected < 1 ? (observed - expected) / (1 - expected) : NAN;
}

/* What the first two raters said: each one's shares, and both together. */
struct two {
	double n, observed, expected;
	double *row, *column;
};

static double together(const struct agreement *a, const struct two *t, int x, int y)
{
	return (double)a->first_two[x * a->groups + y] / t->n;
}

/* Fleiss, Cohen and Everitt, eq. 13. */
static double cohen_variance(const struct agreement *a, const struct two *t, double kappa)
{
	double sum = 0, off = kappa - t->expected * (1 - kappa);

	for (int x = 0; x < a->groups; x++)
		for (int y = 0; y < a->groups; y++) {
			double by = x == y ? 1 - (t->row[x] + t->column[x]) * (1 - kappa)
					   : (t->column[x] + t->row[y]) * (1 - kappa);

			sum += together(a, t, x, y) * by * by;
		}
	return fmax(0, sum - off * off) / (t->n * (1 - t->expected) * (1 - t->expected));
}

static void measure_cohen(const struct agreement *a, struct agreement_measures *ret)
{
	struct two t = { .row = mem_array((size_t)a->groups, sizeof(double)),
			 .column = mem_array((size_t)a->groups, sizeof(double)) };

	for (int i = 0; i < a->groups * a->groups; i++)
		ret->cohen_units += a->first_two[i];
	t.n = (double)ret->cohen_units;
	for (int x = 0; x < a->groups && t.n > 0; x++)
		for (int y = 0; y < a->groups; y++) {
			t.row[x] += together(a, &t, x, y);
			t.column[y] += together(a, &t, x, y);
			t.observed += x == y ? together(a, &t, x, y) : 0;
		}
	for (int x = 0; x < a->groups; x++)
		t.expected += t.row[x] * t.column[x];
	/* Of one group only; a sum of shares may miss 1 by its rounding. */
	ret->cohen =
		t.n > 0 && t.expected < 1 - 1e-12 ? beyond_chance(t.observed, t.expected) : NAN;
	ret->cohen_95 = (struct interval){ NAN, NAN };
	if (!isnan(ret->cohen)) {
		double half = interval_normal(0.975) * sqrt(cohen_variance(a, &t, ret->cohen));

		ret->cohen_95 = (struct interval){ fmax(-1, ret->cohen - half),
						   fmin(1, ret->cohen + half) };
	}
	mem_free(t.row);
	mem_free(t.column);
}

enum metric { NOMINAL, ORDINAL, INTERVAL };

/* The squared distance of two groups; `below` are the answers in groups before each. */
static double distance(enum metric m, const double *total, const double *below, int x, int y)
{
	double d;

	if (m == NOMINAL)
		return x != y;
	if (m == INTERVAL)
		return (double)(x - y) * (x - y);
	d = below[y] - below[x] + (total[y] - total[x]) / 2;
	return d * d;
}

static double alpha(const struct agreement *a, enum metric m, const double *total,
		    const double *below)
{
	double observed = 0, expected = 0, n = 0;

	for (int x = 0; x < a->groups; x++) {
		n += total[x];
		for (int y = 0; y < a->groups; y++) {
			double d = distance(m, total, below, x, y);

			observed += *cell(a, x, y) * d;
			expected += total[x] * total[y] * d;
		}
	}
	return expected > 0 ? 1 - (n - 1) * observed / expected : NAN;
}

static void measure_krippendorff(const struct agreement *a, struct agreement_measures *ret)
{
	double *total = mem_array((size_t)a->groups, sizeof(double));
	double *below = mem_array((size_t)a->groups, sizeof(double));

	for (int x = 0; x < a->groups; x++) {
		below[x] = x ? below[x - 1] + total[x - 1] : 0;
		for (int y = 0; y < a->groups; y++)
			total[x] += *cell(a, x, y);
	}
	ret->nominal = alpha(a, NOMINAL, total, below);
	ret->ordinal = alpha(a, ORDINAL, total, below);
	ret->interval = alpha(a, INTERVAL, total, below);
	mem_free(total);
	mem_free(below);
}

static int met_groups(const struct agreement *a)
{
	int n = 0;

	for (int x = 0; x < a->groups; x++)
		n += a->said[x] > 0;
	return n;
}

void agreement_measure(const struct agreement *a, struct agreement_measures *ret)
{
	double by_answers = 0, by_units = 0;

	*ret = (struct agreement_measures){
		.units = a->units,
		.pairable = a->pairable,
		.answers = a->answers,
		.observed = a->pairable ? a->agreed / (double)a->pairable : NAN,
		.fleiss = NAN,
		.ac1 = NAN,
	};
	measure_cohen(a, ret);
	measure_krippendorff(a, ret);
	for (int x = 0; x < a->groups && a->pairable; x++) {
		double share = (double)a->said[x] / (double)a->answers;
		/* over units that anyone judged */
		double mean = a->share[x] / (double)(a->units - a->silent);

		by_answers += share * share;
		by_units += mean * (1 - mean);
	}
	if (a->pairable && a->fewest == a->most && met_groups(a) > 1)
		ret->fleiss = beyond_chance(ret->observed, by_answers);
	if (a->pairable && a->groups > 1)
		ret->ac1 = beyond_chance(ret->observed, by_units / (a->groups - 1));
}
