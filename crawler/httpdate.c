#include "crawler/httpdate.h"

#include "base/civil.h"

/* A form, a letter for each kind of part; all else stands for itself:
 * W day's name, L day's name in full, d day, b month, Y year, y year of two
 * digits, T time, Z the zone, which is GMT; e is d as asctime(3) has it, with a
 * space for a leading zero. */
static const char *const forms[] = {
	"W, d b Y T Z",
	"L, d-b-y T Z",
	"W b e T Y",
};

struct date {
	int64_t year, month, day, ms; /* month 0..11, ms of the day */
	bool short_year;
};

static const char *const days[] = { "sunday",	"monday", "tuesday", "wednesday",
				    "thursday", "friday", "saturday" };
static const char *const months[] = { "jan", "feb", "mar", "apr", "may", "jun",
				      "jul", "aug", "sep", "oct", "nov", "dec" };

static bool take(struct str *rest, struct str word)
{
	if (!str_eq_nocase(str_sub(*rest, 0, word.n), word))
		return false;
	*rest = str_sub(*rest, word.n, rest->n);
	return true;
}

static bool take_number(struct str *rest, size_t digits, int64_t *ret)
{
	struct str part = str_sub(*rest, 0, digits);

	if (part.n != digits || part.p[0] < '0' || part.p[0] > '9' || !str_i64(part, ret))
		return false;
	*rest = str_sub(*rest, digits, rest->n);
	return true;
}

static bool take_name(struct str *rest, const char *const *names, int n, size_t letters,
		      int64_t *ret)
{
	for (int i = 0; i < n; i++) {
		if (!take(rest, letters ? str_sub(str_of(names[i]), 0, letters) : str_of(names[i])))
			continue;
		*ret = i;
		return true;
	}
	return false;
}

/* A leap second is the last one of its minute. */
static bool take_time(struct str *rest, int64_t *ret_ms)
{
	int64_t h, m, s;

	if (!take_number(rest, 2, &h) || !take(rest, STR(":")) || !take_number(rest, 2, &m) ||
	    !take(rest, STR(":")) || !take_number(rest, 2, &s) || h > 23 || m > 59 || s > 60)
		return false;
	*ret_ms = ((h * 60 + m) * 60 + (s == 60 ? 59 : s)) * 1000;
	return true;
}

static bool take_part(struct str *rest, char part, struct date *d)
{
	int64_t ignored;

	switch (part) {
	case 'W':
		return take_name(rest, days, 7, 3, &ignored);
	case 'L':
		return take_name(rest, days, 7, 0, &ignored);
	case 'd':
		return take_number(rest, 2, &d->day);
	case 'e':
		return take_number(rest, take(rest, STR(" ")) ? 1 : 2, &d->day);
	case 'b':
		return take_name(rest, months, 12, 0, &d->month);
	case 'Y':
		return take_number(rest, 4, &d->year);
	case 'y':
		d->short_year = true;
		return take_number(rest, 2, &d->year);
	case 'T':
		return take_time(rest, &d->ms);
	case 'Z':
		return take(rest, STR("GMT"));
	default:
		return take(rest, (struct str){ &part, 1 });
	}
}

static bool fits(struct str s, const char *form, struct date *d)
{
	*d = (struct date){ 0 };
	for (; *form; form++)
		if (!take_part(&s, *form, d))
			return false;
	return !s.n;
}

bool httpdate_parse(struct str s, int64_t now_ms, int64_t *ret_ms)
{
	int64_t this_year = civil_year(now_ms / CIVIL_DAY_MS);
	struct date d;
	size_t i = 0, n = sizeof(forms) / sizeof(forms[0]);

	s = str_trim(s);
	while (i < n && !fits(s, forms[i], &d))
		i++;
	if (i == n)
		return false;
	if (d.short_year) {
		/* More than 50 years ahead is the past (RFC 9110 5.6.7). */
		d.year += this_year - this_year % 100;
		if (d.year > this_year + 50)
			d.year -= 100;
	}
	if (!civil_exists(d.year, d.month + 1, d.day))
		return false;
	*ret_ms = civil_days(d.year, d.month + 1, d.day) * CIVIL_DAY_MS + d.ms;
	return true;
}
