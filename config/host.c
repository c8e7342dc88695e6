#include "config/host.h"

#include <arpa/inet.h>
#include <string.h>
#include <unicode/uidna.h>

#define HOST_MOST 4096 /* as the longest URL */
#define PARTS_MOST 4   /* of an IPv4 address */

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Percent-decoded, and lower case where it is ASCII. */
static struct str plain(struct str s, struct arena *a)
{
	char *to = arena_alloc(a, s.n + 1), c;
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		c = s.p[i];
		if (c == '%' && i + 2 < s.n && hex(s.p[i + 1]) >= 0 && hex(s.p[i + 2]) >= 0) {
			c = (char)(hex(s.p[i + 1]) * 16 + hex(s.p[i + 2]));
			i += 2;
		}
		to[n++] = (char)(c >= 'A' && c <= 'Z' ? c | 32 : c);
	}
	to[n] = 0;
	return (struct str){ to, n };
}

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

/* UTS #46 as the URL standard asks for it: hyphens and lengths are the resolver's
 * business. */
static bool to_ascii(struct str s, struct arena *a, struct str *ret)
{
	const uint32_t fine = UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG |
			      UIDNA_ERROR_DOMAIN_NAME_TOO_LONG | UIDNA_ERROR_LEADING_HYPHEN |
			      UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;
	UIDNAInfo info = UIDNA_INFO_INITIALIZER;
	UErrorCode rc = U_ZERO_ERROR;
	UIDNA *idna = uidna_openUTS46(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
					      UIDNA_NONTRANSITIONAL_TO_ASCII |
					      UIDNA_NONTRANSITIONAL_TO_UNICODE,
				      &rc);
	char *to = arena_alloc(a, HOST_MOST + 1);
	int32_t n;

	if (U_FAILURE(rc))
		return false;
	n = uidna_nameToASCII_UTF8(idna, s.p, (int32_t)s.n, to, HOST_MOST, &info, &rc);
	uidna_close(idna);
	if (U_FAILURE(rc) || n > HOST_MOST || (info.errors & ~fine))
		return false;
	to[n] = 0;
	*ret = (struct str){ to, (size_t)n };
	return true;
}

/* A number of an IPv4 address: decimal, 0octal, 0xhex. False: none. It stops at what
 * no address can hold. */
static bool number(struct str s, uint64_t *ret)
{
	int base = 10, digit;
	uint64_t n = 0;

	if (s.n == 0)
		return false;
	if (s.n >= 2 && s.p[0] == '0' && s.p[1] == 'x') {
		base = 16;
		s = str_sub(s, 2, s.n);
	} else if (s.n >= 2 && s.p[0] == '0') {
		base = 8;
		s = str_sub(s, 1, s.n);
	}
	for (size_t i = 0; i < s.n; i++) {
		digit = hex(s.p[i]);
		if (digit < 0 || digit >= base)
			return false;
		if (n <= UINT32_MAX)
			n = n * (uint64_t)base + (uint64_t)digit;
	}
	*ret = n;
	return true;
}

static bool is_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

/* Whether the name can only be an IPv4 address, because a number is last. */
static bool ends_in_number(struct str name)
{
	struct str each, last = { 0 };
	uint64_t n;

	if (str_ends(name, STR(".")))
		name.n--;
	while (str_next(&name, '.', &each))
		last = each;
	return is_digits(last) || number(last, &n);
}

static bool ipv4(struct str name, struct arena *a, struct str *ret)
{
	uint64_t part[PARTS_MOST], whole = 0;
	struct str each;
	int n = 0;

	if (str_ends(name, STR(".")))
		name.n--;
	while (str_next(&name, '.', &each))
		if (n == PARTS_MOST || !number(each, &part[n++]))
			return false;
	if (!n)
		return false;
	for (int i = 0; i < n - 1; i++) {
		if (part[i] > 255)
			return false;
		whole |= part[i] << (24 - 8 * i);
	}
	if (part[n - 1] >= (uint64_t)1 << (8 * (5 - n)))
		return false;
	whole |= part[n - 1];
	*ret = arena_fmt(a, "%u.%u.%u.%u", (unsigned)(whole >> 24), (unsigned)(whole >> 16 & 255),
			 (unsigned)(whole >> 8 & 255), (unsigned)(whole & 255));
	return true;
}

