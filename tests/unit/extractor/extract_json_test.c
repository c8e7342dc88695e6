#include "extractor/extract_json.h"

#include "base/buf.h"
#include "extractor/extract_scan.h"
#include "tests/unit/extractor/extract_make.h"

#include <string.h>

/* The shape of Bunjang's search, with rows of our own. */
static const char search[] =
	"{\"result\":\"success\",\"no_result\":false,\"num_found\":250,\"n\":4,\"list\":["
	"{\"pid\":\"297567501\",\"name\":\" 노스페이스  눕시 700 \\ud83e\\udde5 M "
	"\",\"price\":\"155000\","
	"\"product_image\":\"https://media.example/"
	"297567501_w{res}.jpg\",\"status\":\"0\",\"ad\":false,"
	"\"location\":\"\",\"used\":1,\"update_time\":1783565912,\"category_id\":\"310300\"},"
	"{\"pid\":\"297567502\",\"name\":\"promoted\",\"price\":\"1\",\"ad\":true},"
	"{\"pid\":297567503,\"name\":\"A\\\"B\\\\ "
	"<b>\\u00e9</b>\",\"price\":12.5,\"ad\":false,\"used\":null},"
	"{\"name\":\"no id\",\"price\":\"3\",\"ad\":false},"
	"{\"pid\":\"4\",\"name\":[\"x\"],\"ad\":false}]}";

static void bunjang(struct made *m)
{
	made_init(m, FORMAT_JSON);
	m->page.items = sel_of(SEL_JQ, ".list[]");
	m->page.skip = sel_of(SEL_JQ, ".ad");
	made_field(m, FIELD_ID, SEL_JQ, ".pid");
	made_field(m, FIELD_URL, SEL_JQ, ".pid");
	m->page.fields[1].prefix = STR("https://m.example/products/");
	made_field(m, FIELD_TITLE, SEL_JQ, ".name");
	made_field(m, FIELD_PRICE, SEL_JQ, ".price");
	made_field(m, FIELD_IMAGE, SEL_JQ, ".product_image");
	made_field(m, FIELD_CATEGORY, SEL_JQ, ".category_id");
	made_field(m, FIELD_CONDITION, SEL_JQ,
		   "if .used == 1 then \"used\" elif .used == 2 then \"new\" else null end");
	made_field(m, FIELD_LOCATION, SEL_JQ, ".location # may be empty");
	made_field(m, FIELD_POSTED, SEL_JQ, ".update_time");
	made_field(m, FIELD_CURRENCY, SEL_CONST, "KRW");
	m->page.paging.var = STR("page");
	m->page.paging.more = sel_of(SEL_JQ, ".no_result | not");
	m->page.paging.last = sel_of(SEL_JQ, ".num_found | numbers | (. / 100 | ceil) - 1");
}

static void a_search_page_is_read(void **state)
{
	struct made m;
	const struct listing_raw *l;

	(void)state;
	bunjang(&m);
	assert_int_equal(made_run(&m, str_of(search), "application/json; charset=UTF-8"), ERR_OK);
	assert_int_equal(m.out.items, 5);
	assert_int_equal(m.out.skipped, 1);
	assert_int_equal(m.out.rejected, 2);
	assert_int_equal(m.out.n_listings, 2);
	assert_true(m.out.more);
	assert_int_equal(m.out.last, 2);
	str_is_text(m.out.reject_reason, "id `.pid`: nothing found");
	l = &m.out.listings[0];
	str_is_text(l->field[FIELD_ID], "297567501");
	str_is_text(l->field[FIELD_URL], "https://m.example/products/297567501");
	/* byte for byte, white space too */
	str_is_text(l->field[FIELD_TITLE], " 노스페이스  눕시 700 🧥 M ");
	str_is_text(l->field[FIELD_PRICE], "155000");
	str_is_text(l->field[FIELD_IMAGE], "https://media.example/297567501_w{res}.jpg");
	str_is_text(l->field[FIELD_CATEGORY], "310300");
	str_is_text(l->field[FIELD_CONDITION], "used");
	str_is_text(l->field[FIELD_LOCATION], NULL);
	str_is_text(l->field[FIELD_POSTED], "1783565912");
	str_is_text(l->field[FIELD_CURRENCY], "KRW");
	l = &m.out.listings[1];
	str_is_text(l->field[FIELD_ID], "297567503");
	str_is_text(l->field[FIELD_TITLE], "A\"B\\ <b>é</b>");
	str_is_text(l->field[FIELD_PRICE], "12.5");
	str_is_text(l->field[FIELD_CONDITION], NULL);
	made_done(&m);
}

