#include "labeler/confident.h"

#include "../stream/label_errors.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define NEAR(x, want, by)                                                                          \
	do {                                                                                       \
		double is = (x);                                                                   \
		if (!(fabs(is - (want)) <= (by)))                                                  \
			fail_msg(#x " is %.9f, not %.9f", is, (double)(want));                     \
	} while (0)

static void rewind_rows(void *ctx)
{
	((struct label_errors *)ctx)->at = 0;
}

static bool next_row(void *ctx, int *ret_given, float *p)
{
	struct label_errors *e = ctx;

	if (e->at == e->rows)
		return false;
	for (int k = 0; k < e->classes; k++)
		p[k] = (float)e->p[(size_t)e->at * (size_t)e->classes + (size_t)k];
	*ret_given = e->given[e->at++];
	return true;
}

static struct confident *confident_of(struct label_errors *e)
{
	const struct confident_rows rows = { e, rewind_rows, next_row };
	struct confident *c = NULL;

	assert_int_equal(confident_new(&rows, e->classes, &c, NULL), ERR_OK);
	assert_int_equal(confident_rows(c), e->rows);
	return c;
}

/* What cleanlab 1.0.1 finds, but for 20news by class. There many rows are given a class of
 * probability 0: it takes none of those that tie at the cut (88, 43 by both), its
 * 2.9.0 some (96, 47 by both), we the ones that are surest of another class. */
static const struct {
	const char *name;
	int classes, total, wrong_as_counted, wrong, by_noise, by_class, both;
	double thresholds[3];
} sets[] = {
	{ "mnist", 10, 9468, 15, 15, 15, 15, 15, { .992306, .992618, .989895 } },
	{ "cifar10", 10, 8852, 244, 284, 284, 284, 226, { .921444, .951281, .915505 } },
	{ "20news", 20, 4448, 55, 96, 95, 96, 46, { .701461, .592819, .654482 } },
	{ "imdb", 2, 20532, 1076, 1309, 1309, 1309, 1309, { 0 } },
};

static void check_set(const struct confident *c, size_t i)
{
	int64_t n, total = 0, off = 0;
	const struct confident_issue *issues = confident_issues(c, &n);

	for (int g = 0; g < sets[i].classes; g++)
		for (int k = 0; k < sets[i].classes; k++) {
			total += confident_count(c, g, k);
			off += g != k ? confident_count(c, g, k) : 0;
		}
	assert_int_equal(total, sets[i].total);
	assert_int_equal(off, sets[i].wrong_as_counted);
	assert_int_equal(confident_wrong(c), sets[i].wrong);
	assert_int_equal(confident_found(c, CONFIDENT_BY_NOISE), sets[i].by_noise);
	assert_int_equal(confident_found(c, CONFIDENT_BY_CLASS), sets[i].by_class);
	assert_int_equal(confident_found(c, CONFIDENT_BY_NOISE | CONFIDENT_BY_CLASS), sets[i].both);
	assert_int_equal(n, sets[i].by_noise + sets[i].by_class - sets[i].both);
	for (int k = 0; k < 3 && sets[i].thresholds[0] > 0; k++)
		NEAR(confident_threshold(c, k), sets[i].thresholds[k], 6e-7);
	for (int64_t r = 0; r < n; r++) {
		assert_true(issues[r].p_guess > issues[r].p_given && issues[r].p_guess <= 1);
		assert_true(issues[r].guess != issues[r].given);
		if (r && issues[r].ways == issues[r - 1].ways)
			assert_true(issues[r].p_guess - issues[r].p_given <=
				    issues[r - 1].p_guess - issues[r - 1].p_given);
	}
}

static void suite_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		struct label_errors e;
		struct confident *c;

		if (!label_errors_open(&e, PIPED_SHARED, sets[i].name, sets[i].classes)) {
			print_message("no suites/label-errors: skipped\n");
			skip();
		}
		c = confident_of(&e);
		check_set(c, i);
		confident_free(c);
		label_errors_close(&e);
	}
}

/* The likeliest class of all fails its threshold; another passes (cleanlab #1248). */
static void collision_test(void **state)
{
	static const float p[] = { .1f, .2f, .3f, .4f };
	static const double t[] = { .01, .5, .01, .5 }, high[] = { .9, .9, .9, NAN };

	(void)state;
	assert_int_equal(confident_class(p, t, 4), 2);
	assert_int_equal(confident_class(p, high, 4), -1);
}

/* Of class 0 four rows of five are sure and one is planted; class 1 is clean; nothing
 * is given class 2. */
static double planted[] = {
	.9, .1, 0, .8, .2, 0, .9, .1, 0, .8, .2, 0, .05, .95, 0, .2, .8, 0, .1, .9, 0, .1, .9, 0,
};
static int planted_given[] = { 0, 0, 0, 0, 0, 1, 1, 1 };

static void planted_test(void **state)
{
	struct label_errors e = { .classes = 3, .rows = 8, .p = planted, .given = planted_given };
	struct confident *c;
	const struct confident_issue *issues;
	int64_t n;

	(void)state;
	planted[0] = 1.0000001; /* as quantised files have it */
	c = confident_of(&e);
	NEAR(confident_threshold(c, 0), (1 + .8 + .9 + .8 + .05) / 5, 1e-6);
	assert_true(isnan(confident_threshold(c, 2)));
	assert_int_equal(confident_count(c, 0, 1), 1);
	assert_int_equal(confident_count(c, 0, 0), 4);
	assert_int_equal(confident_estimate(c, 0, 1), 1);
	assert_int_equal(confident_estimate(c, 0, 0), 4);
	assert_int_equal(confident_given(c, 1), 3);
	NEAR(confident_noise(c, 0, 1), 0.25, 1e-12);
	assert_true(isnan(confident_noise(c, 0, 2)));
	issues = confident_issues(c, &n);
	assert_int_equal(n, 1);
	assert_int_equal(issues[0].row, 4);
	assert_int_equal(issues[0].guess, 1);
	assert_int_equal(issues[0].ways, CONFIDENT_BY_NOISE | CONFIDENT_BY_CLASS);
	confident_free(c);
}

static int shrinking_rewinds;

static void shrink(void *ctx)
{
	rewind_rows(ctx);
	((struct label_errors *)ctx)->rows -= shrinking_rewinds++ > 0;
}

static void refused_test(void **state)
{
	struct label_errors e = { .classes = 3, .rows = 8, .p = planted, .given = planted_given };
	const struct confident_rows rows = { &e, rewind_rows, next_row };
	const struct confident_rows shrinking = { &e, shrink, next_row };
	struct confident *c = NULL;
	struct reason why = { "" };

	(void)state;
	assert_int_equal(confident_new(&shrinking, 3, &c, &why), ERR_BAD);
	assert_non_null(strstr(why.text, "not those of the first reading"));
	e.rows = 8;
	planted_given[6] = 3;
	assert_int_equal(confident_new(&rows, 3, &c, &why), ERR_BAD);
	assert_string_equal(why.text, "row 6 is of class 3; there are 3");
	assert_null(c);
	/* Nothing is no error, and nothing is found. */
	e.rows = 0;
	assert_int_equal(confident_new(&rows, 3, &c, &why), ERR_OK);
	assert_int_equal(confident_wrong(c), 0);
	confident_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(collision_test),
		cmocka_unit_test(planted_test),
		cmocka_unit_test(refused_test),
		cmocka_unit_test(suite_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
