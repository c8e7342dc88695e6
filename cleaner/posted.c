#include "cleaner/posted.h"

#define DAY_MS INT64_C(86400000)
#define FIRST_MS (INT64_C(9131) * DAY_MS) /* 1995-01-01 */
/* As seconds this is the year 5138, as milliseconds 1973. */
#define FIRST_AS_MS INT64_C(100000000000)

/* Days since 1970 in the Gregorian calendar; months from 1. */
static int64_t days(int64_t y, int64_t m, int64_t d)
{
	int64_t era_year, year_day;

	/* The year starts in March, so that a leap day ends it. */
	y -= m <= 2;
	m += m <= 2 ? 9 : -3;
	era_year = y % 400;
	year_day = (153 * m + 2) / 5 + d - 1;
	return y / 400 * 146097 + era_year * 365 + era_year / 4 - era_year / 100 + year_day -
	       719468;
}

static int64_t month_days(int64_t y, int64_t m)
{
	if (m == 2)
		return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0 ? 29 : 28;
	return m == 4 || m == 6 || m == 9 || m == 11 ? 30 : 31;
}

/* Takes exactly `n` figures off the front. */
static bool figures(struct str *s, size_t n, int64_t *ret)
{
	int64_t v = 0;

	if (s->n < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
		v = v * 10 + (s->p[i] - '0');
	}
	*s = str_sub(*s, n, s->n);
	*ret = v;
	return true;
}

static bool mark(struct str *s, char c)
{
	if (s->n == 0 || s->p[0] != c)
		return false;
	*s = str_sub(*s, 1, s->n);
	return true;
}

/* Milliseconds of ".5"; further places are dropped. */
static int64_t fraction(struct str *s)
{
	int64_t ms = 0, unit = 100;

	while (s->n && s->p[0] >= '0' && s->p[0] <= '9') {
		ms += (s->p[0] - '0') * unit;
		unit /= 10;
		*s = str_sub(*s, 1, s->n);
	}
	return ms;
}

/* "Z", "+09:00", "-0330", "+09", or nothing. */
static bool offset(struct str *s, int64_t *ret_ms)
{
	int64_t sign = 1, h, m = 0;

	*ret_ms = 0;
	mark(s, ' ');
	if (s->n == 0 || mark(s, 'Z') || mark(s, 'z'))
		return true;
	if (mark(s, '-'))
		sign = -1;
	else if (!mark(s, '+'))
		return false;
	if (!figures(s, 2, &h) || h > 14)
		return false;
	if (s->n) {
		mark(s, ':');
		if (!figures(s, 2, &m) || m > 59)
			return false;
	}
	*ret_ms = sign * (h * 60 + m) * 60000;
	return true;
}

static bool time_of_day(struct str *s, int64_t *ret_ms)
{
	int64_t h, m, sec = 0, ms = 0, off;

	if (!figures(s, 2, &h) || !mark(s, ':') || !figures(s, 2, &m))
		return false;
	if (mark(s, ':')) {
		if (!figures(s, 2, &sec))
			return false;
		if (mark(s, '.') || mark(s, ','))
			ms = fraction(s);
	}
	if (h > 23 || m > 59 || sec > 60 || !offset(s, &off))
		return false;
	*ret_ms = ((h * 60 + m) * 60 + sec) * 1000 + ms - off;
	return true;
}

static bool iso(struct str s, int64_t *ret_ms)
{
	int64_t y, m, d, ms = 0;

	if (!figures(&s, 4, &y) || !mark(&s, '-') || !figures(&s, 2, &m) || !mark(&s, '-') ||
	    !figures(&s, 2, &d))
		return false;
	if (m < 1 || m > 12 || d < 1 || d > month_days(y, m))
		return false;
	if (s.n && ((!mark(&s, 'T') && !mark(&s, 't') && !mark(&s, ' ')) || !time_of_day(&s, &ms)))
		return false;
	if (s.n)
		return false;
	*ret_ms = days(y, m, d) * DAY_MS + ms;
	return true;
}

static bool since_1970(struct str s, int64_t *ret_ms)
{
	ptrdiff_t point = str_find_char(s, '.');
	int64_t n;

	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] < '0' || s.p[i] > '9') && (ptrdiff_t)i != point)
			return false;
	if (!str_i64(point < 0 ? s : str_sub(s, 0, (size_t)point), &n))
		return false;
	if (n >= FIRST_AS_MS) {
		*ret_ms = n;
		return true;
	}
	*ret_ms = n * 1000;
	return true;
}

int64_t posted_ms(struct str text, int64_t now_ms)
{
	int64_t ms;

	text = str_trim(text);
	if (!since_1970(text, &ms) && !iso(text, &ms))
		return 0;
	return ms >= FIRST_MS && ms <= now_ms + DAY_MS ? ms : 0;
}
