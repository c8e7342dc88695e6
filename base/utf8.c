#include "base/utf8.h"

#include <string.h>

static bool tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/* Length of the character, or 0 with *ret_bad = bytes of the maximal subpart
 * that is ill-formed. */
static size_t scan(struct str s, size_t *ret_bad)
{
	const unsigned char *p = (const unsigned char *)s.p;
	unsigned char lo = 0x80, hi = 0xbf;
	size_t need, i;

	*ret_bad = s.n ? 1 : 0;
	if (s.n == 0)
		return 0;
	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	need = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (p[0] == 0xe0)
		lo = 0xa0;
	else if (p[0] == 0xed)
		hi = 0x9f;
	else if (p[0] == 0xf0)
		lo = 0x90;
	else if (p[0] == 0xf4)
		hi = 0x8f;
	if (s.n < 2 || p[1] < lo || p[1] > hi)
		return 0;
	for (i = 2; i < need; i++) {
		if (i >= s.n || !tail(p[i])) {
			*ret_bad = i;
			return 0;
		}
	}
	return need;
}

size_t utf8_length(struct str s)
{
	size_t bad;

	return scan(s, &bad);
}

size_t utf8_decode(struct str s, uint32_t *ret_code)
{
	const unsigned char *p = (const unsigned char *)s.p;
	size_t n = utf8_length(s);

	switch (n) {
	case 1:
		*ret_code = p[0];
		break;
	case 2:
		*ret_code = (p[0] & 0x1fu) << 6 | (p[1] & 0x3fu);
		break;
	case 3:
		*ret_code = (p[0] & 0x0fu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
		break;
	case 4:
		*ret_code = (p[0] & 0x07u) << 18 | (p[1] & 0x3fu) << 12 | (p[2] & 0x3fu) << 6 |
			    (p[3] & 0x3fu);
		break;
	default:
		break;
	}
	return n;
}

size_t utf8_encode(uint32_t code, char to[4])
{
	if (code < 0x80) {
		to[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		to[0] = (char)(0xc0 | code >> 6);
		to[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		to[0] = (char)(0xe0 | code >> 12);
		to[1] = (char)(0x80 | (code >> 6 & 0x3f));
		to[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | code >> 18);
	to[1] = (char)(0x80 | (code >> 12 & 0x3f));
	to[2] = (char)(0x80 | (code >> 6 & 0x3f));
	to[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

/* Bytes of ASCII from `i` on, by eights: most of what is looked at. */
static size_t skip_ascii(struct str s, size_t i)
{
	uint64_t eight;

	while (s.n - i >= sizeof(eight)) {
		memcpy(&eight, s.p + i, sizeof(eight));
		if (eight & 0x8080808080808080)
			break;
		i += sizeof(eight);
	}
	while (i < s.n && (unsigned char)s.p[i] < 0x80)
		i++;
	return i;
}

bool utf8_valid(struct str s)
{
	size_t i, n;

	for (i = skip_ascii(s, 0); i < s.n; i = skip_ascii(s, i)) {
		n = utf8_length(str_sub(s, i, s.n));
		if (!n)
			return false;
		i += n;
	}
	return true;
}

struct str utf8_clean(struct arena *a, struct str s)
{
	size_t i, n, bad, at = 0;
	char *to;

	if (utf8_valid(s))
		return s;
	to = arena_alloc(a, s.n * 3 + 1);
	for (i = 0; i < s.n;) {
		n = scan(str_sub(s, i, s.n), &bad);
		if (n) {
			memcpy(to + at, s.p + i, n);
			at += n;
			i += n;
		} else {
			memcpy(to + at, "\xef\xbf\xbd", 3);
			at += 3;
			i += bad;
		}
	}
	to[at] = 0;
	return (struct str){ to, at };
}

struct str utf8_cut(struct str s, size_t most)
{
	size_t n = most;

	if (s.n <= most)
		return s;
	while (n && tail((unsigned char)s.p[n]))
		n--;
	return str_sub(s, 0, n);
}

static bool steers(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069);
}

size_t utf8_plain(struct str s, char *to)
{
	size_t n = 0, wide;
	uint32_t c = 0;

	for (size_t i = 0; i < s.n; i += wide ? wide : 1) {
		wide = utf8_decode(str_sub(s, i, s.n), &c);
		if (!wide || steers(c)) {
			to[n++] = '?';
			continue;
		}
		for (size_t k = 0; k < wide; k++)
			to[n++] = s.p[i + k];
	}
	return n;
}
