/* Folds, the curve, comparisons, and going on from a model. */
#include "classifier/classifier.h"

#include "base/mem.h"
#include "tests/unit/classifier/toy.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct classifier_opt quick(void)
{
	struct classifier_opt opt = classifier_defaults();

	opt.epochs = 3;
	opt.rate = 0.05;
	return opt;
}

/* Each title has a word of its own and says nothing else; labels are drawn. Whoever
 * saw a row knows it, nobody else does better than chance. Each seventh has
 * no label, each eleventh is of a group with the row before. */
struct secret {
	uint32_t at, n;
	char title[64];
};

static void rewind_secret(void *ctx)
{
	((struct secret *)ctx)->at = 0;
}

static bool next_secret(void *ctx, struct classifier_row *ret)
{
	struct secret *s = ctx;
	struct rng r = { .state = (uint64_t)s->at * 77 };
	uint32_t i = s->at++;

	if (i == s->n)
		return false;
	snprintf(s->title, sizeof(s->title), "%llx %llx", (unsigned long long)rng_next(&r),
		 (unsigned long long)rng_next(&r));
	classifier_row_of(str_of(s->title),
			  i % 7 == 6 ? STR("") : str_of(toy_classes[rng_below(&r, 4)]), ret);
	ret->group = 1 + (i % 11 == 10 ? i - 1 : i);
	return true;
}

static void unseen_test(void **state)
{
	struct secret s = { .n = 700 };
	const struct classifier_rows rows = { &s, rewind_secret, next_secret };
	struct classifier_opt opt = quick();
	struct classifier_folds_about about;
	struct classifier_folds *f = NULL;
	struct classifier_report report;
	struct classifier_score score;
	struct classifier *c = NULL;
	struct reason why;

	(void)state;
	opt.epochs = 40;
	assert_int_equal(classifier_train(&rows, &opt, toy_path("s"), &report, &why), ERR_OK);
	assert_int_equal(classifier_open(toy_path("s"), &c, &why), ERR_OK);
	assert_int_equal(classifier_test(c, &rows, &score, &why), ERR_OK);
	assert_true(score.top1 > 0.8);
	assert_int_equal(classifier_folds_make(&rows, &opt, 5, toy_path("s"), &f, &why), ERR_OK);
	about = classifier_folds_about(f);
	assert_int_equal(about.rows, 600);
	assert_int_equal(about.left_out, 100);
	assert_true(about.top1 > 0.17 && about.top1 < 0.34);
	/* What can't be known is not said to be known. */
	assert_true(about.loss < 1.45);
	classifier_folds_free(f);
	classifier_close(c);
	toy_remove("s");
}

static void folds_test(void **state)
{
	struct secret s = { .n = 700 };
	const struct classifier_rows rows = { &s, rewind_secret, next_secret };
	struct classifier_opt opt = quick();
	struct classifier_folds *f = NULL;
	struct classifier_folds_row row;
	struct classifier_row given;
	struct reason why;
	int64_t input = -1, of[3] = { 0 };
	int fold_before = 0;
	float p[4] = { 0 };

	(void)state;
	assert_int_equal(classifier_folds_make(&rows, &opt, 3, toy_path("f"), &f, &why), ERR_OK);
	rows.rewind(rows.ctx);
	for (int64_t i = 0; i < classifier_folds_about(f).rows; i++) {
		double sum = 0;

		assert_int_equal(classifier_folds_row(f, i, &row, p), ERR_OK);
		assert_true(row.input > input);
		for (; input < row.input; input++)
			assert_true(rows.next(rows.ctx, &given));
		assert_true(str_eq(given.labels[0].klass, classifier_folds_class(f, row.klass)));
		for (int k = 0; k < 4; k++)
			sum += (double)p[k];
		assert_true(fabs(sum - 1) < 1e-4);
		of[row.fold]++;
		/* Where the row before was left out, nothing is known of it. */
		if (input % 11 == 10 && (input - 1) % 7 != 6)
			assert_int_equal(row.fold, fold_before);
		fold_before = row.fold;
	}
	for (int k = 0; k < 3; k++)
		assert_true(of[k] > 150 && of[k] < 250);
	classifier_folds_free(f);
	assert_int_equal(classifier_folds_make(&rows, &opt, 1, toy_path("f"), &f, &why), ERR_BAD);
	classifier_folds_free(NULL);
}

/* A class of one title, which is all in one fold: nobody can answer it, nor is it held
 * against the temperature. */
