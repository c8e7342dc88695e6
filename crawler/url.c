#include "crawler/url.h"

#include "config/host.h"
#include "crawler/urlpath.h"

#include <string.h>

static bool unreserved(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_' || c == '~';
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte that the escape at the start of `s` stands for, or -1. */
static int escaped(struct str s)
{
	if (s.n < 3 || s.p[0] != '%' || hex(s.p[1]) < 0 || hex(s.p[2]) < 0)
		return -1;
	return hex(s.p[1]) * 16 + hex(s.p[2]);
}

static size_t escape_to(char *to, unsigned char c)
{
	static const char digit[] = "0123456789ABCDEF";

	to[0] = '%';
	to[1] = digit[c >> 4];
	to[2] = digit[c & 15];
	return 3;
}

struct str url_escape(struct str s, struct arena *a)
{
	char *to = arena_alloc(a, 3 * s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (unreserved(s.p[i]))
			to[n++] = s.p[i];
		else
			n += escape_to(to + n, (unsigned char)s.p[i]);
	}
	to[n] = 0;
	return (struct str){ to, n };
}

struct str url_unescape(struct str s, struct arena *a)
{
	char *to = arena_alloc(a, s.n + 1);
	size_t n = 0;
	int c;

	for (size_t i = 0; i < s.n; i++) {
		c = escaped(str_sub(s, i, 3));
		if (c >= 0) {
			to[n++] = (char)c;
			i += 2;
		} else {
			to[n++] = (char)(s.p[i] == '+' ? ' ' : s.p[i]);
		}
	}
	to[n] = 0;
	return (struct str){ to, n };
}

struct str url_normal(struct str text, struct arena *a)
{
	char *to = arena_alloc(a, 3 * text.n + 1);
	size_t n = 0;
	int c;

	for (size_t i = 0; i < text.n; i++) {
		c = escaped(str_sub(text, i, 3));
		if (c >= 0) {
			i += 2;
			if (unreserved((char)c))
				to[n++] = (char)c;
			else
				n += escape_to(to + n, (unsigned char)c);
		} else if (unreserved(text.p[i]) || (text.p[i] > ' ' && text.p[i] < 127 &&
						     !strchr("\"%<>\\^`{|}", text.p[i]))) {
			to[n++] = text.p[i];
		} else {
			n += escape_to(to + n, (unsigned char)text.p[i]);
		}
	}
	to[n] = 0;
	return (struct str){ to, n };
}

/* What was given, short enough for a reason. */
#define SHOWN(s) (int)((s).n < 120 ? (s).n : 120), (s).p

/* A URL in its parts; path and query as they go into its text. */
struct parts {
	bool https, queried;
	struct str host, port; /* port {0}: the scheme's own */
	struct str path, query;
};

/* Without control characters and spaces around it, without line breaks and tabs
 * within, without fragment. */
static struct str tidy(struct str s, struct arena *a)
{
	char *to = arena_alloc(a, s.n + 1);
	size_t n = 0;

	while (s.n && (unsigned char)s.p[0] <= ' ')
		s = str_sub(s, 1, s.n);
	while (s.n && (unsigned char)s.p[s.n - 1] <= ' ')
		s.n--;
	for (size_t i = 0; i < s.n && s.p[i] != '#'; i++)
		if (s.p[i] != '\t' && s.p[i] != '\r' && s.p[i] != '\n')
			to[n++] = s.p[i];
	to[n] = 0;
	return (struct str){ to, n };
}

static bool is_slash(char c)
{
	return c == '/' || c == '\\';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Length of the scheme that `s` starts with, without the colon; 0: none. */
static size_t scheme_of(struct str s)
{
	size_t n = 0;

	while (n < s.n && (is_letter(s.p[n]) || (n && strchr(".+-0123456789", s.p[n]) && s.p[n])))
		n++;
	return n && n < s.n && s.p[n] == ':' ? n : 0;
}

/* Up to the query, or, of an authority, up to the path. */
static struct str until(struct str s, bool path)
{
	size_t n = 0;

	while (n < s.n && s.p[n] != '?' && !(path && is_slash(s.p[n])))
		n++;
	return str_sub(s, 0, n);
}

/* Of the digits of a port; its text without zeros before it, {0} for the scheme's own. */
static enum err port(struct str digits, bool https, struct arena *a, struct str *ret,
		     struct reason *why)
{
	unsigned n = 0;

	for (size_t i = 0; i < digits.n; i++) {
		if (digits.p[i] < '0' || digits.p[i] > '9' || n > UINT16_MAX)
			return reason_set(why, ERR_BAD, "%.*s is no port", SHOWN(digits));
		n = n * 10 + (unsigned)(digits.p[i] - '0');
	}
	if (n > UINT16_MAX)
		return reason_set(why, ERR_BAD, "%.*s is no port", SHOWN(digits));
	*ret = (struct str){ 0 };
	if (digits.n && n != (https ? 443 : 80))
		*ret = arena_fmt(a, "%u", n);
	return ERR_OK;
}

/* Whatever is before the host names somebody: such URLs are not asked. */
static enum err authority(struct str s, struct arena *a, struct parts *to, struct reason *why)
{
	struct str user = { 0 }, host, digits;
	enum err err;

	for (size_t i = s.n; i-- > 0 && !user.p;)
		if (s.p[i] == '@') {
			user = str_sub(s, 0, i);
			s = str_sub(s, i + 1, s.n);
		}
	if (!host_split(s, &host, &digits))
		return reason_set(why, ERR_BAD, "%.*s is no host", SHOWN(s));
	err = host_parse(host, a, &to->host, why);
	if (!err)
		err = port(digits, to->https, a, &to->port, why);
	if (!err && user.n && !str_is(user, ":"))
		err = reason_set(why, ERR_BAD, "a URL with a user name at host %.*s",
				 SHOWN(to->host));
	return err;
}

/* `s` is what follows an authority, or a relative link; the path goes on from `base`. */
static void path_and_query(struct str s, struct str base, struct arena *a, struct parts *to)
{
	struct str path = until(s, false);

	to->path = urlpath_join(base, path, a);
	to->queried = path.n < s.n;
	to->query = urlpath_query(str_sub(s, path.n + 1, s.n), a);
}

/* `s` is what follows the scheme of a URL that says where it is. */
static enum err absolute(struct str s, struct arena *a, struct parts *to, struct reason *why)
{
	struct str at;

	while (s.n && is_slash(s.p[0]))
		s = str_sub(s, 1, s.n);
	at = until(s, true);
	path_and_query(str_sub(s, at.n, s.n), (struct str){ 0 }, a, to);
	return authority(at, a, to, why);
}

/* `s` is a link without a scheme of its own. */
static enum err relative(struct str s, const struct parts *base, struct arena *a, struct parts *to,
			 struct reason *why)
{
	*to = *base;
	if (s.n >= 2 && is_slash(s.p[0]) && is_slash(s.p[1]))
		return absolute(s, a, to, why);
	if (s.n == 0)
		return ERR_OK;
	if (s.p[0] == '?') {
		to->queried = true;
		to->query = urlpath_query(str_sub(s, 1, s.n), a);
		return ERR_OK;
	}
	path_and_query(s, is_slash(s.p[0]) ? (struct str){ 0 } : base->path, a, to);
	return ERR_OK;
}

/* WHATWG URL 4.4, for the schemes that are asked. `base` NULL: none. */
static enum err parse(struct str given, const struct parts *base, struct arena *a, struct parts *to,
		      struct reason *why)
{
	struct str s = tidy(given, a), rest;
	size_t n = scheme_of(s);
	struct str scheme = str_sub(s, 0, n);

	memset(to, 0, sizeof(*to));
	if (n == 0 && !base)
		return reason_set(why, ERR_BAD, "not a whole URL: %.*s", SHOWN(given));
	if (n == 0)
		return relative(s, base, a, to, why);
	to->https = str_eq_nocase(scheme, STR("https"));
	if (!to->https && !str_eq_nocase(scheme, STR("http")))
		return reason_set(why, ERR_BAD, "not an http URL: %.*s", SHOWN(given));
	rest = str_sub(s, n + 1, s.n);
	/* "http:x" on a page of http is a relative link, as browsers have it. */
	if (base && base->https == to->https && !str_starts(rest, STR("//")))
		return relative(rest, base, a, to, why);
	return absolute(rest, a, to, why);
}

/* Every link of every page comes here: printf would be half of its cost. */
static struct str joined(struct arena *a, struct str s, struct str t, struct str u, struct str v)
{
	const struct str parts[] = { s, t, u, v };
	char *to = arena_alloc(a, s.n + t.n + u.n + v.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (parts[i].n)
			memcpy(to + n, parts[i].p, parts[i].n);
		n += parts[i].n;
	}
	to[n] = 0;
	return (struct str){ to, n };
}

static enum err written(const struct parts *p, struct arena *a, struct url *ret, struct reason *why)
{
	struct url u = { .host = p->host, .https = p->https };

	if (p->port.n)
		u.host = joined(a, p->host, STR(":"), p->port, STR(""));
	u.text = joined(a, p->https ? STR("https://") : STR("http://"), u.host, p->path,
			p->queried ? STR("?") : STR(""));
	if (p->query.n)
		u.text = joined(a, u.text, p->query, STR(""), STR(""));
	if (u.text.n > URL_MOST)
		return reason_set(why, ERR_TOO_BIG, "a URL of %zu bytes", u.text.n);
	*ret = u;
	return ERR_OK;
}

enum err url_parse(struct str text, struct arena *a, struct url *ret, struct reason *why)
{
	struct parts p = { 0 };
	enum err err;

	if (text.n > URL_MOST)
		return reason_set(why, ERR_TOO_BIG, "a URL of %zu bytes", text.n);
	err = parse(text, NULL, a, &p, why);
	return err ? err : written(&p, a, ret, why);
}

/* Of a URL as it was written. The port stays with the host. */
static struct parts parts_of(const struct url *u)
{
	struct parts p = { .https = u->https, .host = u->host };
	struct str rest = str_sub(u->text, (u->https ? 8 : 7) + u->host.n, u->text.n);

	p.path = until(rest, false);
	p.queried = p.path.n < rest.n;
	p.query = str_sub(rest, p.path.n + 1, rest.n);
	return p;
}

enum err url_join(const struct url *base, struct str link, struct arena *a, struct url *ret,
		  struct reason *why)
{
	struct parts at = parts_of(base), to = { 0 };
	enum err err;

	if (link.n > (size_t)2 * URL_MOST)
		return reason_set(why, ERR_TOO_BIG, "a link of %zu bytes", link.n);
	err = parse(link, &at, a, &to, why);
	return err ? err : written(&to, a, ret, why);
}

enum err url_resolve(struct str base, struct str link, struct arena *a, struct url *ret,
		     struct reason *why)
{
	struct url at = { .https = false };
	enum err err = url_parse(base, a, &at, why);

	return err ? err : url_join(&at, link, a, ret, why);
}
