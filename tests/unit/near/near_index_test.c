#include "base/mem.h"
#include "base/rng.h"
#include "near/minhash.h"
#include "near/near_find.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static struct shingle_set set_of(const char *clean)
{
	struct shingle_set s;

	shingle_title(str_of(clean), &s);
	return s;
}

static bool same_sets(const char *a, const char *b)
{
	struct shingle_set x = set_of(a), y = set_of(b);
	bool same = x.n == y.n;

	for (int i = 0; same && i < x.n; i++)
		same = x.at[i] == y.at[i];
	return same;
}

static void sizes_and_spaces_say_nothing(void **state)
{
	(void)state;
	assert_true(same_sets("하늘 후드 티", "하늘후드티"));
	assert_true(same_sets("xl 하늘 후드 티", "하늘 후드 티 s"));
	assert_true(same_sets("하늘 후드 티 105", "하늘 후드 티 2 xl"));
	assert_true(same_sets("하늘 후드 티 3 size", "하늘 후드 티"));
	/* figures that are none */
	assert_false(same_sets("하늘 후드 티 22 fw", "하늘 후드 티 23 fw"));
	assert_false(same_sets("하늘 후드 티 t 65", "하늘 후드 티 t 67"));
	assert_false(same_sets("하늘 후드 티 1996", "하늘 후드 티 2021"));
	assert_false(same_sets("하늘 쇼츠 5 인치", "하늘 쇼츠 7 인치"));
	assert_true(same_sets("하늘 쇼츠 28 인치", "하늘 쇼츠 30 인치"));
	assert_false(same_sets("하늘 후드 티 056", "하늘 후드 티 074"));
	assert_false(same_sets("하늘 후드 티 x", "하늘 후드 티"));
	assert_int_equal(set_of("하늘 1001").n, set_of("하늘 1000").n + 1);
	assert_int_equal(set_of("").n, 0);
	assert_int_equal(set_of("가").n, 0);
	assert_int_equal(set_of("가나 가나 가나").n, 2);
}

static void long_titles_are_cut(void **state)
{
	char text[1200];

	(void)state;
	for (int i = 0; i < 399; i++)
		snprintf(text + i * 3, 4, "%c%c%c", 0xea + i % 3, 0xb0 + i / 16 % 10,
			 0x80 + i * 7 % 61);
	assert_int_equal(set_of(text).n, SHINGLE_MOST);
}

/* The share of bands that sets of a known similarity have in common is what the formula says. */
static void bands_meet_as_often_as_they_should(void **state)
{
	struct rng r = { 3 };
	struct minhash m;
	int met = 0, rounds = 2000;

	(void)state;
	minhash_init(&m);
	for (int i = 0; i < rounds; i++) {
		struct shingle_set a = { .n = 15 }, b = { .n = 15 };
		uint64_t x[MINHASH_BANDS], y[MINHASH_BANDS];
		bool any = false;

		/* 10 of 20: a half */
		for (int k = 0; k < 15; k++) {
			a.at[k] = (uint16_t)rng_next(&r);
			b.at[k] = k < 10 ? a.at[k] : (uint16_t)rng_next(&r);
		}
		minhash_bands(&m, &a, x);
		minhash_bands(&m, &b, y);
		for (int k = 0; k < MINHASH_BANDS; k++)
			any |= x[k] == y[k];
		met += any;
	}
	/* 1 - (1 - 0.5^4)^16 = 0.644 */
	assert_in_range(met, rounds * 60 / 100, rounds * 69 / 100);
}

static const struct near_item first = { .key = 1, .price = 30000, .currency = 7, .leader = true };

static enum near_signal found(struct near_index *x, const char *clean, struct near_item item)
{
	struct shingle_set s = set_of(clean);
	struct near_match m;

	item.key = 99;
	return near_find_best(x, &s, &item, &m) ? m.signal : NEAR_SIGNALS;
}

static void add(struct near_index *x, uint64_t key, const char *clean, struct near_item item)
{
	struct shingle_set s = set_of(clean);

	item.key = key;
	near_index_add(x, &s, &item);
}

