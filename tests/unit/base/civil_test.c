#include "base/civil.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>

#include <cmocka.h>

/* Every day of 1902 to 2200 is the C library's, and the next of the one before. */
static void days_follow_each_other(void **state)
{
	int64_t last = civil_days(1901, 12, 31);

	(void)state;
	for (int y = 1902; y <= 2200; y++)
		for (int m = 1; m <= 12; m++)
			for (int d = 1; civil_exists(y, m, d); d++) {
				struct tm tm = { .tm_year = y - 1900,
						 .tm_mon = m - 1,
						 .tm_mday = d };
				int64_t days = civil_days(y, m, d);

				assert_int_equal(days, last + 1);
				last = days;
				assert_int_equal(timegm(&tm), days * (CIVIL_DAY_MS / 1000));
				if (days >= 0)
					assert_int_equal(civil_year(days), y);
			}
}

static void days_that_exist(void **state)
{
	(void)state;
	assert_true(civil_exists(2024, 2, 29));
	assert_true(civil_exists(2000, 2, 29));
	assert_false(civil_exists(1900, 2, 29));
	assert_false(civil_exists(2025, 2, 29));
	assert_false(civil_exists(2025, 4, 31));
	assert_false(civil_exists(2025, 0, 1));
	assert_false(civil_exists(2025, 13, 1));
	assert_false(civil_exists(2025, 1, 0));
	assert_false(civil_exists(0, 1, 1));
	assert_false(civil_exists(10000, 1, 1));
	assert_int_equal(civil_days(1970, 1, 1), 0);
	assert_int_equal(civil_days(1969, 12, 31), -1);
	assert_int_equal(civil_days(1, 1, 1), -719162);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_follow_each_other),
		cmocka_unit_test(days_that_exist),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