static void alone_test(void **state)
{
	static const struct toy_row few[] = {
		{ .title = "코트 롱", .klass = "코트" },
		{ .title = "코트 울", .klass = "코트" },
		{ .title = "청바지 핏", .klass = "바지" },
		{ .title = "청바지 롱", .klass = "바지" },
		{ .title = "모자", .klass = "모자" },
	};
	struct toy t = { .rows = few, .n = 5 };
	struct classifier_rows rows = toy_rows(&t);
	struct classifier_opt opt = quick();
	struct classifier_folds *f = NULL;
	struct classifier_folds_row row;
	float p[3];

	(void)state;
	assert_int_equal(classifier_folds_make(&rows, &opt, 100, toy_path("f"), &f, NULL), ERR_OK);
	for (int64_t i = 0; i < 5; i++) {
		assert_int_equal(classifier_folds_row(f, i, &row, p), ERR_OK);
		assert_int_equal(row.learned, i < 4);
		assert_true(i < 4 || p[row.klass] < 1e-6f);
	}
	assert_true(classifier_folds_about(f).loss < 5);
	classifier_folds_free(f);
}

static bool stop(void *ctx, double done, const char *what)
{
	assert_true(done >= 0 && done <= 1 && what[0]);
	return (*(int *)ctx)-- > 0;
}

/* Cancelled early and late, nothing is left behind (the sanitizer looks). */
static void cancelled_test(void **state)
{
	struct toy t = { .n = 900, .seed = 2 };
	struct classifier_rows rows = toy_rows(&t);
	struct classifier_opt opt = quick();
	struct classifier_curve curve;
	struct classifier_folds *f = NULL;
	struct reason why;

	(void)state;
	opt.progress = stop;
	for (int after = 0; after < 3; after++) {
		int left = after;

		opt.ctx = &left;
		assert_int_equal(classifier_folds_make(&rows, &opt, 4, toy_path("c"), &f, &why),
				 ERR_CANCELLED);
		left = after;
		assert_int_equal(classifier_curve(&rows, &opt, toy_path("c"), &curve, &why),
				 ERR_CANCELLED);
	}
	assert_null(f);
}

static void curve_test(void **state)
{
	struct toy t = { .n = 3000, .seed = 5, .wrong = 0.2 };
	struct classifier_rows rows = toy_rows(&t);
	struct classifier_opt opt = quick();
	struct classifier_curve c;
	struct reason why;

	(void)state;
	assert_int_equal(classifier_curve(&rows, &opt, toy_path("k"), &c, &why), ERR_OK);
	assert_true(c.points_n >= 4 && c.dev_rows > 300);
	for (int i = 0; i < c.points_n; i++) {
		assert_true(i == 0 || c.points[i].rows >= 2 * c.points[i - 1].rows - 1);
		assert_true(c.points[i].low < c.points[i].top1 &&
			    c.points[i].top1 < c.points[i].high);
	}
	/* A fifth of the labels is drawn of four: 85% is all there is to win. */
	assert_true(fabs(c.points[c.points_n - 1].top1 - 0.85) < 0.04);
	assert_true(c.gain_low <= c.gain + 0.01 && c.gain <= c.gain_high + 0.01);
	assert_true(c.gain < 0.03 && c.floor < 0.2);
	t.n = 100;
	assert_int_equal(classifier_curve(&rows, &opt, toy_path("k"), &c, &why), ERR_BAD);
}

static struct classifier *model_of(struct classifier_rows rows, const struct classifier_opt *opt)
{
	struct classifier_report report;
	struct classifier *c = NULL;
	struct reason why;

	assert_int_equal(classifier_train(&rows, opt, toy_path("m"), &report, &why), ERR_OK);
	assert_int_equal(classifier_open(toy_path("m"), &c, &why), ERR_OK);
	toy_remove("m");
	return c;
}

static void sums(const struct classifier_comparison *c)
{
	assert_int_equal(c->both + c->only_a + c->only_b + c->neither, c->n);
	assert_true(fabs(c->top1.a * (double)c->n - (double)(c->both + c->only_a)) < 1e-6);
	assert_true(fabs(c->top1.b * (double)c->n - (double)(c->both + c->only_b)) < 1e-6);
}

