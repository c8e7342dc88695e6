#include "labeler/label_choice.h"

#include "base/rng.h"
#include "vote_suites.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct vote_suite train, test;

static size_t draw(const struct vote_suite *s, size_t n, uint64_t seed, struct label_reviewed *ret)
{
	struct rng rng = { seed };

	for (size_t i = 0; i < n; i++) {
		ret[i] = (struct label_reviewed){ .row = rng_below(&rng, s->m.rows) };
		ret[i].truth = s->truth[ret[i].row];
	}
	return n;
}

/* Plain voting beats what EM finds, and reviewed rows both; of two rates' classes one is lost. */
static void trec_test(void **state)
{
	struct label_reviewed rows[400], fresh[500];
	struct label_choice c;
	struct label_model *l;
	const struct label_trial *t = c.trial;

	(void)state;
	if (!vote_suite_trec(&train, "train") || !vote_suite_trec(&test, "test")) {
		print_message("no suites/trec-rules: skipped\n");
		skip();
	}
	l = label_choice_make(&train.m, rows, draw(&train, 400, 5, rows), 1, &c);
	assert_int_equal(c.winner, LABEL_PRECISION);
	assert_int_equal(c.reviewed, 400);
	assert_non_null(strstr(c.why.text, "precision is right on 59.5% (54.7 to 64.2) of 400"));
	assert_non_null(strstr(c.why.text, "next is majority with 52.2%"));
	assert_true(t[LABEL_MAJORITY].accuracy < t[LABEL_PRECISION].accuracy);
	assert_true(t[LABEL_DAWID_SKENE].accuracy < t[LABEL_MAJORITY].accuracy);
	assert_int_equal(t[LABEL_TWO_RATE].end, LABEL_STRAYED);
	assert_non_null(strstr(t[LABEL_TWO_RATE].why.text, "class 0 is 0.00% of rows by EM"));
	assert_true(t[LABEL_DAWID_SKENE].largest_share > .6);
	/* Its confidence can be believed. */
	assert_true(t[LABEL_PRECISION].calibration_error < .08);
	assert_true(t[LABEL_PRECISION].loss < t[LABEL_MAJORITY].loss);
	for (size_t i = 0; i < 500; i++)
		fresh[i] = (struct label_reviewed){ .row = i, .truth = test.truth[i] };
	assert_true(label_choice_accuracy(l, &test.m, fresh, 500) > .645);
	label_model_free(l);
	/* What those rows say of themselves is not what they were chosen by. */
	l = label_model_precision(&train.m, rows, 400);
	assert_true(label_choice_accuracy(l, &train.m, rows, 400) > t[LABEL_PRECISION].accuracy);
	label_model_free(l);
	vote_matrix_done(&train.m);
	vote_matrix_done(&test.m);
}

static void few_test(void **state)
{
	struct label_reviewed rows[29];
	struct label_choice c;

	(void)state;
	if (!vote_suite_trec(&train, "train"))
		skip();
	label_model_free(label_choice_make(&train.m, rows, draw(&train, 29, 5, rows), 1, &c));
	assert_int_equal(c.winner, LABEL_PRECISION);
	assert_string_equal(c.why.text,
			    "precision: only 29 rows are reviewed, 30 are needed to compare");
	assert_true(isnan(c.trial[LABEL_MAJORITY].accuracy));
	label_model_free(label_choice_make(&train.m, NULL, 0, 1, &c));
	assert_int_equal(c.winner, LABEL_PRECISION);
	vote_matrix_done(&train.m);
}

#define RULES 120

/* Half of the rules say the wrong of two classes more often than not. To precision they say
 * nothing; EM takes what they say for its contrary. */
static void make_contrary(struct vote_matrix *m, int *truth, size_t rows)
{
	struct vote_column columns[2 * RULES];
	struct rng rng = { 3 };

	for (int j = 0; j < 2 * RULES; j++)
		columns[j] = (struct vote_column){ .rule = j / 2, .klass = j % 2, .family = -1 };
	vote_matrix_init(m, 2, RULES, columns, 2 * RULES);
	for (size_t i = 0; i < rows; i++) {
		uint32_t votes[RULES];
		int n = 0;

		truth[i] = (int)rng_below(&rng, 2);
		for (int r = 0; r < RULES; r++) {
			double precise = r % 2 ? .3 : .95;
			int said = rng_unit(&rng) < precise ? truth[i] : 1 - truth[i];

			if (rng_unit(&rng) < .03)
				votes[n++] = (uint32_t)(2 * r + said);
		}
		vote_matrix_add(m, votes, n);
	}
}

static void better_test(void **state)
{
	static int truth[6000];
	struct label_reviewed rows[600];
	struct vote_matrix m;
	struct label_choice c;
	struct label_model *l;

	(void)state;
	make_contrary(&m, truth, 6000);
	for (size_t i = 0; i < 600; i++)
		rows[i] = (struct label_reviewed){ .row = i, .truth = truth[i] };
	l = label_choice_make(&m, rows, 600, 1, &c);
	assert_int_equal(c.winner, LABEL_DAWID_SKENE);
	assert_true(c.trial[LABEL_DAWID_SKENE].p < .05);
	assert_int_equal(label_model_about(l).kind, LABEL_DAWID_SKENE);
	assert_true(label_model_about(l).temperature == c.trial[LABEL_DAWID_SKENE].temperature);
	assert_int_equal(strncmp(c.why.text, "dawid-skene is right on", 23), 0);
	label_model_free(l);
	/* The same rows told as duplicates of a few are no proof. */
	for (size_t i = 0; i < 600; i++)
		rows[i].group = 1 + i % 5;
	l = label_choice_make(&m, rows, 600, 1, &c);
	assert_int_equal(c.winner, LABEL_PRECISION);
	assert_non_null(strstr(c.why.text, "too few changes to tell that it is better"));
	label_model_free(l);
	vote_matrix_done(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trec_test),
		cmocka_unit_test(few_test),
		cmocka_unit_test(better_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
