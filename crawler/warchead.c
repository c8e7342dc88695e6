#include "crawler/warchead.h"

#include <string.h>
#include <time.h>

struct row {
	const char *name;
	size_t at;
	bool address;
};
#define AT(field) offsetof(struct warchead, field)
static const struct row rows[] = {
	{ "WARC-Type", AT(type), false },
	{ "WARC-Record-ID", AT(id), false },
	{ "WARC-Target-URI", AT(uri), true },
	{ "WARC-Date", AT(date), false },
	{ "Content-Type", AT(content_type), false },
	{ "WARC-Truncated", AT(truncated), false },
	{ "WARC-Payload-Digest", AT(payload_digest), false },
	{ "WARC-Block-Digest", AT(block_digest), false },
	{ "WARC-Profile", AT(profile), false },
	{ "WARC-Refers-To-Target-URI", AT(refers_to_uri), true },
	{ "WARC-Refers-To-Date", AT(refers_to_date), false },
};

bool warchead_take(struct str *rest, struct str *ret_head)
{
	struct str whole = *rest, left = whole, line;
	ptrdiff_t at;

	while ((at = str_find_char(left, '\n')) >= 0) {
		line = str_sub(left, 0, (size_t)at);
		left = str_sub(left, (size_t)at + 1, left.n);
		if (line.n == 0 || (line.n == 1 && line.p[0] == '\r')) {
			*ret_head = str_sub(whole, 0, whole.n - left.n);
			*rest = left;
			return true;
		}
	}
	return false;
}

int warchead_status(struct str http_head)
{
	ptrdiff_t space = str_find_char(http_head, ' ');
	int64_t n;

	if (!str_starts(http_head, STR("HTTP/")) || space < 0 ||
	    !str_i64(str_sub(http_head, (size_t)space + 1, 3), &n) || n < 100)
		return -1;
	return (int)n;
}

static bool number(struct str s, size_t from, size_t n, int *ret)
{
	int64_t v;

	if (s.n < from + n || !str_i64(str_sub(s, from, n), &v) || v < 0)
		return false;
	*ret = (int)v;
	return true;
}

int64_t warchead_time(struct str s)
{
	struct tm t = { .tm_isdst = 0 };
	int64_t ms = 0, unit = 100;
	time_t seconds;

	if (s.n < 20 || s.p[4] != '-' || s.p[7] != '-' || s.p[10] != 'T' || s.p[13] != ':' ||
	    s.p[16] != ':' || !number(s, 0, 4, &t.tm_year) || !number(s, 5, 2, &t.tm_mon) ||
	    !number(s, 8, 2, &t.tm_mday) || !number(s, 11, 2, &t.tm_hour) ||
	    !number(s, 14, 2, &t.tm_min) || !number(s, 17, 2, &t.tm_sec))
		return -1;
	if (t.tm_mon < 1 || t.tm_mon > 12 || t.tm_mday < 1 || t.tm_mday > 31 || t.tm_hour > 23 ||
	    t.tm_min > 59 || t.tm_sec > 60 || t.tm_year < 1970)
		return -1;
	s = str_sub(s, 19, s.n);
	if (s.p[0] == '.')
		for (s = str_sub(s, 1, s.n); s.n && s.p[0] >= '0' && s.p[0] <= '9';
		     s = str_sub(s, 1, s.n), unit /= 10)
			ms += unit * (s.p[0] - '0');
	if (!str_is(s, "Z"))
		return -1;
	t.tm_year -= 1900;
	t.tm_mon -= 1;
	seconds = timegm(&t);
	return (int64_t)seconds * 1000 + ms;
}

static struct str bare(struct str s)
{
	if (s.n >= 2 && s.p[0] == '<' && s.p[s.n - 1] == '>')
		return str_sub(s, 1, s.n - 2);
	return s;
}

/* The first of a name counts. */
static void take(struct warchead *h, struct str name, struct str value)
{
	struct str *to;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (!str_eq_nocase(name, str_of(rows[i].name)))
			continue;
		to = (struct str *)(void *)((char *)h + rows[i].at);
		if (!to->p)
			*to = rows[i].address ? bare(value) : value;
	}
}

enum err warchead_parse(struct str head, struct warchead *ret, struct reason *why)
{
	struct warchead h = { .length = -1 };
	struct str line, name, value;
	ptrdiff_t colon;

	if (!str_next(&head, '\n', &line) || !str_starts(line, STR("WARC/")))
		return reason_set(why, ERR_BAD, "not a WARC record");
	h.version = str_trim(str_sub(line, 5, line.n));
	if (!str_starts(h.version, STR("1.")) && !str_starts(h.version, STR("0.1")))
		return reason_set(why, ERR_BAD, "WARC version %.*s is not known",
				  (int)(h.version.n < 20 ? h.version.n : 20), h.version.p);
	while (str_next(&head, '\n', &line)) {
		colon = str_find_char(line, ':');
		if (colon < 0)
			continue;
		name = str_trim(str_sub(line, 0, (size_t)colon));
		value = str_trim(str_sub(line, (size_t)colon + 1, line.n));
		if (str_eq_nocase(name, STR("Content-Length")) && h.length < 0 &&
		    (!str_i64(value, &h.length) || h.length < 0))
			return reason_set(why, ERR_BAD, "WARC record with a wrong Content-Length");
		take(&h, name, value);
	}
	if (h.length < 0)
		return reason_set(why, ERR_BAD, "WARC record without a Content-Length");
	if (!h.type.n)
		return reason_set(why, ERR_BAD, "WARC record without a WARC-Type");
	h.date_ms = warchead_time(h.date);
	*ret = h;
	return ERR_OK;
}
