#include "base/utf8.h"
#include "extractor/extract_css_parse.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool extract_css_fail(struct css_reader *r, const char *fmt, ...)
{
	char text[240];
	va_list ap;

	if (r->bad)
		return false;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	reason_set(r->why, ERR_BAD, "column %zu: %s", r->at + 1, text);
	r->bad = true;
	return false;
}

int extract_css_peek(const struct css_reader *r)
{
	return r->at < r->text.n ? (unsigned char)r->text.p[r->at] : -1;
}

bool extract_css_take(struct css_reader *r, char c)
{
	if (extract_css_peek(r) != (unsigned char)c)
		return false;
	r->at++;
	return true;
}

static bool is_space(int c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

bool extract_css_space(struct css_reader *r)
{
	size_t from = r->at;

	while (is_space(extract_css_peek(r)))
		r->at++;
	return r->at > from;
}

/* What XPath, which is XML, can name (XML 1.0, 2.2). */
static bool is_xml(uint32_t c)
{
	if (c < ' ')
		return c == '\t' || c == '\n' || c == '\r';
	return c < 0xd800 || (c >= 0xe000 && c < 0xfffe) || (c >= 0x10000 && c <= 0x10ffff);
}

/* After a backslash: hex digits and one white space, or the character itself. */
static bool escape(struct css_reader *r, struct buf *to)
{
	uint32_t code = 0;
	char text[4];
	int digits = 0, c = extract_css_peek(r);

	if (c < 0 || c == '\n')
		return extract_css_fail(r, "a backslash with nothing after it");
	if (!isxdigit(c)) {
		r->at++;
		buf_add_char(to, (char)c);
		return true;
	}
	for (; digits < 6 && c >= 0 && isxdigit(c); digits++) {
		code = code * 16 + (uint32_t)(isdigit(c) ? c - '0' : tolower(c) - 'a' + 10);
		r->at++;
		c = extract_css_peek(r);
	}
	if (is_space(c))
		r->at++;
	if (!is_xml(code))
		return extract_css_fail(r, "\\%x is not a character", (unsigned)code);
	buf_add(to, (struct str){ text, utf8_encode(code, text) });
	return true;
}

static bool is_name(int c)
{
	return c == '-' || c == '_' || c >= 0x80 || (c >= 0 && isalnum(c));
}

bool extract_css_name(struct css_reader *r, const char *what, struct str *ret)
{
	size_t from = r->at;
	struct buf b;
	bool ok = true;
	int c = extract_css_peek(r);

	if (!is_name(c) && c != '\\')
		return extract_css_fail(r, "expected %s", what);
	if (isdigit(c))
		return extract_css_fail(r, "%s starts with a digit", what);
	buf_init(&b, EXTRACT_CSS_MOST + 8);
	while (ok && (is_name(c = extract_css_peek(r)) || c == '\\')) {
		r->at++;
		if (c == '\\')
			ok = escape(r, &b);
		else
			buf_add_char(&b, (char)c);
	}
	if (ok && (b.full || r->at == from))
		ok = extract_css_fail(r, "expected %s", what);
	if (ok)
		*ret = arena_str(r->a, buf_str(&b));
	buf_done(&b);
	return ok;
}

bool extract_css_string(struct css_reader *r, const char *what, struct str *ret)
{
	int quote = extract_css_peek(r), c;
	struct buf b;
	bool ok = true;

	if (quote != '"' && quote != '\'')
		return extract_css_name(r, what, ret);
	r->at++;
	buf_init(&b, EXTRACT_CSS_MOST + 8);
	while (ok && (c = extract_css_peek(r)) != quote) {
		if (c < 0) {
			ok = extract_css_fail(r, "the text does not end: expected %c", quote);
			break;
		}
		r->at++;
		if (c != '\\')
			buf_add_char(&b, (char)c);
		else if (!extract_css_take(r, '\n'))
			ok = escape(r, &b);
	}
	r->at++;
	if (ok)
		*ret = arena_str(r->a, buf_str(&b));
	buf_done(&b);
	return ok;
}

/* XPath 1.0 strings have no escapes: one with both quotes is put together. */
void extract_css_quote(struct str s, struct buf *to)
{
	struct str part;

	if (str_find_char(s, '\'') < 0) {
		buf_add_char(to, '\'');
		buf_add(to, s);
		buf_add_char(to, '\'');
		return;
	}
	if (str_find_char(s, '"') < 0) {
		buf_add_char(to, '"');
		buf_add(to, s);
		buf_add_char(to, '"');
		return;
	}
	buf_add_text(to, "concat(''");
	for (bool first = true; str_next(&s, '\'', &part); first = false) {
		buf_add_text(to, first ? ",'" : ",\"'\",'");
		buf_add(to, part);
		buf_add_char(to, '\'');
	}
	buf_add_char(to, ')');
}
