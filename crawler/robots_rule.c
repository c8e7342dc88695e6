#include "crawler/robots_rule.h"

#include <string.h>

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The octet that the three bytes at `i` stand for, or -1. */
static int escaped_at(struct str s, size_t i)
{
	int high, low;

	if (s.p[i] != '%' || s.n - i < 3)
		return -1;
	high = digit_of(s.p[i + 1]);
	low = digit_of(s.p[i + 2]);
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static bool is_unreserved(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("-._~", c));
}

static bool is_reserved(unsigned char c)
{
	return c && strchr(":/?#[]@!$&'()*+,;=", c);
}

static void put_escaped(struct str *to, char *room, unsigned char c)
{
	static const char digits[] = "0123456789ABCDEF";

	room[to->n++] = '%';
	room[to->n++] = digits[c >> 4];
	room[to->n++] = digits[c & 15];
}

/* `plain`: a pattern, or the loose form of a target. `stars`: * is a wildcard. */
static struct str spell(struct str s, bool plain, bool stars, struct arena *a)
{
	char *room = arena_alloc(a, s.n * 3 + 1);
	struct str to = { room, 0 };
	bool query = false;

	for (size_t i = 0; i < s.n; i++) {
		int code = escaped_at(s, i);
		unsigned char c = (unsigned char)(code < 0 ? s.p[i] : code);
		bool keep = is_unreserved(c);

		if (code < 0)
			keep |= is_reserved(c) && c != '$' && (stars || c != '*');
		else
			keep |= plain && query && (c == '/' || c == ':');
		query |= c == '?' && code < 0;
		if (keep)
			room[to.n++] = (char)c;
		else
			put_escaped(&to, room, c);
		if (code >= 0)
			i += 2;
	}
	room[to.n] = 0;
	return to;
}

/* Without scheme and host. "http:" within a path or query is none. */
static struct str path_of(struct str url)
{
	ptrdiff_t scheme = str_find(url, STR("://")), end = str_find_char(url, '#');
	size_t from = (size_t)scheme + 3;

	if (end >= 0)
		url = str_sub(url, 0, (size_t)end);
	if (scheme < 0 || (end >= 0 && scheme > end) || memchr(url.p, '/', (size_t)scheme) ||
	    memchr(url.p, '?', (size_t)scheme))
		return url;
	while (from < url.n && url.p[from] != '/' && url.p[from] != '?')
		from++;
	return str_sub(url, from, url.n);
}

static struct str with_slash(struct str s, struct arena *a)
{
	char *p;

	if (s.n && s.p[0] == '/')
		return s;
	p = arena_alloc(a, s.n + 2);
	p[0] = '/';
	if (s.n)
		memcpy(p + 1, s.p, s.n);
	p[s.n + 1] = 0;
	return (struct str){ p, s.n + 1 };
}

struct robots_target robots_rule_target(struct str url, struct arena *a)
{
	struct str path = with_slash(path_of(url), a);
	struct robots_target t = { .text = spell(path, false, false, a) };

	t.loose = t.text;
	if (str_find_char(t.text, '?') >= 0 && str_find_char(t.text, '%') >= 0)
		t.loose = spell(path, true, false, a);
	if (str_eq(t.loose, t.text))
		t.loose = t.text;
	return t;
}

struct robots_rule robots_rule_new(struct str value, bool allow, int line, struct arena *a)
{
	struct robots_rule r = { .allow = allow, .line = line };

	r.anchored = str_ends(value, STR("$"));
	if (r.anchored)
		value = str_sub(value, 0, value.n - 1);
	if (!value.n || value.p[0] != '*')
		value = with_slash(value, a);
	r.text = spell(value, true, true, a);
	if (r.anchored)
		r.text = arena_fmt(a, "%.*s$", STR_ARG(r.text));
	return r;
}

/* Takes the literal before the next * off *pattern. False: it was the last. */
static bool take_literal(struct str *pattern, struct str *ret)
{
	ptrdiff_t star = str_find_char(*pattern, '*');

	*ret = star < 0 ? *pattern : str_sub(*pattern, 0, (size_t)star);
	*pattern = star < 0 ? STR("") : str_sub(*pattern, (size_t)star + 1, pattern->n);
	return star >= 0;
}

/* The first place of each literal will do: what is left for the others is never
 * less than with a later one. So nothing is ever tried twice. */
static bool matches(const struct robots_rule *r, struct str text)
{
	struct str pattern = str_sub(r->text, 0, r->text.n - r->anchored), literal;
	bool more = take_literal(&pattern, &literal);
	ptrdiff_t at;

	if (!str_starts(text, literal))
		return false;
	text = str_sub(text, literal.n, text.n);
	if (!more)
		return !r->anchored || text.n == 0;
	while (take_literal(&pattern, &literal)) {
		at = str_find(text, literal);
		if (at < 0)
			return false;
		text = str_sub(text, (size_t)at + literal.n, text.n);
	}
	return r->anchored ? str_ends(text, literal) : str_find(text, literal) >= 0;
}

bool robots_rule_match(const struct robots_rule *r, const struct robots_target *t)
{
	if (matches(r, t->text))
		return true;
	return t->loose.p != t->text.p && matches(r, t->loose);
}

int robots_rule_order(const void *a, const void *b)
{
	const struct robots_rule *x = a, *y = b;

	if (x->text.n != y->text.n)
		return x->text.n > y->text.n ? -1 : 1;
	if (x->allow != y->allow)
		return x->allow ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}
