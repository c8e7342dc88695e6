/* Reasons: where features stand, that weights add up, that they are the reasons. */
#include "base/mem.h"
#include "base/normal.h"
#include "base/utf8.h"
#include "classifier/feature_place.h"
#include "tests/unit/classifier/toy.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define MODEL "explain.model"
#define TITLES 300

static struct str text_of(const char *form, const uint16_t *starts, const struct feature_place *at,
			  int part)
{
	const size_t from = starts[at->from[part]];

	/* The spaces before and after a title are in no place. */
	return str_trim((struct str){ form + from, starts[at->to[part]] - from });
}

/* One text, or the same two words in any order. */
static bool same_words(const char *form, const uint16_t *starts, const struct feature_place *a,
		       const struct feature_place *b)
{
	struct str of_a[2], of_b[2];

	for (int part = 0; part < 2; part++) {
		of_a[part] = text_of(form, starts, a, part);
		of_b[part] = text_of(form, starts, b, part);
	}
	return (str_eq(of_a[0], of_b[0]) && str_eq(of_a[1], of_b[1])) ||
	       (str_eq(of_a[0], of_b[1]) && str_eq(of_a[1], of_b[0]));
}

/* Titles of few different characters repeat themselves: what has the same key is the
 * same text, wherever it stands. */
static void places_test(void **state)
{
	static const char *const parts[] = { "a", "b", " ", "가", "나", "9", "𠮷" };
	struct feature_place at[FEATURE_MOST];
	struct rng rng = { 5 };
	char made[512];

	(void)state;
	for (int t = 0; t < TITLES; t++) {
		uint32_t keys[FEATURE_MOST];
		uint16_t starts[FEATURE_MOST];
		unsigned n, characters;
		struct str form = { made, 0 };

		for (uint64_t i = rng_below(&rng, t % 10 ? 20 : 200); i > 0; i--) {
			const char *p = parts[rng_below(&rng, 7)];

			if (*p == ' ' && (form.n == 0 || made[form.n - 1] == ' '))
				continue;
			while (*p)
				made[form.n++] = *p++;
			if (form.n > sizeof(made) - 8)
				break;
		}
		form = str_trim(form);
		n = feature_keys(form, keys);
		assert_int_equal(feature_place_all(form, at, starts, &characters), n);
		for (unsigned i = 0; i < n; i++) {
			assert_true(at[i].to[0] <= characters && at[i].to[1] <= characters);
			assert_true(at[i].from[0] < at[i].to[0]);
			for (unsigned k = 0; k < i; k++) {
				if (keys[i] != keys[k])
					continue;
				assert_true(same_words(made, starts, &at[i], &at[k]));
			}
		}
	}
}

static struct classifier *open_model(const struct classifier_rows *rows)
{
	const struct classifier_opt opt = { .seed = 3, .bits = 13, .min_rows = 1 };
	struct classifier_report report;
	struct classifier *c = NULL;
	struct reason why = { "" };

	if (classifier_train(rows, &opt, toy_path(MODEL), &report, &why) ||
	    classifier_open(toy_path(MODEL), &c, &why))
		fail_msg("%s", why.text);
	toy_remove(MODEL);
	return c;
}

static double lead_of(const struct classifier *c, const float *p, int klass)
{
	struct classifier_guess best[64];
	double all = 0, mean = 0;
	int n = 0;

	for (int k = 0; k < classifier_classes(c); k++)
		if (k != klass)
			best[n++] = (struct classifier_guess){ k, p[k] };
	assert_true(n <= 8);
	for (int i = 0; i < n; i++)
		all += (double)best[i].p;
	for (int i = 0; i < n; i++)
		mean += (double)best[i].p / all * log((double)best[i].p);
	return log((double)p[klass]) - mean;
}

static void check_spans(const struct classifier_span *s, int n, float sign, struct str form,
			double *sum)
{
	for (int i = 0; i < n; i++) {
		struct str text = str_sub(form, (size_t)s[i].from, (size_t)s[i].bytes);

		assert_true(s[i].bytes > 0 && (size_t)s[i].from + (size_t)s[i].bytes <= form.n);
		assert_true(utf8_valid(text));
		assert_int_equal(str_find_char(text, ' '), -1);
		assert_true(s[i].weight * sign >= 0);
		assert_true(i == 0 || fabsf(s[i].weight) <= fabsf(s[i - 1].weight));
		*sum += (double)s[i].weight;
	}
}

static void check_sums(const struct classifier *c, const struct classifier_item *item,
		       struct str form, const struct classifier_argument *a, int n)
{
	float p[64];

	classifier_item_probabilities(c, item, p);
	for (int i = 0; i < n; i++) {
		double sum = (double)a[i].bias + (double)a[i].fields + (double)a[i].rest;

		assert_true(a[i].p == p[a[i].klass]);
		check_spans(a[i].pro, a[i].n_pro, 1, form, &sum);
		check_spans(a[i].con, a[i].n_con, -1, form, &sum);
		assert_true(fabs(sum - (double)a[i].lead) < 2e-3);
		assert_true(fabs(lead_of(c, p, a[i].klass) - (double)a[i].lead) < 2e-3);
	}
}

