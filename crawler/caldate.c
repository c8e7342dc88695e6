#include "crawler/caldate.h"

#include <string.h>
#include <time.h>

#define FAR_MONTHS (150 * 12)
#define MONTH_MS (86400000LL * 30437 / 1000)

struct bounds {
	int now, back, ahead; /* months; back and ahead: -1: none */
};

/* Months since year 0, or -1: not a month. */
static int month_of(int64_t year, int64_t month)
{
	return year >= 1000 && year <= 9999 && month >= 1 && month <= 12
		       ? (int)(year * 12 + month - 1)
		       : -1;
}

static bool beyond(const struct bounds *b, int month)
{
	int away = month - b->now;

	if (month < 0 || away > FAR_MONTHS || -away > FAR_MONTHS)
		return false;
	return (b->ahead >= 0 && away > b->ahead) || (b->back >= 0 && -away > b->back);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The number that `s` starts with, when it has so many digits. */
static bool digits(struct str s, size_t n, int64_t *ret)
{
	for (size_t i = 0; i < n; i++)
		if (i >= s.n || !is_digit(s.p[i]))
			return false;
	return (s.n == n || !is_digit(s.p[n])) && str_i64(str_sub(s, 0, n), ret);
}

/* The month that `s` starts with, written with marks: 2031-05, 2031/05/11. */
static int marked(struct str s)
{
	int64_t year, month;

	if (!digits(s, 4, &year) || s.n < 7 || !strchr("-/._", s.p[4]) || !s.p[4] ||
	    !digits(str_sub(s, 5, s.n), 2, &month))
		return -1;
	/* 2031-05x is a name; 2031-05T10:00 a time */
	if (s.n > 7 && is_word(s.p[7]) && s.p[7] != 'T')
		return -1;
	return month_of(year, month);
}

static bool any_marked(const struct bounds *b, struct str path)
{
	for (size_t i = 0; i < path.n; i++)
		if (is_digit(path.p[i]) && (i == 0 || !is_word(path.p[i - 1])) &&
		    beyond(b, marked(str_sub(path, i, path.n))))
			return true;
	return false;
}

static bool names(struct str name, const char *const words[])
{
	for (int i = 0; words[i]; i++)
		if (str_eq_nocase(name, str_of(words[i])))
			return true;
	return false;
}

static bool speaks_of_date(struct str name)
{
	static const char *const words[] = { "date", "day", "month", "cal", "DATE", "Date", NULL };

	for (int i = 0; words[i]; i++)
		if (str_find(name, str_of(words[i])) >= 0)
			return true;
	return false;
}

/* 20310511 or 203105. */
static int unmarked(struct str value)
{
	int64_t n;

	if (digits(value, 8, &n) && value.n == 8)
		n /= 100;
	else if (!digits(value, 6, &n) || value.n != 6)
		return -1;
	return month_of(n / 100, n % 100);
}

static bool any_param(const struct bounds *b, struct str query)
{
	static const char *const years[] = { "year", "yr", "yyyy", "y", NULL };
	static const char *const months[] = { "month", "mon", "mm", "m", NULL };
	int64_t year = -1, month = -1;
	struct str each, name;

	while (str_next(&query, '&', &each)) {
		if (!str_next(&each, '=', &name))
			continue;
		if (names(name, years) && digits(each, 4, &year) && each.n == 4)
			continue;
		if (names(name, months) && each.n <= 2 && str_i64(each, &month))
			continue;
		if (speaks_of_date(name) && beyond(b, unmarked(each)))
			return true;
	}
	return beyond(b, month_of(year, month));
}

bool caldate_beyond(struct str path, int64_t now_ms, int64_t back_ms, int64_t ahead_ms)
{
	time_t now = (time_t)(now_ms / 1000);
	struct bounds b = { .back = back_ms ? (int)(back_ms / MONTH_MS) : -1,
			    .ahead = ahead_ms ? (int)(ahead_ms / MONTH_MS) : -1 };
	struct str query = path, before;
	struct tm tm;

	if ((!back_ms && !ahead_ms) || !gmtime_r(&now, &tm))
		return false;
	b.now = (tm.tm_year + 1900) * 12 + tm.tm_mon;
	str_next(&query, '?', &before);
	return any_marked(&b, path) || any_param(&b, query);
}