static void an_extractor_reads_many_pages(void **state)
{
	struct made m;

	(void)state;
	bunjang(&m);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(made_run(&m, STR("{\"list\":[],\"no_result\":true}"), NULL),
				 ERR_OK);
		assert_int_equal(m.out.items, 0);
		assert_false(m.out.more);
		assert_int_equal(m.out.last, -1);
		assert_int_equal(made_run(&m, STR("{\"list\":5}"), NULL), ERR_BAD);
		assert_int_equal(made_run(&m, str_of(search), NULL), ERR_OK);
		assert_int_equal(m.out.n_listings, 2);
	}
	made_done(&m);
}

/* One field, `.v`, from {"v": ...}. */
struct expected {
	const char *json, *want; /* want NULL: absent */
	const char *why;	 /* part of the reason when absent */
};

static const struct expected values[] = {
	{ .json = "\"a\"", .want = "a" },
	{ .json = "0", .want = "0" },
	{ .json = "-0", .want = "0" },
	{ .json = "12", .want = "12" },
	{ .json = "1e3", .want = "1000" },
	{ .json = "418841254", .want = "418841254" },
	{ .json = "9007199254740992", .want = "9007199254740992" },
	{ .json = "9007199254740993000", .why = "past 2^53" },
	{ .json = "1e400", .why = "not a number" },
	{ .json = "0.1", .want = "0.1" },
	{ .json = "25000.0", .want = "25000" },
	{ .json = "19.99", .want = "19.99" },
	{ .json = "0.000001", .want = "0.000001" },
	{ .json = "true", .want = "true" },
	{ .json = "false", .want = "false" },
	{ .json = "null", .why = "nothing found" },
	{ .json = "\"\"", .why = "empty" },
	{ .json = "[1]", .why = "an array" },
	{ .json = "{\"a\":1}", .why = "an object" },
	{ .json = "\"a\\u0000b\"",
	  .want = "a\xef\xbf\xbd"
		  "b" },
	{ .json = "\"\\ud800x\"", .want = "\xef\xbf\xbdx" },
	{ .json = "\"x\\ud83e\"", .want = "x\xef\xbf\xbd" },
	{ .json = "\"\\\\ud83e\"", .want = "\\ud83e" },
	{ .json = "\"\\ud83e\\u0041\"",
	  .want = "\xef\xbf\xbd"
		  "A" },
	{ .json = "\"\\udde5\\uD83E\"", .want = "\xef\xbf\xbd\xef\xbf\xbd" },
	{ .json = "\"\\ud83e\\udde5\"", .want = "🧥" },
	{ .json = "\"a\xff\xfe z\"", .want = "a\xef\xbf\xbd\xef\xbf\xbd z" },
	{ .json = "\"\xea\xb0\x80\xea\xb0\"", .want = "가\xef\xbf\xbd" },
};

