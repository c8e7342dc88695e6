#include "labeler/audit_outcome.h"
#include "labeler/audit_ppi.h"
#include "labeler/audit_reviewer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define FOREST PIPED_SHARED "/data/suites/ppi-forest/"
#define NEAR(x, want, by)                                                                          \
	do {                                                                                       \
		double is = (x);                                                                   \
		if (!(fabs(is - (want)) <= (by)))                                                  \
			fail_msg(#x " is %.9f, not %.9f", is, (double)(want));                     \
	} while (0)

/* 100 of 1,000 and 100 of 9,000, of which 40 and 5 hold. */
static struct audit_unit units[200];
static double holds[200];
static const struct audit_stratum two[2] = { { .units = 1000, .size = 1000 },
					     { .units = 9000, .size = 9000 } };

static struct audit_sample sample(void)
{
	for (int i = 0; i < 200; i++) {
		units[i] = (struct audit_unit){ .stratum = i / 100, .size = 1 };
		holds[i] = i < 40 || (i >= 100 && i < 105);
	}
	return (struct audit_sample){ two, 2, units, 200 };
}

static void stratified_test(void **state)
{
	struct audit_sample s = sample();
	struct audit_estimate e;
	struct reason why;
	double variance;

	(void)state;
	assert_int_equal(audit_estimate_share(&s, holds, NULL, AUDIT_OF_THESE, .95, &e, &why),
			 ERR_OK);
	NEAR(e.value, .1 * .4 + .9 * .05, 1e-12);
	/* the textbook's, and the half unit where few hold */
	variance = .01 * (.4 * .6 / 99) * .9 +
		   .81 * fmax(.05 * .95 / 99, 5.5 / 101 * (1 - 5.5 / 101) / 100) * (1 - 1 / 90.);
	NEAR(e.error * e.error, variance, 1e-9);
	assert_int_equal(e.units, 200);
	NEAR(e.hits, 45, 0);
	assert_true(e.in.low < e.value && e.value < e.in.high && e.in.high < e.value + 3 * e.error);
	assert_true(e.at_most > e.value);
	/* A stratum without a decision says nothing. */
	s.n = 100;
	assert_int_equal(audit_estimate_share(&s, holds, NULL, AUDIT_OF_THESE, .95, &e, &why),
			 ERR_BAD);
	assert_string_equal(why.text,
			    "no unit of stratum 1 is decided: nothing can be said of its 9000");
}

/* All of it reviewed is no estimate; none wrong of 100 is the rule of three. */
static void ends_test(void **state)
{
	const struct audit_stratum all = { .units = 200, .size = 200 },
				   many = { .units = 1000000, .size = 1000000 };
	struct audit_sample s = sample();
	struct audit_estimate e;
	double none[200] = { 0 };

	(void)state;
	for (int i = 0; i < 200; i++)
		units[i].stratum = 0;
	s.strata = &all;
	s.n_strata = 1;
	assert_int_equal(audit_estimate_share(&s, holds, NULL, AUDIT_OF_THESE, .95, &e, NULL),
			 ERR_OK);
	assert_true(e.in.low == e.value && e.in.high == e.value && e.at_most == e.value);
	s.strata = &many;
	s.n = 100;
	assert_int_equal(audit_estimate_share(&s, none, NULL, AUDIT_OF_THESE, .95, &e, NULL),
			 ERR_OK);
	NEAR(e.value, 0, 0);
	NEAR(e.in.high, interval_wilson(0, 100, .95).high, 2e-3);
	NEAR(e.at_most, 1 - pow(.05, .01), 2e-3);
	/* Of a domain that nothing was drawn of nothing is known. */
	assert_int_equal(audit_estimate_share(&s, none, none, AUDIT_OF_THESE, .95, &e, NULL),
			 ERR_OK);
	assert_true(isnan(e.value) && e.in.low <= 0 && e.in.high >= 1 && e.units == 0);
}

/* A family counts as its listings; equal shares of it as one of them. */
static void sizes_test(void **state)
{
	static const struct audit_stratum s1 = { .units = 100000, .size = 400000 };
	struct audit_sample s = sample();
	struct audit_estimate e;

	(void)state;
	for (int i = 0; i < 200; i++) {
		units[i].stratum = 0;
		units[i].size = i < 100 ? 7 : 1;
		holds[i] = i < 100 ? .5 : 0;
	}
	s.strata = &s1;
	s.n_strata = 1;
	assert_int_equal(audit_estimate_share(&s, holds, NULL, AUDIT_OF_THESE, .95, &e, NULL),
			 ERR_OK);
	NEAR(e.value, 350. / 800, 1e-12);
}

/* Sellers who err as one tell as much as one. */
static void sellers_test(void **state)
{
	static const struct audit_stratum all = { .units = 200, .size = 200 };
	struct audit_sample s = sample();
	struct audit_estimate these, such;

	(void)state;
	for (int i = 0; i < 200; i++) {
		units[i] = (struct audit_unit){ .cluster = 1 + (uint64_t)i / 10, .size = 1 };
		holds[i] = i / 10 % 4 == 0;
	}
	s.strata = &all;
	s.n_strata = 1;
	assert_int_equal(audit_estimate_share(&s, holds, NULL, AUDIT_OF_THESE, .95, &these, NULL),
			 ERR_OK);
	assert_int_equal(audit_estimate_share(&s, holds, NULL, AUDIT_OF_SUCH, .95, &such, NULL),
			 ERR_OK);
	NEAR(these.error, 0, 0); /* all is known of these */
	/* twenty sellers, five of whom err: the mean of 20 independent ones */
	NEAR(such.error, sqrt(.25 * .75 / 19), 1e-9);
	assert_int_equal(such.clusters, 20);
	assert_true(such.in.low < .12 && such.in.high > .45);
}

static const struct {
	struct audit_listing l;
	struct audit_outcome want; /* at .8 */
} outcomes[] = {
	{ { .given = 1, .truth = 1, .best = { 1, 2, 3 }, .p = .9 }, { 0, 0, 0, 0, 1 } },
	{ { .given = 1, .truth = 2, .best = { 2, 1, 3 }, .p = .9 }, { 1, 0, 1, 0, 1 } },
	{ { .given = 1, .truth = 2, .best = { 2, 1, 3 }, .p = .79 }, { 1, 1, 0, 0, 1 } },
	{ { .given = 1, .truth = 1, .best = { 2, 3, 4 }, .p = .8 }, { 0, 1, 0, 1, 1 } },
	{ { .given = 1, .truth = 5, .best = { 2, 3, 4 }, .p = .8 }, { 1, 1, 0, 0, 0 } },
	/* none of the taxonomy's, and none given */
	{ { .given = -1, .truth = -1, .best = { -1, -1, -1 } }, { 1, 1, 0, 0, 0 } },
	{ { .given = -1, .truth = 3, .best = { 3, -1, -1 }, .p = 1 }, { 1, 0, 1, 0, 1 } },
	{ { .given = 2, .truth = 2, .best = { -1, -1, -1 }, .p = 1 }, { 0, 0, 0, 0, 1 } },
};

static void outcome_test(void **state)
{
	struct audit_listing pair[2] = { outcomes[0].l, outcomes[1].l };
	struct audit_outcome o;

	(void)state;
	for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++) {
		o = audit_outcome_of(&outcomes[i].l, 1, .8);
		assert_memory_equal(&o, &outcomes[i].want, sizeof(o));
	}
	/* a family of two, one given a wrong category */
	o = audit_outcome_of(pair, 2, .8);
	NEAR(o.before, .5, 0);
	NEAR(o.fixed, .5, 0);
	NEAR(o.reachable, 1, 0);
}

