#include "extractor/extract_prescan.h"

#include <string.h>

/* HTML's ASCII whitespace; of `/`, too, where tags have it. */
static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool is_letter(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static struct str skip_space(struct str s)
{
	while (s.n && is_space(s.p[0]))
		s = str_sub(s, 1, s.n);
	return s;
}

static ptrdiff_t find_nocase(struct str s, struct str part)
{
	for (size_t i = 0; i + part.n <= s.n; i++)
		if (str_eq_nocase(str_sub(s, i, part.n), part))
			return (ptrdiff_t)i;
	return -1;
}

/* What follows the equals sign; an opening quote needs its closing one. */
static struct str value_of(struct str s)
{
	struct str none = { 0 };
	ptrdiff_t end;
	size_t n = 0;

	s = skip_space(s);
	if (s.n && (s.p[0] == '"' || s.p[0] == '\'')) {
		end = str_find_char(str_sub(s, 1, s.n), s.p[0]);
		return end < 0 ? none : str_sub(s, 1, (size_t)end);
	}
	while (n < s.n && !is_space(s.p[n]) && s.p[n] != ';')
		n++;
	return n ? str_sub(s, 0, n) : none;
}

struct str extract_prescan_charset(struct str s)
{
	struct str none = { 0 };
	ptrdiff_t at;

	while ((at = find_nocase(s, STR("charset"))) >= 0) {
		s = skip_space(str_sub(s, (size_t)at + 7, s.n));
		if (s.n && s.p[0] == '=')
			return value_of(str_sub(s, 1, s.n));
	}
	return none;
}

struct attribute {
	struct str name, value;
};

/* Of the quoted value whose quote `s` begins with. */
static bool take_quoted(struct str *s, struct str *ret)
{
	ptrdiff_t end = str_find_char(str_sub(*s, 1, s->n), s->p[0]);

	if (end < 0)
		return false;
	*ret = str_sub(*s, 1, (size_t)end);
	*s = str_sub(*s, (size_t)end + 2, s->n);
	return true;
}

static struct str take_bare(struct str *s)
{
	struct str value;
	size_t n = 0;

	while (n < s->n && !is_space(s->p[n]) && s->p[n] != '>')
		n++;
	value = str_sub(*s, 0, n);
	*s = str_sub(*s, n, s->n);
	return value;
}

static struct str take_name(struct str *s)
{
	struct str name;
	size_t n = 0;

	/* an equals sign at the very start is of the name */
	while (n < s->n && !is_space(s->p[n]) && s->p[n] != '/' && s->p[n] != '>' &&
	       (s->p[n] != '=' || n == 0))
		n++;
	name = str_sub(*s, 0, n);
	*s = str_sub(*s, n, s->n);
	return name;
}

/* "get an attribute"; false at the end of the tag, or of what there is. */
static bool take_attribute(struct str *s, struct attribute *ret)
{
	*ret = (struct attribute){ .value = STR("") };
	while (s->n && (is_space(s->p[0]) || s->p[0] == '/'))
		*s = str_sub(*s, 1, s->n);
	if (!s->n || s->p[0] == '>')
		return false;
	ret->name = take_name(s);
	*s = skip_space(*s);
	if (!s->n || s->p[0] != '=')
		return true;
	*s = skip_space(str_sub(*s, 1, s->n));
	if (!s->n)
		return false;
	if (s->p[0] == '"' || s->p[0] == '\'') {
		/* what never ends is cut off by where the looking ends */
		if (!take_quoted(s, &ret->value))
			*s = str_sub(*s, s->n, 0);
		return ret->value.p != NULL && s->n;
	}
	ret->value = take_bare(s);
	return s->n > 0;
}

/* What the attributes of a <meta> say; the first of a name counts. */
struct meta {
	bool type, content, http_equiv, charset; /* seen; type: is about the content type */
	int pragma;				 /* is needed: 1, not: 0, not said: -1 */
	bool named;				 /* says something */
	const struct extract_encoding *encoding; /* what, if it is one */
};

static void heed(struct meta *m, const struct attribute *at)
{
	struct str charset;

	if (str_eq_nocase(at->name, STR("http-equiv")) && !m->http_equiv) {
		m->http_equiv = true;
		m->type = str_eq_nocase(at->value, STR("content-type"));
	} else if (str_eq_nocase(at->name, STR("content")) && !m->content) {
		m->content = true;
		charset = extract_prescan_charset(at->value);
		if (!charset.p || m->named || !extract_label(charset))
			return;
		m->named = true;
		m->encoding = extract_label(charset);
		m->pragma = 1;
	} else if (str_eq_nocase(at->name, STR("charset")) && !m->charset) {
		m->charset = true;
		m->named = true;
		m->encoding = extract_label(at->value);
		m->pragma = 0;
	}
}

static const struct extract_encoding *read_meta(struct str *s)
{
	struct meta m = { .pragma = -1 };
	struct attribute at;

	while (take_attribute(s, &at))
		heed(&m, &at);
	if (!s->n || m.pragma < 0 || (m.pragma && !m.type))
		return NULL;
	if (m.encoding && strncmp(m.encoding->name, "UTF-16", 6) == 0)
		return extract_label(STR("utf-8"));
	return m.encoding;
}

static bool starts_nocase(struct str s, struct str with)
{
	return str_eq_nocase(str_sub(s, 0, with.n), with);
}

/* Behind what `part` ends; the end of `s` if there is none. */
static struct str behind(struct str s, struct str part)
{
	ptrdiff_t at = str_find(s, part);

	return at < 0 ? str_sub(s, s.n, 0) : str_sub(s, (size_t)at + part.n, s.n);
}

/* Over the attributes of another tag, whose values may look like one. */
static struct str skip_tag(struct str s)
{
	struct attribute at;
	size_t n = 0;

	while (n < s.n && !is_space(s.p[n]) && s.p[n] != '>')
		n++;
	s = str_sub(s, n, s.n);
	while (take_attribute(&s, &at))
		;
	return s;
}

const struct extract_encoding *extract_prescan(struct str body)
{
	const struct extract_encoding *found = NULL;
	struct str s = str_sub(body, 0, EXTRACT_PRESCAN_BYTES);
	ptrdiff_t at;

	while (!found && (at = str_find_char(s, '<')) >= 0) {
		s = str_sub(s, (size_t)at, s.n);
		if (str_starts(s, STR("<!--"))) {
			/* its dashes may be those of the end, too */
			s = behind(str_sub(s, 2, s.n), STR("-->"));
		} else if (starts_nocase(s, STR("<meta")) && s.n > 5 &&
			   (is_space(s.p[5]) || s.p[5] == '/')) {
			s = str_sub(s, 6, s.n);
			found = read_meta(&s);
		} else if (s.n > 2 && is_letter(s.p[s.p[1] == '/' ? 2 : 1])) {
			s = skip_tag(str_sub(s, 1, s.n));
		} else if (s.n > 1 && strchr("!/?", s.p[1])) {
			s = behind(s, STR(">"));
		} else {
			s = str_sub(s, 1, s.n);
		}
	}
	return found;
}
