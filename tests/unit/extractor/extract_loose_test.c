/* JSON as pages have it. */
#include "extractor/extract_loose.h"
#include "tests/unit/extractor/extract_make.h"

#include <string.h>

static const struct {
	const char *text, *want;
	const char *why; /* NULL: nothing was wrong */
} rows[] = {
	{ "{\"a\":1,\"b\":[true,false,null],\"c\":\"x\"}",
	  "[{\"a\":1,\"b\":[true,false,null],\"c\":\"x\"}]", NULL },
	{ " \n[1,-2.5e3,\"\"] ", "[[1,-2.5e3,\"\"]]", NULL },
	/* commas */
	{ "{\"a\":1,}", "[{\"a\":1}]", NULL },
	{ "[1,,2,]", "[[1,2]]", NULL },
	{ "{,\"a\":\"x\"\n\"b\":\"y\"}", "[{\"a\":\"x\",\"b\":\"y\"}]", NULL },
	{ "{\"a\":1};", "[{\"a\":1}]", NULL },
	/* comments and marks */
	{ "{\"a\":1, // one\n/* two */\"b\":2}", "[{\"a\":1,\"b\":2}]", NULL },
	{ "<!-- {\"a\":1} -->", "[{\"a\":1}]", NULL },
	{ "//<![CDATA[\n{\"a\":1}\n//]]>", "[{\"a\":1}]", NULL },
	{ "// <![CDATA[ {\"a\":1} //]]>", "[{\"a\":1}]", NULL },
	{ "/*<![CDATA[*/{\"a\":[[1]]}/*]]>*/", "[{\"a\":[[1]]}]", NULL },
	{ "{\"a\":\"// no /* comment */ <!-- here -->\"}",
	  "[{\"a\":\"// no /* comment */ <!-- here -->\"}]", NULL },
	/* texts */
	{ "{\"a\":\"x\ny\tz\"}", "[{\"a\":\"x\\ny\\tz\"}]", NULL },
	{ "{\"a\":\"\\u00e9\\ud83d\\ude00\\n\\/\\\\\\\"\"}", "[{\"a\":\"é😀\\n/\\\\\\\"\"}]", NULL },
	{ "{\"a\":\"\\ud83d\"}", "[{\"a\":\"\xef\xbf\xbd\"}]", NULL },
	{ "{\"a\":\"\\q\\u12\"}", "[{\"a\":\"qu12\"}]", NULL },
	{ "{\"a\":\"19\" monitor\",\"b\":1}", "[{\"a\":\"19\\\" monitor\",\"b\":1}]", NULL },
	{ "{&quot;a&quot;:&quot;b &amp;amp; c&quot;}", "[{\"a\":\"b &amp; c\"}]", NULL },
	{ "{\"a\":\"b &quot;c&quot;\"}", "[{\"a\":\"b &quot;c&quot;\"}]", NULL },
	/* several */
	{ "{\"a\":1}{\"b\":2}\n[3]", "[{\"a\":1},{\"b\":2},[3]]", NULL },
	{ "var x = {\"a\":1};", "[{\"a\":1}]", NULL },
	/* of JavaScript */
	{ "{a:'it\\'s',$b_1:undefined,'c':!0,d:!1,e:new Date(1,2),f:`t`,g:.5,h:01}",
	  "[{\"a\":\"it's\",\"$b_1\":null,\"c\":true,\"d\":false,\"e\":null,\"f\":\"t\","
	  "\"g\":\".5\",\"h\":\"01\"}]",
	  NULL },
	{ "{\"a\":f(\"},\",[1]),\"b\":NaN}", "[{\"a\":null,\"b\":null}]", NULL },
	/* what is wrong, and what is kept of it */
	{ "", "[]", "line 1: no object or array" },
	{ "null", "[]", "line 1: no object or array" },
	{ "{\"a\":1,\n\"b\":[2,{\"c\":\"d", "[{\"a\":1,\"b\":[2,{\"c\":\"d\"}]}]",
	  "line 2: a text that does not end" },
	{ "{\"a\":[1,2", "[{\"a\":[1,2]}]", "line 1: an array that does not end" },
	{ "{\"a\":[1,2}", "[{\"a\":[1,2]}]", "line 1: } where ] was expected" },
	{ "{\"a\":}\n{\"b\":1}", "[{},{\"b\":1}]", "line 1: no value where one was expected" },
	{ "{\"a\" 1}", "[{}]", "line 1: a name without a value" },
	{ "{\"a\":1)}{\"b\":2}", "[{\"a\":1},{\"b\":2}]",
	  "line 1: no name where one was expected" },
};