static void report_test(void **state)
{
	struct audit_sample s = sample();
	struct audit_outcome o[200];
	struct audit_report r, by[2];
	int domain[200];
	struct reason why;

	(void)state;
	for (int i = 0; i < 200; i++) {
		o[i] = outcomes[holds[i] > 0 ? 1 : 0].want; /* what is wrong is mended */
		domain[i] = i % 2;
	}
	o[199] = outcomes[3].want; /* one is broken */
	assert_int_equal(audit_report_make(&s, o, NULL, AUDIT_OF_THESE, .95, &r, &why), ERR_OK);
	NEAR(r.listings, 10000, 0);
	assert_int_equal(r.units, 200);
	NEAR(r.before.value, .085, 1e-12);
	NEAR(r.fixed.value, .085, 1e-12);
	NEAR(r.broken.value, .009, 1e-12);
	NEAR(r.after.value, .009, 1e-12);
	NEAR(r.net.value, .085 - .009, 1e-12);
	NEAR(r.net.value, r.before.value - r.after.value, 1e-12);
	NEAR(r.reachable.value, 1, 1e-12);
	assert_true(r.net.in.low > 0 && r.net.in.low < r.net.value);
	/* Paired is surer than two shares apart. */
	assert_true(r.net.error <
		    sqrt(r.before.error * r.before.error + r.after.error * r.after.error));
	assert_int_equal(audit_report_by(&s, o, domain, 2, AUDIT_OF_THESE, .95, by, &why), ERR_OK);
	assert_int_equal(by[0].units, 100);
	NEAR(by[0].listings + by[1].listings, 10000, 1e-9);
	NEAR(by[0].before.value, .1 * .4 + .9 * .06, 1e-12);
	assert_true(by[0].before.error > r.before.error);
}

