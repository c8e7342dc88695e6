#include "labeler/label_model.h"

#include "base/rng.h"
#include "vote_suites.h"

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

static void want(bool there)
{
	if (!there) {
		print_message("no " SUITES ": skipped\n");
		skip();
	}
}

/* How often it is right of the rows; of a tie, as often as the lot would be. */
static double accuracy(const struct label_model *l, const struct vote_suite *s)
{
	double right = 0;

	for (size_t i = 0; i < s->m.rows; i++) {
		struct label_answer a;
		int n;
		const uint32_t *votes = vote_matrix_row(&s->m, i, &n);
		double score[LABEL_DENSE_CLASSES], top;

		label_model_answer(l, votes, n, &a);
		label_model_scores(l, votes, n, score);
		top = score[0];
		for (int k = 1; k < s->m.classes; k++)
			top = fmax(top, score[k]);
		if (score[s->truth[i]] >= top - 1e-9)
			right += 1.0 / a.ties;
	}
	return right / (double)s->m.rows;
}

static struct label_model *em(enum label_model_kind kind, const struct vote_matrix *m)
{
	struct label_model *l = NULL;
	struct reason why = { "" };

	if (label_model_em(kind, m, NULL, &l, &why) != ERR_OK)
		fail_msg("%s", why.text);
	assert_true(label_model_about(l).converged);
	return l;
}

/* Five anaesthetists, of whom the first was asked three times. */
static void ds1979_test(void **state)
{
	static struct vote_suite s;
	static const double share[] = { 0.3996, 0.4220, 0.1118, 0.0667 };
	static const double first[][4] = { { .889, .111, 0, 0 },
					   { .071, .876, .053, 0 },
					   { 0, .339, .661, 0 },
					   { 0, 0, .556, .444 } };
	FILE *f = fopen(SUITES "ds1979/responses.csv", "r");
	FILE *known = fopen(SUITES "ds1979/posteriors.csv", "r");
	const struct label_em_opt opt = { .tolerance = 1e-7 };
	struct label_model *l = NULL;
	uint32_t votes[16];
	int patient, observer, response, now = 1, n = 0;

	(void)state;
	want(f && known);
	vote_suite_start(&s, 5, 4);
	(void)fscanf(f, "%*[^\n]");
	while (fscanf(f, "%d,%d,%d", &patient, &observer, &response) == 3) {
		if (patient != now) {
			vote_matrix_add(&s.m, votes, n);
			now = patient;
			n = 0;
		}
		votes[n++] = (uint32_t)((observer - 1) * 4 + response - 1);
	}
	vote_matrix_add(&s.m, votes, n);
	assert_int_equal(s.m.rows, 45);
	assert_int_equal(label_model_em(LABEL_DAWID_SKENE, &s.m, &opt, &l, NULL), ERR_OK);
	NEAR(label_model_about(l).log_likelihood, -192.89088, 2e-5);
	for (int k = 0; k < 4; k++) {
		NEAR(label_model_share(l, k), share[k], 6e-5);
		for (int said = 0; said < 4; said++)
			NEAR(label_model_rate(l, said, k), first[k][said], 6e-4);
	}
	(void)fscanf(known, "%*[^\n]");
	for (size_t i = 0; i < s.m.rows; i++) {
		double p[4], score[4], sum = 0;
		const uint32_t *row = vote_matrix_row(&s.m, i, &n);

		assert_int_equal(
			fscanf(known, "%d,%lf,%lf,%lf,%lf", &patient, &p[0], &p[1], &p[2], &p[3]),
			5);
		label_model_scores(l, row, n, score);
		for (int k = 0; k < 4; k++)
			sum += exp(score[k]);
		for (int k = 0; k < 4; k++)
			NEAR(exp(score[k]) / sum, p[k], 2e-6);
	}
	label_model_free(l);
	(void)fclose(f);
	(void)fclose(known);
	/* Rates of rules that are asked once are no model of this. */
	assert_int_equal(label_model_em(LABEL_TWO_RATE, &s.m, NULL, &l, NULL), ERR_BAD);
	vote_matrix_done(&s.m);
}