/* Where the longest run of at least two zero pieces starts, and its length. */
static int zeros(const unsigned piece[8], int *ret_n)
{
	int best = -1, n;

	*ret_n = 1;
	for (int i = 0; i < 8; i += n + 1) {
		for (n = 0; i + n < 8 && piece[i + n] == 0; n++)
			;
		if (n > *ret_n) {
			best = i;
			*ret_n = n;
		}
	}
	return best;
}

static bool ipv6(struct str inner, struct arena *a, struct str *ret)
{
	struct str out = STR("[");
	unsigned piece[8];
	uint8_t at[16];
	int from, n;

	if (inner.n > INET6_ADDRSTRLEN || memchr(inner.p, 0, inner.n) ||
	    inet_pton(AF_INET6, arena_str(a, inner).p, at) != 1)
		return false;
	for (size_t i = 0; i < 8; i++)
		piece[i] = (unsigned)at[2 * i] << 8 | at[2 * i + 1];
	from = zeros(piece, &n);
	for (int i = 0; i < 8; i++) {
		if (i == from) {
			out = arena_fmt(a, "%s%s", out.p, i ? ":" : "::");
			i += n - 1;
			continue;
		}
		out = arena_fmt(a, "%s%x%s", out.p, piece[i], i < 7 ? ":" : "");
	}
	*ret = arena_fmt(a, "%s]", out.p);
	return true;
}

static bool is_forbidden(char c)
{
	if ((c >= 'a' && c <= 'z') || c == '.')
		return false;
	return (unsigned char)c <= ' ' || c == 127 || strchr("#/:<>?@[\\]^|%", c);
}

/* What was given, short enough for a reason. */
#define SHOWN(s) (int)((s).n < 120 ? (s).n : 120), (s).p

enum err host_parse(struct str text, struct arena *a, struct str *ret, struct reason *why)
{
	struct str name;

	if (text.n > HOST_MOST)
		return reason_set(why, ERR_TOO_BIG, "a host of %zu bytes", text.n);
	if (text.n && text.p[0] == '[') {
		if (text.p[text.n - 1] == ']' && ipv6(str_sub(text, 1, text.n - 2), a, ret))
			return ERR_OK;
		return reason_set(why, ERR_BAD, "%.*s is no IPv6 address", SHOWN(text));
	}
	name = plain(text, a);
	if (!is_ascii(name) && !to_ascii(name, a, &name))
		return reason_set(why, ERR_BAD, "%.*s can be no host (UTS #46)", SHOWN(text));
	for (size_t i = 0; i < name.n; i++)
		if (is_forbidden(name.p[i]))
			return reason_set(why, ERR_BAD, "a character that no host has: %.*s",
					  SHOWN(text));
	if (name.n == 0)
		return reason_set(why, ERR_BAD, "no host");
	if (ends_in_number(name) && !ipv4(name, a, &name))
		return reason_set(why, ERR_BAD, "%.*s is no IPv4 address", SHOWN(text));
	*ret = name;
	return ERR_OK;
}

bool host_split(struct str text, struct str *ret_host, struct str *ret_port)
{
	ptrdiff_t shut = text.n && text.p[0] == '[' ? str_find_char(text, ']') : -1;
	struct str rest = str_sub(text, (size_t)(shut + 1), text.n);
	ptrdiff_t colon = str_find_char(rest, ':');

	if (shut >= 0 && rest.n && colon != 0)
		return false;
	*ret_port = colon < 0 ? (struct str){ 0 } : str_sub(rest, (size_t)colon + 1, rest.n);
	*ret_host = str_sub(text, 0, text.n - (colon < 0 ? 0 : rest.n - (size_t)colon));
	return true;
}
