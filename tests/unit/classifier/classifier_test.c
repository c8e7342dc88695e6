#include "classifier/classifier.h"

#include "base/file.h"
#include "base/mem.h"
#include "tests/unit/classifier/toy.h"

#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define MODEL "a.model"

static const struct toy_row few[] = {
	{ .title = "나이키 후드티 L", .klass = "상의>후드" },
	{ .title = "아디다스 후드 집업", .klass = "상의>후드" },
	{ .title = "스투시 후디 블랙", .klass = "상의>후드" },
	{ .title = "리바이스 501 청바지", .klass = "하의>청바지" },
	{ .title = "데님 팬츠 32", .klass = "하의>청바지" },
	{ .title = "와이드 데님 진", .klass = "하의>청바지" },
	{ .title = "조던1 로우 270", .klass = "신발" },
	{ .title = "에어맥스 97 운동화", .klass = "신발" },
	{ .title = "뉴발란스 992 운동화", .klass = "신발" },
	{ .title = "", .klass = "신발" },
	{ .title = "롤렉스 시계", .klass = "" },
	{ .title = "카시오 시계", .klass = "시계" },
};
#define FEW (sizeof(few) / sizeof(few[0]))

static struct classifier *train(struct toy *t, struct classifier_opt opt,
				struct classifier_report *ret)
{
	struct classifier_rows rows = toy_rows(t);
	struct classifier *c = NULL;
	struct reason why = { "" };

	opt.bits = opt.bits ? opt.bits : 12;
	if (classifier_train(&rows, &opt, toy_path(MODEL), ret, &why))
		fail_msg("%s", why.text);
	if (classifier_open(toy_path(MODEL), &c, &why))
		fail_msg("%s", why.text);
	return c;
}

static struct str best_class(const struct classifier *c, struct str title)
{
	struct classifier_guess g;

	assert_int_equal(classifier_top(c, title, 1, &g), 1);
	return classifier_class(c, g.klass);
}

static void few_rows_test(void **state)
{
	struct toy t = { .rows = few, .n = FEW };
	struct classifier_report report;
	struct classifier *c =
		train(&t, (struct classifier_opt){ .seed = 1, .min_rows = 2 }, &report);

	(void)state;
	assert_int_equal(report.rows, 10);
	assert_int_equal(report.left_out, 2);
	assert_int_equal(report.classes, 3);
	assert_true(isnan(report.dev_top1));
	assert_int_equal(classifier_classes(c), 3);
	for (size_t i = 0; i < FEW; i++) {
		struct str is = best_class(c, str_of(few[i].title));

		/* What was left out is never suggested. */
		assert_false(str_is(is, "시계"));
		if (*few[i].title && *few[i].klass && !str_is(str_of("시계"), few[i].klass))
			assert_true(str_is(is, few[i].klass));
	}
	classifier_close(c);
	toy_remove(MODEL);
}

static void probabilities_test(void **state)
{
	static const char *const titles[] = { "", "   !!", "나이키 후드티", "ελληνικά", "𠮷野家" };
	struct toy t = { .rows = few, .n = FEW };
	struct classifier_report report;
	struct classifier *c = train(&t, (struct classifier_opt){ .seed = 1 }, &report);
	struct classifier_guess top[8];
	float p[8], sum;

	(void)state;
	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
		classifier_probabilities(c, str_of(titles[i]), p);
		sum = 0;
		for (int k = 0; k < report.classes; k++) {
			assert_true(p[k] >= 0 && p[k] <= 1);
			sum += p[k];
		}
		assert_true(fabsf(sum - 1) < 1e-4f);
		assert_int_equal(classifier_top(c, str_of(titles[i]), 8, top), report.classes);
		for (int k = 0; k < report.classes; k++) {
			assert_true(top[k].p == p[top[k].klass]);
			assert_true(k == 0 || top[k].p <= top[k - 1].p);
		}
	}
	/* Without a known feature: the shares of the classes. */
	classifier_probabilities(c, STR(""), p);
	for (int k = 0; k < report.classes; k++) {
		bool shoes = str_is(classifier_class(c, k), "신발");
		bool watch = str_is(classifier_class(c, k), "시계");

		assert_true(fabsf(p[k] - (shoes ? 4 : watch ? 1 : 3) / 11.0f) < 1e-6f);
	}
	classifier_close(c);
	toy_remove(MODEL);
}

