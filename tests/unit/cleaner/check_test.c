/* What fields have to be, on listings as they would be stored. */
#include "cleaner/check.h"

#include "base/utf8.h"
#include "cleaner/cleaner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1740787200000)
#define DAY INT64_C(86400000)

#define TEXT(s)                                                                                    \
	{                                                                                          \
		s, sizeof(s) - 1                                                                   \
	}

static struct conf_status_map states[] = { { .from = TEXT("1"), .to = LISTING_SELLING } };
static struct str conditions[] = { TEXT("new"), TEXT("중고") }, selling[] = { TEXT("selling") };

#define PRICE_RANGE                                                                                \
	{                                                                                          \
		.field = FIELD_PRICE, .min = TEXT("1000"), .max = TEXT("2000.5"), .least = 1000,   \
		.most = 2000.5                                                                     \
	}
#define AGE_RANGE                                                                                  \
	{                                                                                          \
		.field = FIELD_POSTED, .min = TEXT("0s"), .max = TEXT("30d"), .least = 0,          \
		.most = 30.0 * DAY                                                                 \
	}

static const struct one {
	struct conf_check check;
	const char *raw; /* of the field; NULL: not there */
	bool passes;
	enum reject_code code;
	const char *says; /* a part of the message */
	const char *currency;
} cases[] = {
	{ PRICE_RANGE, "1,000원", true, 0, NULL, NULL },
	{ PRICE_RANGE, "2000", true, 0, NULL, NULL },
	{ PRICE_RANGE, "999", false, REJECT_MIN, "price 999 is below min 1000", NULL },
	{ PRICE_RANGE, "2001", false, REJECT_MAX, "price 2001 is above max 2000.5", NULL },
	{ PRICE_RANGE, "나눔", false, REJECT_MIN, "price 0 is", NULL },
	{ PRICE_RANGE, "가격제안", false, REJECT_UNREADABLE, "can't be read: 가격제안", NULL },
	{ PRICE_RANGE, NULL, true, 0, NULL, NULL },
	{ PRICE_RANGE, "", true, 0, NULL, NULL },
	/* another currency's are not compared */
	{ PRICE_RANGE, "12.50", true, 0, NULL, "USD" },
	{ { .field = FIELD_PRICE, .min = TEXT("1"), .least = 1 },
	  "가격제안",
	  false,
	  REJECT_UNREADABLE,
	  "가격제안",
	  NULL },
	{ { .field = FIELD_PRICE, .required = true },
	  "가격제안",
	  false,
	  REJECT_MISSING,
	  "price is not there",
	  NULL },
	{ { .field = FIELD_PRICE, .max = TEXT("5"), .most = 5 }, "5", true, 0, NULL, NULL },
	{ AGE_RANGE, "3일 전", true, 0, NULL, NULL },
	{ AGE_RANGE, "31일 전", false, REJECT_MAX, "posted 31d", NULL },
	{ AGE_RANGE, "1740790800", false, REJECT_MIN, "posted in 1h 0min", NULL },
	{ AGE_RANGE, "언젠가", false, REJECT_UNREADABLE, "언젠가", NULL },
	{ AGE_RANGE, NULL, true, 0, NULL, NULL },
	{ { .field = FIELD_TITLE, .pattern = TEXT("^[a-z]+ \\d{2,}$") },
	  "IPhone 13",
	  true,
	  0,
	  NULL,
	  NULL },
	{ { .field = FIELD_TITLE, .pattern = TEXT("(?-i)^[a-z]+ \\d{2,}$") },
	  "IPhone 13",
	  false,
	  REJECT_PATTERN,
	  "title `IPhone 13` does not fit pattern (?-i)^",
	  NULL },
	{ { .field = FIELD_TITLE, .pattern = TEXT("\\p{Hangul}") }, "코트", true, 0, NULL, NULL },
	/* a pattern that backtracks without end is cut off: nothing is known against the title */
	{ { .field = FIELD_TITLE, .pattern = TEXT("^(a+)+$") },
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
	  true,
	  0,
	  NULL,
	  NULL },
	{ { .field = FIELD_CONDITION, .values = conditions, .n_values = 2 },
	  "NEW",
	  true,
	  0,
	  NULL,
	  NULL },
	{ { .field = FIELD_CONDITION, .values = conditions, .n_values = 2 },
	  " 중고 ",
	  true,
	  0,
	  NULL,
	  NULL },
	{ { .field = FIELD_CONDITION, .values = conditions, .n_values = 2 },
	  "newish",
	  false,
	  REJECT_VALUES,
	  "condition `newish` is none",
	  NULL },
	{ { .field = FIELD_CONDITION, .values = conditions, .n_values = 2 },
	  NULL,
	  true,
	  0,
	  NULL,
	  NULL },
	{ { .field = FIELD_BRAND, .required = true },
	  NULL,
	  false,
	  REJECT_MISSING,
	  "brand is not there",
	  NULL },
	{ { .field = FIELD_BRAND, .required = true }, "나이키", true, 0, NULL, NULL },
	{ { .field = FIELD_STATUS, .values = selling, .n_values = 1 }, "1", true, 0, NULL, NULL },
	{ { .field = FIELD_STATUS, .values = selling, .n_values = 1 },
	  "7",
	  false,
	  REJECT_VALUES,
	  "status `unknown`",
	  NULL },
	{ { .field = FIELD_STATUS, .values = selling, .n_values = 1 }, NULL, true, 0, NULL, NULL },
	{ { .field = FIELD_URL, .pattern = TEXT("^https://shop\\.example/i/") },
	  "/i/7",
	  true,
	  0,
	  NULL,
	  NULL },
	{ { .field = FIELD_URL, .pattern = TEXT("^https://shop\\.example/i/") },
	  "/j/7",
	  false,
	  REJECT_PATTERN,
	  "url `https://shop.example/j/7`",
	  NULL },
};

