#include "extractor/extract_entity.h"

#include "base/utf8.h"

#include <libxml/HTMLparser.h>

#include <string.h>

#define MOST_NAME 12 /* "&thetasym;" is the longest that libxml2 knows */

static uint32_t number_of(struct str digits)
{
	unsigned base = 10;
	uint32_t n = 0;

	if (digits.n && (digits.p[0] | 32) == 'x') {
		base = 16;
		digits = str_sub(digits, 1, digits.n);
	}
	for (size_t i = 0; i < digits.n; i++) {
		unsigned char c = (unsigned char)(digits.p[i] | 32);
		unsigned d = c >= 'a' && c <= 'f' ? c - 'a' + 10u
			     : digits.p[i] >= '0' && digits.p[i] <= '9'
				     ? (unsigned)(digits.p[i] - '0')
				     : 99;

		if (d >= base || n > 0x10ffff)
			return 0;
		n = n * base + d;
	}
	return n > 0x10ffff || (n >= 0xd800 && n < 0xe000) ? 0 : n;
}

/* The character that "amp", "#44" stands for; 0: none. */
static uint32_t meant_by(struct str name)
{
	char text[MOST_NAME + 1];
	const htmlEntityDesc *known;

	if (!name.n || name.n > MOST_NAME)
		return 0;
	if (name.p[0] == '#')
		return number_of(str_sub(name, 1, name.n));
	memcpy(text, name.p, name.n);
	text[name.n] = 0;
	if (strcmp(text, "apos") == 0)
		return '\'';
	known = htmlEntityLookup((const xmlChar *)text);
	return known ? known->value : 0;
}

struct str extract_entity_decode(struct str s, struct arena *a)
{
	struct str rest;
	ptrdiff_t end;
	uint32_t code;
	char *to;
	size_t n = 0;

	if (str_find_char(s, '&') < 0)
		return s;
	/* no reference is shorter than what it stands for, in UTF-8 */
	to = arena_alloc(a, s.n + 1);
	for (size_t i = 0; i < s.n;) {
		if (s.p[i] == '&') {
			rest = str_sub(s, i + 1, MOST_NAME + 1);
			end = str_find_char(rest, ';');
			code = end > 0 ? meant_by(str_sub(rest, 0, (size_t)end)) : 0;
			if (code) {
				n += utf8_encode(code, to + n);
				i += (size_t)end + 2;
				continue;
			}
		}
		to[n++] = s.p[i++];
	}
	to[n] = 0;
	return (struct str){ to, n };
}
