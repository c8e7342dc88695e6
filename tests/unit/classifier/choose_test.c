#include "classifier/choose.h"

#include "../stream/label_errors.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* suites/calibration. The grid's parabola is no exact minimum; 20news is left out, as
 * many of its truths have no probability at all, which costs no more than 14 nats here. */
static const struct {
	const char *name;
	int classes;
	double temperature, loss;
} sets[] = {
	{ "cifar10", 10, 1.466363, .219639 },
	{ "mnist", 10, 1.165781, .029658 },
};

static void temperature_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		struct label_errors e;
		struct choose_losses l;
		double loss, t;

		if (!label_errors_open(&e, PIPED_SHARED, sets[i].name, sets[i].classes)) {
			print_message("no suites/label-errors: skipped\n");
			skip();
		}
		choose_losses_init(&l);
		for (int r = 0; r < e.rows; r++) {
			const struct corpus_label label = { .klass = (uint32_t)e.given[r],
							    .share = 1 };
			float logits[32];

			for (int k = 0; k < e.classes; k++)
				logits[k] = (float)log(fmax(1e-7, e.p[r * e.classes + k]));
			choose_losses_add(&l, logits, e.classes, &label, 1);
		}
		t = (double)choose_losses_best(&l, &loss);
		assert_true(fabs(t / sets[i].temperature - 1) < 0.005);
		assert_true(fabs(loss - sets[i].loss) < 0.001);
		label_errors_close(&e);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(temperature_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