static void a_second_signal_is_asked_for(void **state)
{
	static const struct {
		const char *clean;
		struct near_item item;
		enum near_signal by;
	} cases[] = {
		{ "푸른달 울 가디건 회색 m",
		  { .price = 30000, .category = 3, .currency = 7 },
		  NEAR_PRICE },
		{ "푸른달 울 가디건 회색 m", { .price = 30000, .currency = 7 }, NEAR_TITLE },
		{ "푸른달 울 가디건 회색 m", { .price = 35000, .currency = 7 }, NEAR_TITLE },
		{ "푸른달 울 가디건 회색 m", { .price = 60000, .currency = 7 }, NEAR_SIGNALS },
		{ "푸른달 울 가디건 회색 m", { .price = 30000, .currency = 8 }, NEAR_SIGNALS },
		{ "푸른달 울 가디건 회색 m", { .currency = 7 }, NEAR_SIGNALS },
		{ "푸른달 울 가디건 회색 m", { .image = 5, .currency = 8 }, NEAR_IMAGE },
		{ "푸른달 가디건", { .image = 5, .currency = 8 }, NEAR_IMAGE },
		{ "새벽 구두 상자", { .price = 30000, .image = 5, .currency = 7 }, NEAR_SIGNALS },
		/* another colour */
		{ "푸른달 울 가디건 검정 m", { .price = 30000, .currency = 7 }, NEAR_SIGNALS },
		/* nearly the price, in the category */
		{ "푸른달 울 가디건 회색 새",
		  { .price = 35000, .category = 3, .currency = 7 },
		  NEAR_CATEGORY },
		{ "푸른달 울 가디건 회색 새",
		  { .price = 35000, .category = 4, .currency = 7 },
		  NEAR_SIGNALS },
		{ "푸른달 울 가디건 회색 새", { .price = 35000, .currency = 7 }, NEAR_SIGNALS },
		{ "푸른달 울 가디건 회색 새",
		  { .price = 30000, .category = 3, .currency = 7 },
		  NEAR_PRICE },
		{ "푸른달 울 가디건 회색 새",
		  { .price = 30000, .category = 4, .currency = 7 },
		  NEAR_SIGNALS },
	};
	struct near_index *x = near_index_new();
	struct near_item item = first;

	(void)state;
	item.image = 5;
	item.category = 3;
	add(x, 1, "푸른달 울 가디건 회색", item);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(found(x, cases[i].clean, cases[i].item), cases[i].by);
	}
	near_index_free(x);
}

static void only_leaders_are_found_by_words(void **state)
{
	struct near_index *x = near_index_new();
	struct near_item member = first;

	(void)state;
	member.leader = false;
	member.image = 6;
	add(x, 2, "푸른달 울 가디건 회색", member);
	assert_true(near_index_knows(x, 2));
	assert_int_equal(found(x, "푸른달 울 가디건 회색 m", first), NEAR_SIGNALS);
	assert_int_equal(found(x, "푸른달 울 가디건 회색 m", member), NEAR_IMAGE);
	near_index_free(x);
}

/* No picture of a thing: a shop's placeholder. */
static void an_image_of_many_says_nothing(void **state)
{
	struct near_index *x = near_index_new();
	struct near_item item = { .image = 5, .leader = true };
	char clean[64];

	(void)state;
	for (int i = 0; i < NEAR_IMAGE_MOST; i++) {
		snprintf(clean, sizeof(clean), "푸른달 울 가디건 %d", 1000 + i);
		add(x, (uint64_t)i + 1, clean, item);
	}
	assert_int_equal(found(x, "푸른달 울 가디건 2000", item), NEAR_IMAGE);
	add(x, 50, "푸른달 울 가디건 3000", item);
	assert_int_equal(found(x, "푸른달 울 가디건 2000", item), NEAR_SIGNALS);
	near_index_free(x);
}

