#include "classifier/evaluation.h"

#include "base/mem.h"
#include "tests/unit/classifier/toy.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MODEL "e.model"

/* Toy rows with a source and, of two rows, one that names a class of its own. */
struct labeled {
	struct toy toy;
	struct classifier_rows inner;
	size_t at;
};

static void rewind_labeled(void *ctx)
{
	struct labeled *l = ctx;

	l->at = 0;
	l->inner.rewind(l->inner.ctx);
}

static bool next_labeled(void *ctx, struct classifier_row *ret)
{
	struct labeled *l = ctx;

	if (!l->inner.next(l->inner.ctx, ret))
		return false;
	ret->fields[0] =
		(struct classifier_field){ STR("source"), l->at % 3 ? STR("b<un") : STR("naver") };
	ret->fields_n = 1;
	if (l->at % 10 == 9)
		ret->labels[0].klass = STR("nobody's");
	l->at++;
	return true;
}

static struct classifier *model_of(struct toy *t)
{
	struct classifier_opt opt = classifier_defaults();
	struct classifier_rows rows = toy_rows(t);
	struct classifier_report report;
	struct classifier *c = NULL;

	opt.epochs = 3;
	opt.rate = 0.05;
	assert_int_equal(classifier_train(&rows, &opt, toy_path(MODEL), &report, NULL), ERR_OK);
	assert_int_equal(classifier_open(toy_path(MODEL), &c, NULL), ERR_OK);
	return c;
}

static void sums(const struct classifier_evaluation *e, int64_t rows)
{
	int64_t truth = 0, guessed = 0, hits = 0, bins = 0, wrong = 0, slices = 0;

	for (int k = 0; k < classifier_classes(e->model); k++) {
		struct evaluate_class t = evaluate_class(e->tallies, k);

		truth += t.truth;
		guessed += t.guessed;
		hits += t.hits;
	}
	for (int i = 0; i < CALIBRATION_BINS; i++)
		bins += evaluate_bins(e->tallies)[i].n;
	for (int i = 0; i < e->pairs_n; i++) {
		assert_true(i == 0 || e->pairs[i].n <= e->pairs[i - 1].n);
		assert_true(e->pairs[i].titles_n > 0 && e->pairs[i].truth != e->pairs[i].guess);
		wrong += e->pairs[i].n;
	}
	for (size_t i = 0; i < e->slices_n; i++)
		slices += e->slices[i].n;
	assert_int_equal(guessed, rows);
	assert_int_equal(bins, rows);
	assert_int_equal(slices, rows);
	assert_int_equal(truth, rows - e->score.unknown_class);
	assert_int_equal(wrong, truth - hits);
	assert_true(fabs(e->score.top1 - (double)hits / (double)rows) < 1e-12);
	assert_int_equal(e->hits[rows - 1], hits);
	for (int i = 1; i < e->coverage_n; i++)
		assert_true(e->coverage[i].least >= e->coverage[i - 1].least);
}

static void counted_test(void **state)
{
	struct labeled l = { .toy = { .n = 3000, .seed = 4, .wrong = 0.2 } };
	const struct classifier_rows rows = { &l, rewind_labeled, next_labeled };
	struct toy learned = { .n = 3000, .seed = 3 };
	struct classifier *c = model_of(&learned);
	struct classifier_evaluation *e = NULL;
	struct classifier_score score;
	struct reason why;

	(void)state;
	l.inner = toy_rows(&l.toy);
	assert_int_equal(classifier_evaluate(c, &rows, &e, &why), ERR_OK);
	score = classifier_evaluation_score(e);
	assert_int_equal(score.n, 3000);
	assert_int_equal(score.unknown_class, 300);
	/* Of the rest, a fifth got a label by chance, one of four. */
	assert_true(fabs(score.top1 - 0.9 * 0.85) < 0.03);
	/* Twelve pairs of four classes, all met. */
	assert_int_equal(e->pairs_n, 12);
	assert_int_equal(e->slices_n, 2);
	assert_true(str_is(e->slices[0].value, "b<un") && e->slices[0].n == 2000);
	sums(e, 3000);
	classifier_evaluation_free(e);
	l.toy.n = 0;
	assert_int_equal(classifier_evaluate(c, &rows, &e, &why), ERR_BAD);
	classifier_close(c);
	toy_remove(MODEL);
}