static void youtube_test(void **state)
{
	static struct vote_suite train, valid, test;
	const struct label_em_opt skip_abstains = { .skip_abstains = true };
	struct label_model *l;
	struct reason why;

	(void)state;
	want(vote_suite_dense(&train, SUITES "wrench-youtube/train.csv", 10, 2, true, -9, -1));
	want(vote_suite_dense(&valid, SUITES "wrench-youtube/valid.csv", 10, 2, true, -9, -1));
	want(vote_suite_dense(&test, SUITES "wrench-youtube/test.csv", 10, 2, true, -9, -1));
	assert_int_equal(train.m.rows, 1586);
	l = label_model_majority(&train.m);
	NEAR(accuracy(l, &train), .816520, 1e-6);
	NEAR(accuracy(l, &valid), .816667, 1e-6);
	NEAR(accuracy(l, &test), .816, 1e-6);
	label_model_free(l);
	l = em(LABEL_DAWID_SKENE, &train.m);
	NEAR(label_model_about(l).log_likelihood, -6370.9584, 5e-4);
	NEAR(label_model_share(l, 0), .545841, 5e-5);
	NEAR(accuracy(l, &test), .832, 1e-9);
	label_model_free(l);
	l = em(LABEL_TWO_RATE, &train.m);
	NEAR(accuracy(l, &test), .836, .0041); /* a row's difference: rates have a floor */
	NEAR(label_model_share(l, 0), .545841, 5e-4);
	label_model_free(l);
	/* Every rule says one class: without abstains each seems to be always said. */
	l = NULL;
	assert_int_equal(label_model_em(LABEL_DAWID_SKENE, &train.m, &skip_abstains, &l, &why),
			 ERR_BAD);
	assert_non_null(strstr(why.text, "says one class only"));
	assert_null(l);
	vote_matrix_done(&train.m);
	vote_matrix_done(&valid.m);
	vote_matrix_done(&test.m);
}

/* Precision learned of so many reviewed rows of `train`, on `test`; the mean of 20 draws. */
static double after_reviews(const struct vote_suite *train, const struct vote_suite *test, size_t n)
{
	struct label_reviewed rows[1000];
	double sum = 0;

	for (uint64_t draw = 0; draw < 20; draw++) {
		struct rng rng = { draw };
		struct label_model *l;

		for (size_t i = 0; i < n; i++) {
			rows[i] = (struct label_reviewed){ .row = rng_below(&rng, train->m.rows) };
			rows[i].truth = train->truth[rows[i].row];
		}
		l = label_model_precision(&train->m, rows, n);
		sum += accuracy(l, test) / 20;
		label_model_free(l);
	}
	return sum;
}

static void trec_test(void **state)
{
	static struct vote_suite train, test;
	struct label_model *l;

	(void)state;
	want(vote_suite_trec(&train, "train") && vote_suite_trec(&test, "test"));
	assert_int_equal(train.m.first[train.m.rows], 8599);
	assert_int_equal(test.m.first[test.m.rows], 788);
	l = label_model_majority(&train.m);
	NEAR(accuracy(l, &train), .515727, 1e-6);
	NEAR(accuracy(l, &test), .611, 1e-6);
	label_model_free(l);
	l = em(LABEL_DAWID_SKENE, &train.m);
	NEAR(label_model_about(l).log_likelihood, -19593.347, 5e-3);
	NEAR(accuracy(l, &test), .502, 1e-9);
	label_model_free(l);
	l = em(LABEL_TWO_RATE, &train.m);
	NEAR(accuracy(l, &test), .466, 1e-9);
	label_model_free(l);
	assert_true(after_reviews(&train, &test, 50) >= .645);
	NEAR(after_reviews(&train, &test, 100), .653, .005);
	NEAR(after_reviews(&train, &test, 1000), .664, .005);
	vote_matrix_done(&train.m);
	vote_matrix_done(&test.m);
}

