#include "crawler/canon.h"

#include "base/hash.h"
#include "base/must.h"
#include "config/conf_param.h"

#include <stdlib.h>
#include <string.h>

/* Of the rules below: one more when they change. */
#define RULES 3

/* Whether the parameter (name or name=value) makes no other page. */
static bool ignored(const struct conf_source *s, struct str param)
{
	struct str value = param, name = STR("");

	str_next(&value, '=', &name);
	return conf_param_ignored(s, name, value);
}

struct params {
	struct str *list;
	int n;
};

/* Those of `query` that count. */
static struct params kept(const struct conf_source *s, struct str query, struct arena *a)
{
	struct params p = { 0 };
	struct str each;

	p.list = arena_array(a, query.n + 1, sizeof(*p.list));
	while (str_next(&query, '&', &each))
		if (each.n && !ignored(s, each))
			p.list[p.n++] = each;
	return p;
}

/* By name; those of one name stay in order. */
static int by_name(const void *x, const void *y)
{
	const struct str *a = x, *b = y;
	struct str left = *a, right = *b, name, other;
	int c;

	str_next(&left, '=', &name);
	str_next(&right, '=', &other);
	c = str_cmp(name, other);
	return c ? c : (a->p > b->p) - (a->p < b->p);
}

/* `url` up to its query, then the parameters. */
static struct str joined(struct str url, const struct params *p, struct arena *a)
{
	char *to = arena_alloc(a, url.n + 1);
	struct str rest = url, head;
	size_t n;

	must(str_next(&rest, '?', &head));
	n = head.n;
	memcpy(to, head.p, n);
	for (int i = 0; i < p->n; i++) {
		to[n++] = i ? '&' : '?';
		memcpy(to + n, p->list[i].p, p->list[i].n);
		n += p->list[i].n;
	}
	to[n] = 0;
	return (struct str){ to, n };
}

static struct str query_of(struct str url)
{
	ptrdiff_t mark = str_find_char(url, '?');

	return mark < 0 ? (struct str){ 0 } : str_sub(url, (size_t)mark + 1, url.n);
}

/* A whole segment such as (S(lit3py55t21z5v55vlm25s55)): ASP.NET without cookies. */
static bool is_asp_session(struct str segment)
{
	return segment.n > 20 && str_starts(segment, STR("(S(")) && str_ends(segment, STR("))"));
}

/* A segment of the path without session ids: 1;jsessionid=9 is 1. */
static size_t put_segment(char *to, const struct conf_source *s, struct str segment)
{
	struct str rest = segment, each;
	bool first = true;
	size_t n = 0;

	while (str_next(&rest, ';', &each)) {
		if (!first && ignored(s, each))
			continue;
		if (!first)
			to[n++] = ';';
		memcpy(to + n, each.p, each.n);
		n += each.n;
		first = false;
	}
	return n;
}

/* `url` without session ids in its path and, if the source says so, with single
 * slashes. */
static struct str plain_path(const struct conf_source *s, const struct url *u, struct arena *a)
{
	size_t n = (u->https ? 8 : 7) + u->host.n;
	char *to = arena_alloc(a, u->text.n + 1);
	struct str rest = str_sub(u->text, n, u->text.n), path, each;
	size_t segment;

	memcpy(to, u->text.p, n);
	must(str_next(&rest, '?', &path));
	path = str_sub(path, 1, path.n);
	while (str_next(&path, '/', &each)) {
		if (is_asp_session(each))
			continue;
		to[n] = '/';
		segment = put_segment(to + n + 1, s, each);
		/* also one that was a session alone */
		if (segment || !path.p || !s->merge_slashes)
			n += 1 + segment;
	}
	if (n == (u->https ? 8 : 7) + u->host.n)
		to[n++] = '/';
	if (rest.p) {
		to[n++] = '?';
		memcpy(to + n, rest.p, rest.n);
		n += rest.n;
	}
	to[n] = 0;
	return (struct str){ to, n };
}

