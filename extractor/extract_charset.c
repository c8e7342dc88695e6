#include "extractor/extract_charset.h"

#include "base/utf8.h"
#include "extractor/extract_prescan.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

const struct extract_encoding *extract_charset_told(struct str body, struct str content_type,
						    bool html, size_t *ret_skip)
{
	const struct extract_encoding *e;

	*ret_skip = 0;
	if (str_starts(body, STR("\xef\xbb\xbf"))) {
		*ret_skip = 3;
		return extract_label(STR("utf-8"));
	}
	if (str_starts(body, STR("\xff\xfe")) || str_starts(body, STR("\xfe\xff"))) {
		*ret_skip = 2;
		return extract_label(body.p[0] == '\xff' ? STR("utf-16le") : STR("utf-16be"));
	}
	e = extract_label(extract_prescan_charset(content_type));
	return e || !html ? e : extract_prescan(body);
}

const struct extract_encoding *extract_charset(struct str body, struct str content_type, bool html,
					       size_t *ret_skip)
{
	const struct extract_encoding *told =
		extract_charset_told(body, content_type, html, ret_skip);

	/* a mark is no accident */
	return *ret_skip ? told : extract_detect(body, told);
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

struct str extract_charset_read(struct str body, const struct extract_encoding *e, struct arena *a)
{
	iconv_t cd;

	if (strcmp(e->iconv, "UTF-8") != 0) {
		cd = iconv_open("UTF-8", e->iconv);
		if (cd != (iconv_t)-1) {
			body = convert(cd, body, strncmp(e->iconv, "UTF-16", 6) == 0 ? 2 : 1, a);
			iconv_close(cd);
		}
	}
	return utf8_clean(a, body);
}

struct str extract_charset_utf8(struct str body, struct str content_type, bool html,
				struct arena *a)
{
	size_t skip;
	const struct extract_encoding *e = extract_charset(body, content_type, html, &skip);

	return extract_charset_read(str_sub(body, skip, body.n), e, a);
}

/* encoding="x" of <?xml ...?>; none when there is no such thing. */
static struct str declared(struct str body)
{
	struct str head = str_sub(body, 0, EXTRACT_PRESCAN_BYTES), none = { 0 };
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
	const struct extract_encoding *e = extract_label(label);

	/* a line that could be read as ASCII is not UTF-16 */
	if (e && strncmp(e->name, "UTF-16", 6) != 0 &&
	    !extract_label(extract_prescan_charset(content_type)))
		content_type = arena_fmt(a, "text/xml; charset=%.*s", STR_ARG(label));
	return extract_charset_utf8(body, content_type, false, a);
}
