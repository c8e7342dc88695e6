#include "base/interval.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define NEAR(x, want, by)                                                                          \
	do {                                                                                       \
		double is = (x);                                                                   \
		if (!(fabs(is - (want)) <= (by)))                                                  \
			fail_msg(#x " is %.9f, not %.9f", is, (double)(want));                     \
	} while (0)

static const struct row {
	int hits, n;
	double level;
	struct interval wilson, exact;
} rows[] = {
	{ 0, 10, 0.95, { 0, 0.27753 }, { 0, 0.30850 } },
	{ 1, 10, 0.95, { 0.01787, 0.40415 }, { 0.00253, 0.44502 } },
	{ 5, 10, 0.95, { 0.23659, 0.76341 }, { 0.18709, 0.81291 } },
	{ 10, 10, 0.95, { 0.72247, 1 }, { 0.69150, 1 } },
	/* Newcombe, Statistics in Medicine 17, 1998, table I. */
	{ 81, 263, 0.95, { 0.2553, 0.3662 }, { 0.2527, 0.3676 } },
	{ 15, 148, 0.95, { 0.0624, 0.1605 }, { 0.0578, 0.1617 } },
	{ 0, 20, 0.95, { 0, 0.1611 }, { 0, 0.1684 } },
	{ 1, 29, 0.95, { 0.0061, 0.1718 }, { 0.0009, 0.1776 } },
};

static void shares_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct interval w = interval_wilson(r->hits, r->n, r->level);
		struct interval e = interval_exact(r->hits, r->n, r->level);

		NEAR(w.low, r->wilson.low, 6e-5);
		NEAR(w.high, r->wilson.high, 6e-5);
		NEAR(e.low, r->exact.low, 6e-5);
		NEAR(e.high, r->exact.high, 6e-5);
	}
	NEAR(interval_jeffreys(81, 263, 0.95).low, 0.254521935, 1e-9);
	NEAR(interval_jeffreys(0, 20, 0.95).high, 0.116638983, 1e-9);
	NEAR(interval_jeffreys(0, 0, 0.95).high, 1, 0);
	NEAR(interval_wilson(0, 0, 0.95).high, 1, 0);
	NEAR(interval_exact(0, 0, 0.95).high, 1, 1e-9);
	/* The rule of three, and its exact form. */
	NEAR(interval_at_least(100, 100, 0.95), pow(0.05, 0.01), 1e-9);
	NEAR(interval_at_least(0, 100, 0.95), 0, 0);
	NEAR(interval_at_most(0, 100, 0.95), 1 - pow(0.05, 0.01), 1e-9);
	NEAR(interval_at_most(81, 263, 0.975), 0.367621923, 1e-9);
	NEAR(interval_at_most(5, 5, 0.95), 1, 0);
	NEAR(interval_at_most(0, 0, 0.95), 1, 0);
	/* A million rows take no longer and lose nothing. */
	NEAR(interval_at_least(950000, 1000000, 0.95), 0.9496407, 1e-6);
}

/* The bound is where the binomial's tail has just the mass that is left. */
static void tail_test(void **state)
{
	(void)state;
	for (int n = 1; n <= 40; n += 3)
		for (int hits = 1; hits <= n; hits++) {
			double p = interval_at_least(hits, n, 0.9), tail = 0, term = pow(1 - p, n);

			for (int k = 0; k <= n; k++) {
				if (k >= hits)
					tail += term;
				term *= (double)(n - k) / (k + 1) * p / (1 - p);
			}
			NEAR(tail, 0.1, 1e-8);
		}
}

static void normal_test(void **state)
{
	(void)state;
	NEAR(interval_normal(0.975), 1.959963985, 1e-8);
	NEAR(interval_normal(0.5), 0, 1e-9);
	NEAR(interval_normal(1e-6), -4.753424309, 1e-7);
	NEAR(interval_student(0.975, 10), 2.228138852, 1e-7);
	NEAR(interval_student(0.05, 1), -6.313751515, 1e-7);
	NEAR(interval_student(0.975, 1e9), 1.959963985, 1e-8);
	NEAR(interval_beta(2, 3, 0.4), 0.5248, 1e-12);
	NEAR(interval_beta(0.5, 0.5, 0.5), 0.5, 1e-12);
	NEAR(interval_beta(1e6, 1e6, 0.5), 0.5, 1e-9);
}

static void even_test(void **state)
{
	(void)state;
	NEAR(interval_even(0, 0), 1, 0);
	NEAR(interval_even(3, 3), 1, 0);
	NEAR(interval_even(0, 5), 0.0625, 1e-12);
	NEAR(interval_even(10, 2), 2.0 * (1 + 12 + 66) / 4096, 1e-12);
	NEAR(interval_even(2, 10), interval_even(10, 2), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares_test),
		cmocka_unit_test(tail_test),
		cmocka_unit_test(normal_test),
		cmocka_unit_test(even_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
