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
	{ "20250301", MARCH },
	{ "20250301023000", MARCH + 2 * HOUR + HOUR / 2 },
	{ "20251301", 0 },
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
	{ "2025-1-1", INT64_C(1735689600000) },
	{ "2025-03-01T25:00:00Z", 0 },
	{ "2025-03-01T00:60:00Z", 0 },
	{ "2025-03-01T00:00:00+15:00", 0 },
	{ "2025-03-01T00:00:00+0", 0 },
	{ "2025-03-01T00:00:00 KST", MARCH - 9 * HOUR },
	{ "2025-03-01T00:00:00ZZ", 0 },
	{ "2025-03-01T", 0 },
	{ "3일 전", NOW - 72 * HOUR },
	{ ".", 0 },
};

static void times_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		int64_t ms = posted_ms(str_of(times[i].text), NOW, 0);

		if (ms != times[i].ms)
			fail_msg("'%s': got %lld", times[i].text, (long long)ms);
	}
}

/* At 14:00 in Korea, on Saturday, the first of March. */
static const struct {
	const char *text;
	int64_t ms;
} korean[] = {
	{ "방금", NOW },
	{ "방금 전", NOW },
	{ "30초 전", NOW - 30000 },
	{ "5분전", NOW - 300000 },
	{ "끌올 2시간 전", NOW - 2 * HOUR },
	{ "2시간 전 끌올", NOW - 2 * HOUR },
	{ "· 끌올 3일 전", NOW - 72 * HOUR },
	{ "3일 전 · 조회 12", NOW - 72 * HOUR },
	{ "2주 전", NOW - 14 * 24 * HOUR },
	{ "1개월 전", NOW - 30 * 24 * HOUR },
	{ "한 달 전", NOW - 30 * 24 * HOUR },
	{ "1년 전", NOW - 365 * 24 * HOUR },
	{ "하루 전", NOW - 24 * HOUR },
	{ "이틀 전", NOW - 48 * HOUR },
	{ "어제", NOW - 24 * HOUR },
	{ "어제 15:20", MARCH - 24 * HOUR + 6 * HOUR + HOUR / 3 },
	{ "어제 오후 3:20", MARCH - 24 * HOUR + 6 * HOUR + HOUR / 3 },
	{ "그저께 00:00", MARCH - 48 * HOUR - 9 * HOUR },
	{ "오늘 09:00", MARCH },
	{ "13:20", MARCH + 4 * HOUR + HOUR / 3 },
	{ "15:20", MARCH - 24 * HOUR + 6 * HOUR + HOUR / 3 },
	{ "오전 12:00", MARCH - 9 * HOUR },
	{ "오후 12:30", MARCH + 3 * HOUR + HOUR / 2 },
	{ "2025-03-01", MARCH - 9 * HOUR },
	{ "2025-03-01 12:30", MARCH + 3 * HOUR + HOUR / 2 },
	{ "2025-03-01T12:30:00Z", MARCH + 12 * HOUR + HOUR / 2 },
	{ "2025.03.01", MARCH - 9 * HOUR },
	{ "2025.03.01.", MARCH - 9 * HOUR },
	{ "2025. 3. 1. 오전 9:00", MARCH },
	{ "2025.03.01 (토) 09:00", MARCH },
	{ "2025/03/01 09:00:00", MARCH },
	{ "25.03.01", MARCH - 9 * HOUR },
	{ "2025년 3월 1일", MARCH - 9 * HOUR },
	{ "2025년 3월 1일 토요일 오전 9시 5분", MARCH + 300000 },
	{ "3월 1일", MARCH - 9 * HOUR },
	{ "03.01 09:00", MARCH },
	{ "12월 31일", INT64_C(1735570800000) },
	{ "2월 30일", 0 },
	{ "3.5", 0 },
	{ "12,000원", 0 },
	{ "3개", 0 },
	{ "3일", 0 },
	{ "만료일 전", 0 },
	{ "2025.03-01", 0 },
	{ "Sat, 01 Mar 2025 09:00:00 +0900", MARCH },
	{ "01 Mar 2025 00:00 GMT", MARCH },
	{ "Mar 1, 2025", MARCH - 9 * HOUR },
	{ "March 1st, 2025 9:00 AM", MARCH },
	{ "1-Mar-2025", MARCH - 9 * HOUR },
	{ "Feb 3", INT64_C(1738508400000) },
	{ "3 hours ago", NOW - 3 * HOUR },
	{ "an hour ago", NOW - HOUR },
	{ "Posted 5 days ago", NOW - 120 * HOUR },
	{ "yesterday at 3:20 PM", MARCH - 24 * HOUR + 6 * HOUR + HOUR / 3 },
	{ "just now", NOW },
	{ "3日前", NOW - 72 * HOUR },
	{ "999999999 days ago", 0 },
	{ "99999 days ago", 0 },
	{ "Marched 1", 0 },
};

static void korean_times_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(korean) / sizeof(korean[0]); i++) {
		int64_t ms = posted_ms(str_of(korean[i].text), NOW, 9 * HOUR);

		if (ms != korean[i].ms)
			fail_msg("'%s': got %lld, off by %lld s", korean[i].text, (long long)ms,
				 (long long)(ms - korean[i].ms) / 1000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_are_read),
		cmocka_unit_test(korean_times_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
