#include "extractor/extract_path.h"

#include "extractor/extract_jq.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const paths[] = { ".a", ".a.b", ".a.b.c", "._x1", ".A9_", ".and", ".if.a" };

static const char *const others[] = {
	"",	".",	".a ",	" .a",	  ".a[]",  ".a[0]", ".a?",    "..",
	"..a",	".1a",	".a.",	".a|.b",  ".a-b",  "a",	    ".\"a\"", ".a.\"b\"",
	".a#c", ".a\n", "(.a)", ".a, .b", ".\xeb", ".a+1",  "$a",     ".a..b",
};

static const char *const values[] = {
	"{\"a\":1}",
	"{\"a\":{\"b\":\"x\"},\"_x1\":2,\"A9_\":3,\"and\":4,\"if\":{\"a\":5}}",
	"{\"a\":{\"b\":{\"c\":[1,2]}}}",
	"{\"a\":null}",
	"{\"a\":\"text\"}",
	"{\"a\":[{\"b\":1}]}",
	"{}",
	"null",
	"[]",
	"[{\"a\":1}]",
	"\"text\"",
	"3",
	"true",
};
#define N(t) (sizeof(t) / sizeof(*(t)))

/* The one thing that the program gives: a value, or its error's text. */
static jv by_jq(const char *program, jv input)
{
	struct extract_jq *jq;
	struct reason why = { "" };
	enum err err = ERR_OK;
	jv v = jv_null(), more = jv_null();

	assert_int_equal(extract_jq_new(program, &jq, &why), ERR_OK);
	extract_jq_start(jq, input);
	if (extract_jq_next(jq, &v, &err, &why))
		assert_false(extract_jq_next(jq, &more, &err, &why));
	else
		v = jv_invalid_with_msg(jv_string(why.text));
	assert_int_equal(err, jv_is_valid(v) ? ERR_OK : ERR_BAD);
	extract_jq_free(jq);
	return v;
}

static jv shown(jv v)
{
	return jv_is_valid(v) ? jv_dump_string(v, 0) : jv_invalid_get_msg(v);
}

static void a_path_finds_what_its_program_finds(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(paths); i++) {
		struct extract_path *p = extract_path_new(str_of(paths[i]));

		assert_non_null(p);
		for (size_t k = 0; k < N(values); k++) {
			jv input = jv_parse(values[k]);
			jv a = shown(extract_path_get(p, input)), b = shown(by_jq(paths[i], input));

			assert_string_equal(jv_string_value(a), jv_string_value(b));
			jv_free(a);
			jv_free(b);
		}
		extract_path_free(p);
	}
}

static void anything_else_is_no_path(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(others); i++)
		assert_null(extract_path_new(str_of(others[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_finds_what_its_program_finds),
		cmocka_unit_test(anything_else_is_no_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