static void same_bytes_test(void **state)
{
	struct toy t = { .n = 900, .wrong = 0.1 };
	struct classifier_opt opt = { .seed = 7, .bits = 10 };
	struct classifier_report report;
	struct buf first, second, other;

	(void)state;
	opt.threads = 1;
	buf_init(&first, 64 << 20);
	buf_init(&second, 64 << 20);
	buf_init(&other, 64 << 20);
	classifier_close(train(&t, opt, &report));
	assert_int_equal(file_read(toy_path(MODEL), &first, NULL), ERR_OK);
	/* With any number of threads. */
	opt.threads = 4;
	classifier_close(train(&t, opt, &report));
	assert_int_equal(file_read(toy_path(MODEL), &second, NULL), ERR_OK);
	assert_true(str_eq(buf_str(&first), buf_str(&second)));
	opt.seed = 8;
	classifier_close(train(&t, opt, &report));
	assert_int_equal(file_read(toy_path(MODEL), &other, NULL), ERR_OK);
	assert_false(str_eq(buf_str(&first), buf_str(&other)));
	buf_done(&first);
	buf_done(&second);
	buf_done(&other);
	toy_remove(MODEL);
}

/* A fifth of the labels is drawn at random among four classes, so 85% are
 * right and nobody can know more. */
static void calibrated_test(void **state)
{
	struct toy t = { .n = 4000, .wrong = 0.2 };
	struct classifier_report report;
	struct classifier *c = train(&t, (struct classifier_opt){ .seed = 3 }, &report);
	struct toy fresh = { .n = 4000, .wrong = 0.2, .seed = 1 };
	struct classifier_rows rows = toy_rows(&fresh);
	struct classifier_score score;
	struct classifier_about about;

	(void)state;
	assert_true(report.dev_top1 > 0.8 && report.dev_top1 < 0.9);
	assert_int_equal(classifier_test(c, &rows, &score, NULL), ERR_OK);
	assert_int_equal(score.n, 4000);
	assert_int_equal(score.unknown_class, 0);
	assert_true(score.top1 > 0.82 && score.top1 < 0.88);
	/* The temperature was fitted on some 800 rows. */
	assert_true(score.ece < 0.06);
	assert_true(score.macro_f1 > 0.8);
	classifier_about(c, &about);
	assert_int_equal(about.rows, 4000);
	assert_int_equal(about.epochs, report.epochs);
	assert_true(about.temperature > 0.5 && about.temperature < 3);
	classifier_close(c);
	toy_remove(MODEL);
}

static void unknown_truth_test(void **state)
{
	static const struct toy_row rows[] = {
		{ .title = "나이키 후드티 L", .klass = "상의>후드" },
		{ .title = "카시오 시계", .klass = "시계" },
		{ .title = "청바지", .klass = "" },
	};
	struct toy t = { .rows = few, .n = FEW }, test = { .rows = rows, .n = 3 };
	struct classifier_report report;
	struct classifier *c = train(&t, (struct classifier_opt){ .min_rows = 2 }, &report);
	struct classifier_rows it = toy_rows(&test);
	struct classifier_score score;

	(void)state;
	assert_int_equal(classifier_test(c, &it, &score, NULL), ERR_OK);
	assert_int_equal(score.n, 2);
	assert_int_equal(score.unknown_class, 1);
	assert_true(score.top1 == 0.5 && score.top3 == 0.5);
	test.n = 0;
	assert_int_equal(classifier_test(c, &it, &score, NULL), ERR_BAD);
	classifier_close(c);
	toy_remove(MODEL);
}

