#include "cleaner/calendar.h"

#include "base/civil.h"
#include "cleaner/scan.h"

#define HOUR_MS INT64_C(3600000)
#define MINUTE_MS INT64_C(60000)

/* A date; year 0: none is named. */
struct date {
	int64_t y, m, d;
	bool apart; /* ended by a mark or blank, so that a time may follow at once */
};

/* A hyphen, a point, a slash or the Korean word, blanks around it. */
static bool take_mark(struct str *s, const char *word, char *io_mark)
{
	struct str rest = *s;

	scan_space(&rest);
	if (scan_word(&rest, word)) {
		*io_mark = 'w';
	} else {
		if (!rest.n || (rest.p[0] != '-' && rest.p[0] != '.' && rest.p[0] != '/'))
			return false;
		if (*io_mark && *io_mark != rest.p[0])
			return false;
		*io_mark = rest.p[0];
		rest = str_sub(rest, 1, rest.n);
	}
	scan_space(&rest);
	*s = rest;
	return true;
}

/* "2025-03-01", "25. 3. 1.", "2025년 3월 1일", "3월 1일", "03.01". */
static bool numbers(struct str *s, struct date *ret)
{
	struct str rest = *s;
	int64_t a, b, c = 0;
	size_t n = scan_number(&rest, 4, &a), n_b;
	char mark = 0;

	*ret = (struct date){ .y = 0 };
	if (!n || n == 3)
		return false;
	if (n <= 2 && scan_word(&rest, "월")) {
		scan_space(&rest);
		if (!scan_number(&rest, 2, &b) || !scan_word(&rest, "일"))
			return false;
		*ret = (struct date){ .m = a, .d = b };
		*s = rest;
		return true;
	}
	if (!take_mark(&rest, "년", &mark))
		return false;
	n_b = scan_number(&rest, 2, &b);
	if (!n_b)
		return false;
	*s = rest;
	if (n > 1 && take_mark(s, "월", &mark) && scan_number(s, 2, &c)) {
		*ret = (struct date){ .y = n == 4 ? a : 2000 + a, .m = b, .d = c };
		if (!scan_word(s, "일") && mark == '.')
			scan_word(s, ".");
		return true;
	}
	/* a month and a day: "03.01", not "3.5" */
	*s = rest;
	*ret = (struct date){ .m = a, .d = b };
	return n == 2 && n_b == 2 && mark != 'w';
}

static const char *const months[] = {
	"january", "february", "march",	   "april", "may", "june", "july", "august", "september",
	"october", "november", "december", "jan",   "feb", "mar",  "apr",  "may",    "jun",
	"jul",	   "aug",      "sep",	   "oct",   "nov", "dec",  "sept", NULL
};

static int64_t month(struct str *s)
{
	int i = scan_any(s, months);

	if (i >= 0)
		scan_word(s, ".");
	return i < 0 ? 0 : i == 24 ? 9 : i % 12 + 1;
}

static void weekday(struct str *s)
{
	static const char *const names[] = { "monday", "tuesday",  "wednesday", "thursday",
					     "friday", "saturday", "sunday",	"mon",
					     "tue",    "wed",	   "thu",	"fri",
					     "sat",    "sun",	   NULL };
	static const char *const korean[] = { "(월)",	"(화)",	  "(수)",   "(목)",   "(금)",
					      "(토)",	"(일)",	  "월요일", "화요일", "수요일",
					      "목요일", "금요일", "토요일", "일요일", NULL };

	scan_space(s);
	if (scan_any(s, names) >= 0 || scan_any(s, korean) >= 0)
		scan_word(s, ",");
	scan_space(s);
}

/* "1 Mar 2025", "Mar 1, 2025", "1st March". */
static bool words(struct str *s, struct date *ret)
{
	static const char *const ordinal[] = { "st", "nd", "rd", "th", NULL };
	struct str rest = *s;

	*ret = (struct date){ .m = month(&rest) };
	if (ret->m) {
		scan_space(&rest);
		if (!scan_number(&rest, 2, &ret->d))
			return false;
		scan_any(&rest, ordinal);
	} else {
		if (!scan_number(&rest, 2, &ret->d))
			return false;
		scan_any(&rest, ordinal);
		scan_space(&rest);
		scan_word(&rest, "-");
		ret->m = month(&rest);
		if (!ret->m)
			return false;
		scan_word(&rest, "-");
	}
	*s = rest;
	scan_word(&rest, ",");
	scan_space(&rest);
	if (scan_number(&rest, 4, &ret->y) == 4)
		*s = rest;
	else
		ret->y = 0;
	return true;
}

/* "20250301", "20250301090000". */
static bool run(struct str *s, struct date *d, int64_t *ret_ms)
{
	struct str rest = *s;
	int64_t v = 0, t = 0;
	size_t n = scan_number(&rest, 14, &v);

	if (n == 14) {
		t = v % 1000000;
		v /= 1000000;
	} else if (n != 8) {
		return false;
	}
	*d = (struct date){ .y = v / 10000, .m = v / 100 % 100, .d = v % 100 };
	if (d->y < 1990 || d->y > 2099 || t / 10000 > 23 || t / 100 % 100 > 59 || t % 100 > 59)
		return false;
	*ret_ms = ((t / 10000 * 60 + t / 100 % 100) * 60 + t % 100) * 1000;
	*s = rest;
	return true;
}

/* Milliseconds of ".5"; further places are dropped. */
static int64_t fraction(struct str *s)
{
	int64_t ms = 0, unit = 100;

	for (; s->n && s->p[0] >= '0' && s->p[0] <= '9'; *s = str_sub(*s, 1, s->n)) {
		ms += (s->p[0] - '0') * unit;
		unit /= 10;
	}
	return ms;
}

