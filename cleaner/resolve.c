#include "cleaner/resolve.h"

#include <string.h>

/* RFC 3986 appendix B. A part with p == NULL is undefined, which differs from
 * empty. */
struct parts {
	struct str scheme, host, path, query, fragment;
};

static struct str before(struct str *rest, const char *stops)
{
	struct str s = *rest;
	size_t n = 0;

	while (n < s.n && !strchr(stops, s.p[n]))
		n++;
	*rest = str_sub(s, n, s.n);
	return str_sub(s, 0, n);
}

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_scheme(struct str s)
{
	if (s.n == 0 || !is_alpha(s.p[0]))
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!is_alpha(s.p[i]) && !(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '+' &&
		    s.p[i] != '-' && s.p[i] != '.')
			return false;
	return true;
}

static struct parts split(struct str s)
{
	struct parts r = { 0 };
	struct str rest = s, head = before(&rest, ":/?#");

	if (rest.n && rest.p[0] == ':' && is_scheme(head)) {
		r.scheme = head;
		s = str_sub(rest, 1, rest.n);
	}
	if (str_starts(s, STR("//"))) {
		s = str_sub(s, 2, s.n);
		r.host = before(&s, "/?#");
	}
	r.path = before(&s, "?#");
	if (s.n && s.p[0] == '?') {
		s = str_sub(s, 1, s.n);
		r.query = before(&s, "#");
	}
	if (s.n)
		r.fragment = str_sub(s, 1, s.n);
	return r;
}

/* Section 5.2.4, on the path at `p`; returns its new length. */
static size_t remove_dots(char *p, size_t n)
{
	struct str in = { p, n };
	size_t out = 0, len;

	while (in.n) {
		if (str_starts(in, STR("/./"))) {
			in = str_sub(in, 2, in.n);
		} else if (str_is(in, "/.")) {
			p[out++] = '/';
			break;
		} else if (str_starts(in, STR("/../")) || str_is(in, "/..")) {
			while (out && p[--out] != '/')
				;
			if (in.n == 3) {
				p[out++] = '/';
				break;
			}
			in = str_sub(in, 3, in.n);
		} else {
			for (len = 1; len < in.n && in.p[len] != '/'; len++)
				;
			memmove(p + out, in.p, len);
			out += len;
			in = str_sub(in, len, in.n);
		}
	}
	return out;
}

/* Section 5.2.3: the base's path up to its last slash, then the link's. Every
 * result starts with a slash, since there is a host. */
static struct str merge(struct arena *a, struct str base, struct str link)
{
	size_t dir = base.n;
	char *p;

	if (link.n && link.p[0] == '/')
		dir = 0;
	while (dir && base.p[dir - 1] != '/')
		dir--;
	p = arena_alloc(a, dir + link.n + 1);
	p[0] = '/';
	memcpy(p, base.p ? base.p : "", dir);
	if (!dir && (!link.n || link.p[0] != '/'))
		dir = 1;
	if (link.n)
		memcpy(p + dir, link.p, link.n);
	return (struct str){ p, remove_dots(p, dir + link.n) };
}

/* RFC 3986 section 5.2.2 */
static struct parts resolved(struct arena *a, struct parts base, struct parts link)
{
	struct parts r = link;

	if (link.scheme.p) {
		r.path = merge(a, (struct str){ 0 }, link.path);
		return r;
	}
	r.scheme = base.scheme;
	if (link.host.p) {
		r.path = merge(a, (struct str){ 0 }, link.path);
		return r;
	}
	r.host = base.host;
	if (link.path.n) {
		r.path = merge(a, base.path, link.path);
		return r;
	}
	r.path = merge(a, (struct str){ 0 }, base.path);
	if (!link.query.p)
		r.query = base.query;
	return r;
}

static bool host_good(struct str host)
{
	if (host.n == 0 || host.p[0] == ':')
		return false;
	for (size_t i = 0; i < host.n; i++)
		if ((unsigned char)host.p[i] >= 0x80 || strchr("@ \"<>\\^`{|}%", host.p[i]))
			return false;
	return true;
}

static size_t put_lower(char *to, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		to[i] = s.p[i];
		if (to[i] >= 'A' && to[i] <= 'Z')
			to[i] = (char)(to[i] + 32);
	}
	return s.n;
}

static size_t put_encoded(char *to, struct str s)
{
	static const char digit[] = "0123456789ABCDEF";
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < 0x80 && !strchr(" \"<>\\^`|", c)) {
			to[n++] = s.p[i];
			continue;
		}
		to[n++] = '%';
		to[n++] = digit[c >> 4];
		to[n++] = digit[c & 15];
	}
	return n;
}

static struct str joined(struct arena *a, struct parts r)
{
	size_t most = r.scheme.n + r.host.n + 3 * (r.path.n + r.query.n + r.fragment.n) + 6;
	char *p = arena_alloc(a, most);
	size_t n = put_lower(p, r.scheme);

	memcpy(p + n, "://", 3);
	n += 3;
	n += put_lower(p + n, r.host);
	n += put_encoded(p + n, r.path);
	if (r.query.p) {
		p[n++] = '?';
		n += put_encoded(p + n, r.query);
	}
	if (r.fragment.p) {
		p[n++] = '#';
		n += put_encoded(p + n, r.fragment);
	}
	p[n] = 0;
	return n <= RESOLVE_MOST ? (struct str){ p, n } : STR("");
}

static bool has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return true;
	return false;
}

static bool is_http(struct str scheme)
{
	return str_eq_nocase(scheme, STR("http")) || str_eq_nocase(scheme, STR("https"));
}

struct str resolve_link(struct arena *a, struct str base, struct str link)
{
	struct parts b, l, r;

	link = str_trim(link);
	base = str_trim(base);
	if (link.n > RESOLVE_MOST || base.n > RESOLVE_MOST || has_control(link) ||
	    has_control(base))
		return STR("");
	b = split(base);
	l = split(link);
	if (!l.scheme.p && (!is_http(b.scheme) || !host_good(b.host)))
		return STR("");
	r = resolved(a, b, l);
	if (!is_http(r.scheme) || !host_good(r.host))
		return STR("");
	return joined(a, r);
}