static void on_problem(void *ctx, const struct conf_problem *p)
{
	struct conf_problem *to = ctx;

	*to = *p;
}

static void try_one(const struct one *c, struct arena *a)
{
	struct conf_check check = c->check;
	struct conf_page page = { .name = STR("list"), .checks = &check, .n_checks = 1 };
	struct conf_source source = { .name = STR("shop"),
				      .currency = STR("KRW"),
				      .pages = &page,
				      .n_pages = 1,
				      .status = states,
				      .n_status = 1 };
	struct conf conf = { .sources = &source, .n_sources = 1 };
	struct listing_raw raw = { .place = 1 };
	struct cleaner_in cleaned = { .source = &source,
				      .raw = &raw,
				      .now_ms = NOW,
				      .page_url = STR("https://shop.example/list") };
	struct check_fault fault = { .field = FIELD_COUNT };
	struct check_doubt doubt = { 0 };
	struct conf_problem problem = { .text = "" };
	struct check_set *set;
	struct listing l;

	raw.field[FIELD_ID] = STR("7");
	raw.field[FIELD_TITLE] = STR("코트");
	if (c->raw)
		raw.field[check.field] = str_of(c->raw);
	else
		raw.field[check.field] = (struct str){ 0 };
	if (c->currency)
		raw.field[FIELD_CURRENCY] = str_of(c->currency);
	cleaner_run(&cleaned, a, &l);
	assert_int_equal(check_new(&conf, &set, on_problem, &problem), 0);
	struct check_in in = { .source = &source,
			       .page = &page,
			       .raw = &raw,
			       .listing = &l,
			       .seen_ms = NOW,
			       .match = regex_match_new() };

	if (check_fails(set, &in, a, &fault, &doubt) == c->passes)
		fail_msg("%s of %s passes: %d, should: %d (%.*s)", c->raw,
			 listing_fields[check.field].name, !c->passes, c->passes,
			 STR_ARG(fault.why));
	if (!c->passes && (fault.code != c->code || fault.field != check.field ||
			   str_find(fault.why, str_of(c->says)) < 0))
		fail_msg("%s: %s, %.*s", c->raw, rejects[fault.code].name, STR_ARG(fault.why));
	regex_match_free(in.match);
	check_free(set);
}

static void test_one_check(void **state)
{
	struct arena *a = arena_new(1 << 14);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		try_one(&cases[i], a);
	arena_free(a);
}

/* The first of several; pages without checks pass whatever there is. */
static void test_several(void **state)
{
	struct conf_check checks[] = { PRICE_RANGE,
				       { .field = FIELD_TITLE, .pattern = TEXT("^b") } };
	struct conf_page pages[] = { { .name = STR("plain") },
				     { .name = STR("list"), .checks = checks, .n_checks = 2 } };
	struct conf_source source = { .currency = STR("KRW"), .pages = pages, .n_pages = 2 };
	struct conf conf = { .sources = &source, .n_sources = 1 };
	struct listing l = { .price = 5, .currency = STR("KRW"), .title = STR("a") };
	struct listing_raw raw = { .place = 1 };
	struct arena *a = arena_new(1 << 10);
	struct conf_problem problem;
	struct check_fault fault;
	struct check_doubt doubt = { 0 };
	struct check_set *set;

	(void)state;
	assert_int_equal(check_new(&conf, &set, on_problem, &problem), 0);
	struct check_in in = { .source = &source,
			       .page = &pages[1],
			       .raw = &raw,
			       .listing = &l,
			       .seen_ms = NOW,
			       .match = regex_match_new() };

	assert_true(check_fails(set, &in, a, &fault, &doubt));
	assert_int_equal(fault.field, FIELD_PRICE);
	l.price = 1500;
	assert_true(check_fails(set, &in, a, &fault, &doubt));
	assert_int_equal(fault.field, FIELD_TITLE);
	l.title = STR("b");
	assert_false(check_fails(set, &in, a, &fault, &doubt));
	assert_int_equal(doubt.n, 0);
	in.page = &pages[0];
	l.title = STR("a");
	assert_false(check_fails(set, &in, a, &fault, &doubt));
	regex_match_free(in.match);
	check_free(set);
	arena_free(a);
}

