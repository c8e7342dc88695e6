#include "base/normal.h"

#include "base/rng.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct row {
	const char *in, *out;
};

static const struct row rows[] = {
	{ .in = "", .out = "" },
	{ .in = "  \t\n ", .out = "" },
	{ .in = "나이키 조던1 로우", .out = "나이키 조던 1 로우" },
	{ .in = "[새상품] 아이폰13미니 128GB!!", .out = "새상품 아이폰 13 미니 128 gb" },
	{ .in = "NIKE나이키", .out = "nike 나이키" },
	{ .in = "ＡＢＣ　１２３", .out = "abc 123" },
	{ .in = "ﬁne ①②", .out = "fine 12" },
	{ .in = "\u1112\u1161\u11ab\u1100\u1173\u11af", .out = "한글" },
	{ .in = "가\u11a8", .out = "각" },
	{ .in = "가\u200b나\ufe0f", .out = "가나" },
	{ .in = "Cafe\u0301", .out = "café" },
	{ .in = "Straße", .out = "strasse" },
	{ .in = "★급처★정품", .out = "급처 정품" },
	{ .in = "1\ufe0f\u20e3번", .out = "1 번" },
	{ .in = "!\u0301a", .out = "a" },
	{ .in = "東京a1漢", .out = "東京a 1漢" },
	{ .in = "a\xff\xfe"
		"b\xed\xa0\x80"
		"c",
	  .out = "a b c" },
	{ .in = "\x80\x80", .out = "" },
	{ .in = "½ kg ㎏", .out = "1 2 kg kg" },
	{ .in = "260mm/US8.5", .out = "260 mm us 8 5" },
	{ .in = "İ", .out = "i\u0307" },
	{ .in = "☕☕커피😀", .out = "커피" },
};

static void rows_test(void **state)
{
	char to[256];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		to[normal_title(str_of(rows[i].in), to, sizeof(to) - 1)] = 0;
		assert_string_equal(to, rows[i].out);
	}
}

/* Well-formed, trimmed, single spaces, and its own normal form. */
static void check(struct str s)
{
	static char once[NORMAL_MOST], twice[NORMAL_MOST];
	struct str a = { once, normal_title(s, once, sizeof(once)) };
	struct str b = { twice, normal_title(a, twice, sizeof(twice)) };

	if (!str_eq(a, b)) {
		for (size_t i = 0; i < s.n && i < 64; i++)
			fprintf(stderr, "%02x ", (unsigned char)s.p[i]);
		fprintf(stderr, "\n");
		fail_msg("'%.*s' becomes '%.*s'", STR_ARG(a), STR_ARG(b));
	}
	assert_true(utf8_valid(a));
	assert_true(str_find(a, STR("  ")) < 0);
	assert_true(a.n == 0 || (a.p[0] != ' ' && a.p[a.n - 1] != ' '));
}

static void every_character_test(void **state)
{
	char text[16];

	(void)state;
	for (uint32_t c = 0; c < 0x110000; c++) {
		size_t n;

		if (c >= 0xd800 && c < 0xe000)
			continue;
		n = utf8_encode(c, text);
		check((struct str){ text, n });
		/* After a letter, and with an acute accent behind. */
		text[0] = 'e';
		n = 1 + utf8_encode(c, text + 1);
		n += utf8_encode(0x301, text + n);
		check((struct str){ text, n });
	}
}

static size_t random_character(struct rng *r, char to[4])
{
	static const struct {
		uint32_t from, n;
	} block[] = {
		{ .from = 0x20, .n = 0x5f },	 { .from = 0xac00, .n = 11172 },
		{ .from = 0x1100, .n = 0x100 },	 { .from = 0x3130, .n = 0x60 },
		{ .from = 0x300, .n = 0x70 },	 { .from = 0xa0, .n = 0x500 },
		{ .from = 0x900, .n = 0x700 },	 { .from = 0x1e00, .n = 0x300 },
		{ .from = 0x2000, .n = 0x400 },	 { .from = 0xff00, .n = 0xf0 },
		{ .from = 0x3040, .n = 0xc0 },	 { .from = 0x1d100, .n = 0x100 },
		{ .from = 0xe000, .n = 0x2000 }, { .from = 0x11100, .n = 0x800 },
	};
	size_t b = rng_below(r, sizeof(block) / sizeof(block[0]));

	return utf8_encode(block[b].from + (uint32_t)rng_below(r, block[b].n), to);
}

static void random_text_test(void **state)
{
	struct rng r = { 7 };
	char text[64];

	(void)state;
	for (int i = 0; i < 200000; i++) {
		size_t n = 0, most = 1 + rng_below(&r, 56);

		while (n < most)
			n += random_character(&r, text + n);
		check((struct str){ text, n });
		if (i % 4 == 0) { /* and broken */
			text[rng_below(&r, n)] = (char)rng_next(&r);
			check((struct str){ text, n });
		}
	}
}

static void long_text_test(void **state)
{
	static char text[3 * NORMAL_MOST];
	static const char *unit[] = { "a1",	      "가a", "\u0301", "\ufdfa", "가",
				      "\u1100\u1161", "x ",  "\xff",   "\x80",	 "ß" };
	char form[NORMAL_MOST];

	(void)state;
	for (size_t i = 0; i < sizeof(unit) / sizeof(unit[0]); i++) {
		size_t n = 0, each = strlen(unit[i]);

		text[n++] = 'e';
		while (n + each <= sizeof(text)) {
			memcpy(text + n, unit[i], each);
			n += each;
		}
		check((struct str){ text, n });
		for (size_t room = 0; room < 12; room++) {
			size_t used = normal_title((struct str){ text, n }, form, room);

			assert_true(used <= room);
			assert_true(utf8_valid((struct str){ form, used }));
			assert_true(used == 0 || form[used - 1] != ' ');
		}
	}
}

/* A vowel of conjoining Hangul follows nothing here, and a space in its form. */
static void marks_without_a_letter_test(void **state)
{
	char text[256] = "a\xff\u11a3";
	size_t n = strlen(text);

	(void)state;
	for (; n + 3 < sizeof(text); n += 2) {
		memcpy(text + n, "\u0301", 3);
		check((struct str){ text, n });
	}
}

static void arena_test(void **state)
{
	struct arena *a = arena_new(1024);
	struct str s = normal_str(a, STR("Nike 에어맥스97"));

	(void)state;
	assert_true(str_is(s, "nike 에어맥스 97"));
	assert_int_equal(s.p[s.n], 0);
	assert_int_equal(normal_str(a, (struct str){ 0 }).n, 0);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_test),	    cmocka_unit_test(every_character_test),
		cmocka_unit_test(random_text_test), cmocka_unit_test(long_text_test),
		cmocka_unit_test(arena_test),	    cmocka_unit_test(marks_without_a_letter_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
