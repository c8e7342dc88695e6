#include "base/civil.h"

static bool is_leap(int64_t y)
{
	return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

bool civil_exists(int64_t year, int64_t month, int64_t day)
{
	static const int length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
	       day <= length[month - 1] + (month == 2 && is_leap(year));
}

int64_t civil_days(int64_t year, int64_t month, int64_t day)
{
	static const int before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
	int64_t y = year - 1;

	/* 719162: days before 1970-01-01 */
	return y * 365 + y / 4 - y / 100 + y / 400 - 719162 + before[month - 1] +
	       (month > 2 && is_leap(year)) + day - 1;
}

int64_t civil_year(int64_t days)
{
	int64_t y = 1970 + days / 366;

	while (civil_days(y + 1, 1, 1) <= days)
		y++;
	return y;
}