static void values_become_text(void **state)
{
	struct made m;
	struct str body;

	(void)state;
	made_init(&m, FORMAT_JSON);
	made_field(&m, FIELD_ID, SEL_JQ, ".v");
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		struct arena *a = arena_new(1024);

		body = arena_fmt(a, "{\"v\":%s}", values[i].json);
		if (made_run(&m, body, NULL))
			fail_msg("%s: %s", values[i].json, m.why.text);
		if (!values[i].want) {
			assert_int_equal(m.out.rejected, 1);
			if (!strstr(m.out.reject_reason.p, values[i].why))
				fail_msg("%s: %s", values[i].json, m.out.reject_reason.p);
		} else {
			if (m.out.n_listings != 1)
				fail_msg("%s: %s", values[i].json, m.out.reject_reason.p);
			str_is_text(m.out.listings[0].field[FIELD_ID], values[i].want);
		}
		arena_free(a);
	}
	made_done(&m);
}

struct bad {
	const char *items, *body;
	enum err err;
	const char *why;
};

static const struct bad bads[] = {
	{ .items = ".list[]", .body = "", .err = ERR_BAD, .why = "the body is empty" },
	{ .items = ".list[]", .body = " \n", .err = ERR_BAD, .why = "the body is empty" },
	{ .items = ".list[]", .body = "<html>", .err = ERR_BAD, .why = "markup where JSON" },
	{ .items = ".list[]", .body = "{\"list\":[1,", .err = ERR_BAD, .why = "Unfinished JSON" },
	{ .items = ".list[]", .body = "{\"list\":[1,]}", .err = ERR_BAD, .why = "line 1" },
	{ .items = ".list[]", .body = "{'list':[]}", .err = ERR_BAD, .why = "line 1" },
	{ .items = ".list[]", .body = "{} {}", .err = ERR_BAD, .why = "more than one JSON value" },
	{ .items = ".list[]",
	  .body = "{\"list\":[1 \"x\"]}",
	  .err = ERR_BAD,
	  .why = "a text without a comma before it, at byte 11" },
	{ .items = ".list[]", .body = "{} x", .err = ERR_BAD, .why = "line 1" },
	{ .items = ".list[]",
	  .body = "{}",
	  .err = ERR_BAD,
	  .why = "items `.list[]`: Cannot iterate over null" },
	{ .items = ".list", .body = "{}", .err = ERR_BAD, .why = "items `.list`: found null" },
	{ .items = ".list[]",
	  .body = "[]",
	  .err = ERR_BAD,
	  .why = "items `.list[]`: Cannot index" },
	{ .items = ".list[]",
	  .body = "\"text\"",
	  .err = ERR_BAD,
	  .why = "items `.list[]`: Cannot" },
	{ .items = "error(\"x\\ny\")", .body = "{}", .err = ERR_BAD, .why = "items `error" },
	{ .items = "error([1])", .body = "{}", .err = ERR_BAD, .why = "without a text" },
	{ .items = "range(6000)", .body = "{}", .err = ERR_TOO_BIG, .why = "6000 items" },
	{ .items = "halt",
	  .body = "{}",
	  .err = ERR_BAD,
	  .why = "items `halt`: `halt` is no function" },
	{ .items = ".list[", .body = "{}", .err = ERR_BAD, .why = "items `.list[`: syntax error" },
	{ .items = "nope", .body = "{}", .err = ERR_BAD, .why = "`nope` is no function" },
	{ .items = "input", .body = "{}", .err = ERR_BAD, .why = "items `input`: `input` is no" },
};

static void misfits_are_named(void **state)
{
	struct made m;
	enum err err;

	(void)state;
	for (size_t i = 0; i < sizeof(bads) / sizeof(*bads); i++) {
		made_init(&m, FORMAT_JSON);
		m.page.items = sel_of(SEL_JQ, bads[i].items);
		made_field(&m, FIELD_ID, SEL_JQ, ".id");
		err = made_run(&m, str_of(bads[i].body), NULL);
		if (err != bads[i].err || !strstr(m.why.text, bads[i].why))
			fail_msg("%s on %s: %s, \"%s\"", bads[i].items, bads[i].body, err_name(err),
				 m.why.text);
		made_done(&m);
	}
}

