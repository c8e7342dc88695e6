/* jq programs that hold a thread or eat memory are not taken, or are stopped. */
#include "extractor/extract_bound.h"

#include "base/buf.h"
#include "extractor/extract_guard.h"
#include "extractor/extract_jq.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void programs_that_end_are_taken(void **state)
{
	static const char *const good[] = {
		".",
		".data.list[]",
		".list[] | select(.ad | not)",
		".a.b[0].c?",
		".list | map(.id) | join(\",\")",
		"[.list[] | select(.title | test(\"a\\\\(b\"))] | length",
		".price | tonumber? // 0",
		".name | ltrimstr(\"x\") | rtrimstr(\"y\")",
		".. | objects | .id? // empty",
		"(.total / 100 | ceil) - 1",
		".price * 10000 + -1 % 7",
		("if .a == 1 and .b >= 2 or .c <= 3 then \"x\" elif .d != 4 then {e: 1} else null "
		 "end"),
		". as {a: $x, b: [$y]} | $x + $y",
		"{title, price: .p, \"x y\": 1, (.k): 2, repeat: 3, def}",
		"\"a\\(.list | map(.id) | join(\"\\(.)\"))b \\\" \\\\\" | @uri",
		"@base64 \"x\\(.a)\"",
		"recurse(.children[]?) | .id",
		"recurse | .id",
		"limit(3; .list[])",
		"[range(0; 5)] | first, last",
		".list | contains(\"x\")",
		".a # repeat(.)\n | .b",
		"try error(\"x\") catch .",
		".repeat.def.reduce | .\"while\"",
		"1e3, 1.5E-3, .5, 1e+2",
		".t | gsub(\",\"; \"\") | split(\" \")",
		"to_entries | map(select(.key | startswith(\"p\")).value) | add",
		"",
		"# only a comment",
		".a # of a DOS file\r\n| .b",
		".[0, -1], .a[1:], .a[: -1], .[\"a \\\" b\"], .a[ ]",
		". as [$x] | [$x] | if . then [.] else [0] end",
		"[1] + [.a] | . // [.b], ([.c] | not)",
		".id as $i | .list | getpath([$i])",
	};
	struct reason why = { "" };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		if (extract_bound_check(str_of(good[i]), &why))
			fail_msg("%s: %s", good[i], why.text);
}

