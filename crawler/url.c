#include "crawler/url.h"

#include "base/must.h"

#include <curl/curl.h>
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
		} else if (text.p[i] > ' ' && text.p[i] < 127 &&
			   !strchr("\"%<>\\^`{|}", text.p[i])) {
			to[n++] = text.p[i];
		} else {
			n += escape_to(to + n, (unsigned char)text.p[i]);
		}
	}
	to[n] = 0;
	return (struct str){ to, n };
}

bool url_in_scope(const struct conf_source *s, struct str host)
{
	for (int i = 0; i < s->n_hosts; i++)
		if (str_eq_nocase(s->hosts[i], host))
			return true;
	return false;
}

/* One part of `u` in the arena; {0} when it has none. */
static struct str part(CURLU *u, CURLUPart what, unsigned flags, struct arena *a)
{
	struct str s = { 0 };
	char *text = NULL;
	CURLUcode rc;

	rc = curl_url_get(u, what, &text, flags);
	must(rc != CURLUE_OUT_OF_MEMORY);
	if (!rc)
		s = arena_text(a, text);
	curl_free(text);
	return s;
}

static struct str lower(struct str s, struct arena *a)
{
	char *to = arena_alloc(a, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		to[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] | 32 : s.p[i]);
	to[s.n] = 0;
	return (struct str){ to, s.n };
}

/* What was given, short enough for a reason. */
#define SHOWN(s) (int)((s).n < 120 ? (s).n : 120), (s).p

static enum err finish(CURLU *u, struct str given, struct arena *a, struct url *ret,
		       struct reason *why)
{
	struct str scheme = part(u, CURLUPART_SCHEME, 0, a);
	struct str host = lower(part(u, CURLUPART_HOST, 0, a), a);
	struct str port = part(u, CURLUPART_PORT, CURLU_NO_DEFAULT_PORT, a);
	struct url got = { .https = str_is(scheme, "https") };

	if (!got.https && !str_is(scheme, "http"))
		return reason_set(why, ERR_BAD, "not an http URL: %.*s", SHOWN(given));
	if (part(u, CURLUPART_USER, 0, a).p || part(u, CURLUPART_PASSWORD, 0, a).p)
		return reason_set(why, ERR_BAD, "a URL with a user name: %.*s", SHOWN(given));
	if (host.n == 0)
		return reason_set(why, ERR_BAD, "a URL without a host: %.*s", SHOWN(given));
	for (size_t i = 0; i < host.n; i++)
		if (host.p[i] <= ' ' || host.p[i] >= 127)
			return reason_set(why, ERR_BAD, "host %.*s is not ASCII (use Punycode)",
					  SHOWN(host));
	must(curl_url_set(u, CURLUPART_FRAGMENT, NULL, 0) == CURLUE_OK);
	must(curl_url_set(u, CURLUPART_HOST, host.p, 0) == CURLUE_OK);
	got.text = part(u, CURLUPART_URL, CURLU_NO_DEFAULT_PORT, a);
	got.host = port.p ? arena_fmt(a, "%s:%s", host.p, port.p) : host;
	if (!got.text.p)
		return reason_set(why, ERR_BAD, "malformed URL: %.*s", SHOWN(given));
	if (got.text.n > URL_MOST)
		return reason_set(why, ERR_TOO_BIG, "a URL of %zu bytes", got.text.n);
	*ret = got;
	return ERR_OK;
}

/* `base` is {0} or an absolute URL to resolve against. */
static enum err parse(struct str base, struct str text, struct arena *a, struct url *ret,
		      struct reason *why)
{
	CURLUcode rc = CURLUE_OK;
	enum err err;
	CURLU *u;

	if (text.n > URL_MOST)
		return reason_set(why, ERR_TOO_BIG, "a URL of %zu bytes", text.n);
	if (text.n && memchr(text.p, 0, text.n))
		return reason_set(why, ERR_BAD, "a zero byte in a URL");
	u = curl_url();
	must(u != NULL);
	if (base.p)
		rc = curl_url_set(u, CURLUPART_URL, base.p, CURLU_URLENCODE);
	if (!rc)
		rc = curl_url_set(u, CURLUPART_URL, arena_str(a, text).p, CURLU_URLENCODE);
	must(rc != CURLUE_OUT_OF_MEMORY);
	if (rc)
		err = reason_set(why, ERR_BAD, "%s: %.*s", curl_url_strerror(rc), SHOWN(text));
	else
		err = finish(u, text, a, ret, why);
	curl_url_cleanup(u);
	return err;
}

enum err url_parse(struct str text, struct arena *a, struct url *ret, struct reason *why)
{
	return parse((struct str){ 0 }, text, a, ret, why);
}

/* What browsers drop before they read a link. */
static struct str tidy(struct str link, struct arena *a)
{
	char *to = arena_alloc(a, link.n + 1);
	size_t n = 0;

	link = str_trim(link);
	for (size_t i = 0; i < link.n; i++)
		if (link.p[i] != '\t' && link.p[i] != '\r' && link.p[i] != '\n')
			to[n++] = link.p[i];
	to[n] = 0;
	return (struct str){ to, n };
}

static struct str before(struct str s, char c)
{
	ptrdiff_t at = str_find_char(s, c);

	return at < 0 ? s : str_sub(s, 0, (size_t)at);
}

/* libcurl 7.88 resolves paths, but takes a link that is empty or only a
 * fragment for ".", and loses the slash of "../?x": so the query is put on
 * here. */
enum err url_resolve(struct str base, struct str link, struct arena *a, struct url *ret,
		     struct reason *why)
{
	struct str whole, path, query;
	struct url at = { 0 }, to = { 0 };
	enum err err;

	if (link.n > (size_t)2 * URL_MOST)
		return reason_set(why, ERR_TOO_BIG, "a link of %zu bytes", link.n);
	err = url_parse(base, a, &at, why);
	if (err)
		return err;
	whole = before(tidy(link, a), '#');
	path = before(whole, '?');
	query = str_sub(whole, path.n, whole.n);
	if (whole.n == 0) {
		*ret = at;
		return ERR_OK;
	}
	if (path.n == 0) {
		to.text = before(at.text, '?');
	} else {
		err = parse(at.text, path, a, &to, why);
		if (err)
			return err;
	}
	return url_parse(arena_fmt(a, "%.*s%.*s", STR_ARG(to.text), STR_ARG(query)), a, ret, why);
}