static void texts_are_read(void **state)
{
	struct arena *a = arena_new(4096);
	struct extract_node *docs;
	struct reason why;
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 16);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum err err = extract_loose_read(str_of(rows[i].text), a, &docs, &why);

		buf_clear(&b);
		extract_node_json(docs, &b);
		if (strcmp(b.p, rows[i].want) != 0)
			fail_msg("%s: %s, not %s", rows[i].text, b.p, rows[i].want);
		if (!err != !rows[i].why || (err && strcmp(why.text, rows[i].why) != 0))
			fail_msg("%s: %s, not %s", rows[i].text, err ? why.text : "nothing wrong",
				 rows[i].why ? rows[i].why : "fine");
		arena_reset(a);
	}
	buf_done(&b);
	arena_free(a);
}

static void values_end_where_they_end(void **state)
{
	static const struct {
		const char *text, *want;
		size_t used;
	} those[] = {
		{ " {a:1}; window.y = 2", "{\"a\":1}", 6 },
		{ "{\"a\":\"b\"+c,\"d\":\"e\".trim()}</", "{\"a\":\"b\",\"d\":\"e\"}", 26 },
		{ "[1,\"<\\/script>\"])", "[1,\"</script>\"]", 16 },
		{ "'x' + 1", "\"x\"", 3 },
		{ "{a,b(){return {c:1}},d:2}", "{\"d\":2}", 25 },
	};
	struct arena *a = arena_new(4096);
	struct extract_node *n;
	struct reason why;
	struct buf b;
	size_t used;

	(void)state;
	buf_init(&b, 1 << 16);
	for (size_t i = 0; i < sizeof(those) / sizeof(those[0]); i++) {
		assert_int_equal(extract_loose_value(str_of(those[i].text), a, &n, &used, &why),
				 ERR_OK);
		buf_clear(&b);
		extract_node_json(n, &b);
		assert_string_equal(b.p, those[i].want);
		assert_int_equal(used, those[i].used);
	}
	assert_int_equal(extract_loose_value(STR(" )"), a, &n, &used, &why), ERR_BAD);
	assert_string_equal(why.text, "line 1: no value where one was expected");
	buf_done(&b);
	arena_free(a);
}

static void bounds_hold(void **state)
{
	struct arena *a = arena_new(1 << 20);
	struct extract_node *docs, *n;
	struct reason why;
	struct buf b;
	int depth = 0;

	(void)state;
	buf_init(&b, 4 << 20);
	for (int i = 0; i < 100000; i++)
		buf_add_text(&b, "[");
	assert_int_equal(extract_loose_read(buf_str(&b), a, &docs, &why), ERR_TOO_BIG);
	for (n = docs->first; n; n = n->first)
		depth++;
	assert_in_range(depth, EXTRACT_LOOSE_DEPTH - 1, EXTRACT_LOOSE_DEPTH);
	buf_clear(&b);
	buf_add_text(&b, "[");
	for (int i = 0; i < EXTRACT_LOOSE_VALUES; i++)
		buf_add_text(&b, "0,");
	assert_int_equal(extract_loose_read(buf_str(&b), a, &docs, &why), ERR_TOO_BIG);
	assert_string_equal(why.text, "line 1: more values than are read");
	buf_done(&b);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_read),
		cmocka_unit_test(values_end_where_they_end),
		cmocka_unit_test(bounds_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