static void weight_test(void **state)
{
	static const struct toy_row rows[] = {
		{ .title = "스웨이드 부츠", .klass = "가", .weight = 0.1f },
		{ .title = "스웨이드 부츠", .klass = "나", .weight = 3 },
		{ .title = "모자", .klass = "가" },
	};
	struct toy t = { .rows = rows, .n = 3 };
	struct classifier_report report;
	struct classifier *c = train(&t, (struct classifier_opt){ .seed = 1 }, &report);

	(void)state;
	assert_true(str_is(best_class(c, STR("스웨이드 부츠")), "나"));
	assert_true(str_is(best_class(c, STR("모자")), "가"));
	classifier_close(c);
	toy_remove(MODEL);
}

static bool cancel(void *ctx, double done, const char *what)
{
	assert_true(done >= 0 && done <= 1);
	assert_non_null(what);
	return ++*(int *)ctx < 2;
}

static void refused_test(void **state)
{
	static const struct toy_row one[] = { { .title = "a", .klass = "x" },
					      { .title = "b", .klass = "x" } };
	struct toy t = { .rows = one, .n = 2 };
	struct classifier_rows rows = toy_rows(&t);
	struct classifier_opt opt = { .seed = 1, .bits = 10 };
	struct classifier_report report;
	struct reason why;
	int calls = 0;

	(void)state;
	assert_int_equal(classifier_train(&rows, &opt, toy_path(MODEL), &report, &why), ERR_BAD);
	t = (struct toy){ .n = 6000 };
	opt.progress = cancel;
	opt.ctx = &calls;
	assert_int_equal(classifier_train(&rows, &opt, toy_path(MODEL), &report, &why),
			 ERR_CANCELLED);
	assert_int_equal(calls, 2);
	assert_false(file_exists(toy_path(MODEL)));
	opt.progress = NULL;
	t = (struct toy){ .rows = few, .n = FEW };
	assert_int_equal(classifier_train(&rows, &opt, toy_path("no/such/folder"), &report, &why),
			 ERR_NOT_FOUND);
	toy_remove(MODEL);
}

static void hostile_titles_test(void **state)
{
	struct toy t = { .rows = few, .n = FEW };
	struct classifier_report report;
	struct classifier *c = train(&t, (struct classifier_opt){ .seed = 1 }, &report);
	size_t n = 1 << 20;
	char *text = mem_alloc(n);
	struct rng r = { 5 };
	struct classifier_guess g[3];

	(void)state;
	for (int round = 0; round < 6; round++) {
		for (size_t i = 0; i < n; i++)
			text[i] = (char)(round == 0   ? 'a'
					 : round == 1 ? 0
					 : round == 2 ? (i & 1 ? ' ' : 'a' + (char)(i % 26))
					 : round == 3 ? "\xec\xa0\x80"[i % 3]
						      : (int)rng_next(&r));
		assert_int_equal(classifier_top(c, (struct str){ text, n }, 3, g), 3);
		assert_int_equal(classifier_top(c, (struct str){ text + n - 7, 7 }, 3, g), 3);
		assert_true(g[0].p > 0 && g[0].p <= 1);
	}
	assert_int_equal(classifier_top(c, (struct str){ 0 }, 3, g), 3);
	assert_true(str_is(best_class(c, (struct str){ "데님\0팬츠", 13 }), "하의>청바지"));
	/* The same from what is normalised already. */
	assert_true(str_eq(best_class(c, STR("[새상품] NIKE후드티!!")),
			   best_class(c, STR("새상품 nike 후드티"))));
	mem_free(text);
	classifier_close(c);
	toy_remove(MODEL);
}

struct reader {
	const struct classifier *c;
	struct classifier_guess seen[300];
};

static void *read_all(void *ctx)
{
	struct reader *r = ctx;
	struct toy t = { .n = 300 };
	struct classifier_row row;

	toy_rewind(&t);
	for (size_t i = 0; toy_next(&t, &row); i++)
		classifier_top(r->c, row.title, 1, &r->seen[i]);
	return NULL;
}

