#include "cleaner/posted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* 2025-03-01T00:00:00Z */
#define MARCH INT64_C(1740787200000)
#define HOUR INT64_C(3600000)
#define NOW (MARCH + 5 * HOUR)

static const struct {
	const char *text;
	int64_t ms;
} times[] = {
	{ "1740787200", MARCH },
	{ " 1740787200 ", MARCH },
	{ "1740787200123", MARCH + 123 },
	{ "1740787200.75", MARCH },
	{ "2025-03-01", MARCH },
	{ "2025-03-01T00:00:00Z", MARCH },
	{ "2025-03-01t00:00:00z", MARCH },
	{ "2025-03-01 02:30", MARCH + 2 * HOUR + HOUR / 2 },
	{ "2025-03-01T09:00:00+09:00", MARCH },
	{ "2025-03-01T09:00:00+0900", MARCH },
	{ "2025-03-01T09:00:00+09", MARCH },
	{ "2025-02-28T20:30:00-03:30", MARCH },
	{ "2025-03-01T00:00:00.5Z", MARCH + 500 },
	{ "2025-03-01T00:00:00.123456Z", MARCH + 123 },
	{ "2025-03-01 00:00:00 +00:00", MARCH },
	{ "2024-02-29", INT64_C(1709164800000) },
	{ "2000-02-29", INT64_C(951782400000) },
	{ "1995-01-01", INT64_C(788918400000) },
	{ "2025-03-02T05:00:00Z", NOW + 24 * HOUR },
	/* Later than a day from now, or before there were such sites. */
	{ "2025-03-02T05:00:01Z", 0 },
	{ "1994-12-31", 0 },
	{ "20250301", 0 },
	{ "0", 0 },
	{ "", 0 },
	{ "-1740787200", 0 },
	{ "1740787200x", 0 },
	{ "99999999999999999999", 0 },
	{ "9223372036854775807", 0 },
	{ "2025-02-29", 0 },
	{ "2023-02-29", 0 },
	{ "1900-02-29", 0 },
	{ "2025-13-01", 0 },
	{ "2025-00-01", 0 },
	{ "2025-01-32", 0 },
	{ "2025-1-1", 0 },
	{ "2025-03-01T25:00:00Z", 0 },
	{ "2025-03-01T00:60:00Z", 0 },
	{ "2025-03-01T00:00:00+15:00", 0 },
	{ "2025-03-01T00:00:00+0", 0 },
	{ "2025-03-01T00:00:00 KST", 0 },
	{ "2025-03-01T00:00:00ZZ", 0 },
	{ "2025-03-01T", 0 },
	{ "3일 전", 0 },
	{ ".", 0 },
};

static void times_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		int64_t ms = posted_ms(str_of(times[i].text), NOW);

		if (ms != times[i].ms)
			fail_msg("'%s': got %lld", times[i].text, (long long)ms);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