static double truth[1596], guess[1596], mixed_truth[1596], mixed_guess[1596];

static const struct {
	size_t n;
	bool mixed;
	double classical[2], plain[2], point;
} ppi[] = {
	{ 100, false, { .113110, .266890 }, { .120817, .281964 }, .201390 },
	{ 200, false, { .117941, .222059 }, { .100035, .218647 }, .159341 },
	{ 400, false, { .117269, .187731 }, { .113985, .192821 }, .153403 },
	{ 800, false, { .126422, .176078 }, { .116008, .174168 }, .145088 },
	{ 200, true, { .158064, .271936 }, { .160603, .282377 }, NAN },
};

static void ppi_test(void **state)
{
	FILE *f = fopen(FOREST "forest.csv", "r"), *perm = fopen(FOREST "perm.txt", "r");

	(void)state;
	if (!f || !perm) {
		print_message("no " FOREST ": skipped\n");
		skip();
	}
	(void)fscanf(f, "%*[^\n]");
	for (int i = 0; i < 1596; i++)
		assert_int_equal(fscanf(f, "%lf,%lf", &truth[i], &guess[i]), 2);
	for (int i = 0; i < 1596; i++) {
		int at;

		assert_int_equal(fscanf(perm, "%d", &at), 1);
		mixed_truth[i] = truth[at];
		mixed_guess[i] = guess[at];
	}
	(void)fclose(f);
	(void)fclose(perm);
	for (size_t i = 0; i < sizeof(ppi) / sizeof(ppi[0]); i++) {
		const double *y = ppi[i].mixed ? mixed_truth : truth;
		const double *g = ppi[i].mixed ? mixed_guess : guess;
		const struct audit_ppi_rows rows = { y, g, ppi[i].n, g + ppi[i].n, 1596 - ppi[i].n,
						     1 };
		struct audit_ppi p;

		audit_ppi_mean(&rows, 1, 0, .95, &p);
		NEAR(p.in.low, ppi[i].classical[0], 6e-7);
		NEAR(p.in.high, ppi[i].classical[1], 6e-7);
		audit_ppi_mean(&rows, 1, 1, .95, &p);
		NEAR(p.in.low, ppi[i].plain[0], 6e-7);
		NEAR(p.in.high, ppi[i].plain[1], 6e-7);
		if (!isnan(ppi[i].point))
			NEAR(p.value, ppi[i].point, 6e-7);
		/* A model that knows nothing does no harm. */
		audit_ppi_mean(&rows, 1, AUDIT_PPI_TUNED, .95, &p);
		NEAR(p.in.low, ppi[i].classical[0], 6e-7);
		NEAR(p.lambda, 0, 1e-12);
	}
}

