#include "labeler/agreement.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SUITE PIPED_SHARED "/data/suites/agreement/"
#define NEAR(x, want, by)                                                                          \
	do {                                                                                       \
		double is = (x);                                                                   \
		if (!(fabs(is - (want)) <= (by)))                                                  \
			fail_msg(#x " is %.9f, not %.9f", is, (double)(want));                     \
	} while (0)

static FILE *suite(const char *path)
{
	FILE *f = fopen(path, "r");

	if (!f) {
		print_message("no %s: skipped\n", path);
		skip();
	}
	return f;
}

static void add_table(struct agreement *a, const int *table, int groups)
{
	for (int x = 0; x < groups; x++)
		for (int y = 0; y < groups; y++)
			for (int i = 0; i < table[x * groups + y]; i++)
				agreement_add(a, (const int[]){ x, y }, 2);
}

/* The variance is the multinomial's, by numeric differentiation of kappa. */
static void cohen_test(void **state)
{
	static const int two[] = { 20, 5, 10, 15 }, three[] = { 88, 14, 18, 10, 40, 10, 2, 6, 12 };
	struct agreement *a = agreement_new(2, NULL, 0);
	struct agreement_measures m;

	(void)state;
	add_table(a, two, 2);
	agreement_measure(a, &m);
	NEAR(m.cohen, 0.4, 1e-12);
	NEAR(m.cohen_95.low, 0.151092290, 1e-5);
	NEAR(m.cohen_95.high, 0.648907710, 1e-5);
	assert_int_equal(m.cohen_units, 50);
	assert_int_equal(agreement_count(a, 1, 0), 10);
	/* One rater alone tells nothing of agreement. */
	agreement_add(a, (const int[]){ 0, AGREEMENT_NONE }, 2);
	agreement_measure(a, &m);
	NEAR(m.cohen, 0.4, 1e-12);
	NEAR(m.observed, 0.7, 1e-12);
	assert_int_equal(m.units, 51);
	assert_int_equal(m.pairable, 50);
	assert_true(isnan(m.fleiss));
	agreement_free(a);

	a = agreement_new(3, NULL, 0);
	add_table(a, three, 3);
	agreement_measure(a, &m);
	NEAR(m.cohen, 0.491525424, 1e-6);
	NEAR(m.cohen_95.low, 0.391563702, 1e-5);
	NEAR(m.cohen_95.high, 0.591487145, 1e-5);
	agreement_free(a);
}

/* Nearly all agree on the one category there mostly is (Gwet 2008). */
static void dominant_test(void **state)
{
	static const int table[] = { 118, 5, 2, 0 };
	struct agreement *a = agreement_new(2, NULL, 0);
	struct agreement_measures m;

	(void)state;
	add_table(a, table, 2);
	agreement_measure(a, &m);
	NEAR(m.ac1, (0.944 - 0.054432) / (1 - 0.054432), 1e-9);
	assert_true(m.cohen < 0);
	agreement_free(a);
}

/* Two levels of one tree: what differs in the leaf may agree above it. */
static void level_test(void **state)
{
	static const int above[] = { 0, 0, 1, 1 };
	struct agreement *leaf = agreement_new(4, NULL, 0), *root = agreement_new(4, above, 2);
	struct agreement_measures m;
	static const int said[][2] = { { 0, 1 }, { 1, 0 }, { 2, 3 }, { 3, 3 }, { 0, 2 } };

	(void)state;
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		agreement_add(leaf, said[i], 2);
		agreement_add(root, said[i], 2);
	}
	agreement_measure(leaf, &m);
	NEAR(m.observed, 0.2, 1e-12);
	agreement_measure(root, &m);
	NEAR(m.observed, 0.8, 1e-12);
	NEAR(m.cohen, (0.8 - 0.48) / 0.52, 1e-12);
	assert_int_equal(agreement_count(root, 0, 1), 1);
	agreement_free(leaf);
	agreement_free(root);
}