static void items_come_as_array_or_one_by_one(void **state)
{
	static const char *const items[] = { ".a", ".a[]", ".a | .[]", "[.a[]]" };
	struct made m;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		made_init(&m, FORMAT_JSON);
		m.page.items = sel_of(SEL_JQ, items[i]);
		made_field(&m, FIELD_ID, SEL_JQ, ".[0]");
		made_field(&m, FIELD_TITLE, SEL_JQ, ".[1], \"never\"");
		assert_int_equal(made_run(&m, STR("{\"a\":[[1,\"x\"],[2,\"y\"]]}"), NULL), ERR_OK);
		assert_int_equal(m.out.n_listings, 2);
		str_is_text(m.out.listings[1].field[FIELD_ID], "2");
		str_is_text(m.out.listings[1].field[FIELD_TITLE], "y");
		made_done(&m);
	}
}

static void a_failing_field_spoils_no_other(void **state)
{
	struct made m;

	(void)state;
	made_init(&m, FORMAT_JSON);
	m.page.items = sel_of(SEL_JQ, ".[]");
	made_field(&m, FIELD_ID, SEL_JQ, ".id");
	made_field(&m, FIELD_BRAND, SEL_JQ, ".brand.name");
	made_field(&m, FIELD_TITLE, SEL_JQ, ".t | ascii_downcase");
	assert_int_equal(made_run(&m,
				  STR("[{\"id\":1,\"brand\":\"x\",\"t\":\"A\"},"
				      "{\"id\":2,\"brand\":{\"name\":\"y\"},\"t\":7}]"),
				  NULL),
			 ERR_OK);
	assert_int_equal(m.out.n_listings, 1);
	str_is_text(m.out.listings[0].field[FIELD_BRAND], NULL);
	str_is_text(m.out.listings[0].field[FIELD_TITLE], "a");
	assert_non_null(strstr(m.out.reject_reason.p, "title `.t | ascii_downcase`: "));
	made_done(&m);
}

static void links_are_found(void **state)
{
	struct made m;

	(void)state;
	made_init(&m, FORMAT_JSON);
	made_link(&m, SEL_JQ, ".[] | .href");
	assert_int_equal(
		made_run(&m, STR("[{\"href\":\"/a?x=1&y=2\"},{\"href\":null},{\"href\":\" /b \"}]"),
			 NULL),
		ERR_OK);
	assert_int_equal(m.out.n_links, 2);
	str_is_text(m.out.links[0].url, "/a?x=1&y=2");
	str_is_text(m.out.links[1].url, "/b");
	str_is_text(m.out.links[1].page, "detail");
	assert_int_equal(made_run(&m, STR("{\"a\":1}"), NULL), ERR_BAD);
	assert_non_null(strstr(m.why.text, "links `.[] | .href`: Cannot index number"));
	made_done(&m);

	made_init(&m, FORMAT_JSON);
	made_link(&m, SEL_JQ, "range(5001) | tostring");
	assert_int_equal(made_run(&m, STR("{}"), NULL), ERR_TOO_BIG);
	made_done(&m);
}

static void fields_have_limits(void **state)
{
	struct made m;
	struct buf b;

	(void)state;
	made_init(&m, FORMAT_JSON);
	made_field(&m, FIELD_ID, SEL_JQ, ".id");
	made_field(&m, FIELD_TITLE, SEL_JQ, ".t");
	made_field(&m, FIELD_IMAGE, SEL_JQ, ".i");
	buf_init(&b, 1 << 20);
	buf_add_text(&b, "{\"id\":\"1\",\"t\":\"x");
	for (int i = 0; i < 2000; i++)
		buf_add_text(&b, "가");
	buf_add_text(&b, "\",\"i\":\"");
	for (int i = 0; i < 2001; i++)
		buf_add_char(&b, 'h');
	buf_add_text(&b, "\"}");
	assert_int_equal(made_run(&m, buf_str(&b), NULL), ERR_OK);
	/* "x", and 3 bytes each */
	assert_int_equal(m.out.listings[0].field[FIELD_TITLE].n,
			 1 + (1000 + LISTING_BEYOND - 1) / 3 * 3);
	/* a part of an address is another address */
	str_is_text(m.out.listings[0].field[FIELD_IMAGE], NULL);
	buf_clear(&b);
	buf_fmt(&b, "{\"id\":\"%0201d\",\"t\":\"\"}", 7);
	assert_int_equal(made_run(&m, buf_str(&b), NULL), ERR_OK);
	assert_int_equal(m.out.rejected, 1);
	assert_non_null(strstr(m.out.reject_reason.p, "longer than 200 bytes"));
	/* an empty title is the cleaner's to flag */
	assert_int_equal(made_run(&m, STR("{\"id\":1,\"t\":\"\"}"), NULL), ERR_OK);
	assert_int_equal(m.out.n_listings, 1);
	buf_done(&b);
	made_done(&m);
}

