#include "extractor/extract_charset.h"

#include "base/utf8.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

struct label {
	const char *label; /* lower case */
	const char *name;  /* iconv's */
};

/* iconv is never asked for a name that came from outside. */
static const struct label labels[] = {
	{ .label = "utf-8", .name = "UTF-8" },
	{ .label = "utf8", .name = "UTF-8" },
	{ .label = "unicode-1-1-utf-8", .name = "UTF-8" },
	{ .label = "euc-kr", .name = "CP949" },
	{ .label = "euckr", .name = "CP949" },
	{ .label = "cp949", .name = "CP949" },
	{ .label = "ms949", .name = "CP949" },
	{ .label = "uhc", .name = "CP949" },
	{ .label = "windows-949", .name = "CP949" },
	{ .label = "korean", .name = "CP949" },
	{ .label = "ks_c_5601-1987", .name = "CP949" },
	{ .label = "ks_c_5601-1989", .name = "CP949" },
	{ .label = "ksc5601", .name = "CP949" },
	{ .label = "ksc_5601", .name = "CP949" },
	{ .label = "iso-ir-149", .name = "CP949" },
	{ .label = "csksc56011987", .name = "CP949" },
	{ .label = "csueckr", .name = "CP949" },
	{ .label = "johab", .name = "JOHAB" },
	{ .label = "iso-2022-kr", .name = "ISO-2022-KR" },
	{ .label = "utf-16", .name = "UTF-16LE" },
	{ .label = "utf-16le", .name = "UTF-16LE" },
	{ .label = "utf-16be", .name = "UTF-16BE" },
	{ .label = "us-ascii", .name = "CP1252" },
	{ .label = "ascii", .name = "CP1252" },
	{ .label = "iso-8859-1", .name = "CP1252" },
	{ .label = "iso8859-1", .name = "CP1252" },
	{ .label = "latin1", .name = "CP1252" },
	{ .label = "windows-1252", .name = "CP1252" },
	{ .label = "cp1252", .name = "CP1252" },
	{ .label = "iso-8859-2", .name = "ISO-8859-2" },
	{ .label = "iso-8859-15", .name = "ISO-8859-15" },
	{ .label = "windows-1250", .name = "CP1250" },
	{ .label = "windows-1251", .name = "CP1251" },
	{ .label = "koi8-r", .name = "KOI8-R" },
	{ .label = "windows-1254", .name = "CP1254" },
	{ .label = "iso-8859-9", .name = "CP1254" },
	{ .label = "shift_jis", .name = "CP932" },
	{ .label = "shift-jis", .name = "CP932" },
	{ .label = "sjis", .name = "CP932" },
	{ .label = "windows-31j", .name = "CP932" },
	{ .label = "ms932", .name = "CP932" },
	{ .label = "euc-jp", .name = "EUC-JP" },
	{ .label = "iso-2022-jp", .name = "ISO-2022-JP" },
	{ .label = "big5", .name = "BIG5-HKSCS" },
	{ .label = "big5-hkscs", .name = "BIG5-HKSCS" },
	{ .label = "gb2312", .name = "GB18030" },
	{ .label = "gbk", .name = "GB18030" },
	{ .label = "gb18030", .name = "GB18030" },
};

static const char *by_label(struct str label)
{
	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++)
		if (str_eq_nocase(label, str_of(labels[i].label)))
			return labels[i].name;
	return NULL;
}

static ptrdiff_t find_nocase(struct str s, struct str part)
{
	for (size_t i = 0; i + part.n <= s.n; i++)
		if (str_eq_nocase(str_sub(s, i, part.n), part))
			return (ptrdiff_t)i;
	return -1;
}

/* "...charset = 'x'..." -> x; none when there is no such thing. */
static struct str after_charset(struct str s)
{
	struct str none = { 0 };
	ptrdiff_t at = find_nocase(s, STR("charset"));
	char quote;
	size_t n = 0;

	if (at < 0)
		return none;
	s = str_trim(str_sub(s, (size_t)at + 7, s.n));
	if (!s.n || s.p[0] != '=')
		return none;
	s = str_trim(str_sub(s, 1, s.n));
	if (!s.n)
		return none;
	quote = s.p[0];
	if (quote == '"' || quote == '\'') {
		s = str_sub(s, 1, s.n);
		while (n < s.n && s.p[n] != quote)
			n++;
	} else {
		while (n < s.n && !strchr(" \t\r\n\f;\"'>/", s.p[n]))
			n++;
	}
	return str_trim(str_sub(s, 0, n));
}