/* Nothing to measure by is no number. */
static void nothing_test(void **state)
{
	struct agreement *a = agreement_new(3, NULL, 0);
	struct agreement_measures m;

	(void)state;
	agreement_measure(a, &m);
	assert_true(isnan(m.cohen) && isnan(m.fleiss) && isnan(m.nominal) && isnan(m.ac1));
	agreement_add(a, (const int[]){ AGREEMENT_NONE, AGREEMENT_NONE }, 2);
	agreement_add(a, NULL, 0);
	for (int i = 0; i < 3; i++)
		agreement_add(a, (const int[]){ 1, 1 }, 2);
	agreement_measure(a, &m);
	assert_true(isnan(m.cohen) && isnan(m.fleiss) && isnan(m.nominal) && isnan(m.ordinal));
	NEAR(m.observed, 1, 0);
	NEAR(m.ac1, 1, 1e-12);
	agreement_free(a);
}

static void fleiss_suite_test(void **state)
{
	FILE *f = suite(SUITE "fleiss.csv");
	struct agreement *a = agreement_new(5, NULL, 0);
	struct agreement_measures m;
	int n[5];

	(void)state;
	while (fscanf(f, "%d,%d,%d,%d,%d", &n[0], &n[1], &n[2], &n[3], &n[4]) == 5) {
		int answers[14], said = 0;

		for (int k = 0; k < 5; k++)
			for (int i = 0; i < n[k]; i++)
				answers[said++] = k;
		assert_int_equal(said, 14);
		agreement_add(a, answers, said);
	}
	(void)fclose(f);
	agreement_measure(a, &m);
	assert_int_equal(m.units, 10);
	NEAR(m.fleiss, 0.209931, 1e-6);
	agreement_free(a);
}

#define CODERS 3
#define UNITS 15

static void krippendorff_suite_test(void **state)
{
	FILE *f = suite(SUITE "kripp.csv");
	struct agreement *a = agreement_new(5, NULL, 0);
	struct agreement_measures m;
	int said[UNITS][CODERS];

	(void)state;
	for (int i = 0; i < CODERS; i++)
		for (int u = 0; u < UNITS; u++) {
			char text[8];

			assert_int_equal(fscanf(f, " %7[^,\n]%*[,]", text), 1);
			said[u][i] = text[0] == '*' ? AGREEMENT_NONE : text[0] - '0';
		}
	(void)fclose(f);
	for (int u = 0; u < UNITS; u++)
		agreement_add(a, said[u], CODERS);
	agreement_measure(a, &m);
	NEAR(m.nominal, 0.691358, 1e-6);
	NEAR(m.ordinal, 0.806721, 1e-6);
	NEAR(m.interval, 0.810845, 1e-6);
	agreement_free(a);
}

static void intervals_suite_test(void **state)
{
	FILE *f = suite(SUITE "intervals.csv");
	double x, n, w[2], e[2], j[2];
	int rows = 0;

	(void)state;
	assert_int_equal(fscanf(f, "%*[^\n]"), 0);
	while (fscanf(f, "%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf", &x, &n, &w[0], &w[1], &e[0], &e[1],
		      &j[0], &j[1]) == 8) {
		struct interval wilson = interval_wilson(x, n, 0.95);
		struct interval exact = interval_exact((int64_t)x, (int64_t)n, 0.95);
		struct interval jeffreys = interval_jeffreys(x, n, 0.95);

		NEAR(wilson.low, w[0], 1e-9);
		NEAR(wilson.high, w[1], 1e-9);
		NEAR(exact.low, e[0], 1e-9);
		NEAR(exact.high, e[1], 1e-9);
		NEAR(jeffreys.low, j[0], 1e-9);
		NEAR(jeffreys.high, j[1], 1e-9);
		rows++;
	}
	(void)fclose(f);
	assert_int_equal(rows, 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cohen_test),		cmocka_unit_test(dominant_test),
		cmocka_unit_test(level_test),		cmocka_unit_test(nothing_test),
		cmocka_unit_test(fleiss_suite_test),	cmocka_unit_test(krippendorff_suite_test),
		cmocka_unit_test(intervals_suite_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
