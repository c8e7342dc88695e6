#include "extractor/extractor.h"

#include "base/file.h"
#include "tests/unit/extractor/extract_make.h"

#include <ftw.h>
#include <string.h>

/* Selectors that are wrong, and where. */
struct problems {
	int n;
	struct conf_problem p[8];
};

static void keep(void *ctx, const struct conf_problem *p)
{
	struct problems *all = ctx;

	if (all->n < 8)
		all->p[all->n++] = *p;
}

static void problems_stand_where_they_are(void **state)
{
	struct problems all = { 0 };
	struct made m;

	(void)state;
	made_init(&m, FORMAT_HTML);
	m.page.items = sel_of(SEL_CSS, "li");
	made_field(&m, FIELD_ID, SEL_XPATH, "@id");
	made_field(&m, FIELD_TITLE, SEL_CSS, "h3:nope");
	m.page.fields[1].sel.at.line = 33;
	made_field(&m, FIELD_PRICE, SEL_XPATH, "span[");
	made_field(&m, FIELD_BRAND, SEL_JQ, ".brand");
	made_field(&m, FIELD_CURRENCY, SEL_CONST, "KRW");
	assert_int_equal(extractor_check(&m.conf, keep, &all), 3);
	assert_int_equal(all.p[0].at.line, 33);
	assert_int_equal(all.p[0].at.column, 12);
	assert_string_equal(all.p[0].text, "page `list`, title `h3:nope`: column 4: unknown "
					   "pseudo-class `nope`");
	assert_non_null(strstr(all.p[1].text, "price `span[`: column "));
	assert_non_null(strstr(all.p[2].text, "brand `.brand`: an HTML page is read by css"));
	assert_int_equal(made_run(&m, STR("<li>"), NULL), ERR_BAD);
	assert_non_null(strstr(m.why.text, "title `h3:nope`: column 4"));
	made_done(&m);
}

static void jq_problems_are_named(void **state)
{
	struct problems all = { 0 };
	struct made m;

	(void)state;
	made_init(&m, FORMAT_JSON);
	m.page.items = sel_of(SEL_JQ, ".list[]");
	made_field(&m, FIELD_ID, SEL_JQ, ".pid");
	assert_int_equal(extractor_check(&m.conf, keep, &all), 0);
	made_field(&m, FIELD_TITLE, SEL_JQ, ".name |");
	made_field(&m, FIELD_PRICE, SEL_JQ, "$x");
	made_field(&m, FIELD_BRAND, SEL_CSS, "b");
	assert_int_equal(extractor_check(&m.conf, keep, &all), 3);
	assert_non_null(strstr(all.p[0].text, "title `.name |`: syntax error"));
	assert_non_null(strstr(all.p[1].text, "price `$x`: $x is not defined"));
	assert_non_null(strstr(all.p[2].text, "a JSON page is read by jq"));
	assert_string_equal(all.p[0].at.file, "x.yaml");
	made_done(&m);
}

/* libjq 1.6 left alone aborts or crashes on some of these. */
static void odd_programs_abort_nothing(void **state)
{
	static const char *const odd[] = { "import \"x\" as x; .",
					   "include \"y\"; .",
					   "input",
					   "[inputs]",
					   "debug",
					   "input_filename",
					   "get_search_list",
					   "$__loc__",
					   "halt",
					   "halt_error",
					   ".a) | (.b",
					   "\"\\(1)\"",
					   "# only a comment",
					   "",
					   "reduce . as $x (0; .)",
					   "label $f | break $f" };
	struct made m;

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++) {
		made_init(&m, FORMAT_JSON);
		made_field(&m, FIELD_ID, SEL_JQ, odd[i]);
		made_field(&m, FIELD_TITLE, SEL_JQ, ".t");
		made_run(&m, STR("{\"t\":\"x\"}"), NULL);
		made_run(&m, STR("{\"t\":\"x\"}"), NULL);
		made_done(&m);
	}
}

/* Every page under ../shared/data/pages: of many shops, whole and broken. */
static struct made reader;
static int pages, titles;

static int read_page(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	bool gz = str_ends(str_of(path), STR(".html.gz"));
	struct buf b;

	(void)st;
	(void)at;
	if (kind != FTW_F || (!gz && !str_ends(str_of(path), STR(".html"))))
		return 0;
	buf_init(&b, 32 << 20);
	made_read(path, gz, &b);
	if (made_run(&reader, buf_str(&b), NULL))
		fail_msg("%s: %s", path, reader.why.text);
	assert_int_equal(reader.out.items, 1);
	if ((strcasestr(buf_str(&b).p, "<title") != NULL) != (reader.out.n_listings == 1))
		fail_msg("%s: its title is not found", path);
	titles += reader.out.n_listings;
	pages++;
	buf_done(&b);
	return 0;
}

static void saved_pages_are_read(void **state)
{
	static const char folder[] = PIPED_SHARED "/data/pages";

	(void)state;
	if (!file_exists(folder)) {
		print_message("skipped: %s is not here\n", folder);
		skip();
	}
	made_init(&reader, FORMAT_HTML);
	made_field(&reader, FIELD_ID, SEL_CONST, "1");
	made_field(&reader, FIELD_TITLE, SEL_CSS, "title::text");
	assert_int_equal(nftw(folder, read_page, 16, FTW_PHYS), 0);
	made_done(&reader);
	print_message("%d pages, %d with a title\n", pages, titles);
	assert_true(pages >= 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(problems_stand_where_they_are),
		cmocka_unit_test(jq_problems_are_named),
		cmocka_unit_test(odd_programs_abort_nothing),
		cmocka_unit_test(saved_pages_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