static void compare_test(void **state)
{
	struct toy good = { .n = 2000, .seed = 6 }, test = { .n = 500, .seed = 8, .wrong = 0.1 };
	/* Knows three of four classes, and one that nobody asks for. */
	static const struct toy_row few[] = {
		{ .title = "브랜드1 셔츠 10", .klass = "상의>셔츠" },
		{ .title = "브랜드2 청바지 20", .klass = "하의>청바지" },
		{ .title = "브랜드3 운동화 30", .klass = "신발>운동화" },
		{ .title = "wool coat", .klass = "coat" },
	};
	struct toy poor = { .rows = few, .n = 4 };
	struct classifier_rows rows = toy_rows(&test);
	struct classifier_opt opt = quick();
	struct classifier *a = model_of(toy_rows(&good), &opt), *b;
	struct classifier_comparison same, c, other, again;
	struct reason why;

	(void)state;
	opt.epochs = 40;
	b = model_of(toy_rows(&poor), &opt);
	assert_int_equal(classifier_compare(a, a, &rows, 1, &same, &why), ERR_OK);
	sums(&same);
	assert_true(same.p == 1 && same.only_a == 0 && same.only_b == 0);
	assert_true(same.top1.low == 0 && same.top1.high == 0 && same.macro_f1.low == 0);
	assert_int_equal(classifier_compare(a, b, &rows, 1, &c, &why), ERR_OK);
	sums(&c);
	assert_int_equal(c.n, 500);
	assert_true(c.p < 1e-6 && c.only_a > c.only_b);
	assert_true(c.top1.high < 0 && c.macro_f1.high < 0 && c.top1.low < c.top1.high);
	/* The other way round, and once more. */
	assert_int_equal(classifier_compare(b, a, &rows, 1, &other, &why), ERR_OK);
	assert_true(other.only_a == c.only_b && other.p == c.p);
	assert_true(fabs(other.top1.low + c.top1.high) < 1e-9);
	assert_true(fabs(other.macro_f1.a - c.macro_f1.b) < 1e-9);
	assert_int_equal(classifier_compare(a, b, &rows, 1, &again, &why), ERR_OK);
	assert_memory_equal(&again, &c, sizeof(c));
	test.n = 0;
	assert_int_equal(classifier_compare(a, b, &rows, 1, &c, &why), ERR_BAD);
	classifier_close(a);
	classifier_close(b);
}

/* Forty copies of a title that one model has wrong are one piece of evidence. */
static void groups_test(void **state)
{
	static struct toy_row copies[40];
	struct toy good = { .n = 2000, .seed = 6 }, many = { .rows = copies, .n = 40 };
	static const struct toy_row wrong[] = {
		{ .title = "브랜드1 셔츠 10", .klass = "가방" },
		{ .title = "브랜드2 청바지 20", .klass = "하의>청바지" },
	};
	struct toy other = { .rows = wrong, .n = 2 };
	struct classifier_rows rows = toy_rows(&many);
	struct classifier_opt opt = quick();
	struct classifier *a = model_of(toy_rows(&good), &opt), *b;
	struct classifier_comparison c;

	(void)state;
	for (int i = 0; i < 40; i++)
		copies[i] = (struct toy_row){ .title = "브랜드1 셔츠 10", .klass = "상의>셔츠" };
	opt.epochs = 60;
	b = model_of(toy_rows(&other), &opt);
	assert_int_equal(classifier_compare(a, b, &rows, 1, &c, NULL), ERR_OK);
	assert_true(c.only_a == 40 && c.only_b == 0);
	assert_true(c.groups_a == 1 && c.groups_b == 0 && c.p == 1);
	/* The one group is in every draw. */
	assert_true(c.top1.low == -1 && c.top1.high == -1);
	classifier_close(a);
	classifier_close(b);
}

/* All rows of one group, or nearly: nothing can be held out, and nothing breaks. */
struct lump {
	struct toy toy;
	struct classifier_rows inner;
	int apart; /* rows that are no part of it */
};

static void rewind_lump(void *ctx)
{
	struct lump *l = ctx;

	l->inner.rewind(l->inner.ctx);
}

static bool next_lump(void *ctx, struct classifier_row *ret)
{
	struct lump *l = ctx;

	if (!l->inner.next(l->inner.ctx, ret))
		return false;
	ret->group = l->toy.at <= (size_t)l->apart ? 1000 + l->toy.at : 7;
	return true;
}

static void lump_test(void **state)
{
	struct classifier_opt opt = quick();
	struct classifier_report report;
	struct classifier_folds *f = NULL;
	struct classifier_curve curve;
	struct reason why = { "" };

	(void)state;
	opt.epochs = 1;
	for (uint64_t seed = 1; seed < 30; seed++) {
		struct lump l = { .toy = { .n = 600, .seed = 3 }, .apart = seed % 3 ? 1 : 0 };
		const struct classifier_rows rows = { &l, rewind_lump, next_lump };

		l.inner = toy_rows(&l.toy);
		opt.seed = seed;
		assert_int_equal(classifier_train(&rows, &opt, toy_path("l"), &report, &why),
				 ERR_OK);
		assert_true(isnan(report.dev_top1));
		assert_int_equal(classifier_curve(&rows, &opt, toy_path("l"), &curve, &why),
				 ERR_BAD);
		assert_non_null(strstr(why.text, "held out"));
		assert_int_equal(classifier_folds_make(&rows, &opt, 3, toy_path("l"), &f, &why),
				 ERR_OK);
		classifier_folds_free(f);
	}
	toy_remove("l");
}

