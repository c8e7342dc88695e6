/* Templates with values: addresses, forms, JSON. */
#include "crawler/expand.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define N(x) (sizeof(x) / sizeof((x)[0]))

static struct arena *a;

static int setup(void **state)
{
	(void)state;
	a = arena_new(4096);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

static void urls(void **state)
{
	static const struct {
		const char *text, *vars, *want;
	} rows[] = {
		{ "https://a/{x}/{y}", "x=1&y=a%26b", "https://a/1/a%26b" },
		{ "https://a/{x}{y}", "y=2", "https://a/{x}2" },
		{ "https://a/?q=1{&x,y,z}", "z=3&x=%EC%98%B7", "https://a/?q=1&x=%EC%98%B7&z=3" },
		{ "https://a/{?x,y}", "y=2", "https://a/?y=2" },
		{ "https://a/{?x,y}", "", "https://a/" },
		{ "https://a/{}{ x}{X}{x,y}{?}{?x,}{x", "x=1",
		  "https://a/{}{ x}{X}{x,y}{?}{?x,}{x" },
		{ "", "x=1", "" },
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++)
		assert_string_equal(expand_url(str_of(rows[i].text), str_of(rows[i].vars), a).p,
				    rows[i].want);
}

static void bodies(void **state)
{
	static const struct {
		enum conf_body type;
		const char *text, *vars, *want;
	} rows[] = {
		{ CONF_BODY_JSON, "{\"q\":\"{x}\",\"p\":{y}}", "x=%22%5C%0A%01&y=12",
		  "{\"q\":\"\\\"\\\\\\n\\u0001\",\"p\":12}" },
		/* what is no JSON by itself becomes a text */
		{ CONF_BODY_JSON, "[{a},{b},{c},{d},{e},{f}]",
		  "a=007&b=-1.50&c=null&d=1,2&e=%5D&f=.5",
		  "[\"007\",-1.50,null,\"1,2\",\"]\",\".5\"]" },
		/* no value: null, or nothing within quotes */
		{ CONF_BODY_JSON, "{\"a\":{x},\"b\":\"<{x}>\"}", "", "{\"a\":null,\"b\":\"<>\"}" },
		/* a quote that is escaped ends nothing */
		{ CONF_BODY_JSON, "[\"\\\"{x}\",{x}]", "x=1", "[\"\\\"1\",1]" },
		{ CONF_BODY_JSON, "[\"{x}\"]", "x=%ff", "[\"\xef\xbf\xbd\"]" },
		{ CONF_BODY_FORM, "q={x}&p={y}{&z}", "x=a%20%26b&y=2", "q=a%20%26b&p=2" },
	};
	struct conf_seed seed = { 0 };
	struct str body;

	(void)state;
	assert_int_equal(expand_body(&seed, STR("x=1"), a, &body, NULL), ERR_OK);
	assert_null(body.p);
	for (size_t i = 0; i < N(rows); i++) {
		seed.body = str_of(rows[i].text);
		seed.body_type = rows[i].type;
		assert_int_equal(expand_body(&seed, str_of(rows[i].vars), a, &body, NULL), ERR_OK);
		assert_string_equal(body.p, rows[i].want);
	}
}

static void too_long(void **state)
{
	struct conf_seed seed = { .body = STR("\"{x}{x}{x}{x}\"") };
	char *vars = arena_alloc(a, EXPAND_BODY_MOST / 3);
	struct str s = { vars, EXPAND_BODY_MOST / 3 }, body;
	struct reason why;

	(void)state;
	for (size_t i = 0; i < s.n; i++)
		vars[i] = (char)(i < 2 ? "x="[i] : 'y');
	assert_int_equal(expand_body(&seed, s, a, &body, &why), ERR_TOO_BIG);
}

static void variables(void **state)
{
	static const struct {
		const char *vars, *name, *value, *want;
	} rows[] = {
		{ "a=1&b=2", "a", "x&y", "a=x%26y&b=2" }, { "a=1&b=2", "b", "", "a=1&b=" },
		{ "a=1", "c", "3", "a=1&c=3" },		  { "", "c", "3", "c=3" },
		{ "a=1&a=2", "a", "3", "a=3&a=2" },
	};
	struct str value;

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct str got = expand_with(str_of(rows[i].vars), str_of(rows[i].name),
					     str_of(rows[i].value), a);

		assert_string_equal(got.p, rows[i].want);
		assert_true(expand_value(got, str_of(rows[i].name), a, &value));
		assert_true(str_is(value, rows[i].value));
	}
	assert_false(expand_value(STR("ab=1"), STR("a"), a, &value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(urls, setup, teardown),
		cmocka_unit_test_setup_teardown(bodies, setup, teardown),
		cmocka_unit_test_setup_teardown(too_long, setup, teardown),
		cmocka_unit_test_setup_teardown(variables, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
