#include "extractor/extract_charset.h"

#include "base/file.h"
#include "base/utf8.h"
#include "tests/unit/extractor/extract_make.h"

#include <dirent.h>
#include <string.h>
#include <strings.h>

#define SUITE PIPED_SHARED "/data/suites/encoding-sniff-html5lib/"
#define INDEX PIPED_SHARED "/data/encodings/whatwg/index-euc-kr.txt"
#define FILES PIPED_SHARED "/data/encodings/tests/"

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
	  PAGE("<meta name=x><meta http-equiv=content-type content='a; charset=shift_jis'>"),
	  .want = "CP932" },
	{ .type = NULL, PAGE("<meta content='a; charset=shift_jis'>"), .want = "UTF-8" },
	{ .type = NULL, PAGE("<meta charset=utf-16>"), .want = "UTF-8" },
	{ .type = NULL, PAGE("<meta charset=euc-kr"), .want = "UTF-8" },
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
		got = extract_charset(rows[i].body, str_of(rows[i].type), true, &skip)->iconv;
		if (strcmp(got, rows[i].want) != 0 || skip != rows[i].skip)
			fail_msg("row %zu: %s, not %s", i, got, rows[i].want);
	}
	/* JSON has no meta */
	got = extract_charset(STR("\"<meta charset=euc-kr>\""), STR(""), false, &skip)->iconv;
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
	/* told wrong */
	{ .type = "a;charset=utf-8",
	  PAGE("\xc0\xcc\xb0\xcd\xc0\xba \xc4\xda\xc6\xae"),
	  .want = "이것은 코트" },
	{ .type = "a;charset=latin1", PAGE("\xc0\xcc\xb0\xcd\xc0\xba"), .want = "이것은" },
	{ .type = "a;charset=euc-kr", PAGE("이것은 코트"), .want = "이것은 코트" },
	{ .type = "a;charset=latin1", PAGE("이것은 코트"), .want = "이것은 코트" },
	{ .type = "a;charset=utf-8",
	  PAGE("이것은 \xff 코트, 그리고 또 다른 옷과 신발들"),
	  .want = "이것은 \xef\xbf\xbd 코트, 그리고 또 다른 옷과 신발들" },
	{ .type = NULL, PAGE("\xc0\xcc\xb0\xcd\xc0\xba \x8c\x63"), .want = "이것은 똠" },
	{ .type = "a;charset=latin1", PAGE("caf\xe9 na\xefve"), .want = "café naïve" },
	{ .type = "a;charset=latin1", PAGE("\xe9\x80 \x81"), .want = "é€ \xef\xbf\xbd" },
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

/* "#data\n...\n#encoding\nNAME\n\n" one after another. */
static int read_cases(const char *path)
{
	struct buf b;
	struct str rest, data, name;
	ptrdiff_t at;
	int n = 0;

	buf_init(&b, 1 << 20);
	assert_int_equal(file_read(path, &b, NULL), ERR_OK);
	rest = buf_str(&b);
	while ((at = str_find(rest, STR("#data\n"))) >= 0) {
		const struct extract_encoding *want, *got;
		size_t skip;

		rest = str_sub(rest, (size_t)at + 6, rest.n);
		at = str_find(rest, STR("\n#encoding\n"));
		assert_true(at >= 0);
		data = str_sub(rest, 0, (size_t)at);
		rest = str_sub(rest, (size_t)at + 11, rest.n);
		assert_true(str_next(&rest, '\n', &name));
		want = extract_label(name);
		got = extract_charset_told(data, STR(""), true, &skip);
		assert_non_null(want);
		if (!got)
			got = extract_label(STR("windows-1252")); /* the suite's default */
		if (got != want)
			fail_msg("%s case %d: %s, not %s:\n%.*s", path, n + 1, got->name,
				 want->name, STR_ARG(data));
		n++;
	}
	buf_done(&b);
	return n;
}

static void all_of_html5lib(void **state)
{
	(void)state;
	if (!file_exists(SUITE "tests1.dat")) {
		print_message("skipped: %s is not here\n", SUITE);
		skip();
	}
	assert_int_equal(read_cases(SUITE "tests1.dat") + read_cases(SUITE "tests2.dat") +
				 read_cases(SUITE "test-yahoo-jp.dat"),
			 82);
}

/* One file of the real ones in `folder`. */
struct tried {
	int files, told, detected;
};