/* What a pattern cannot be held against is counted, and the checks after it still hold. */
static void test_doubt(void **state)
{
	struct conf_check checks[] = { { .field = FIELD_TITLE, .pattern = TEXT("^(a+)+$") },
				       { .field = FIELD_BRAND, .pattern = TEXT("^b") } };
	struct conf_page page = { .name = STR("list"), .checks = checks, .n_checks = 2 };
	struct conf_source source = { .pages = &page, .n_pages = 1 };
	struct conf conf = { .sources = &source, .n_sources = 1 };
	struct listing l = { .title = STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"),
			     .brand = STR("b") };
	struct listing_raw raw = { .place = 1 };
	struct arena *a = arena_new(1 << 10);
	struct check_doubt doubt = { 0 };
	struct conf_problem problem;
	struct check_fault fault;
	struct check_set *set;

	(void)state;
	assert_int_equal(check_new(&conf, &set, on_problem, &problem), 0);
	struct check_in in = { .source = &source,
			       .page = &page,
			       .raw = &raw,
			       .listing = &l,
			       .match = regex_match_new() };

	assert_false(check_fails(set, &in, a, &fault, &doubt));
	assert_int_equal(doubt.n, 1);
	assert_int_equal(doubt.field, FIELD_TITLE);
	l.brand = STR("c");
	assert_true(check_fails(set, &in, a, &fault, &doubt));
	assert_int_equal(fault.field, FIELD_BRAND);
	assert_int_equal(doubt.n, 2);
	regex_match_free(in.match);
	check_free(set);
	arena_free(a);
}

/* A number that stands where the message is cut is masked as a whole. */
static void test_masked_before_cut(void **state)
{
	struct conf_check checks[] = { PRICE_RANGE };
	struct conf_page page = { .name = STR("list"), .checks = checks, .n_checks = 1 };
	struct conf_source source = {
		.currency = STR("KRW"), .pages = &page, .n_pages = 1, .mask_personal = true
	};
	struct conf conf = { .sources = &source, .n_sources = 1 };
	struct listing l = { .price = LISTING_NO_PRICE };
	struct listing_raw raw = { .place = 1 };
	struct arena *a = arena_new(1 << 10);
	struct check_doubt doubt = { 0 };
	struct conf_problem problem;
	struct check_fault fault;
	struct check_set *set;

	(void)state;
	assert_int_equal(check_new(&conf, &set, on_problem, &problem), 0);
	struct check_in in = { .source = &source,
			       .page = &page,
			       .raw = &raw,
			       .listing = &l,
			       .match = regex_match_new() };

	for (int before = 20; before < 34; before++) {
		struct str text = STR("");

		for (int i = 0; i < before; i++)
			text = arena_fmt(a, "%.*s가", STR_ARG(text));
		raw.field[FIELD_PRICE] = arena_fmt(a, "%.*s 010-1234-5678 가", STR_ARG(text));
		assert_true(check_fails(set, &in, a, &fault, &doubt));
		assert_int_equal(fault.code, REJECT_UNREADABLE);
		assert_true(str_find(fault.why, STR("-1")) < 0);
		assert_true(str_find(fault.why, STR("-5")) < 0);
		assert_true(utf8_valid(fault.why));
	}
	regex_match_free(in.match);
	check_free(set);
	arena_free(a);
}

static void test_wrong_pattern(void **state)
{
	struct conf_check checks[] = {
		{ .field = FIELD_TITLE, .pattern = TEXT("(a"), .pattern_at = { "s.yaml", 3, 9 } },
		{ .field = FIELD_BRAND, .pattern = TEXT("ok") }
	};
	struct conf_page page = { .name = STR("list"), .checks = checks, .n_checks = 2 };
	struct conf_source source = { .pages = &page, .n_pages = 1 };
	struct conf conf = { .sources = &source, .n_sources = 1 };
	struct conf_problem problem = { .text = "" };
	struct check_set *set;

	(void)state;
	assert_int_equal(check_new(&conf, &set, on_problem, &problem), 1);
	assert_int_equal(problem.at.line, 3);
	assert_non_null(strstr(problem.text, "page `list`, check of title: pattern `(a`: "));
	check_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_check),     cmocka_unit_test(test_several),
		cmocka_unit_test(test_doubt),	      cmocka_unit_test(test_masked_before_cut),
		cmocka_unit_test(test_wrong_pattern),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
