#include "base/match.h"
#include "base/normal.h"
#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *word, *title;
	bool stands, whole;
} cases[] = {
	{ "자켓", "나이키 청자켓 95", true, false },
	{ "자켓", "자켓", true, false },
	{ "자켓", "자 켓", false, false },
	{ "nike", "nike 에어", true, false },
	{ "nike", "에어 nike", true, false },
	{ "nike", "에어 nike 270", true, false },
	{ "nike", "nikelab 에어", false, false },
	{ "nike", "minike", false, false },
	{ "xl", "xlim 바지 xl", true, false },
	{ "xl", "xlim 바지 xxl", false, false },
	{ "air force", "nike air force 270", true, false },
	{ "air force", "nike air forces 270", false, false },
	{ "270", "에어 270 새상품", true, false },
	{ "270", "에어 2700", false, false },
	{ "18 k 금", "18 k 금반지", true, false },
	{ "18 k 금", "118 k 금반지", false, false },
	{ "pants", "pants", true, false },
	{ "p", "pants p", true, false },
	{ "coût", "coût", true, false },
	{ "дом", "домик", false, false },
	{ "ジャケット", "革ジャケット新品", true, false },
	{ "a", "", false, false },
	{ "네고", "카네고 네고 가능", true, true },
	{ "네고", "네고", true, true },
	{ "네고", "카네고", false, true },
	{ "네고", "네고리", false, true },
};

static void note(void *ctx, const struct match_hit *h)
{
	((bool *)ctx)[h->word] = true;
}

static void words_stand_or_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct match_word word = { str_of(cases[i].word), cases[i].whole, 0 };
		struct str title = str_of(cases[i].title);
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

static int distinct_words(struct rng *r, struct arena *a, struct match_word *words, int most)
{
	int n = 0;

	for (int i = 0; i < most; i++) {
		struct str w = random_form(r, a, 5);
		bool known = w.n == 0;

		for (int j = 0; j < n; j++)
			known = known || str_eq(words[j].text, w);
		if (!known)
			words[n++] = (struct match_word){ w, rng_below(r, 3) == 0, 0 };
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
		struct match_word words[WORDS];
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
					fail_msg("'%.*s' in '%.*s': %d", STR_ARG(words[i].text),
						 STR_ARG(title), met[i]);
				met_in_all += met[i];
			}
		}
		match_free(m);
	}
	assert_true(met_in_all > 1000);
	arena_free(a);
}

static void the_longest_hides_what_lies_in_it(void **state)
{
	static const struct {
		const char *title, *found;
	} titles[] = {
		{ "네고 네고불가 네고", "0 1 0 " },
		{ "nike air max 97", "3 2 4 " },
		{ "nike air max 2", "3 2 " },
		{ "air nike air 5", "5 2 " },
		{ "아무것도", "" },
	};
	static const char *const words[] = { "네고", "네고불가",	"air",
					     "nike", "nike air max 97", "air nike",
					     "불가" };
	struct match_word w[7];
	struct match *m;

	(void)state;
	for (int i = 0; i < 7; i++)
		w[i] = (struct match_word){ str_of(words[i]), false, i == 4 };
	m = match_new(w, 7);
	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
		struct str title = str_of(titles[i].title);
		struct match_hit hits[8];
		char found[64] = "";
		int n = match_longest(m, title, hits, 8);

		for (int k = 0; k < n; k++) {
			struct str at = str_sub(title, hits[k].start, hits[k].end - hits[k].start);

			assert_true(str_eq(at, w[hits[k].word].text));
			snprintf(found + strlen(found), sizeof(found) - strlen(found), "%d ",
				 hits[k].word);
		}
		assert_string_equal(found, titles[i].found);
		assert_int_equal(match_longest(m, title, hits, 1), n > 0);
	}
	match_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_stand_or_not),
		cmocka_unit_test(no_words_are_fine),
		cmocka_unit_test(the_longest_hides_what_lies_in_it),
		cmocka_unit_test(agrees_with_looking_one_by_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