/* The title without a part of it. */
static struct str without(struct str form, const struct classifier_span *s, char *to)
{
	size_t from = (size_t)s->from, end = from + (size_t)s->bytes;

	memcpy(to, form.p, from);
	memcpy(to + from, form.p + end, form.n - end);
	return (struct str){ to, form.n - (size_t)s->bytes };
}

static void reasons_test(void **state)
{
	struct toy learned = { .n = 2000 }, asked = { .n = TITLES, .seed = 9 };
	const struct classifier_rows rows = toy_rows(&learned), titles = toy_rows(&asked);
	struct classifier *c = open_model(&rows);
	struct classifier_row row = { .weight = 1 };
	int telling = 0;

	(void)state;
	titles.rewind(titles.ctx);
	for (int i = 0; i < TITLES && titles.next(titles.ctx, &row); i++) {
		const struct classifier_item item = { .title = row.title };
		static char form[CLASSIFIER_FORM], less[CLASSIFIER_FORM];
		struct classifier_argument a[4];
		float p[4];
		size_t n = 0;

		assert_int_equal(classifier_explain(c, &item, 9, form, &n, a), 4);
		check_sums(c, &item, (struct str){ form, n }, a, 4);
		assert_true(a[0].n_pro > 0);
		classifier_probabilities(c, without((struct str){ form, n }, &a[0].pro[0], less),
					 p);
		assert_true(p[a[0].klass] < a[0].p);
		/* The words that decide are the fifth and the sixth of what a title is made of. */
		telling += str_find(str_sub((struct str){ form, n }, (size_t)a[0].pro[0].from,
					    (size_t)a[0].pro[0].bytes),
				    STR("브랜드")) < 0;
	}
	assert_true(telling > TITLES * 95 / 100);
	classifier_close(c);
}

struct branded {
	int at;
};

static void branded_rewind(void *ctx)
{
	((struct branded *)ctx)->at = 0;
}

/* The title says nothing, the brand all. */
static bool branded_next(void *ctx, struct classifier_row *ret)
{
	struct branded *b = ctx;

	if (b->at == 200)
		return false;
	classifier_row_of(STR("좋은 것"), b->at % 2 ? STR("shoes") : STR("bags"), ret);
	ret->fields[0] =
		(struct classifier_field){ STR("brand"), b->at % 2 ? STR("조던") : STR("루이") };
	ret->fields_n = 1;
	b->at++;
	return true;
}

static void fields_test(void **state)
{
	const struct classifier_field brand = { STR("brand"), STR("조던") },
				      other = { STR("colour"), STR("조던") };
	struct classifier_item item = { .title = STR("좋은 것"), .fields = &brand, .fields_n = 1 };
	struct branded b = { 0 };
	const struct classifier_rows rows = { &b, branded_rewind, branded_next };
	struct classifier *c = open_model(&rows);
	struct classifier_argument a[2];
	char form[CLASSIFIER_FORM];
	size_t n;

	(void)state;
	assert_int_equal(classifier_explain(c, &item, 2, form, &n, a), 2);
	assert_true(str_is(classifier_class(c, a[0].klass), "shoes"));
	assert_true(a[0].fields > 0 && a[1].fields < 0);
	assert_true(fabsf(a[0].fields) > fabsf(a[0].lead - a[0].fields));
	check_sums(c, &item, (struct str){ form, n }, a, 2);
	item.fields = &other;
	assert_int_equal(classifier_explain(c, &item, 2, form, &n, a), 2);
	assert_true(a[0].fields == 0);
	classifier_close(c);
}

static void strange_titles_test(void **state)
{
	static char most[1 << 20], form[CLASSIFIER_FORM];
	struct toy t = { .n = 500 };
	const struct classifier_rows rows = toy_rows(&t);
	struct classifier *c = open_model(&rows);
	const struct str titles[] = { { NULL, 0 },
				      STR("!!! ..."),
				      STR("\xff\xfe\x00 셔츠"),
				      STR("ελληνικά 𠮷"),
				      { most, sizeof(most) } };
	struct classifier_argument a[4];
	size_t n;

	(void)state;
	for (size_t i = 0; i + 2 < sizeof(most); i++)
		most[i] = "abc defgh i jklmnop qrs"[i % 23];
	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
		const struct classifier_item item = { .title = titles[i] };

		assert_int_equal(classifier_explain(c, &item, 4, form, &n, a), 4);
		check_sums(c, &item, (struct str){ form, n }, a, 4);
		assert_true(i > 1 || a[0].n_pro + a[0].n_con == 0);
		assert_int_equal(classifier_explain(c, &item, 0, form, &n, a), 0);
	}
	classifier_close(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_test),
		cmocka_unit_test(reasons_test),
		cmocka_unit_test(fields_test),
		cmocka_unit_test(strange_titles_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
