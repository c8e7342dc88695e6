/* The arithmetic: softmax against libm, scores against sums done by hand. */
#include "classifier/evaluate.h"
#include "classifier/softmax.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void softmax_test(void **state)
{
	float x[11], sum;

	(void)state;
	for (int n = 1; n <= 11; n++) {
		double want = 0;

		for (int i = 0; i < n; i++) {
			x[i] = (float)(i * i) * 0.37f - 9;
			want += exp((double)x[i] / 1.5);
		}
		for (int i = 0; i < n; i++)
			assert_true(
				fabs(softmax_sum(&x[i], 1, 0, 1 / 1.5f) / exp((double)x[i] / 1.5) -
				     1) < 3e-6);
		assert_true(fabs(softmax_sum(x, n, 0, 1 / 1.5f) / want - 1) < 3e-6);
		softmax_of(x, n, 1.5f);
		sum = 0;
		for (int i = 0; i < n; i++) {
			assert_true(fabs((double)x[i] -
					 exp(((double)(i * i) * 0.37 - 9) / 1.5) / want) < 1e-6);
			sum += x[i];
		}
		assert_true(fabsf(sum - 1) < 1e-5f);
	}
	for (int i = -60; i < 60; i++) {
		double v = pow(1.37, i);

		assert_true(fabs(softmax_ln(v) - log(v)) < 1e-11 * (1 + fabs(log(v))));
	}
}

static void extreme_test(void **state)
{
	float x[5] = { 1e30f, -1e30f, 0, 1e30f, -1000 };

	(void)state;
	softmax_of(x, 5, 1);
	assert_true(fabsf(x[0] - 0.5f) < 1e-6f && fabsf(x[3] - 0.5f) < 1e-6f);
	assert_true(x[1] >= 0 && x[1] < 1e-30f);
}

struct guess {
	int truth;
	struct classifier_guess best[3];
};

static const struct guess guesses[] = {
	{ .truth = 0, .best = { { .klass = 0, .p = 0.9f }, { .klass = 1 }, { .klass = 2 } } },
	{ .truth = 0, .best = { { .klass = 1, .p = 0.5f }, { .klass = 0 }, { .klass = 2 } } },
	{ .truth = 1, .best = { { .klass = 1, .p = 0.9f }, { .klass = 0 }, { .klass = 2 } } },
	{ .truth = 3, .best = { { .klass = 0, .p = 0.5f }, { .klass = 1 }, { .klass = 2 } } },
	{ .truth = -1, .best = { { .klass = 0, .p = 1.0f }, { .klass = 1 }, { .klass = 2 } } },
};

static void score_test(void **state)
{
	struct evaluate *e = evaluate_new(5);
	struct classifier_score s;
	/* Class 0: 1 hit of 2 true, 3 guessed; 1: 1 of 1, 2; 3: 0 of 1, 0; the
	 * others appear nowhere. */
	const double f1 = (2 * 1 / 5.0 + 2 * 1 / 3.0 + 0) / 3;
	/* 0.5 twice, none right; 0.9 twice, both right; 1.0 wrong. */
	const double ece = (1.0 + 0.2 + 1.0) / 5;

	(void)state;
	evaluate_score(e, &s);
	assert_true(s.n == 0 && s.top1 == 0 && s.ece == 0 && s.macro_f1 == 0);
	for (size_t i = 0; i < sizeof(guesses) / sizeof(guesses[0]); i++)
		evaluate_add(e, guesses[i].truth, guesses[i].best, 3);
	evaluate_score(e, &s);
	assert_int_equal(s.n, 5);
	assert_int_equal(s.unknown_class, 1);
	assert_true(fabs(s.top1 - 0.4) < 1e-9 && fabs(s.top3 - 0.6) < 1e-9);
	assert_true(fabs(s.macro_f1 - f1) < 1e-9);
	assert_true(fabs(s.ece - ece) < 1e-6);
	evaluate_free(e);
	evaluate_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(softmax_test),
		cmocka_unit_test(extreme_test),
		cmocka_unit_test(score_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