static void threads_test(void **state)
{
	struct toy t = { .n = 600 };
	struct classifier_report report;
	struct classifier *c =
		train(&t, (struct classifier_opt){ .epochs = 2, .rate = 0.03 }, &report);
	struct reader readers[4];
	pthread_t threads[4];

	(void)state;
	assert_int_equal(report.epochs, 2);
	for (int i = 0; i < 4; i++) {
		readers[i].c = c;
		assert_int_equal(pthread_create(&threads[i], NULL, read_all, &readers[i]), 0);
	}
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	for (int i = 1; i < 4; i++)
		assert_memory_equal(readers[0].seen, readers[i].seen, sizeof(readers[0].seen));
	classifier_close(c);
	toy_remove(MODEL);
}

/* Titles that say nothing; a field that says all, or soft labels. */
struct told {
	int at;
	bool soft;
};

static void told_rewind(void *ctx)
{
	((struct told *)ctx)->at = 0;
}

static bool told_next(void *ctx, struct classifier_row *ret)
{
	struct told *t = ctx;
	bool red = t->at % 2;

	/* Enough for some to be held out. */
	if (t->at++ == 800)
		return false;
	classifier_row_of(STR("가죽 가방"), red ? STR("빨강") : STR("파랑"), ret);
	ret->group = (uint64_t)t->at;
	if (t->soft) {
		ret->labels_n = 2;
		ret->labels[0] = (struct classifier_label){ STR("빨강"), 3 };
		ret->labels[1] = (struct classifier_label){ STR("파랑"), 1 };
		return true;
	}
	ret->fields_n = 2;
	ret->fields[0] = (struct classifier_field){ STR("brand"), red ? STR("ROT!") : STR("blau") };
	ret->fields[1] = (struct classifier_field){ STR("source"), STR("bunjang") };
	return true;
}

static struct classifier *train_told(struct told *t)
{
	const struct classifier_rows rows = { t, told_rewind, told_next };
	struct classifier_opt opt = classifier_defaults();
	struct classifier_report report;
	struct classifier *c = NULL;
	struct reason why = { "" };

	opt.epochs = 40;
	opt.rate = 0.03;
	opt.newer = 0;
	if (classifier_train(&rows, &opt, toy_path(MODEL), &report, &why) ||
	    classifier_open(toy_path(MODEL), &c, &why))
		fail_msg("%s", why.text);
	return c;
}

static void fields_test(void **state)
{
	struct told t = { .soft = false };
	struct classifier *c = train_told(&t);
	struct classifier_field field = { STR("brand"), STR("rot") };
	struct classifier_item item = { .title = STR("가죽 가방"),
					.fields = &field,
					.fields_n = 1 };
	struct classifier_guess g;

	(void)state;
	assert_int_equal(classifier_item_top(c, &item, 1, &g), 1);
	assert_true(str_is(classifier_class(c, g.klass), "빨강") && g.p > 0.8f);
	field.value = STR("Blau");
	assert_int_equal(classifier_item_top(c, &item, 1, &g), 1);
	assert_true(str_is(classifier_class(c, g.klass), "파랑") && g.p > 0.8f);
	/* What it was not trained with says nothing. */
	field.name = STR("colour");
	assert_int_equal(classifier_item_top(c, &item, 1, &g), 1);
	assert_true(g.p < 0.7f);
	classifier_close(c);
	toy_remove(MODEL);
}

static void soft_labels_test(void **state)
{
	struct told t = { .soft = true };
	struct classifier *c = train_told(&t);
	float p[2];

	(void)state;
	classifier_probabilities(c, STR("가죽 가방"), p);
	assert_true(fabsf(p[0] - 0.75f) < 0.05f);
	classifier_close(c);
	toy_remove(MODEL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(few_rows_test),      cmocka_unit_test(probabilities_test),
		cmocka_unit_test(same_bytes_test),    cmocka_unit_test(calibrated_test),
		cmocka_unit_test(unknown_truth_test), cmocka_unit_test(weight_test),
		cmocka_unit_test(refused_test),	      cmocka_unit_test(hostile_titles_test),
		cmocka_unit_test(threads_test),	      cmocka_unit_test(fields_test),
		cmocka_unit_test(soft_labels_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
