/* Times as text. */
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* A struct str in a table that is static. */
#define S(literal)                                                                                 \
	{                                                                                          \
		literal, sizeof(literal) - 1                                                       \
	}

static void times_are_read(void **state)
{
	static const struct {
		struct str text;
		int64_t ms; /* -1: it is none */
	} cases[] = {
		{ S("1970-01-01"), 0 },
		{ S("2023-11-14T22:13:20Z"), 1700000000000 },
		{ S("2023-11-14 22:13:20"), 1700000000000 },
		{ S("2023-11-14T22:13:20.25Z"), 1700000000250 },
		{ S("2023-11-14T22:13:20.123456Z"), 1700000000123 },
		{ S("2023-11-15T07:13:20+09:00"), 1700000000000 },
		{ S("2023-11-15T07:13:20.000+0900"), 1700000000000 },
		{ S("2023-11-14T21:13:20-01"), 1700000000000 },
		{ S("2024-02-29"), 1709164800000 },
		{ S("2025-02-29"), -1 },
		{ S("1969-12-31"), -1 },
		{ S("1970-01-01T00:00:00+01:00"), -1 },
		{ S("2023-11-14T"), -1 },
		{ S("2023-11-14T22:13Z"), -1 },
		{ S("2023-11-14T24:00:00Z"), -1 },
		{ S("2023-11-14T22:13:20.Z"), -1 },
		{ S("2023-11-14T22:13:20Z "), -1 },
		{ S("2023-11-14T22:13:20+9"), -1 },
		{ S("2023-11-14T22:13:20+09:"), -1 },
		{ S("2023-11-14T22:13:20+09:00x"), -1 },
		{ S("20231114"), -1 },
		{ S("2023-1-14"), -1 },
		{ S(""), -1 },
		{ { NULL, 0 }, -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t ms = -1;

		if (clock_read(cases[i].text, &ms) != (cases[i].ms >= 0) || ms != cases[i].ms)
			fail_msg("%.*s: %lld", STR_ARG(cases[i].text), (long long)ms);
	}
}

static void what_is_written_is_read(void **state)
{
	char text[32];
	int64_t got;

	(void)state;
	for (int64_t ms = 0; ms < INT64_C(250000000000000); ms += 86399999000 * 7) {
		clock_iso(ms, text);
		assert_true(clock_read(str_of(text), &got));
		assert_int_equal(got, ms / 1000 * 1000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_are_read),
		cmocka_unit_test(what_is_written_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
