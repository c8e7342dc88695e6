#include "extractor/extract_date.h"

#include "base/civil.h"

#include <ctype.h>

#define MONTHS "janfebmaraprmayjunjulaugsepoctnovdec"

/* What is left of the text. */
struct reader {
	struct str rest;
};

static bool take(struct reader *r, char c)
{
	if (!r->rest.n || r->rest.p[0] != c)
		return false;
	r->rest = str_sub(r->rest, 1, r->rest.n);
	return true;
}

static void skip_space(struct reader *r)
{
	while (take(r, ' ') || take(r, '\t') || take(r, '\n') || take(r, '\r'))
		continue;
}

/* At least `least` and at most `most` digits. */
static bool number(struct reader *r, size_t least, size_t most, int *ret, size_t *ret_digits)
{
	size_t n = 0;
	int x = 0;

	while (n < most && n < r->rest.n && isdigit((unsigned char)r->rest.p[n]))
		x = x * 10 + (r->rest.p[n++] - '0');
	if (n < least)
		return false;
	r->rest = str_sub(r->rest, n, r->rest.n);
	*ret = x;
	if (ret_digits)
		*ret_digits = n;
	return true;
}

struct when {
	int year, month, day, hour, minute, second, ms;
	int zone_min; /* east of UTC */
};

static int64_t to_ms(const struct when *w)
{
	int64_t ms;

	if (!civil_exists(w->year, w->month, w->day) || w->hour > 24 || w->minute > 59 ||
	    w->second > 60)
		return 0;
	ms = civil_days(w->year, w->month, w->day) * CIVIL_DAY_MS +
	     ((w->hour * 60 + w->minute - w->zone_min) * 60 + w->second) * 1000LL + w->ms;
	return ms > 0 ? ms : 0;
}

/* "+09:00", "-0500", "Z", "EST"; whatever else stands there is UTC. */
static int zone(struct reader *r)
{
	static const struct {
		const char *name;
		int hours;
	} names[] = { { "EST", -5 }, { "EDT", -4 }, { "CST", -6 }, { "CDT", -5 }, { "MST", -7 },
		      { "MDT", -6 }, { "PST", -8 }, { "PDT", -7 }, { "KST", 9 },  { "JST", 9 } };
	int hours, minutes = 0, sign;

	skip_space(r);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_eq_nocase(str_trim(r->rest), str_of(names[i].name)))
			return names[i].hours * 60;
	sign = take(r, '+') ? 1 : take(r, '-') ? -1 : 0;
	if (!sign || !number(r, 2, 2, &hours, NULL))
		return 0;
	take(r, ':');
	number(r, 2, 2, &minutes, NULL);
	return hours > 14 || minutes > 59 ? 0 : sign * (hours * 60 + minutes);
}

/* "18:00", "18:00:15", "18:00:15.25" */
static bool clock_time(struct reader *r, struct when *w)
{
	int fraction;
	size_t digits;

	if (!number(r, 1, 2, &w->hour, NULL) || !take(r, ':') || !number(r, 2, 2, &w->minute, NULL))
		return false;
	if (!take(r, ':'))
		return true;
	if (!number(r, 2, 2, &w->second, NULL))
		return false;
	if (take(r, '.') && number(r, 1, 3, &fraction, &digits)) {
		for (; digits < 3; digits++)
			fraction *= 10;
		w->ms = fraction;
		while (number(r, 1, 9, &fraction, NULL))
			continue;
	}
	return true;
}

static int64_t iso(struct reader *r)
{
	struct when w = { .month = 1, .day = 1 };

	if (!number(r, 4, 4, &w.year, NULL))
		return 0;
	if (take(r, '-') && !number(r, 2, 2, &w.month, NULL))
		return 0;
	if (take(r, '-') && !number(r, 2, 2, &w.day, NULL))
		return 0;
	if (take(r, 'T') || take(r, 't') || take(r, ' ')) {
		if (!clock_time(r, &w))
			return 0;
		w.zone_min = zone(r);
	}
	return to_ms(&w);
}

static bool month_name(struct reader *r, int *ret)
{
	for (size_t m = 0; m < 12; m++) {
		if (!str_eq_nocase(str_sub(r->rest, 0, 3), str_sub(STR(MONTHS), 3 * m, 3)))
			continue;
		/* "September" too */
		while (r->rest.n && isalpha((unsigned char)r->rest.p[0]))
			r->rest = str_sub(r->rest, 1, r->rest.n);
		*ret = (int)m + 1;
		return true;
	}
	return false;
}

static int64_t rfc822(struct reader *r)
{
	ptrdiff_t comma = str_find_char(r->rest, ',');
	struct when w = { 0 };
	size_t digits;

	if (comma >= 0)
		r->rest = str_sub(r->rest, (size_t)comma + 1, r->rest.n);
	skip_space(r);
	if (!number(r, 1, 2, &w.day, NULL))
		return 0;
	skip_space(r);
	if (!month_name(r, &w.month))
		return 0;
	skip_space(r);
	if (!number(r, 2, 4, &w.year, &digits) || digits == 3)
		return 0;
	if (digits == 2)
		w.year += w.year < 70 ? 2000 : 1900;
	skip_space(r);
	if (r->rest.n) {
		if (!clock_time(r, &w))
			return 0;
		w.zone_min = zone(r);
	}
	return to_ms(&w);
}

int64_t extract_date(struct str text)
{
	struct reader r = { str_trim(text) }, again = r;
	int year;

	return number(&again, 4, 4, &year, NULL) ? iso(&r) : rfc822(&r);
}
