#include "base/opt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct into {
	bool quiet, all;
	const char *out;
	int64_t n;
	double share;
};

#define AT(field) offsetof(struct into, field)

static const struct opt table[] = {
	{ .name = "quiet", .letter = 'q', .type = OPT_FLAG, .at = AT(quiet), .doc = "Say less." },
	{ .name = "all", .letter = 'a', .type = OPT_FLAG, .at = AT(all), .doc = "All of them." },
	{ .name = "out",
	  .letter = 'o',
	  .type = OPT_TEXT,
	  .at = AT(out),
	  .value = "DIR",
	  .doc = "Folder that is written to; it is made when it is not there, and nothing in it "
		 "is removed." },
	{ .name = "count",
	  .letter = 'n',
	  .type = OPT_INT,
	  .at = AT(n),
	  .value = "N",
	  .min = 1,
	  .max = 10,
	  .doc = "How many." },
	{ .name = "share", .type = OPT_REAL, .at = AT(share), .value = "X", .doc = "Share." },
	{ .name = NULL },
};

static const struct {
	const char *args; /* after the program's name, by spaces */
	enum err err;
	struct into into;
	const char *rest; /* what is left over, by spaces; or the reason */
} lines[] = {
	{ "", ERR_OK, { 0 }, "" },
	{ "--quiet x --all y", ERR_OK, { .quiet = true, .all = true }, "x y" },
	{ "-qa", ERR_OK, { .quiet = true, .all = true }, "" },
	{ "-qo dir", ERR_OK, { .quiet = true, .out = "dir" }, "" },
	{ "-odir", ERR_OK, { .out = "dir" }, "" },
	{ "--out=dir", ERR_OK, { .out = "dir" }, "" },
	{ "--out dir", ERR_OK, { .out = "dir" }, "" },
	{ "--out=", ERR_OK, { .out = "" }, "" },
	{ "-n 10 --share 0.25", ERR_OK, { .n = 10, .share = 0.25 }, "" },
	{ "a -- --quiet -", ERR_OK, { 0 }, "a --quiet -" },
	{ "-", ERR_OK, { 0 }, "-" },
	{ "--quite", ERR_BAD, { 0 }, "unknown option --quite; did you mean --quiet?" },
	{ "--xyzzyxyzzy", ERR_BAD, { 0 }, "unknown option --xyzzyxyzzy; see --help" },
	{ "-x", ERR_BAD, { 0 }, "unknown option -x; see --help" },
	{ "--quiet=yes", ERR_BAD, { 0 }, "--quiet takes no value" },
	{ "--out", ERR_BAD, { 0 }, "--out wants a value: DIR" },
	{ "-n 11", ERR_BAD, { 0 }, "--count wants a number from 1 to 10, not '11'" },
	{ "-n ten", ERR_BAD, { 0 }, "--count wants a number from 1 to 10, not 'ten'" },
	{ "--share much", ERR_BAD, { 0 }, "--share wants a number, not 'much'" },
};

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static void lines_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char copy[200], *argv[20] = { copy }, rest[200] = "", *word, *save;
		const char *args[20];
		struct into got = { 0 };
		struct reason why = { "" };
		int argc = 1, n = 0;

		snprintf(copy, sizeof(copy), "%s", lines[i].args);
		for (word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save))
			argv[argc++] = word;
		assert_int_equal(opt_parse(table, argc, argv, &got, args, &n, &why), lines[i].err);
		if (lines[i].err) {
			assert_string_equal(why.text, lines[i].rest);
			continue;
		}
		for (int k = 0; k < n; k++) {
			strncat(rest, k ? " " : "", 1);
			strncat(rest, args[k], 20);
		}
		assert_string_equal(rest, lines[i].rest);
		assert_int_equal(got.quiet, lines[i].into.quiet);
		assert_int_equal(got.all, lines[i].into.all);
		assert_true(same_text(got.out, lines[i].into.out));
		assert_int_equal(got.n, lines[i].into.n);
		assert_true(got.share == lines[i].into.share);
	}
}

static void help_and_manual_come_from_the_table(void **state)
{
	struct str rest, line;
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 16);
	opt_help(table, &b);
	for (const struct opt *o = table; o->name; o++)
		assert_non_null(strstr(b.p, o->name));
	assert_non_null(strstr(b.p, "  -o, --out DIR           Folder that is written to;"));
	for (rest = buf_str(&b); str_next(&rest, '\n', &line);)
		assert_true(line.n <= 80);
	buf_clear(&b);
	opt_mdoc(table, &b);
	assert_non_null(strstr(b.p, ".It Fl o , Fl -out Ar DIR\nFolder that"));
	assert_non_null(strstr(b.p, ".It Fl -share Ar X\nShare.\n"));
	buf_clear(&b);
	opt_mdoc_text(".TH is no macro. Nor is 'so. A \\ stays; so does v1.2", &b);
	assert_string_equal(b.p, "\\&.TH is no macro.\nNor is 'so.\nA \\e stays; so does v1.2\n");
	buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_read),
		cmocka_unit_test(help_and_manual_come_from_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