/* Rules that say yes and no: here abstains may be left out. */
static void tennis_test(void **state)
{
	static struct vote_suite train, dev;
	const struct label_em_opt skip_abstains = { .skip_abstains = true };
	struct label_model *l = NULL;
	FILE *f = fopen(SUITES "tennis-flyingsquid/dev.y.txt", "r");

	(void)state;
	want(f && vote_suite_dense(&train, SUITES "tennis-flyingsquid/train.votes.csv", 6, 2, false,
				   -1, 0));
	want(vote_suite_dense(&dev, SUITES "tennis-flyingsquid/dev.votes.csv", 6, 2, false, -1, 0));
	for (size_t i = 0; i < dev.m.rows; i++) {
		assert_int_equal(fscanf(f, "%d", &dev.truth[i]), 1);
		dev.truth[i] = dev.truth[i] > 0;
	}
	(void)fclose(f);
	l = label_model_majority(&train.m);
	NEAR(accuracy(l, &dev), .885389, 1e-6);
	label_model_free(l);
	l = em(LABEL_DAWID_SKENE, &train.m);
	NEAR(label_model_about(l).log_likelihood, -19622.7479, 1e-3);
	NEAR(accuracy(l, &dev), .892761, 1e-6);
	label_model_free(l);
	assert_int_equal(label_model_em(LABEL_DAWID_SKENE, &train.m, &skip_abstains, &l, NULL),
			 ERR_OK);
	NEAR(accuracy(l, &dev), .891421, 1e-6);
	label_model_free(l);
	vote_matrix_done(&train.m);
	vote_matrix_done(&dev.m);
}

/* Three rules for class 0, two of one family; one for class 1; ten classes. */
static const struct vote_column few[] = {
	{ .rule = 0, .klass = 0, .family = 7, .precision = .9 },
	{ .rule = 1, .klass = 0, .family = 7, .precision = .8 },
	{ .rule = 2, .klass = 0, .family = -1, .precision = .8 },
	{ .rule = 3, .klass = 1, .family = -1, .precision = .9 },
	{ .rule = 4, .klass = 1, .family = 7 },
};

static const struct {
	uint32_t votes[5];
	int n;
	int klass, ties;
	double p;
} ballots[] = {
	{ { 0 }, 1, 0, 1, .9 },	   /* one vote is as sure as its rule is precise */
	{ { 0, 1 }, 2, 0, 1, .9 }, /* of a family the best counts */
	{ { 0, 1, 2 }, 3, 0, 1, 81. * 36 / (81. * 36 + 9) },
	{ { 0, 3 }, 2, -1, 2, 81. / (81 + 81 + 8) },
	{ { 2, 3 }, 2, 1, 1, 81. / (81 + 36 + 8) },
	{ { 0 }, 0, -1, 10, .1 }, /* nobody said anything */
	/* a family's votes for another class are not its own's */
	{ { 0, 4 }, 2, 0, 1, 81. / (81 + 36 + 8) },
};

static void ballots_test(void **state)
{
	struct vote_matrix m;
	struct label_model *l;

	(void)state;
	vote_matrix_init(&m, 10, 5, few, 5);
	l = label_model_precision(&m, NULL, 0);
	for (size_t i = 0; i < sizeof(ballots) / sizeof(ballots[0]); i++) {
		struct label_answer a;

		label_model_answer(l, ballots[i].votes, ballots[i].n, &a);
		assert_int_equal(a.klass, ballots[i].klass);
		assert_int_equal(a.ties, ballots[i].ties);
		NEAR(a.p, ballots[i].p, 1e-9);
	}
	/* Twice as cool, twice as unsure. */
	label_model_cool(l, 2);
	{
		struct label_answer a;

		label_model_answer(l, ballots[0].votes, 1, &a);
		NEAR(a.p, 9. / (9 + 9), 1e-9);
	}
	label_model_free(l);
	vote_matrix_done(&m);
}

/* A configured precision is worth four rows. */
static void measured_test(void **state)
{
	struct vote_matrix m;
	struct label_model *l;
	struct label_reviewed rows[16];

	(void)state;
	vote_matrix_init(&m, 10, 5, few, 5);
	for (size_t i = 0; i < 16; i++) {
		vote_matrix_add(&m, (const uint32_t[]){ 4, 3 }, 2);
		rows[i] = (struct label_reviewed){ .row = i, .truth = i < 4 ? 1 : 5 };
	}
	l = label_model_precision(&m, rows, 16);
	NEAR(label_model_weight(l, 3), log((4 + 3.6) / 20 * 9 / (1 - (4 + 3.6) / 20)), 1e-12);
	NEAR(label_model_weight(l, 4), log(.25 * 9 / .75), 1e-12); /* centre: 8 of 32 */
	NEAR(label_model_weight(l, 0), log(.9 * 9 / .1), 1e-12);
	label_model_free(l);
	/* Rows keep a rule's votes side by side. */
	vote_matrix_add(&m, (const uint32_t[]){ 3, 0, 2 }, 3);
	{
		int n;
		const uint32_t *row = vote_matrix_row(&m, 16, &n);

		assert_int_equal(n, 3);
		assert_true(row[0] == 0 && row[1] == 2 && row[2] == 3);
	}
	vote_matrix_done(&m);
}

