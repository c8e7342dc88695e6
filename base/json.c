#include "base/json.h"

#include "base/must.h"
#include "base/utf8.h"

#include <math.h>
#include <string.h>

void json_init(struct json *j, struct buf *to)
{
	*j = (struct json){ .to = to };
}

/* Where, from i on, the first byte stands that is not written as it is. */
static size_t plain_end(struct str s, size_t i)
{
	while (i < s.n) {
		unsigned char c = (unsigned char)s.p[i];
		size_t len = c < 0x80 ? 1 : utf8_length(str_sub(s, i, s.n));

		if (!len || c < 0x20 || c == '"' || c == '\\')
			break;
		i += len;
	}
	return i;
}

/* Most text needs no escape: one piece. */
static void quoted_plain(struct buf *b, struct str s)
{
	char *to = buf_room(b, s.n + 2);

	if (!to)
		return;
	to[0] = '"';
	memcpy(to + 1, s.p, s.n);
	to[s.n + 1] = '"';
	b->n += s.n + 2;
	b->p[b->n] = 0;
}

static void quoted(struct buf *b, struct str s)
{
	size_t from = 0, i = plain_end(s, 0);

	if (i == s.n && s.n) {
		quoted_plain(b, s);
		return;
	}
	buf_add_char(b, '"');
	for (; i < s.n; i = plain_end(s, i)) {
		unsigned char c = (unsigned char)s.p[i];

		buf_add(b, str_sub(s, from, i - from));
		if (c >= 0x80)
			buf_add(b, STR("\xef\xbf\xbd"));
		else if (c == '"' || c == '\\')
			buf_fmt(b, "\\%c", c);
		else if (c == '\n')
			buf_add(b, STR("\\n"));
		else if (c == '\t')
			buf_add(b, STR("\\t"));
		else
			buf_fmt(b, "\\u%04x", c);
		from = ++i;
	}
	buf_add(b, str_sub(s, from, s.n - from));
	buf_add_char(b, '"');
}

static void start(struct json *j, const char *key)
{
	if (j->comma[j->depth])
		buf_add_char(j->to, ',');
	j->comma[j->depth] = true;
	if (key) {
		quoted(j->to, str_of(key));
		buf_add_char(j->to, ':');
	}
}

static void open_with(struct json *j, const char *key, char c)
{
	start(j, key);
	buf_add_char(j->to, c);
	must(j->depth + 1 < JSON_DEPTH);
	j->comma[++j->depth] = false;
}

static void close_with(struct json *j, char c)
{
	must(j->depth > 0);
	j->depth--;
	buf_add_char(j->to, c);
}

void json_object(struct json *j, const char *key)
{
	open_with(j, key, '{');
}

void json_end_object(struct json *j)
{
	close_with(j, '}');
}

void json_array(struct json *j, const char *key)
{
	open_with(j, key, '[');
}

void json_end_array(struct json *j)
{
	close_with(j, ']');
}

void json_str(struct json *j, const char *key, struct str value)
{
	if (!value.p) {
		json_null(j, key);
		return;
	}
	start(j, key);
	quoted(j->to, value);
}

void json_text(struct json *j, const char *key, const char *value)
{
	json_str(j, key, str_of(value));
}

/* At least so many digits. */
static void whole(struct buf *b, bool minus, uint64_t n, int least)
{
	char text[24];
	size_t at = sizeof(text);

	do {
		text[--at] = (char)('0' + n % 10);
		n /= 10;
		least--;
	} while (n || least > 0);
	if (minus)
		text[--at] = '-';
	buf_add(b, (struct str){ text + at, sizeof(text) - at });
}

/* What printf's "%.*f" gives, where that is plain: false near a tie, of large
 * numbers and of many digits. Most numbers of an answer go here, five times as fast. */
static bool fixed(struct buf *b, double value, int digits)
{
	static const int tens[] = { 1, 10, 100, 1000, 10000 };
	double x;
	uint64_t n;

	if (digits < 0 || digits > 4 || !(fabs(value) < 1e6))
		return false;
	x = fabs(value) * tens[digits];
	n = (uint64_t)x;
	if (fabs(x - (double)n - 0.5) < 1e-4)
		return false;
	n += x - (double)n > 0.5;
	whole(b, signbit(value) != 0, n / (unsigned)tens[digits], 1);
	if (digits) {
		buf_add_char(b, '.');
		whole(b, false, n % (unsigned)tens[digits], digits);
	}
	return true;
}

void json_int(struct json *j, const char *key, int64_t value)
{
	start(j, key);
	whole(j->to, value < 0, value < 0 ? -(uint64_t)value : (uint64_t)value, 1);
}

void json_num(struct json *j, const char *key, double value, int digits)
{
	if (!isfinite(value)) {
		json_null(j, key);
		return;
	}
	start(j, key);
	if (!fixed(j->to, value, digits))
		buf_fmt(j->to, "%.*f", digits, value);
}

void json_bool(struct json *j, const char *key, bool value)
{
	start(j, key);
	buf_add_text(j->to, value ? "true" : "false");
}

void json_null(struct json *j, const char *key)
{
	start(j, key);
	buf_add(j->to, STR("null"));
}

void json_raw(struct json *j, const char *key, struct str value)
{
	start(j, key);
	buf_add(j->to, value);
}
