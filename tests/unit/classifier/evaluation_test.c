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

static struct classifier_evaluation *evaluation_of(const struct classifier *c, struct toy *t)
{
	const struct classifier_rows rows = toy_rows(t);
	struct classifier_evaluation *e = NULL;

	assert_int_equal(classifier_evaluate(c, &rows, &e, NULL), ERR_OK);
	return e;
}

/* A title that would turn the terminal's direction, or clear it by a raw C1 byte, and more values of
 * a field than are shown. */
static struct toy_row steering[] = {
	{ .title = "셔츠 \xe2\x80\xae"
		   "95",
	  .klass = "하의>청바지" },
	{ .title = "남방 \x9b"
		   "2J",
	  .klass = "하의>청바지" },
};

static int times(struct str text, struct str part)
{
	int n = 0;

	for (size_t i = 0; i + part.n <= text.n; i++)
		n += str_eq(str_sub(text, i, part.n), part);
	return n;
}

static bool next_of_many(void *ctx, struct classifier_row *ret)
{
	static char value[20];
	struct toy *t = ctx;

	if (!toy_next(t, ret))
		return false;
	snprintf(value, sizeof(value), "v%zu", t->at % 14);
	ret->fields[0] = (struct classifier_field){ STR("source"), str_of(value) };
	ret->fields[1] = (struct classifier_field){ STR("brand"), STR("one") };
	ret->fields_n = 2;
	return true;
}

static void shown_test(void **state)
{
	struct toy train = { .n = 800, .seed = 1 }, many = { .n = 140, .seed = 2 },
		   bad = { .rows = steering, .n = 2 };
	const struct classifier_rows rows = { &many, toy_rewind, next_of_many };
	struct classifier *c = model_of(&train);
	struct classifier_evaluation *e = evaluation_of(c, &bad);
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 20);
	assert_int_equal(classifier_evaluation_print(e, CLASSIFIER_TEXT, &out), ERR_OK);
	assert_true(str_find(buf_str(&out), STR("셔츠 ?95")) > 0);
	assert_true(str_find(buf_str(&out), STR("남방 ?2J")) > 0);
	classifier_evaluation_free(e);
	buf_clear(&out);
	assert_int_equal(classifier_evaluate(c, &rows, &e, NULL), ERR_OK);
	assert_int_equal(classifier_evaluation_print(e, CLASSIFIER_TEXT, &out), ERR_OK);
	assert_true(str_find(buf_str(&out), STR("one\n\nby source\n")) > 0);
	/* Twelve of fourteen, and that there are more. */
	assert_int_equal(times(buf_str(&out), STR("  v")), 12);
	assert_int_equal(times(buf_str(&out), STR("(and rarer ones)\n")), 1);
	assert_true(str_ends(buf_str(&out), STR("(and rarer ones)\n")));
	classifier_evaluation_free(e);
	buf_done(&out);
	classifier_close(c);
	toy_remove(MODEL);
}

static void prints(const struct classifier_evaluation *e, const char *text, const char *json)
{
	static const enum classifier_format formats[] = { CLASSIFIER_TEXT, CLASSIFIER_HTML,
							  CLASSIFIER_JSON };
	struct buf out;

	for (int i = 0; i < 3; i++) {
		const char *want = formats[i] == CLASSIFIER_JSON ? json : text;

		buf_init(&out, 1 << 20);
		assert_int_equal(classifier_evaluation_print(e, formats[i], &out), ERR_OK);
		if (str_find(buf_str(&out), str_of(want)) < 0)
			fail_msg("no `%s` in %.*s", want, STR_ARG(buf_str(&out)));
		buf_done(&out);
	}
}

/* What is promised comes from other rows than those of the report. */
static void promise_test(void **state)
{
	struct toy train = { .n = 800, .seed = 1 }, few = { .n = 99, .seed = 2 },
		   many = { .n = 400, .seed = 3 }, bad = { .n = 400, .seed = 4, .wrong = 0.9 };
	struct classifier *c = model_of(&train);
	struct classifier_evaluation *e = evaluation_of(c, &bad), *of_few = evaluation_of(c, &few),
				     *of_many = evaluation_of(c, &many);
	struct classifier_threshold t;
	char want[120];

	(void)state;
	assert_int_equal(classifier_threshold_rows(0.95), 100);
	assert_int_equal(classifier_threshold_rows(0.99), 500);
	prints(e, "right", "\"ece_top3\"");
	classifier_evaluation_promise(e, 0.95, NULL, "things");
	prints(e, "there are 0 things; it takes 100 at least",
	       "\"threshold\":{\"precision\":0.950000,\"rows\":0,\"rows_least\":100,\"p\":null}");
	classifier_evaluation_promise(e, 0.95, of_few, "things");
	prints(e, "there are 99 things; it takes 100 at least", "\"rows\":99,");
	classifier_evaluation_promise(e, 0.95, e, "things");
	prints(e, "the 400 things do not show it", "\"rows\":400,\"rows_least\":100,\"p\":null");
	assert_true(classifier_threshold(of_many, 0.95, 0.95, &t));
	classifier_evaluation_promise(e, 0.95, of_many, "things");
	snprintf(want, sizeof(want), "%d of 400 things are that sure", (int)t.covered);
	prints(e, want, "\"coverage\":");
	classifier_evaluation_free(e);
	classifier_evaluation_free(of_few);
	classifier_evaluation_free(of_many);
	classifier_close(c);
	toy_remove(MODEL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(promise_test),	  cmocka_unit_test(shown_test),
		cmocka_unit_test(counted_test),	  cmocka_unit_test(printed_test),
		cmocka_unit_test(threshold_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