static void programs_that_may_not_are_named(void **state)
{
	static const struct {
		const char *program, *why;
	} bads[] = {
		{ "repeat(.)", "`repeat` is not taken in selectors: it never ends" },
		{ ".a | until(false; .)", "`until`" },
		{ "[.[] | while(true; .)]", "`while`" },
		{ "def f: 1 + f; f", "`def` is not taken in selectors: `..`" },
		{ "reduce range(40) as $i (\"x\"; . + .)", "`reduce`" },
		{ "foreach .[] as $i (0; [.])", "`foreach`" },
		{ "recurse([.])", "`recurse` takes a path" },
		{ "recurse(.)", "`recurse` takes a path" },
		{ "recurse(.a; repeat(.))", "`recurse` takes a path" },
		{ "recurse_down | walk([.])", "`walk`" },
		{ ".[1e9] = 1", "assignments" },
		{ ".a |= 1", "assignments" },
		{ ".a +=1", "assignments" },
		{ ".a //= 1", "assignments" },
		{ "setpath([1e9]; 1)", "`setpath` is no function" },
		{ "\"abc\" | indices(\"\")", "`indices` is not taken" },
		{ ".a | contains(.b)", "`contains` takes a text" },
		{ "inside(\"a\\(repeat(.))\")", "`inside` takes a text" },
		{ "env.HOME", "see the page alone" },
		{ "$ENV | tojson", "see the page alone" },
		{ "input", "`input` is no function" },
		{ "x::length", "`x` is no function" },
		{ "length::y", "`length` is no function" },
		{ "import \"x\" as x; .", "`import` is no function" },
		{ "\"\\(\"\\(repeat(.))\")\"", "`repeat`" },
		{ "{a: repeat(.)}", "`repeat`" },
		{ "{(repeat(.)): 1}", "`repeat`" },
		{ "{a: 1, b: [1, repeat(.)]}", "`repeat`" },
		{ ". as [$x] | 1as $y | repeat($y)", "`repeat`" },
		{ ". repeat", "`repeat`" },
		{ ".a # x\n | repeat(.)", "`repeat`" },
		{ "\"\\\\\" | repeat(\"\")", "`repeat`" },
		{ ".a[.b]", "goes by getpath" },
		{ ".a # x\n[.b]", "goes by getpath" },
		{ ".a?[.b]", "goes by getpath" },
		{ ".\"a\"[.b]", "goes by getpath" },
		{ ".[0][\"\\(.b)\"]", "goes by getpath" },
		{ ". as $x | $x[$x]", "goes by getpath" },
		{ "recurse [.b]", "goes by getpath" },
		{ ".a[.b:]", "goes by getpath" },
		{ ".[nan:]", "goes by getpath" },
		{ ". # a\\\n\"\n| repeat(.)\n#\"", "ends in a line feed alone" },
		{ ". # a\r\"\n| repeat(.)\n#\"", "ends in a line feed alone" },
	};
	char deep[402];
	struct reason why;

	(void)state;
	for (size_t i = 0; i < sizeof(bads) / sizeof(*bads); i++) {
		why.text[0] = 0;
		if (extract_bound_check(str_of(bads[i].program), &why) != ERR_BAD ||
		    !strstr(why.text, bads[i].why))
			fail_msg("%s: %s", bads[i].program, why.text);
	}
	memset(deep, '[', 401);
	assert_int_equal(extract_bound_check((struct str){ deep, 401 }, &why), ERR_BAD);
	assert_non_null(strstr(why.text, "more than 100 deep"));
}

/* The first result as JSON, or why there is none. */
static void result_is(const char *program, const char *input, const char *want)
{
	struct extract_jq *q;
	struct reason why = { "nothing" };
	enum err err = ERR_OK;
	jv v;

	if (extract_jq_new(program, &q, &why))
		fail_msg("%s: %s", program, why.text);
	extract_jq_start(q, jv_parse(input));
	if (extract_jq_next(q, &v, &err, &why)) {
		v = jv_dump_string(v, 0);
		snprintf(why.text, sizeof(why.text), "%s", jv_string_value(v));
		jv_free(v);
	}
	extract_jq_free(q);
	if (!strstr(why.text, want))
		fail_msg("%s on %s: %s", program, input, why.text);
}