static void title_of(struct rng *r, char to[64])
{
	static const char *const words[] = { "푸른", "바다", "울",   "가디건", "셔츠", "회색",
					     "구두", "상자", "새벽", "모자",   "린넨", "코트" };
	int n = 0;

	for (int i = 0; i < 4; i++)
		n += snprintf(to + n, 64 - (size_t)n, "%s ", words[rng_below(r, 12)]);
	snprintf(to + n - 1, 64 - (size_t)n, " %d", (int)(1000 + rng_below(r, 500)));
}

/* Growing, and taking back what was added, leave an index as if it had never been. */
static void what_is_cut_was_never_there(void **state)
{
	struct near_index *x = near_index_new(), *y = near_index_new();
	struct rng r = { 5 };
	char clean[64];

	(void)state;
	for (uint64_t k = 1; k <= 9000; k++) {
		struct near_item item = first;

		item.price = 1000 * (double)(1 + rng_below(&r, 20));
		item.image = rng_below(&r, 3) ? rng_below(&r, 4000) : 0;
		title_of(&r, clean);
		add(x, k, clean, item);
		if (k <= 4000)
			add(y, k, clean, item);
	}
	assert_true(near_index_count(x) == 9000);
	near_index_cut(x, 4000);
	assert_false(near_index_knows(x, 4001));
	assert_true(near_index_knows(x, 4000));
	for (int i = 0; i < 2000; i++) {
		struct near_item item = first;
		struct near_match a = { .key = 0 }, b = { .key = 0 };
		struct shingle_set s;

		item.price = 1000 * (double)(1 + rng_below(&r, 20));
		item.image = rng_below(&r, 4000);
		title_of(&r, clean);
		s = set_of(clean);
		assert_int_equal(near_find_best(x, &s, &item, &a),
				 near_find_best(y, &s, &item, &b));
		assert_true(a.key == b.key);
	}
	/* and it goes on */
	add(x, 20000, "하늘 담요 큰것", first);
	assert_int_equal(found(x, "하늘 담요 큰것 xl", first), NEAR_TITLE);
	near_index_cut(x, 0);
	assert_int_equal(near_index_count(x), 0);
	near_index_free(x);
	near_index_free(y);
}

/* Titles that are known are compared with those before them, as they are read now. */
static void older_titles_are_found(void **state)
{
	struct near_index *x = near_index_new();
	struct shingle_set s = set_of("푸른달 울 가디건 회색");
	struct near_item item = first;
	struct near_match m = { .key = 0 };

	(void)state;
	add(x, 1, "푸른달 울 가디건 회색 새상품 급하게 팝니다 택포", first);
	add(x, 2, "푸른달 울 가디건 회색", first);
	add(x, 3, "푸른달 울 가디건 회색 새것", first);
	item.key = 2;
	assert_false(near_find_older(x, &s, &item, &m));
	item.key = 1;
	near_index_again(x, &s, &item);
	assert_int_equal(near_index_count(x), 4);
	near_index_again(x, &s, &item);
	assert_int_equal(near_index_count(x), 4);
	assert_false(near_find_older(x, &s, &item, &m));
	item.key = 2;
	assert_true(near_find_older(x, &s, &item, &m));
	assert_int_equal(m.key, 1);
	item.key = 9;
	near_index_again(x, &s, &item);
	assert_false(near_find_older(x, &s, &item, &m));
	near_index_cut(x, 3);
	item.key = 2;
	assert_false(near_find_older(x, &s, &item, &m));
	assert_true(near_index_knows(x, 1));
	near_index_free(x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_and_spaces_say_nothing),
		cmocka_unit_test(long_titles_are_cut),
		cmocka_unit_test(bands_meet_as_often_as_they_should),
		cmocka_unit_test(a_second_signal_is_asked_for),
		cmocka_unit_test(only_leaders_are_found_by_words),
		cmocka_unit_test(an_image_of_many_says_nothing),
		cmocka_unit_test(what_is_cut_was_never_there),
		cmocka_unit_test(older_titles_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