/* A long one takes neither the room of the others nor their names. */
static void attributes_stay_pairs(void **state)
{
	static const char *const names[] = { "a", "spec", "size", "colour" };
	static const char *const sels[] = { ".a", ".spec", ".size", ".colour" };
	struct made m;
	struct str s, each;
	struct buf b;

	(void)state;
	made_init(&m, FORMAT_JSON);
	made_field(&m, FIELD_ID, SEL_JQ, ".id");
	made_field(&m, FIELD_TITLE, SEL_JQ, ".id");
	for (int i = 0; i < 4; i++) {
		made_field(&m, FIELD_ATTRIBUTES, SEL_JQ, sels[i]);
		m.page.fields[m.page.n_fields - 1].name = str_of(names[i]);
	}
	buf_init(&b, 1 << 20);
	buf_fmt(&b,
		"{\"id\":1,\"a\":\"A\",\"size\":\"270\",\"colour\":\"%05000d\",\"spec\":\"%"
		"09000d\"}",
		7, 8);
	assert_int_equal(made_run(&m, buf_str(&b), NULL), ERR_OK);
	s = m.out.listings[0].field[FIELD_ATTRIBUTES];
	for (int i = 0; i < 4; i++) {
		assert_true(str_next(&s, LISTING_BETWEEN, &each));
		assert_true(str_is(each, names[i]));
		assert_true(str_next(&s, LISTING_BETWEEN, &each));
	}
	assert_false(s.n > 0);
	buf_done(&b);
	made_done(&m);
	/* of many that are long, whole pairs are kept */
	made_init(&m, FORMAT_JSON);
	made_field(&m, FIELD_ID, SEL_JQ, ".id");
	made_field(&m, FIELD_TITLE, SEL_JQ, ".id");
	made_field(&m, FIELD_ATTRIBUTES, SEL_JQ, ".a");
	buf_init(&b, 1 << 20);
	buf_fmt(&b, "{\"id\":1,\"a\":{\"k1\":\"%01400d\"", 7);
	for (int i = 2; i < 9; i++)
		buf_fmt(&b, ",\"k%d\":\"%01400d\"", i, 7);
	buf_add_text(&b, "}}");
	assert_int_equal(made_run(&m, buf_str(&b), NULL), ERR_OK);
	s = m.out.listings[0].field[FIELD_ATTRIBUTES];
	assert_int_equal(s.n, 4 * (2 + 1 + 1400 + 1) - 1);
	buf_done(&b);
	made_done(&m);
}

static void repeat(struct buf *b, const char *text, int n)
{
	for (int i = 0; i < n; i++)
		buf_add_text(b, text);
}

