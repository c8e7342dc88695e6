/* base/calibration.h on the figures of suites/calibration. Here, where the same rows
 * are read for confident_test. */
#include "base/calibration.h"

#include "../stream/label_errors.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define NEAR(x, want, by)                                                                          \
	do {                                                                                       \
		double is = (x);                                                                   \
		if (!(fabs(is - (want)) <= (by)))                                                  \
			fail_msg(#x " is %.9f, not %.9f", is, (double)(want));                     \
	} while (0)

static const struct {
	const char *name;
	int classes;
	double top1, nll, ece, t, nll_t, ece_t;
} sets[] = {
	{ "cifar10", 10, .929400, .249171, .032588, 1.466363, .219639, .008453 },
	{ "20news", 20, .923394, .557922, .201137, .627290, .490221, .081020 },
	{ "mnist", 10, .991300, .030283, .002975, 1.165781, .029658, .002715 },
};

/* softmax(log p / T) of row i: its likeliest class and how likely; the truth's log loss. */
static int answer(const struct label_errors *e, int i, double t, double *ret_p, double *ret_loss)
{
	const double *p = &e->p[(size_t)i * (size_t)e->classes];
	double z[32] = { 0 }, most, sum = 0;
	int best = 0;

	for (int k = 0; k < e->classes; k++) {
		z[k] = log(p[k] > 1e-7 ? p[k] : 1e-7) / t;
		best = z[k] > z[best] ? k : best;
	}
	most = z[best];
	for (int k = 0; k < e->classes; k++)
		sum += exp(z[k] - most);
	*ret_p = 1 / sum;
	*ret_loss = log(sum) - (z[e->given[i]] - most);
	return best;
}

static double loss(void *ctx, double t)
{
	const struct label_errors *e = ctx;
	double sum = 0, p, one;

	for (int i = 0; i < e->rows; i++) {
		(void)answer(e, i, t, &p, &one);
		sum += one;
	}
	return sum / e->rows;
}

static double error_at(const struct label_errors *e, double t, double *ret_top1)
{
	struct calibration_bin bins[CALIBRATION_BINS] = { { 0 } };
	int64_t hits = 0;

	for (int i = 0; i < e->rows; i++) {
		double p, one;
		bool hit = answer(e, i, t, &p, &one) == e->given[i];

		calibration_add(bins, p, hit);
		hits += hit;
	}
	*ret_top1 = (double)hits / e->rows;
	return calibration_error(bins);
}

static void suite_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		struct label_errors e;
		double t, top1;

		if (!label_errors_open(&e, PIPED_SHARED, sets[i].name, sets[i].classes)) {
			print_message("no suites/label-errors: skipped\n");
			skip();
		}
		NEAR(loss(&e, 1), sets[i].nll, 2e-5);
		NEAR(error_at(&e, 1, &top1), sets[i].ece, 2e-5);
		NEAR(top1, sets[i].top1, 1e-6);
		t = calibration_temperature(loss, &e);
		NEAR(t, sets[i].t, 1e-5);
		NEAR(loss(&e, t), sets[i].nll_t, 1e-6);
		NEAR(error_at(&e, t, &top1), sets[i].ece_t, 1e-6);
		label_errors_close(&e);
	}
}

static void bins_test(void **state)
{
	struct calibration_bin bins[CALIBRATION_BINS] = { { 0 } };

	(void)state;
	NEAR(calibration_error(bins), 0, 0);
	calibration_add(bins, 0, false);
	calibration_add(bins, 1, true);
	calibration_add(bins, 3.0 / CALIBRATION_BINS, true);
	assert_int_equal(bins[0].n, 1);
	assert_int_equal(bins[2].n, 1); /* (lo, hi] */
	assert_int_equal(bins[CALIBRATION_BINS - 1].hits, 1);
	NEAR(calibration_error(bins), 0.8 / 3, 1e-12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bins_test),
		cmocka_unit_test(suite_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
