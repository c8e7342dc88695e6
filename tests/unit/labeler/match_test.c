#include "base/normal.h"
#include "base/rng.h"
#include "labeler/match.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *word, *title;
	bool stands;
} cases[] = {
	{ "자켓", "나이키 청자켓 95", true },
	{ "자켓", "자켓", true },
	{ "자켓", "자 켓", false },
	{ "nike", "nike 에어", true },
	{ "nike", "에어 nike", true },
	{ "nike", "에어 nike 270", true },
	{ "nike", "nikelab 에어", false },
	{ "nike", "minike", false },
	{ "xl", "xlim 바지 xl", true },
	{ "xl", "xlim 바지 xxl", false },
	{ "air force", "nike air force 270", true },
	{ "air force", "nike air forces 270", false },
	{ "270", "에어 270 새상품", true },
	{ "270", "에어 2700", false },
	{ "18 k 금", "18 k 금반지", true },
	{ "18 k 금", "118 k 금반지", false },
	{ "pants", "pants", true },
	{ "p", "pants p", true },
	{ "coût", "coût", true },
	{ "дом", "домик", false },
	{ "ジャケット", "革ジャケット新品", true },
	{ "a", "", false },
};

static void note(void *ctx, int word)
{
	((bool *)ctx)[word] = true;
}

static void words_stand_or_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str word = str_of(cases[i].word), title = str_of(cases[i].title);
		struct match *m = match_new(&word, 1);
		bool met = false;

		match_run(m, title, note, &met);
		if (met != cases[i].stands || match_one(word, title) != met)
			fail_msg("'%s' in '%s': %d", cases[i].word, cases[i].title, met);
		match_free(m);
	}
}

static void no_words_are_fine(void **state)
{
	struct match *m = match_new(NULL, 0);
	bool met = false;

	(void)state;
	match_run(m, STR("나이키 nike 270"), note, &met);
	assert_false(met);
	match_free(m);
	match_free(NULL);
}

/* Few letters, so that words overlap, end in one another and repeat. */
static struct str random_form(struct rng *r, struct arena *a, int most)
{
	static const char *const bits[] = { "a", "b", "ab", " ", "가", "각", "가나", "1", "é" };
	char text[256];
	size_t n = 0;

	for (uint64_t left = rng_below(r, (uint64_t)most) + 1; left; left--) {
		struct str bit = str_of(bits[rng_below(r, sizeof(bits) / sizeof(bits[0]))]);

		memcpy(text + n, bit.p, bit.n);
		n += bit.n;
	}
	return normal_str(a, (struct str){ text, n });
}

static int distinct_words(struct rng *r, struct arena *a, struct str *words, int most)
{
	int n = 0;

	for (int i = 0; i < most; i++) {
		struct str w = random_form(r, a, 5);
		bool known = w.n == 0;

		for (int j = 0; j < n; j++)
			known = known || str_eq(words[j], w);
		if (!known)
			words[n++] = w;
	}
	return n;
}

#define WORDS 60

static void agrees_with_looking_one_by_one(void **state)
{
	struct rng r = { .state = 7 };
	struct arena *a = arena_new(1 << 16);
	int met_in_all = 0;

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct str words[WORDS];
		struct match *m;
		int n;

		arena_reset(a);
		n = distinct_words(&r, a, words, 1 + (int)rng_below(&r, WORDS));
		m = match_new(words, n);
		for (int t = 0; t < 30; t++) {
			struct str title = random_form(&r, a, 40);
			bool met[WORDS] = { false };

			match_run(m, title, note, met);
			for (int i = 0; i < n; i++) {
				if (met[i] != match_one(words[i], title))
					fail_msg("'%.*s' in '%.*s': %d", STR_ARG(words[i]),
						 STR_ARG(title), met[i]);
				met_in_all += met[i];
			}
		}
		match_free(m);
	}
	assert_true(met_in_all > 1000);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_stand_or_not),
		cmocka_unit_test(no_words_are_fine),
		cmocka_unit_test(agrees_with_looking_one_by_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
