#include "extractor/extract_escape.h"

#include "base/utf8.h"

#include <string.h>

static int hex(const char *p, const char *end, int digits)
{
	int n = 0;

	if (end - p < digits)
		return -1;
	for (int i = 0; i < digits; i++) {
		char c = p[i];

		n = n * 16 + (c >= '0' && c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
		if (!((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'f')))
			return -1;
	}
	return n;
}

/* Behind "\u"; a lone half of a pair becomes U+FFFD. */
static const char *put_unicode(const char *p, const char *end, char **to)
{
	int code = hex(p, end, 4), low;

	if (code < 0) {
		*(*to)++ = 'u';
		return p;
	}
	p += 4;
	if (code >= 0xd800 && code < 0xdc00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u') {
		low = hex(p + 2, end, 4);
		if (low >= 0xdc00 && low < 0xe000) {
			code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
			p += 6;
		}
	}
	if (code >= 0xd800 && code < 0xe000)
		code = 0xfffd;
	*to += utf8_encode((uint32_t)code, *to);
	return p;
}

/* At what follows a backslash. Nothing becomes longer than it was. */
static const char *put_escape(const char *p, const char *end, char **to)
{
	static const char from[] = "nrtbfv0", into[] = "\n\r\t\b\f\v";
	const char *known;
	int code;

	if (p == end)
		return p;
	if (*p == 'u')
		return put_unicode(p + 1, end, to);
	if (*p == 'x' && (code = hex(p + 1, end, 2)) >= 0) {
		*to += utf8_encode((uint32_t)code, *to);
		return p + 3;
	}
	known = memchr(from, *p, sizeof(from) - 1);
	if (known)
		*(*to)++ = into[known - from];
	else if (*p != '\n')
		*(*to)++ = *p;
	return p + 1;
}

struct str extract_escape_undo(struct str raw, struct arena *a)
{
	const char *p = raw.p, *end = raw.p + raw.n, *slash;
	char *made, *to;

	if (str_find_char(raw, '\\') < 0)
		return raw;
	made = to = arena_alloc(a, raw.n + 1);
	while ((slash = memchr(p, '\\', (size_t)(end - p)))) {
		memcpy(to, p, (size_t)(slash - p));
		to += slash - p;
		p = put_escape(slash + 1, end, &to);
	}
	memcpy(to, p, (size_t)(end - p));
	to += end - p;
	return (struct str){ made, (size_t)(to - made) };
}
