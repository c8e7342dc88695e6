/* Scores against sums done by hand. */
#include "classifier/evaluate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

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
		cmocka_unit_test(score_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