static void refused_test(void **state)
{
	struct vote_matrix m;
	struct label_model *l = NULL;
	struct reason why;
	const struct vote_column one = { .rule = 0, .klass = 0, .family = -1 };

	(void)state;
	vote_matrix_init(&m, 10, 5, few, 5);
	vote_matrix_add(&m, NULL, 0);
	assert_int_equal(label_model_em(LABEL_DAWID_SKENE, &m, NULL, &l, &why), ERR_BAD);
	assert_string_equal(why.text, "no rule says anything of 1 rows");
	vote_matrix_done(&m);
	vote_matrix_init(&m, LABEL_DENSE_CLASSES + 1, 5, few, 5);
	vote_matrix_add(&m, (const uint32_t[]){ 1 }, 1);
	assert_int_equal(label_model_em(LABEL_DAWID_SKENE, &m, NULL, &l, &why), ERR_BAD);
	assert_int_equal(label_model_em(LABEL_TWO_RATE, &m, NULL, &l, &why), ERR_OK);
	label_model_free(l);
	vote_matrix_done(&m);
	vote_matrix_init(&m, 1, 1, &one, 1);
	vote_matrix_add(&m, (const uint32_t[]){ 0 }, 1);
	assert_int_equal(label_model_em(LABEL_TWO_RATE, &m, NULL, &l, &why), ERR_BAD);
	vote_matrix_done(&m);
}

#define MANY 200

/* Two hundred classes, rules of known precision: two rates find the classes without a
 * reviewed row. */
static void many_classes_test(void **state)
{
	static struct vote_column columns[3 * MANY];
	struct vote_matrix m;
	struct label_model *l;
	struct rng rng = { 1 };
	int right = 0, decided = 0;
	static int truth[20000];

	(void)state;
	for (int j = 0; j < 3 * MANY; j++)
		columns[j] = (struct vote_column){ .rule = j, .klass = j % MANY, .family = -1 };
	vote_matrix_init(&m, MANY, 3 * MANY, columns, 3 * MANY);
	for (int i = 0; i < 20000; i++) {
		uint32_t votes[6];
		int n = 0;

		truth[i] = (int)rng_below(&rng, MANY);
		for (int c = 0; c < 3; c++) /* each of its rules fires at .6 */
			if (rng_unit(&rng) < .6)
				votes[n++] = (uint32_t)(c * MANY + truth[i]);
		if (rng_unit(&rng) < .5) /* and one of some other class */
			votes[n++] =
				(uint32_t)(((uint64_t)truth[i] + 1 + rng_below(&rng, MANY - 1)) %
					   MANY);
		vote_matrix_add(&m, votes, n);
	}
	l = em(LABEL_TWO_RATE, &m);
	for (size_t i = 0; i < m.rows; i++) {
		struct label_answer a;
		int n;
		const uint32_t *votes = vote_matrix_row(&m, i, &n);

		label_model_answer(l, votes, n, &a);
		decided += n > 0;
		right += n > 0 && a.klass == truth[i];
	}
	assert_true(right > decided * .9);
	for (int k = 0; k < MANY; k++)
		NEAR(label_model_share(l, k), 1.0 / MANY, .5 / MANY);
	label_model_free(l);
	vote_matrix_done(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ballots_test), cmocka_unit_test(measured_test),
		cmocka_unit_test(refused_test), cmocka_unit_test(many_classes_test),
		cmocka_unit_test(ds1979_test),	cmocka_unit_test(youtube_test),
		cmocka_unit_test(trec_test),	cmocka_unit_test(tennis_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