/* As jq has it, but for what takes memory, time or the process. */
static void operators_are_guarded(void **state)
{
	static const struct {
		const char *program, *input, *want;
	} rows[] = {
		{ "[(1, 2) * (3, 4)]", "null", "[3,6,4,8]" },
		{ "[(1, 2) - (3, 4)]", "null", "[-2,-1,-3,-2]" },
		{ "[(7, -7) % (3, -3)]", "null", "[1,-1,1,-1]" },
		{ ".a * .b", "{\"a\":{\"x\":1},\"b\":{\"y\":2}}", "{\"x\":1,\"y\":2}" },
		{ ".a * 1e9", "{\"a\":\"x\"}", "a text is not multiplied" },
		{ "1e9 * .a", "{\"a\":\"x\"}", "a text is not multiplied" },
		{ ".a - .b", "{\"a\":[1],\"b\":[1]}", "an array is not subtracted from" },
		{ ".[0] % .[1]", "[-9223372036854775808,-1]", "0" },
		{ ".[0] % .[1]", "[1,0]", "divisor is zero" },
		{ ".a - 1", "{\"a\":\"x\"}", "cannot be subtracted" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		result_is(rows[i].program, rows[i].input, rows[i].want);
}

/* What libjq 1.6 does not live through, or not in time; and what stays as it is. */
static void patterns_are_guarded(void **state)
{
	static const char korean[] = "\"아이폰 13 미니\"";
	static const struct {
		const char *program, *input, *want;
	} rows[] = {
		{ "[match(\"\"; \"g\").offset]", korean, "[0,1,2,3,4,5,6,7,8,9]" },
		{ "[scan(\"x*\")] | length", korean, "10" },
		{ "[splits(\"a*\")] | join(\",\")", korean, ",아,이,폰, ,1,3, ,미,니," },
		{ "gsub(\"\\\\s*\"; \"\")", korean, "\"아이폰13미니\"" },
		{ "gsub(\"^\"; \"-\") | gsub(\"$\"; \"-\")", korean, "\"-아이폰 13 미니-\"" },
		{ "gsub(\"(?=미)|\\\\b(?=1)\"; \"-\")", korean, "\"아이폰 -13 -미니\"" },
		{ "gsub(\"이\\\\Kx*\"; \"-\")", korean, "\"아이-폰 13 미니\"" },
		{ "gsub(\"(?<=아이)폰|Q\"; \"P\"; \"i\")", korean, "\"아이P 13 미니\"" },
		{ "gsub(\"\\\\s+\"; \"\")", korean, "\"아이폰13미니\"" },
		{ "gsub(\"(?<d>[0-9])|(?<m>미)\"; \"<\\(.d // .m)>\")", korean,
		  "\"아이폰 <1><3> <미>니\"" },
		{ "sub(\"(?<a>이)(?<b>폰)\"; \"\\(.b)\\(.a)\")", korean, "\"아폰이 13 미니\"" },
		{ "[match(\"(이)|(폰)\"; \"g\").captures[].offset]", korean, "[1,-1,-1,2]" },
		{ "[test(\"a\"), test(\"A\"), test(\"A\"; \"i\"), test([\"A\", \"i\"])]", "\"xa\"",
		  "[true,false,true,true]" },
		{ "[match([\"a?\", \"gi\"]).length]", "\"Axa\"", "[1,0,1,0]" },
		{ "capture(\"(?<n>[0-9]+) (?<w>.*)\")", korean, "{\"n\":\"13\",\"w\":\"미니\"}" },
		{ "split(\", *\"; null)", "\"a, b,c\"", "[\"a\",\"b\",\"c\"]" },
		{ "[scan(\"(a)(b)?\")]", "\"aab\"", "[[\"a\",null],[\"a\",\"b\"]]" },
		{ "match(\"a)(b\"; \"g\")", korean, "unmatched close parenthesis" },
		{ "test(\"a\")", "1", "cannot be matched, as it is not a string" },
		{ "test(1)", "\"\"", "is not a string" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		result_is(rows[i].program, rows[i].input, rows[i].want);
}

static void times_and_paths_are_guarded(void **state)
{
	static const struct {
		const char *program, *input, *want;
	} rows[] = {
		{ "todate", "1e18", "converting number of seconds" },
		{ "strftime(\"%Y\")", "-1e300", "converting number of seconds" },
		{ "todate", "1700000000", "\"2023-11-14T22:13:20Z\"" },
		{ "gmtime | strftime(\"%Y\")", "0", "\"1970\"" },
		{ ".b as $b | .a | getpath([$b])", "{\"a\":[1],\"b\":[1]}", "not: [1]" },
		{ ".b as $b | .a | nth($b)", "{\"a\":[1],\"b\":[1]}", "not: [1]" },
		{ ".b as $b | .a | delpaths([[$b]])", "{\"a\":[1],\"b\":{\"start\":1}}", "not: {" },
		{ ".b as $b | .a | [getpath([$b]), nth($b)]", "{\"a\":[1,7],\"b\":1}", "[7,7]" },
		{ "[paths, path(getpath([\"a\", 0]))]", "{\"a\":[1]}",
		  "[[\"a\"],[\"a\",0],[\"a\",0]]" },
		{ "delpaths([[nan]])", "[1]", "not: null" },
		{ "del(nth(nan))", "[1]", "not: null" },
		{ "[fromjson[]]", "\"[1,{\\\"a\\\":2}]\"", "[1,{\"a\":2}]" },
		{ "delpaths([[\"a\", 0]])", "{\"a\":[1]}", "{\"a\":[]}" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		result_is(rows[i].program, rows[i].input, rows[i].want);
}

/* A text of spaces, JSON. */
static char *spaces(size_t n)
{
	char *text = test_malloc(n + 4);

	memset(text, ' ', n + 3);
	text[0] = '"';
	text[n + 1] = 'x';
	text[n + 2] = '"';
	text[n + 3] = 0;
	return text;
}

/* One search is one instruction, which nothing stops. */
static void searches_are_bounded(void **state)
{
	char *some = spaces(EXTRACT_GUARD_TEXT - 1), *more = spaces(EXTRACT_GUARD_TEXT);

	(void)state;
	result_is("test(\"\\\\s+$\")", some, "retry-limit-in-search");
	result_is("test(\"x$\")", some, "true");
	result_is("test(\"x$\")", more, "more than 65536 bytes");
	test_free(some);
	test_free(more);
	more = spaces(EXTRACT_GUARD_JSON);
	result_is("fromjson", more, "more than 1048576 bytes");
	test_free(more);
}

static jv many(int n)
{
	jv v = jv_array();

	for (int i = 0; i < n; i++)
		v = jv_array_append(v, jv_string("abcdefgh"));
	return v;
}

/* Programs that do what they should, over pages that make too much of it; and the next page
 * is read as if nothing had been. */
static void what_takes_too_much_is_stopped(void **state)
{
	static const struct {
		const char *program, *want, *next;
	} rows[] = {
		{ "[range(length * 1e9) | select(. < 0)] | length", "60 ms of CPU time", "0" },
		{ ".. | select(false), (if type == \"array\" and length > 1 then join(\"\") else "
		  "empty end | empty), 1",
		  "60 ms of CPU time", "1" },
		{ "[range(length * 1e9)] | length", "MiB of memory", "0" },
		{ "(. + .) | (. + .) | (. + .) | (. + .) | (. + .) | (. + .) | length",
		  "MiB of memory", "0" },
	};
	struct extract_jq *q;
	struct reason why;
	enum err err;
	jv v;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bool memory = strstr(rows[i].want, "memory") != NULL;

		if (extract_jq_new(rows[i].program, &q, &why))
			fail_msg("%s: %s", rows[i].program, why.text);
		extract_jq_limit(q, memory ? 20000 : 60, memory ? 32 << 20 : (int64_t)1 << 40);
		for (int again = 0; again < 2; again++) {
			why.text[0] = 0;
			extract_jq_start(q, many(50000));
			if (extract_jq_next(q, &v, &err, &why))
				fail_msg("%s was not stopped", rows[i].program);
			assert_int_equal(err, ERR_TOO_BIG);
			if (!strstr(why.text, rows[i].want))
				fail_msg("%s: %s", rows[i].program, why.text);
			extract_jq_stop(q);
		}
		extract_jq_start(q, jv_array());
		assert_true(extract_jq_next(q, &v, &err, &why));
		v = jv_dump_string(v, 0);
		assert_string_equal(jv_string_value(v), rows[i].next);
		jv_free(v);
		extract_jq_stop(q);
		extract_jq_free(q);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(programs_that_end_are_taken),
		cmocka_unit_test(programs_that_may_not_are_named),
		cmocka_unit_test(operators_are_guarded),
		cmocka_unit_test(patterns_are_guarded),
		cmocka_unit_test(times_and_paths_are_guarded),
		cmocka_unit_test(searches_are_bounded),
		cmocka_unit_test(what_takes_too_much_is_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