/* A model of a model of a model still learns what is new. */
static void chain_test(void **state)
{
	static const struct toy_row added[] = {
		{ .title = "모자 캡 비니", .klass = "모자" },
		{ .title = "브랜드1 셔츠 10", .klass = "상의>셔츠" },
	};
	struct toy old = { .n = 2000, .seed = 6 }, more = { .rows = added, .n = 2 };
	struct classifier_opt opt = quick(), on = classifier_defaults();
	struct classifier *c = model_of(toy_rows(&old), &opt), *next;
	struct classifier_about about;

	(void)state;
	for (int i = 0; i < 4; i++) {
		on.start = c;
		next = model_of(toy_rows(&old), &on);
		classifier_close(c);
		c = next;
	}
	classifier_about(c, &about);
	assert_true(fabs(about.rate - opt.rate) < 1e-9);
	on.start = c;
	on.epochs = 60;
	next = model_of(toy_rows(&more), &on);
	classifier_about(next, &about);
	assert_true(fabs(about.rate - opt.rate) < 1e-9);
	classifier_close(c);
	classifier_close(next);
}

static void options_test(void **state)
{
	struct toy t = { .n = 50, .seed = 1 };
	struct classifier_rows rows = toy_rows(&t);
	struct classifier_report report;
	struct classifier_opt bad[4];
	struct reason why;

	(void)state;
	for (int i = 0; i < 4; i++)
		bad[i] = classifier_defaults();
	bad[0].bits = 40;
	bad[1].balance = NAN;
	bad[2].newer = 2;
	/* Nothing finite comes of such a rate; nothing is written. */
	bad[3].rate = 1e30;
	bad[3].epochs = 3;
	for (int i = 0; i < 4; i++) {
		why.text[0] = 0;
		assert_int_equal(classifier_train(&rows, &bad[i], toy_path("o"), &report, &why),
				 ERR_BAD);
		assert_true(why.text[0]);
		assert_int_equal(access(toy_path("o"), F_OK), -1);
	}
}

/* One epoch from a model beats one from nothing, and a class it never heard of
 * is learned beside what it knew. */
static void start_test(void **state)
{
	static const struct toy_row added[] = {
		{ .title = "모자 캡 비니", .klass = "모자" },
		{ .title = "모자 버킷햇", .klass = "모자" },
		{ .title = "브랜드1 셔츠 10", .klass = "상의>셔츠" },
		{ .title = "브랜드2 청바지 20", .klass = "하의>청바지" },
	};
	struct toy old = { .n = 3000, .seed = 6 }, test = { .n = 1000, .seed = 8 };
	struct toy more = { .rows = added, .n = 4 };
	struct classifier_rows rows = toy_rows(&test);
	struct classifier_opt opt = quick(), on = classifier_defaults();
	struct classifier *a = model_of(toy_rows(&old), &opt), *b, *c;
	struct classifier_score before, after;
	struct classifier_guess best;
	struct classifier_about about;
	struct classifier_folds *f = NULL;
	struct classifier_curve curve;

	(void)state;
	on.start = a;
	on.epochs = 1;
	on.rate = 1e-6;
	b = model_of(toy_rows(&old), &on);
	assert_int_equal(classifier_test(a, &rows, &before, NULL), ERR_OK);
	assert_int_equal(classifier_test(b, &rows, &after, NULL), ERR_OK);
	assert_true(before.top1 > 0.99 && fabs(after.top1 - before.top1) < 0.002);
	classifier_about(b, &about);
	assert_true(isnan(about.dev_top1) && about.epochs == 1);
	/* It may have learned what folds and curves would ask it. */
	assert_int_equal(classifier_folds_make(&rows, &on, 3, toy_path("f"), &f, NULL), ERR_BAD);
	assert_int_equal(classifier_curve(&rows, &on, toy_path("k"), &curve, NULL), ERR_BAD);
	on.epochs = 30;
	on.rate = 0.05;
	c = model_of(toy_rows(&more), &on);
	assert_int_equal(classifier_top(c, STR("비니 모자"), 1, &best), 1);
	assert_true(str_is(classifier_class(c, best.klass), "모자"));
	assert_int_equal(classifier_top(c, STR("셔츠"), 1, &best), 1);
	assert_true(str_is(classifier_class(c, best.klass), "상의>셔츠"));
	classifier_close(a);
	classifier_close(b);
	classifier_close(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unseen_test),	  cmocka_unit_test(folds_test),
		cmocka_unit_test(cancelled_test), cmocka_unit_test(curve_test),
		cmocka_unit_test(compare_test),	  cmocka_unit_test(alone_test),
		cmocka_unit_test(start_test),	  cmocka_unit_test(groups_test),
		cmocka_unit_test(lump_test),	  cmocka_unit_test(chain_test),
		cmocka_unit_test(options_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