/* Names and titles come from anywhere: none steers a terminal or a browser. */
static void printed_test(void **state)
{
	static const struct toy_row rows[] = {
		{ .title = "wool coat <script>x</script>", .klass = "<b>coat" },
		{ .title = "denim \x1b[31mjeans", .klass = "jea\x1b[2Jns" },
		{ .title = "denim jeans blue", .klass = "<b>coat" },
		{ .title = "wool coat \xc2\x9b"
			   "1m long",
		  .klass = "jea\x1b[2Jns" },
	};
	struct toy t = { .rows = rows, .n = 4 };
	struct classifier *c = model_of(&t);
	struct classifier_rows it = toy_rows(&t);
	struct classifier_evaluation *e = NULL;
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 20);
	assert_int_equal(classifier_evaluate(c, &it, &e, NULL), ERR_OK);
	for (int i = 0; i < 3; i++) {
		buf_clear(&out);
		assert_int_equal(classifier_evaluation_print(e, (enum classifier_format)i, &out),
				 ERR_OK);
		assert_null(memchr(out.p, 0x1b, out.n));
		assert_non_null(strstr(out.p, "coat"));
		if (i == CLASSIFIER_HTML)
			assert_true(!strstr(out.p, "<b>coat") && !strstr(out.p, "<script>"));
		if (i == CLASSIFIER_TEXT)
			assert_null(strstr(out.p, "\xc2\x9b"));
	}
	buf_done(&out);
	buf_init(&out, 100);
	assert_int_equal(classifier_evaluation_print(e, CLASSIFIER_HTML, &out), ERR_TOO_BIG);
	buf_done(&out);
	classifier_evaluation_free(e);
	classifier_close(c);
	toy_remove(MODEL);
}

static int surest_first(const void *a, const void *b)
{
	const float *x = a, *y = b;

	return *x < *y ? 1 : *x > *y ? -1 : 0;
}

/* Answers that are right as often as they say, from 50% to 100%: 90% of those
 * from t on are right where t is 0.8. What is promised at 95% fails in at most 5 of
 * 100 draws, and not for promising nothing. */
static void threshold_test(void **state)
{
	enum { ROWS = 1500, DRAWS = 400 };
	struct classifier_evaluation e = { .rows = ROWS };
	struct classifier_threshold t;
	struct rng r = { 12 };
	double sum = 0;
	int broken = 0;

	(void)state;
	e.confidence = mem_array(ROWS, sizeof(*e.confidence));
	e.hits = mem_array(ROWS, sizeof(*e.hits));
	for (int draw = 0; draw < DRAWS; draw++) {
		for (int i = 0; i < ROWS; i++)
			e.confidence[i] = (float)(0.5 + rng_unit(&r) / 2);
		qsort(e.confidence, ROWS, sizeof(*e.confidence), surest_first);
		for (int i = 0; i < ROWS; i++)
			e.hits[i] =
				(i ? e.hits[i - 1] : 0) + (rng_unit(&r) < (double)e.confidence[i]);
		if (!classifier_threshold(&e, 0.9, 0.95, &t))
			t.p = 1;
		broken += t.p < 0.8f;
		sum += (double)t.p;
	}
	assert_true(broken <= DRAWS * 0.05 + 3 * sqrt(DRAWS * 0.05 * 0.95));
	assert_true(sum / DRAWS < 0.87);
	assert_false(classifier_threshold(&e, 0.9999, 0.95, &t));
	assert_false(classifier_threshold(&e, 1, 0.95, &t));
	mem_free(e.confidence);
	mem_free(e.hits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counted_test),
		cmocka_unit_test(printed_test),
		cmocka_unit_test(threshold_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
