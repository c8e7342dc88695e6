#include "base/rng.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define N(table) (sizeof(table) / sizeof((table)[0]))
#define BAD "\xef\xbf\xbd"

/* Unicode 15, table 3-7: the first and last of each row, and what is just
 * outside. */
static const struct {
	const char *bytes;
	size_t n;
	uint32_t code;
} chars[] = {
	{ "\x01", 1, 1 },
	{ "\x7f", 1, 0x7f },
	{ "\xc2\x80", 2, 0x80 },
	{ "\xdf\xbf", 2, 0x7ff },
	{ "\xe0\xa0\x80", 3, 0x800 },
	{ "\xea\xb0\x80", 3, 0xac00 },
	{ "\xed\x9f\xbf", 3, 0xd7ff },
	{ "\xee\x80\x80", 3, 0xe000 },
	{ "\xef\xbf\xbf", 3, 0xffff },
	{ "\xf0\x90\x80\x80", 4, 0x10000 },
	{ "\xf4\x8f\xbf\xbf", 4, 0x10ffff },
	{ "", 0, 0 },
	{ "\x80", 0, 0 },
	{ "\xc0\x80", 0, 0 },
	{ "\xc1\xbf", 0, 0 },
	{ "\xc2", 0, 0 },
	{ "\xc2\x7f", 0, 0 },
	{ "\xe0\x9f\xbf", 0, 0 },
	{ "\xed\xa0\x80", 0, 0 },
	{ "\xed\xbf\xbf", 0, 0 },
	{ "\xea\xb0", 0, 0 },
	{ "\xea\xb0\x41", 0, 0 },
	{ "\xf0\x8f\xbf\xbf", 0, 0 },
	{ "\xf4\x90\x80\x80", 0, 0 },
	{ "\xf5\x80\x80\x80", 0, 0 },
	{ "\xf0\x90\x80", 0, 0 },
	{ "\xff", 0, 0 },
};

static void characters_are_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(chars); i++) {
		uint32_t code = 0;
		char bytes[4];

		assert_int_equal(utf8_length(str_of(chars[i].bytes)), chars[i].n);
		assert_int_equal(utf8_decode(str_of(chars[i].bytes), &code), chars[i].n);
		assert_int_equal(code, chars[i].code);
		if (!chars[i].n)
			continue;
		assert_int_equal(utf8_encode(code, bytes), chars[i].n);
		assert_memory_equal(bytes, chars[i].bytes, chars[i].n);
	}
}

/* The examples of the Unicode Standard, section 3.9, and our own. */
static const struct {
	const char *bytes, *clean;
} texts[] = {
	{ "", "" },
	{ "자켓 nike", "자켓 nike" },
	{ "a\xff"
	  "b",
	  "a" BAD "b" },
	{ "\xc0\xaf\xe0\x80\xbf\xf0\x81\x82\x41", BAD BAD BAD BAD BAD BAD BAD BAD "A" },
	{ "\xed\xa0\x80\xed\xbf\xbf\xed\xaf\x41", BAD BAD BAD BAD BAD BAD BAD BAD "A" },
	{ "\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41", BAD BAD BAD BAD "A" },
	{ "가\xea\xb0", "가" BAD },
};

static void bad_sequences_become_one_mark_each(void **state)
{
	struct arena *a = arena_new(1024);

	(void)state;
	for (size_t i = 0; i < N(texts); i++) {
		struct str s = str_of(texts[i].bytes), clean = utf8_clean(a, s);

		if (!str_is(clean, texts[i].clean))
			fail_msg("row %zu: '%.*s'", i, STR_ARG(clean));
		assert_int_equal(utf8_valid(s), str_eq(s, clean));
		assert_true(!utf8_valid(s) || clean.p == s.p);
	}
	arena_free(a);
}

static void any_bytes_come_out_valid(void **state)
{
	struct rng r = { .state = 3 };
	struct arena *a = arena_new(4096);
	/* Mostly from the rows where the table is narrow. */
	static const char bits[] = "\xe0\xed\xf0\xf4\xa0\x9f\x90\x80\xbf\x8f\xea\xb0\xc2\xff"
				   "a";
	char bytes[64];

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct str s = { bytes, rng_below(&r, sizeof(bytes)) }, clean;

		for (size_t k = 0; k < s.n; k++)
			bytes[k] = bits[rng_below(&r, sizeof(bits) - 1)];
		arena_reset(a);
		clean = utf8_clean(a, s);
		assert_true(utf8_valid(clean));
		assert_true(utf8_valid(utf8_cut(clean, s.n / 2)));
		assert_true(utf8_cut(clean, s.n / 2).n + 3 >=
			    (clean.n < s.n / 2 ? clean.n : s.n / 2));
	}
	arena_free(a);
}

static void cuts_keep_characters_whole(void **state)
{
	(void)state;
	assert_true(str_is(utf8_cut(STR("가나"), 6), "가나"));
	assert_true(str_is(utf8_cut(STR("가나"), 5), "가"));
	assert_true(str_is(utf8_cut(STR("가나"), 3), "가"));
	assert_true(str_is(utf8_cut(STR("가나"), 2), ""));
	assert_true(str_is(utf8_cut(STR("abc"), 0), ""));
}

static void nothing_steers_a_terminal(void **state)
{
	static const char *const rows[][2] = {
		{ "", "" },
		{ "니트 L", "니트 L" },
		{ "a\x1b[2Jb\n\x7f", "a?[2Jb??" },
		{ "\xc2\x9b"
		  "2J\xc2\xa0x",
		  "?2J\xc2\xa0x" },
		{ "a\xe2\x80\xae"
		  "b\xe2\x81\xa6"
		  "c\xe2\x80\xa8",
		  "a?b?c?" },
		{ "\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xaa", "\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xaa" },
		{ "raw \x9b"
		  "2J \xff\xed\x95",
		  "raw ?2J ???" },
	};
	char to[64];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		to[utf8_plain(str_of(rows[i][0]), to)] = 0;
		assert_string_equal(to, rows[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_are_known),
		cmocka_unit_test(bad_sequences_become_one_mark_each),
		cmocka_unit_test(any_bytes_come_out_valid),
		cmocka_unit_test(cuts_keep_characters_whole),
		cmocka_unit_test(nothing_steers_a_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