static const char *by_meta(struct str body)
{
	struct str head = str_sub(body, 0, EXTRACT_CHARSET_PRESCAN), tag;
	const char *name;
	ptrdiff_t at, end;

	while ((at = find_nocase(head, STR("<meta"))) >= 0) {
		head = str_sub(head, (size_t)at + 5, head.n);
		end = str_find_char(head, '>');
		tag = end < 0 ? head : str_sub(head, 0, (size_t)end);
		name = by_label(after_charset(tag));
		/* a page whose meta could be read as ASCII is not UTF-16 */
		if (name)
			return strncmp(name, "UTF-16", 6) == 0 ? "UTF-8" : name;
	}
	return NULL;
}

const char *extract_charset(struct str body, struct str content_type, bool html, size_t *ret_skip)
{
	const char *name;

	*ret_skip = 0;
	if (str_starts(body, STR("\xef\xbb\xbf"))) {
		*ret_skip = 3;
		return "UTF-8";
	}
	if (str_starts(body, STR("\xff\xfe")) || str_starts(body, STR("\xfe\xff"))) {
		*ret_skip = 2;
		return body.p[0] == '\xff' ? "UTF-16LE" : "UTF-16BE";
	}
	name = by_label(after_charset(content_type));
	if (!name && html)
		name = by_meta(body);
	return name ? name : "UTF-8";
}

static const char replacement[3] = { '\xef', '\xbf', '\xbd' };

/* Steps over a byte (of UTF-16: a unit) that is no character. */
static void skip_bad(char **in, size_t *left, size_t unit, char **out, size_t *room)
{
	if (unit > *left)
		unit = *left;
	*in += unit;
	*left -= unit;
	memcpy(*out, replacement, 3);
	*out += 3;
	*room -= 3;
}

/* Three bytes of UTF-8 per byte are the most that any of these grows by. */
static struct str convert(iconv_t cd, struct str s, size_t unit, struct arena *a)
{
	size_t room = s.n * 3 + 16, left = s.n;
	char *to = arena_alloc(a, room), *out = to;
	/* iconv's prototype lacks a const that it keeps */
	char *in;

	memcpy(&in, &s.p, sizeof(in));
	while (left) {
		if (iconv(cd, &in, &left, &out, &room) != (size_t)-1)
			break;
		if (errno == E2BIG || room < 3)
			break;
		skip_bad(&in, &left, unit, &out, &room);
	}
	iconv(cd, NULL, NULL, &out, &room);
	return (struct str){ to, (size_t)(out - to) };
}

struct str extract_charset_utf8(struct str body, struct str content_type, bool html,
				struct arena *a)
{
	size_t skip;
	const char *name = extract_charset(body, content_type, html, &skip);
	iconv_t cd;

	body = str_sub(body, skip, body.n);
	if (strcmp(name, "UTF-8") != 0) {
		cd = iconv_open("UTF-8", name);
		if (cd != (iconv_t)-1) {
			body = convert(cd, body, strncmp(name, "UTF-16", 6) == 0 ? 2 : 1, a);
			iconv_close(cd);
		}
	}
	return utf8_clean(a, body);
}

/* encoding="x" of <?xml ...?>; none when there is no such thing. */
static struct str declared(struct str body)
{
	struct str head = str_sub(body, 0, EXTRACT_CHARSET_PRESCAN), none = { 0 };
	ptrdiff_t at = str_find(head, STR("?>"));
	size_t n = 0;
	char quote;

	head = str_trim(str_sub(head, 0, at < 0 ? 0 : (size_t)at));
	at = str_starts(head, STR("<?xml")) ? str_find(head, STR("encoding")) : -1;
	if (at < 0)
		return none;
	head = str_trim(str_sub(head, (size_t)at + 8, head.n));
	if (!head.n || head.p[0] != '=')
		return none;
	head = str_trim(str_sub(head, 1, head.n));
	if (!head.n || (head.p[0] != '"' && head.p[0] != '\''))
		return none;
	quote = head.p[0];
	head = str_sub(head, 1, head.n);
	while (n < head.n && head.p[n] != quote)
		n++;
	return str_sub(head, 0, n);
}

struct str extract_charset_xml(struct str body, struct str content_type, struct arena *a)
{
	struct str label = declared(body);
	const char *name = by_label(label);

	/* a line that could be read as ASCII is not UTF-16 */
	if (name && strncmp(name, "UTF-16", 6) != 0 && !by_label(after_charset(content_type)))
		content_type = arena_fmt(a, "text/xml; charset=%.*s", STR_ARG(label));
	return extract_charset_utf8(body, content_type, false, a);
}
