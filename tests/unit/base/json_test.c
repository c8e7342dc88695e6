#include "base/json.h"
#include "base/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void commas_and_nesting_are_its_business(void **state)
{
	struct json j;
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	json_init(&j, &b);
	json_object(&j, NULL);
	json_text(&j, "name", "bunjang");
	json_text(&j, "none", NULL);
	json_str(&j, "empty", STR(""));
	json_str(&j, "absent", (struct str){ 0 });
	json_array(&j, "list");
	json_int(&j, NULL, INT64_MIN);
	json_int(&j, NULL, INT64_MAX);
	json_object(&j, NULL);
	json_end_object(&j);
	json_array(&j, NULL);
	json_bool(&j, NULL, true);
	json_bool(&j, NULL, false);
	json_end_array(&j);
	json_end_array(&j);
	json_num(&j, "p", 0.12345, 3);
	json_num(&j, "nan", NAN, 3);
	json_num(&j, "inf", -INFINITY, 3);
	json_null(&j, "gone");
	json_raw(&j, "raw", STR("{\"a\":1}"));
	json_end_object(&j);
	assert_string_equal(
		b.p, "{\"name\":\"bunjang\",\"none\":null,\"empty\":\"\",\"absent\":null,"
		     "\"list\":[-9223372036854775808,9223372036854775807,{},[true,false]],"
		     "\"p\":0.123,\"nan\":null,\"inf\":null,\"gone\":null,\"raw\":{\"a\":1}}");
	buf_done(&b);
}

static const struct {
	const char *text, *json;
} quoted[] = {
	{ "", "\"\"" },
	{ "아이폰 13 \xf0\x9f\x93\xb1", "\"아이폰 13 \xf0\x9f\x93\xb1\"" },
	{ "a\"b\\c/d", "\"a\\\"b\\\\c/d\"" },
	{ "1\n2\t3\r4\x01"
	  "5\x7f",
	  "\"1\\n2\\t3\\u000d4\\u00015\x7f\"" },
	{ "\xff", "\"\xef\xbf\xbd\"" },
	{ "a\xea\xb0", "\"a\xef\xbf\xbd\xef\xbf\xbd\"" },
	{ "\xed\xa0\x80x", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdx\"" },
};

static void text_is_escaped(void **state)
{
	struct json j;
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	for (size_t i = 0; i < sizeof(quoted) / sizeof(quoted[0]); i++) {
		buf_clear(&b);
		json_init(&j, &b);
		json_text(&j, NULL, quoted[i].text);
		assert_string_equal(b.p, quoted[i].json);
	}
	buf_clear(&b);
	json_init(&j, &b);
	json_str(&j, NULL, (struct str){ "a\0b", 3 });
	assert_string_equal(b.p, "\"a\\u0000b\"");
	buf_done(&b);
}

/* Numbers are written as printf does, the quick way or not. */
static void numbers_are_printf_s(void **state)
{
	static const double some[] = { 0,	 -0.0,	  0.5,	   1.5,	     0.00005, 0.00015,
				       -0.00001, 0.99995, 2.5,	   999999.5, 1e6,     1e15,
				       1e300,	 0.1,	  -12.345, 0.0625,   0.03125, 123456.78 };
	struct rng r = { 3 };
	char text[512];
	struct json j;
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	for (int i = 0; i < 20000; i++) {
		const int digits = (int)rng_below(&r, 7);
		double x = rng_unit(&r) * pow(10, (double)rng_below(&r, 9) - 2);

		x = i < 126 ? some[i % 18] : i % 2 ? -x : x;
		buf_clear(&b);
		json_init(&j, &b);
		json_num(&j, NULL, x, digits);
		snprintf(text, sizeof(text), "%.*f", digits, x);
		assert_string_equal(b.p, text);
	}
	buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commas_and_nesting_are_its_business),
		cmocka_unit_test(text_is_escaped),
		cmocka_unit_test(numbers_are_printf_s),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