static void hostile_bodies_are_refused(void **state)
{
	struct reason why;
	struct made m;
	struct buf b;
	bool lone;

	(void)state;
	bunjang(&m);
	buf_init(&b, 16 << 20);
	repeat(&b, "[", 100000);
	assert_int_equal(made_run(&m, buf_str(&b), NULL), ERR_TOO_BIG);
	assert_non_null(strstr(m.why.text, "nest deeper"));
	buf_clear(&b);
	repeat(&b, "{\"a\":", 201);
	assert_int_equal(made_run(&m, buf_str(&b), NULL), ERR_TOO_BIG);
	buf_clear(&b);
	buf_add_text(&b, "{\"list\":[");
	repeat(&b, "[],", 300000);
	assert_int_equal(made_run(&m, buf_str(&b), NULL), ERR_TOO_BIG);
	buf_clear(&b);
	repeat(&b, "9", 1000000);
	assert_int_equal(made_run(&m, buf_str(&b), NULL), ERR_TOO_BIG);
	buf_clear(&b);
	buf_add_text(&b, "{");
	repeat(&b, "\"k\":1,", 30000);
	assert_int_equal(made_run(&m, buf_str(&b), NULL), ERR_TOO_BIG);
	/* brackets within strings are text */
	buf_clear(&b);
	buf_add_text(&b, "{\"list\":[{\"pid\":1,\"name\":\"\\\"");
	repeat(&b, "[{", 1000);
	buf_add_text(&b, "\\\\\"}]}");
	assert_int_equal(extract_scan_json(buf_str(&b), &lone, &why), ERR_OK);
	assert_int_equal(made_run(&m, buf_str(&b), NULL), ERR_OK);
	assert_int_equal(m.out.n_listings, 1);
	buf_clear(&b);
	buf_add_text(&b, "{\"list\":[");
	repeat(&b, "{\"pid\":1,\"name\":\"x\"},", 5000);
	buf_add_text(&b, "{}]}");
	assert_int_equal(made_run(&m, buf_str(&b), NULL), ERR_TOO_BIG);
	assert_string_equal(m.why.text, "5001 items; at most 5000 are read");
	buf_done(&b);
	made_done(&m);
}

static void other_charsets_are_read(void **state)
{
	struct made m;

	(void)state;
	made_init(&m, FORMAT_JSON);
	made_field(&m, FIELD_ID, SEL_JQ, ".v");
	assert_int_equal(made_run(&m, STR("\xef\xbb\xbf{\"v\":\"가\"}"), NULL), ERR_OK);
	str_is_text(m.out.listings[0].field[FIELD_ID], "가");
	assert_int_equal(made_run(&m, STR("{\"v\":\"\xb0\xa1\"}"), "text/json;charset=euc-kr"),
			 ERR_OK);
	str_is_text(m.out.listings[0].field[FIELD_ID], "가");
	assert_int_equal(made_run(&m, STR("\xff\xfe{\0\"\0v\0\"\0:\0\"\0\x00\xac\"\0}\0"), NULL),
			 ERR_OK);
	str_is_text(m.out.listings[0].field[FIELD_ID], "가");
	made_done(&m);
}

static void a_list_without_more_ends_when_empty(void **state)
{
	struct made m;

	(void)state;
	made_init(&m, FORMAT_JSON);
	m.page.items = sel_of(SEL_JQ, ".[]");
	m.page.paging.var = STR("page");
	made_field(&m, FIELD_ID, SEL_JQ, ".");
	assert_int_equal(made_run(&m, STR("[1,2]"), NULL), ERR_OK);
	assert_true(m.out.more);
	assert_int_equal(made_run(&m, STR("[]"), NULL), ERR_OK);
	assert_false(m.out.more);
	made_done(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_search_page_is_read),
		cmocka_unit_test(an_extractor_reads_many_pages),
		cmocka_unit_test(values_become_text),
		cmocka_unit_test(misfits_are_named),
		cmocka_unit_test(items_come_as_array_or_one_by_one),
		cmocka_unit_test(a_failing_field_spoils_no_other),
		cmocka_unit_test(links_are_found),
		cmocka_unit_test(fields_have_limits),
		cmocka_unit_test(attributes_stay_pairs),
		cmocka_unit_test(hostile_bodies_are_refused),
		cmocka_unit_test(other_charsets_are_read),
		cmocka_unit_test(a_list_without_more_ends_when_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