/* shop.example. is shop.example, which the resolver would not try other domains for. */
static struct str plain_host(const struct url *u, struct arena *a)
{
	size_t scheme = u->https ? 8 : 7, dots = 0;
	struct str name = u->host, port = { 0 };

	name.n = u->host.n;
	if (str_find_char(u->host, ']') < 0 && str_find_char(u->host, ':') >= 0) {
		port = u->host;
		str_next(&port, ':', &name);
	}
	while (dots < name.n && name.p[name.n - 1 - dots] == '.')
		dots++;
	if (!dots || dots == name.n)
		return u->text;
	return arena_fmt(a, "%.*s%.*s%.*s", (int)(scheme + name.n - dots), u->text.p,
			 (int)(u->host.n - name.n), u->host.p + name.n,
			 (int)(u->text.n - scheme - u->host.n), u->text.p + scheme + u->host.n);
}

enum err canon_host(struct str url, struct arena *a, struct str *ret_host)
{
	struct reason why;
	struct url u;
	enum err err = url_parse(url, a, &u, &why);

	if (!err)
		err = url_parse(plain_host(&u, a), a, &u, &why);
	if (!err)
		*ret_host = u.host;
	return err;
}

/* Most are as their key spells them: without escapes, marks that get one, parameters in
 * the path, slashes in a row and dots at the end of the host. */
static bool is_spelled(const struct url *u)
{
	size_t at = (u->https ? 8 : 7) + u->host.n;

	if (str_find(u->host, STR(".:")) >= 0 || str_ends(u->host, STR(".")))
		return false;
	for (; at < u->text.n; at++) {
		char c = u->text.p[at];

		if (c == '/' ? u->text.p[at - 1] == '/'
			     : !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
				       !(c >= 'A' && c <= 'Z') &&
				       !(c && strchr("-._~?&=+,:@!*$", c)))
			return false;
	}
	return true;
}

/* Escapes are undone before the dots of a path are (RFC 3986 6.2.2.3); a session's id
 * may have hidden some, too. */
static enum err spell(const struct conf_source *s, struct url *u, struct arena *a,
		      struct reason *why)
{
	enum err err = url_parse(url_normal(plain_host(u, a), a), a, u, why);

	return err ? err : url_parse(plain_path(s, u, a), a, u, why);
}

enum err canon_key_of(const struct conf_source *s, const struct url *given, struct arena *a,
		      struct str *ret_key, struct str *ret_host, struct reason *why)
{
	struct url u = *given;
	struct params p;
	enum err err = is_spelled(&u) ? ERR_OK : spell(s, &u, a, why);

	if (err)
		return err;
	p = kept(s, query_of(u.text), a);
	if (s->sort_params && p.n > 1)
		qsort(p.list, (size_t)p.n, sizeof(*p.list), by_name);
	*ret_key = joined(u.text, &p, a);
	*ret_host = u.host;
	return ERR_OK;
}

enum err canon_key(const struct conf_source *s, struct str url, struct arena *a,
		   struct str *ret_key, struct str *ret_host, struct reason *why)
{
	struct url u;
	enum err err = url_parse(url, a, &u, why);

	return err ? err : canon_key_of(s, &u, a, ret_key, ret_host, why);
}

struct url canon_asked(const struct conf_source *s, const struct url *u, struct arena *a)
{
	struct url to = *u;
	struct params p;

	if (!s->strip_params)
		return to;
	p = kept(s, query_of(u->text), a);
	to.text = joined(u->text, &p, a);
	return to;
}

static uint64_t hashed(const struct str *list, int n, uint64_t v)
{
	for (int i = 0; i < n; i++)
		v = hash64(list[i], v);
	return hash64_join(v, (uint64_t)n);
}

uint64_t canon_version(const struct conf_source *s)
{
	uint64_t v = hash64_join(RULES, (uint64_t)s->sort_params * 2 + s->merge_slashes);

	v = hashed(s->ignore_params, s->n_ignore_params, v);
	return hashed(s->keep_params, s->n_keep_params, v) | 1;
}
