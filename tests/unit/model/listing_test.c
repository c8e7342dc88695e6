#include "base/rng.h"
#include "model/label.h"
#include "model/listing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void fields_have_a_row_each(void **state)
{
	enum listing_field back;

	(void)state;
	for (int i = 0; i < FIELD_COUNT; i++) {
		const struct listing_field_row *row = &listing_fields[i];

		assert_non_null(row->name);
		assert_true(strlen(row->doc) > 0);
		assert_true(row->most_bytes > 0);
		assert_int_equal(row->required, i == FIELD_ID || i == FIELD_TITLE);
		assert_true(listing_field_parse(str_of(row->name), &back));
		assert_int_equal(back, i);
	}
	assert_false(listing_field_parse(STR("colour"), &back));
	assert_false(listing_field_parse(STR(""), &back));
}

static void texts_are_of_their_fields(void **state)
{
	const struct listing l = { .ext_id = STR("7"),
				   .title = STR("하늘"),
				   .brand = STR("구름"),
				   .attributes = STR("{}"),
				   .price = 3 };

	(void)state;
	assert_true(str_is(listing_text(&l, FIELD_ID), "7"));
	assert_true(str_is(listing_text(&l, FIELD_TITLE), "하늘"));
	assert_true(str_is(listing_text(&l, FIELD_BRAND), "구름"));
	assert_true(str_is(listing_text(&l, FIELD_ATTRIBUTES), "{}"));
	assert_int_equal(listing_text(&l, FIELD_URL).n, 0);
	for (int f = FIELD_PRICE; f < FIELD_COUNT; f++)
		if (f == FIELD_PRICE || f == FIELD_STATUS || f == FIELD_POSTED ||
		    f == FIELD_UPDATED)
			assert_int_equal(listing_text(&l, (enum listing_field)f).n, 0);
}

static void flags_have_a_row_each(void **state)
{
	enum listing_flag back;
	char text[256];

	(void)state;
	for (int i = 0; i < FLAG_COUNT; i++) {
		assert_true(strlen(listing_flags[i].doc) > 0);
		assert_true(listing_flag_parse(str_of(listing_flags[i].name), &back));
		assert_int_equal(back, i);
		assert_int_equal(listing_unfit(FLAG_BIT(i)), listing_flags[i].unfit);
		listing_flags_text(FLAG_BIT(i), text);
		assert_string_equal(text, listing_flags[i].name);
	}
	assert_false(listing_flag_parse(STR("nice"), &back));
	assert_false(listing_unfit(0));
	assert_true(listing_unfit(FLAG_BIT(FLAG_JOKE_PRICE) | FLAG_BIT(FLAG_WANTED)));
	assert_false(listing_unfit(FLAG_BIT(FLAG_JOKE_PRICE) | FLAG_BIT(FLAG_NO_PRICE)));
	assert_false(listing_unfit(FLAG_BIT(FLAG_EXCHANGE)));
	assert_true(listing_unfit(FLAG_BIT(FLAG_MULTI_ITEM)));
	listing_flags_text(0, text);
	assert_string_equal(text, "");
	listing_flags_text(FLAG_BIT(FLAG_WANTED) | FLAG_BIT(FLAG_JOKE_PRICE), text);
	assert_string_equal(text, "wanted,joke-price");
	/* All of them fit, and bits that mean nothing are left out. */
	listing_flags_text(~0u, text);
	assert_string_equal(text, "empty-title,advertisement,wanted,joke-price,no-price,exchange,"
				  "multi-item,rejected");
}

static void splits_have_names(void **state)
{
	(void)state;
	assert_string_equal(split_name(SPLIT_TRAIN), "train");
	assert_string_equal(split_name(SPLIT_VALIDATION), "validation");
	assert_string_equal(split_name(SPLIT_TEST), "test");
	assert_string_equal(label_by_name(LABEL_BY_RULES), "rules");
	assert_string_equal(label_by_name(LABEL_BY_PERSON), "person");
}

static const struct {
	double validation, test;
} shares[] = {
	{ 0.1, 0.1 }, { 0.05, 0.2 }, { 0, 0.1 }, { 0.1, 0 }, { 0, 0 }, { 0.49, 0.5 },
};

#define FAMILIES 100000

/* Five standard deviations of a count are under 800 here. */
static void splits_have_their_shares(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		struct rng r = { .state = i };
		int n[SPLIT_N] = { 0 };

		for (int f = 0; f < FAMILIES; f++)
			n[split_of(rng_next(&r) >> 1, 42, shares[i].validation, shares[i].test)]++;
		assert_in_range(n[SPLIT_VALIDATION] + 800, (int)(shares[i].validation * FAMILIES),
				(int)(shares[i].validation * FAMILIES) + 1600);
		assert_in_range(n[SPLIT_TEST] + 800, (int)(shares[i].test * FAMILIES),
				(int)(shares[i].test * FAMILIES) + 1600);
		if (shares[i].validation == 0)
			assert_int_equal(n[SPLIT_VALIDATION], 0);
		if (shares[i].test == 0)
			assert_int_equal(n[SPLIT_TEST], 0);
	}
}

/* Families one after the other, not only random ones. */
static void splits_follow_family_and_salt_alone(void **state)
{
	int moved = 0;

	(void)state;
	for (uint64_t f = 0; f < 10000; f++) {
		enum split s = split_of(f, 1, 0.1, 0.1);

		assert_int_equal(s, split_of(f, 1, 0.1, 0.1));
		/* A larger share keeps what was in it. */
		if (s == SPLIT_TEST)
			assert_int_equal(split_of(f, 1, 0.1, 0.2), SPLIT_TEST);
		moved += s != split_of(f, 2, 0.1, 0.1);
	}
	assert_in_range(moved, 3000, 3800);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_have_a_row_each),
		cmocka_unit_test(texts_are_of_their_fields),
		cmocka_unit_test(flags_have_a_row_each),
		cmocka_unit_test(splits_have_names),
		cmocka_unit_test(splits_have_their_shares),
		cmocka_unit_test(splits_follow_family_and_salt_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
