#include "labeler/audit_draw.h"

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

/* As many listings as units, in five strata of doubt and a few large families. */
static void plan(struct audit_stratum s[6])
{
	static const struct audit_stratum all[6] = {
		{ 80000, 80000, 80000, .01, false, 0 }, { 10000, 10000, 10000, .1, false, 0 },
		{ 5000, 5000, 5000, .3, false, 0 },	{ 3000, 3000, 3000, .7, false, 0 },
		{ 1990, 1990, 1990, .95, false, 0 },	{ 10, 5000, 2600000, .2, true, 0 },
	};

	memcpy(s, all, sizeof(all));
}

static void strata_test(void **state)
{
	static const struct {
		double doubt;
		int stratum;
	} rows[] = { { 0, 0 },	{ .0499, 0 }, { .05, 1 }, { .1999, 1 }, { .2, 2 },
		     { .5, 3 }, { .8999, 3 }, { .9, 4 },  { 1, 4 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(audit_plan_stratum(rows[i].doubt), rows[i].stratum);
	NEAR(audit_plan_whole(100000, 1000), 100, 0);
}

static void allot_test(void **state)
{
	struct audit_stratum s[6];
	double sum = 0;

	(void)state;
	plan(s);
	assert_in_range(audit_plan_allot(s, 6, 1000, 10), 998, 1003);
	assert_int_equal(s[5].drawn, 10); /* whole */
	for (int i = 0; i < 5; i++)
		sum += (double)s[i].units * sqrt(fmax(s[i].doubt * (1 - s[i].doubt), .01));
	for (int i = 0; i < 5; i++)
		NEAR((double)s[i].drawn,
		     990 * (double)s[i].units * sqrt(fmax(s[i].doubt * (1 - s[i].doubt), .01)) /
			     sum,
		     1.5);
	NEAR(audit_plan_inclusion(&s[3]), (double)s[3].drawn / 3000, 0);
	/* The minimum, and no more than there is. */
	assert_true(audit_plan_allot(s, 6, 0, 10) == 60);
	assert_true(audit_plan_allot(s, 6, 1000000, 10) == 100000);
	for (int i = 0; i < 6; i++)
		assert_int_equal(s[i].drawn, s[i].units);
	NEAR(audit_plan_half(s, 6, .95), 0, 0);
}

static void size_test(void **state)
{
	struct audit_stratum s[6], one = { 1000000000, 1e9, 1e9, .5, false, 0 };
	int64_t n;

	(void)state;
	/* The textbook's 385 for 5% either way of half. */
	assert_int_equal(audit_plan_for(&one, 1, .05, .95, 2), 385);
	plan(s);
	n = audit_plan_for(s, 6, .01, .95, 10);
	assert_true(audit_plan_half(s, 6, .95) <= .01);
	(void)audit_plan_allot(s, 6, n - 5, 10);
	assert_true(audit_plan_half(s, 6, .95) > .01);
	/* Strata are worth it: one of all with the same share wrong takes more. */
	one = (struct audit_stratum){ 100000, 100000, 100000, .0739, false, 0 };
	assert_true(audit_plan_for(&one, 1, .01, .95, 2) > n * 13 / 10);
	NEAR(audit_plan_minutes(1000, .2, 6), 120, 1e-9);
	one.drawn = 0;
	NEAR(audit_plan_half(&one, 1, .95), 1, 0);
}

static void draw_test(void **state)
{
	static const struct audit_stratum s[2] = { { 10, 10, 10, .1, false, 3 },
						   { 4, 4, 4, .1, true, 4 } };
	struct audit_draw d;
	int times[14] = { 0 };
	struct reason why;

	(void)state;
	for (uint64_t seed = 0; seed < 20000; seed++) {
		int drawn[2] = { 0, 0 };

		audit_draw_init(&d, seed, s, 2);
		for (int i = 0; i < 14; i++) {
			int stratum = i % 3 == 2; /* 2, 5, 8, 11 */
			bool taken = audit_draw_next(&d, stratum);

			drawn[stratum] += taken;
			times[i] += taken;
		}
		assert_int_equal(audit_draw_end(&d, &why), ERR_OK);
		assert_int_equal(drawn[0], 3);
		assert_int_equal(drawn[1], 4);
		audit_draw_done(&d);
	}
	/* Each as often as the others: six standard deviations of 20,000 draws at .3. */
	for (int i = 0; i < 14; i++)
		if (i % 3 == 2)
			assert_int_equal(times[i], 20000);
		else
			NEAR(times[i] / 20000.0, .3, .02);
	audit_draw_init(&d, 1, s, 2);
	assert_int_equal(audit_draw_end(&d, &why), ERR_BAD);
	assert_string_equal(why.text, "the frame lacks 10 units of stratum 0 of its plan");
	for (int i = 0; i < 11; i++)
		(void)audit_draw_next(&d, 0);
	assert_int_equal(audit_draw_end(&d, &why), ERR_BAD);
	assert_string_equal(why.text, "the frame has more units than its plan");
	audit_draw_done(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strata_test),
		cmocka_unit_test(allot_test),
		cmocka_unit_test(size_test),
		cmocka_unit_test(draw_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