static bool is_in(const char *folder, const struct extract_encoding *e)
{
	static const struct {
		const char *folder, *name;
	} folders[] = {
		{ "CP949", "EUC-KR" },
		{ "EUC-KR", "EUC-KR" },
		{ "Johab", "Johab" },
		{ "iso-2022-kr", "ISO-2022-KR" },
		{ "CP932", "Shift_JIS" },
		{ "GB2312", "GBK" },
		{ "utf-8-sig", "UTF-8" },
		{ "windows-1251-russian", "windows-1251" },
		{ "iso-8859-1", "windows-1252" },
	};

	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		if (strcmp(folder, folders[i].folder) == 0)
			return strcmp(e->iconv, extract_label(str_of(folders[i].name))->iconv) == 0;
	return strncasecmp(e->name, folder, strlen(folder)) == 0;
}

static void try_file(const char *folder, const char *path, struct tried *t)
{
	const struct extract_encoding *told, *e;
	struct buf b;
	size_t skip;

	buf_init(&b, 8 << 20);
	assert_int_equal(file_read(path, &b, NULL), ERR_OK);
	told = extract_charset_told(buf_str(&b), STR(""), true, &skip);
	e = skip ? told : extract_detect(buf_str(&b), NULL);
	t->files++;
	if (is_in(folder, e))
		t->detected++;
	else
		print_message("%s: %s\n", path + strlen(FILES), e->name);
	/* neither header nor page may talk us out of it */
	e = skip ? told : extract_detect(buf_str(&b), extract_label(STR("iso-8859-1")));
	t->told += is_in(folder, e);
	buf_done(&b);
}

static struct tried try_folder(const char *folder)
{
	char path[1024];
	struct tried t = { 0 };
	struct dirent *d;
	DIR *dir;

	snprintf(path, sizeof(path), FILES "%s", folder);
	dir = opendir(path);
	assert_non_null(dir);
	while ((d = readdir(dir))) {
		if (d->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), FILES "%s/%s", folder, d->d_name);
		try_file(folder, path, &t);
	}
	closedir(dir);
	print_message("%s: %d of %d, %d of %d when called iso-8859-1\n", folder, t.detected,
		      t.files, t.told, t.files);
	return t;
}

/* Every Korean one; of the others it is told how many. */
static void real_files(void **state)
{
	static const char *const korean[] = { "CP949", "EUC-KR", "Johab", "iso-2022-kr" };
	static const char *const others[] = { "utf-8",	     "utf-8-sig",  "UTF-16",
					      "Big5",	     "CP932",	   "EUC-JP",
					      "GB2312",	     "iso-8859-1", "windows-1251-russian",
					      "windows-1252" };
	struct tried t;

	(void)state;
	if (!file_exists(FILES)) {
		print_message("skipped: %s is not here\n", FILES);
		skip();
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		try_folder(others[i]);
	for (size_t i = 0; i < sizeof(korean) / sizeof(*korean); i++) {
		t = try_folder(korean[i]);
		assert_int_equal(t.detected, t.files);
		assert_int_equal(t.told, t.files);
	}
}

/* Each character of the standard's table of EUC-KR. */
static void euc_kr_is_the_standards(void **state)
{
	const struct extract_encoding *e = extract_label(STR("euc-kr"));
	struct arena *a = arena_new(1 << 16);
	struct buf b;
	struct str rest, line;
	unsigned pointer, code;
	int n = 0;

	(void)state;
	if (!file_exists(INDEX)) {
		print_message("skipped: %s is not here\n", INDEX);
		skip();
	}
	buf_init(&b, 4 << 20);
	assert_int_equal(file_read(INDEX, &b, NULL), ERR_OK);
	for (rest = buf_str(&b); str_next(&rest, '\n', &line);) {
		char pair[2], want[4];

		if (sscanf(arena_str(a, line).p, "%u 0x%x", &pointer, &code) != 2)
			continue;
		pair[0] = (char)(pointer / 190 + 0x81);
		pair[1] = (char)(pointer % 190 + 0x41);
		if (!str_eq(extract_charset_read((struct str){ pair, 2 }, e, a),
			    (struct str){ want, utf8_encode(code, want) }))
			fail_msg("%02x%02x is U+%04X", pair[0] & 255, pair[1] & 255, code);
		n++;
	}
	assert_int_equal(n, 17048);
	buf_done(&b);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_found),	   cmocka_unit_test(text_becomes_utf8),
		cmocka_unit_test(all_of_html5lib),	   cmocka_unit_test(real_files),
		cmocka_unit_test(euc_kr_is_the_standards),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