/* 0: none said, 1: before noon, 2: after it. */
static int half_day(struct str *s)
{
	static const char *const names[] = { "오전", "am", "a.m.", "오후", "pm", "p.m.", NULL };
	int i;

	scan_space(s);
	i = scan_any(s, names);
	return i < 0 ? 0 : 1 + i / 3;
}

/* "15:20:05.5", "15시 20분 5초"; after the hour. */
static bool minutes(struct str *s, int64_t *m, int64_t *sec, int64_t *ms)
{
	struct str rest;

	*m = *sec = *ms = 0;
	if (scan_word(s, "시")) {
		rest = *s;
		scan_space(&rest);
		if (scan_number(&rest, 2, m) && scan_word(&rest, "분"))
			*s = rest;
		else
			*m = 0;
		return true;
	}
	if (!scan_word(s, ":") || scan_number(s, 2, m) != 2)
		return false;
	if (scan_word(s, ":")) {
		if (scan_number(s, 2, sec) != 2)
			return false;
		if (s->n > 1 && (s->p[0] == '.' || s->p[0] == ',') && s->p[1] >= '0' &&
		    s->p[1] <= '9') {
			*s = str_sub(*s, 1, s->n);
			*ms = fraction(s);
		}
	}
	return true;
}

bool calendar_time(struct str *s, int64_t *ret_ms)
{
	struct str rest = *s, tail;
	int half = half_day(&rest), after;
	int64_t h, m, sec, ms;

	scan_space(&rest);
	if (!scan_number(&rest, 2, &h) || !minutes(&rest, &m, &sec, &ms))
		return false;
	if (!half) {
		tail = rest;
		after = half_day(&tail);
		if (after)
			rest = tail;
		half = after;
	}
	if (half && (h < 1 || h > 12) && !(half == 2 && h < 24) && h != 0)
		return false;
	if (half && h <= 12)
		h = h % 12 + (half == 2 ? 12 : 0);
	if (h > 23 || m > 59 || sec > 60)
		return false;
	*ret_ms = ((h * 60 + m) * 60 + sec) * 1000 + ms;
	*s = rest;
	return true;
}

/* "Z", "+09:00", "-0330", "+09", "KST"; false: none that is known. */
static bool zone(struct str *s, int64_t *ret_ms)
{
	static const struct {
		const char *name;
		int hours;
	} names[] = { { "Z", 0 },    { "UTC", 0 },  { "GMT", 0 },  { "UT", 0 },	  { "KST", 9 },
		      { "JST", 9 },  { "EST", -5 }, { "EDT", -4 }, { "CST", -6 }, { "CDT", -5 },
		      { "MST", -7 }, { "MDT", -6 }, { "PST", -8 }, { "PDT", -7 } };
	struct str rest = *s;
	int64_t sign, h, m = 0;
	size_t n;

	scan_space(&rest);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (scan_word(&rest, names[i].name)) {
			*ret_ms = names[i].hours * HOUR_MS;
			*s = rest;
			return true;
		}
	sign = scan_word(&rest, "+") ? 1 : scan_word(&rest, "-") ? -1 : 0;
	if (!sign)
		return false;
	n = scan_number(&rest, 4, &h);
	if (n == 4) {
		m = h % 100;
		h /= 100;
	} else if (n != 2 || (scan_word(&rest, ":") && scan_number(&rest, 2, &m) != 2)) {
		return false;
	}
	if (h > 14 || m > 59)
		return false;
	*ret_ms = sign * (h * HOUR_MS + m * MINUTE_MS);
	*s = rest;
	return true;
}

/* The time and zone behind a date; false: something that is neither. */
static bool clock(struct str *s, int64_t *ret_ms, int64_t *io_zone)
{
	struct str rest = *s, sign;
	bool bound = rest.n && (rest.p[0] | 32) == 't';

	*ret_ms = 0;
	if (bound) {
		rest = str_sub(rest, 1, rest.n);
	} else {
		weekday(&rest);
		scan_word(&rest, ",");
		scan_space(&rest);
	}
	if (!calendar_time(&rest, ret_ms))
		return !bound;
	sign = str_trim(rest);
	if (!zone(&rest, io_zone) && sign.n && (sign.p[0] == '+' || sign.p[0] == '-'))
		return false;
	*s = rest;
	return true;
}

/* Whether what is left is another matter. */
static bool ends(struct str s)
{
	return !s.n || s.p[0] == ' ' || s.p[0] == ',' || s.p[0] == ')' || s.p[0] == '\n' ||
	       (unsigned char)s.p[0] >= 0x80;
}

bool calendar_read(struct str text, const struct calendar_now *now, int64_t *ret_ms)
{
	struct str s = str_trim(text), start;
	struct date d;
	int64_t ms = 0, zone_ms = now->zone_ms, local = now->now_ms + now->zone_ms;
	bool none;

	weekday(&s);
	start = s;
	if (!run(&s, &d, &ms)) {
		if (!numbers(&s, &d)) {
			s = start;
			if (!words(&s, &d))
				return false;
		}
		if (!clock(&s, &ms, &zone_ms))
			return false;
	}
	none = !d.y;
	if (none)
		d.y = civil_year(local / CIVIL_DAY_MS);
	if (d.m < 1 || d.m > 12 || d.d < 1 || !ends(s))
		return false;
	if (none && civil_days(d.y, d.m, d.d) * CIVIL_DAY_MS > local + CIVIL_DAY_MS)
		d.y--;
	if (!civil_exists(d.y, d.m, d.d))
		return false;
	*ret_ms = civil_days(d.y, d.m, d.d) * CIVIL_DAY_MS + ms - zone_ms;
	return true;
}
