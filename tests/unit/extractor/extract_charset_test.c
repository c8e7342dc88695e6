#include "extractor/extract_charset.h"

#include "tests/unit/extractor/extract_make.h"

#include <string.h>

struct row {
	const char *type;
	struct str body;
	const char *want;
	size_t skip;
};

#define PAGE(literal) .body = { literal, sizeof(literal) - 1 }

static const struct row rows[] = {
	{ .type = NULL, PAGE(""), .want = "UTF-8" },
	{ .type = "text/html", PAGE("x"), .want = "UTF-8" },
	{ .type = "text/html; charset=EUC-KR", PAGE("x"), .want = "CP949" },
	{ .type = "text/html;charset = \"uhc\"", PAGE("x"), .want = "CP949" },
	{ .type = "text/html; charset='ms949'; q=1", PAGE("x"), .want = "CP949" },
	{ .type = "text/html; charset=", PAGE("x"), .want = "UTF-8" },
	{ .type = "text/html; charset", PAGE("x"), .want = "UTF-8" },
	{ .type = "text/html; charset=../../etc", PAGE("x"), .want = "UTF-8" },
	{ .type = "text/html; charset=iso-8859-1", PAGE("x"), .want = "CP1252" },
	{ .type = NULL, PAGE("<meta charset=euc-kr>"), .want = "CP949" },
	{ .type = NULL, PAGE("<META CHARSET='EUC-KR' />"), .want = "CP949" },
	{ .type = NULL,
	  PAGE("<meta name=x><meta content='a; charset=shift_jis'>"),
	  .want = "CP932" },
	{ .type = NULL, PAGE("<meta charset=utf-16>"), .want = "UTF-8" },
	{ .type = NULL, PAGE("<meta charset=euc-kr"), .want = "CP949" },
	{ .type = "a;charset=utf-8", PAGE("<meta charset=euc-kr>"), .want = "UTF-8" },
	{ .type = "a;charset=euc-kr", PAGE("\xef\xbb\xbfx"), .want = "UTF-8", .skip = 3 },
	{ .type = NULL, PAGE("\xff\xfex\0"), .want = "UTF-16LE", .skip = 2 },
	{ .type = NULL, PAGE("\xfe\xff\0x"), .want = "UTF-16BE", .skip = 2 },
};

static void names_are_found(void **state)
{
	const char *got;
	size_t skip;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		got = extract_charset(rows[i].body, str_of(rows[i].type), true, &skip);
		if (strcmp(got, rows[i].want) != 0 || skip != rows[i].skip)
			fail_msg("row %zu: %s, not %s", i, got, rows[i].want);
	}
	/* JSON has no meta */
	got = extract_charset(STR("\"<meta charset=euc-kr>\""), STR(""), false, &skip);
	assert_string_equal(got, "UTF-8");
}

static const struct row texts[] = {
	{ .type = "a;charset=euc-kr", PAGE("\xb0\xa1\x8c\x63z"), .want = "가똠z" },
	{ .type = "a;charset=euc-kr", PAGE("a\xff\xb0"), .want = "a\xef\xbf\xbd\xef\xbf\xbd" },
	{ .type = "a;charset=euc-kr", PAGE("\xb0<b>"), .want = "\xef\xbf\xbd<b>" },
	{ .type = NULL, PAGE("\xff\xfe\x00\xac\x3d\xd8\x00\xde"), .want = "가😀" },
	{ .type = NULL, PAGE("\xff\xfe\x3d\xd8z\0"), .want = "\xef\xbf\xbdz" },
	{ .type = NULL, PAGE("\xfe\xff\xac\x00z"), .want = "가\xef\xbf\xbd" },
	{ .type = NULL, PAGE("a\xc0\x80z"), .want = "a\xef\xbf\xbd\xef\xbf\xbdz" },
	{ .type = "a;charset=latin1", PAGE("\xe9\x80\x81"), .want = "é€\xef\xbf\xbd" },
	{ .type = "a;charset=johab", PAGE("\x88\x61"), .want = "가" },
	{ .type = "a;charset=shift_jis", PAGE("\x83\x4a"), .want = "カ" },
	{ .type = "a;charset=big5", PAGE("\xa4\xa4"), .want = "中" },
	{ .type = "a;charset=gbk", PAGE("\xd6\xd0"), .want = "中" },
};

static void text_becomes_utf8(void **state)
{
	struct arena *a = arena_new(1024);

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		str_is_text(extract_charset_utf8(texts[i].body, str_of(texts[i].type), true, a),
			    texts[i].want);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_found),
		cmocka_unit_test(text_becomes_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