/* A guess that is nearly right halves the interval, in strata too. */
static void ppi_gains_test(void **state)
{
	static double y[2][1000], g[2][1000];
	struct audit_ppi_rows rows[2];
	struct audit_ppi classical, tuned;
	struct reason why;

	(void)state;
	for (int h = 0; h < 2; h++) {
		for (int i = 0; i < 1000; i++) {
			y[h][i] = i * 37 % 1000 < (h ? 400 : 100);
			g[h][i] = i % 40 == 0 ? 1 - y[h][i] : y[h][i];
		}
		rows[h] = (struct audit_ppi_rows){ y[h], g[h], 200, g[h] + 200, 800, .5 };
	}
	audit_ppi_mean(rows, 2, 0, .95, &classical);
	audit_ppi_mean(rows, 2, AUDIT_PPI_TUNED, .95, &tuned);
	assert_true(tuned.error < .7 * classical.error);
	assert_true(tuned.in.low < .25 && tuned.in.high > .25);
	rows[0].n = AUDIT_PPI_STRATUM - 1;
	audit_ppi_mean(rows, 2, AUDIT_PPI_TUNED, .95, &tuned);
	assert_true(tuned.lambda > 0 && tuned.lambda < .5);
	assert_true(audit_ppi_valid(200, 10, false, &why));
	assert_false(audit_ppi_valid(199, 50, false, &why));
	assert_string_equal(why.text, "199 rows are decided, 200 are needed");
	assert_false(audit_ppi_valid(200, 9, false, &why));
	assert_false(audit_ppi_valid(200, 191, false, &why));
	assert_false(audit_ppi_valid(200, 50, true, &why));
	assert_string_equal(why.text, "the model learned these decisions");
}

static void reviewer_test(void **state)
{
	const struct audit_reviewer r = {
		.wrong = 100, .called_wrong = 90, .right = 400, .called_right = 380
	};
	struct audit_corrected c, sure;
	struct audit_reviewer bad = {
		.wrong = 10, .called_wrong = 1, .right = 10, .called_right = 9
	};
	struct reason why;

	(void)state;
	assert_int_equal(audit_reviewer_correct(&r, .2, 1000, .95, 2000, 1, &c, &why), ERR_OK);
	NEAR(c.value, (.2 + .95 - 1) / (.9 + .95 - 1), 1e-12);
	NEAR(c.sensitivity, .9, 0);
	assert_true(c.in.low < c.value && c.value < c.in.high);
	/* By the delta method. */
	NEAR((c.in.high - c.in.low) / 2, 1.96 * .0192, .004);
	/* What is known of all listings still has the reviewers' doubt. */
	assert_int_equal(audit_reviewer_correct(&r, .2, HUGE_VAL, .95, 2000, 1, &sure, &why),
			 ERR_OK);
	assert_true(sure.in.high - sure.in.low < c.in.high - c.in.low &&
		    sure.in.low < sure.in.high);
	/* Fewer than would be called so by mistake. */
	assert_int_equal(audit_reviewer_correct(&r, .035, 1000, .95, 2000, 1, &c, &why), ERR_OK);
	assert_true(c.value <= 0 && c.in.low <= 0 && c.in.high > 0);
	assert_int_equal(audit_reviewer_correct(&bad, .2, 1000, .95, 2000, 1, &c, &why), ERR_BAD);
	assert_string_equal(why.text, "reviewers call wrong ones wrong no more than right ones");
	bad.wrong = bad.called_wrong = 0;
	assert_int_equal(audit_reviewer_correct(&bad, .2, 1000, .95, 2000, 1, &c, &why), ERR_BAD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stratified_test), cmocka_unit_test(ends_test),
		cmocka_unit_test(sizes_test),	   cmocka_unit_test(sellers_test),
		cmocka_unit_test(outcome_test),	   cmocka_unit_test(report_test),
		cmocka_unit_test(ppi_test),	   cmocka_unit_test(ppi_gains_test),
		cmocka_unit_test(reviewer_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
