#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define N(table) (sizeof(table) / sizeof((table)[0]))

static void none_and_empty_differ(void **state)
{
	struct str none = str_of(NULL), empty = str_of("");

	(void)state;
	assert_null(none.p);
	assert_non_null(empty.p);
	assert_true(str_eq(none, empty));
	assert_null(str_sub(none, 1, 1).p);
	assert_true(str_is(str_trim(none), ""));
	assert_int_equal(str_find_char(none, 'a'), -1);
}

static const struct {
	const char *a, *b;
	int order;
	bool nocase;
} pairs[] = {
	{ "", "", 0, true },	    { "a", "a", 0, true },     { "a", "b", -1, false },
	{ "b", "a", 1, false },	    { "a", "ab", -1, false },  { "ab", "a", 1, false },
	{ "ABC", "abc", -1, true }, { "\xff", "a", 1, false }, { "가", "가", 0, true },
	{ "[", "{", -1, false },    { "@", "`", -1, false },
};

static void texts_compare_by_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(pairs); i++) {
		struct str a = str_of(pairs[i].a), b = str_of(pairs[i].b);
		int d = str_cmp(a, b);

		assert_int_equal((d > 0) - (d < 0), pairs[i].order);
		assert_int_equal(str_eq(a, b), pairs[i].order == 0);
		assert_int_equal(str_is(a, pairs[i].b), pairs[i].order == 0);
		assert_int_equal(str_eq_nocase(a, b), pairs[i].nocase);
	}
}

static const struct {
	const char *s, *part;
	ptrdiff_t at;
	bool starts, ends;
} parts[] = {
	{ "banana", "ana", 1, false, true },   { "banana", "ban", 0, true, false },
	{ "banana", "", 0, true, true },       { "banana", "banana", 0, true, true },
	{ "ban", "banana", -1, false, false }, { "", "a", -1, false, false },
	{ "banana", "nab", -1, false, false },
};

static void parts_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(parts); i++) {
		struct str s = str_of(parts[i].s), p = str_of(parts[i].part);

		assert_int_equal(str_find(s, p), parts[i].at);
		assert_int_equal(str_starts(s, p), parts[i].starts);
		assert_int_equal(str_ends(s, p), parts[i].ends);
	}
	assert_int_equal(str_find_char(STR("banana"), 'n'), 2);
	assert_int_equal(str_find_char(STR("banana"), 'x'), -1);
}

static const struct {
	size_t from, n;
	const char *sub;
} subs[] = {
	{ 0, 5, "hello" }, { 1, 3, "ell" }, { 4, 9, "o" },	     { 5, 1, "" },
	{ 9, 1, "" },	   { 2, 0, "" },    { 1, SIZE_MAX, "ello" },
};

static void subs_are_clipped(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(subs); i++)
		assert_true(str_is(str_sub(STR("hello"), subs[i].from, subs[i].n), subs[i].sub));
	assert_true(str_is(str_trim(STR(" \t\r\n\v\fa b \n")), "a b"));
	assert_true(str_is(str_trim(STR(" \n")), ""));
}

static const struct {
	const char *s, *parts; /* joined by | */
} splits[] = {
	{ "a,b,c", "a|b|c|" }, { "a", "a|" }, { "", "|" }, { ",", "||" }, { "a,,b,", "a||b||" },
};

static void next_splits(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(splits); i++) {
		struct str rest = str_of(splits[i].s), part;
		char joined[64] = "";

		while (str_next(&rest, ',', &part)) {
			strncat(joined, part.p, part.n);
			strncat(joined, "|", 2);
		}
		assert_string_equal(joined, splits[i].parts);
	}
}

static const struct {
	const char *s;
	bool good;
	int64_t n;
} ints[] = {
	{ "0", true, 0 },
	{ "-12", true, -12 },
	{ "007", true, 7 },
	{ "9223372036854775807", true, INT64_MAX },
	{ "-9223372036854775808", true, INT64_MIN },
	{ "9223372036854775808", false, 0 },
	{ "", false, 0 },
	{ "-", false, 0 },
	{ " 1", false, 0 },
	{ "1 ", false, 0 },
	{ "1x", false, 0 },
	{ "0x10", false, 0 },
	{ "1.0", false, 0 },
	{ "00000000000000000000000000000000001", false, 0 },
};

static void whole_numbers_only(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(ints); i++) {
		int64_t n = 0;

		if (str_i64(str_of(ints[i].s), &n) != ints[i].good || n != ints[i].n)
			fail_msg("'%s': %lld", ints[i].s, (long long)n);
	}
	/* A NUL inside is not the end. */
	int64_t n = 5;

	assert_false(str_i64((struct str){ "1\0", 2 }, &n));
	assert_int_equal(n, 5);
}

static const struct {
	const char *s;
	bool good;
	double x;
} reals[] = {
	{ "0.5", true, 0.5 }, { "-2e3", true, -2000 }, { "7", true, 7 },      { "", false, 0 },
	{ "1,5", false, 0 },  { " 1", false, 0 },      { "1e999", false, 0 }, { "x", false, 0 },
};

static void reals_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(reals); i++) {
		double x = 0;

		if (str_f64(str_of(reals[i].s), &x) != reals[i].good || x != reals[i].x)
			fail_msg("'%s': %g", reals[i].s, x);
	}
}

static const struct {
	const char *a, *b;
	size_t edits;
} edits[] = {
	{ "", "", 0 },	  { "rat", "rate", 1 },	 { "kitten", "sitting", 3 },
	{ "abc", "", 3 }, { "flaw", "lawn", 2 }, { "same", "same", 0 },
};

static void distance_counts_edits(void **state)
{
	char longer[200];

	(void)state;
	for (size_t i = 0; i < N(edits); i++) {
		assert_int_equal(str_distance(str_of(edits[i].a), str_of(edits[i].b)),
				 edits[i].edits);
		assert_int_equal(str_distance(str_of(edits[i].b), str_of(edits[i].a)),
				 edits[i].edits);
	}
	memset(longer, 'x', sizeof(longer));
	assert_int_equal(str_distance((struct str){ longer, sizeof(longer) }, STR("")), 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(none_and_empty_differ), cmocka_unit_test(texts_compare_by_bytes),
		cmocka_unit_test(parts_are_found),	 cmocka_unit_test(subs_are_clipped),
		cmocka_unit_test(next_splits),		 cmocka_unit_test(whole_numbers_only),
		cmocka_unit_test(reals_are_read),	 cmocka_unit_test(distance_counts_edits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
