#include "extractor/extract_trim.h"

#include <string.h>
#include <strings.h>

#define MOST_NAME 90 /* libxml2 cuts names of more than 100 bytes */

void extract_trim_attribute(struct extract_trim *t, struct str name)
{
	for (int i = 0; i < t->n_attrs; i++)
		if (str_eq(t->attrs[i], name))
			return;
	if (t->n_attrs == EXTRACT_TRIM_MOST_NAMES)
		t->all = true;
	else
		t->attrs[t->n_attrs++] = name;
}

/* Whether it may find a script by something else than an attribute that is kept: those
 * that have one keep what stands in them. */
static bool may_be_script(const struct css_compound *c)
{
	if (str_is(c->name, "script") || str_is(c->name, "style"))
		return true;
	if (!str_is(c->name, "*"))
		return false;
	for (int i = 0; i < c->n_tests; i++)
		if (c->test[i].kind != CSS_NTH)
			return false;
	return true;
}

void extract_trim_selector(struct extract_trim *t, const struct extract_plain *p)
{
	if (!p) {
		t->all = true;
		return;
	}
	for (int i = 0; i < p->list.n; i++) {
		const struct css_chain *c = &p->list.chain[i];

		t->scripts |= may_be_script(&c->part[c->n - 1]);
		for (int k = 0; k < c->n; k++)
			for (int m = 0; m < c->part[k].n_tests; m++)
				if (c->part[k].test[m].kind != CSS_NTH)
					extract_trim_attribute(t, c->part[k].test[m].name);
	}
	if (p->attr.n)
		extract_trim_attribute(t, p->attr);
}

struct cutter {
	const struct extract_trim *t;
	const char *at, *end; /* what is not copied yet */
	char *to;
};

static void put(struct cutter *c, const char *from, const char *end)
{
	memcpy(c->to, from, (size_t)(end - from));
	c->to += end - from;
}

static void put_text(struct cutter *c, const char *text)
{
	put(c, text, text + strlen(text));
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ':' ||
	       c == '.';
}

static const char *skip_space(const char *p, const char *end)
{
	while (p < end && is_space(*p))
		p++;
	return p;
}

/* Behind the name at `p`, NULL when there is none. */
static const char *skip_name(const char *p, const char *end)
{
	const char *from = p;

	if (p == end || !is_letter(*p))
		return NULL;
	while (p < end && is_name(*p))
		p++;
	return p - from < MOST_NAME ? p : NULL;
}

/* Behind the value at `p`, NULL when it is none or never ends. */
static const char *skip_value(const char *p, const char *end)
{
	const char *from = p;

	if (p == end)
		return NULL;
	if (*p == '"' || *p == '\'') {
		p = memchr(p + 1, *p, (size_t)(end - p - 1));
		return p ? p + 1 : NULL;
	}
	while (p < end && !is_space(*p) && *p != '>') {
		if (strchr("\"'<`=", *p))
			return NULL;
		p++;
	}
	return p > from ? p : NULL;
}

static bool is_wanted(const struct extract_trim *t, const char *name, size_t n)
{
	for (int i = 0; i < t->n_attrs; i++)
		if (t->attrs[i].n == n && strncasecmp(t->attrs[i].p, name, n) == 0)
			return true;
	return false;
}

static bool is_tag(const char *name, size_t n, const char *tag)
{
	return strlen(tag) == n && strncasecmp(name, tag, n) == 0;
}

/* A start tag as it was read. */
struct tag {
	const char *name, *end; /* behind the > */
	size_t name_n;
	bool empty;  /* ends in /> */
	bool wanted; /* has an attribute that is kept */
};

/* Copies the tag's attributes that stay and reads up to its end; false: not written
 * as it should be. */
static bool cut_attributes(struct cutter *c, const char *p, struct tag *tag)
{
	bool all = is_tag(tag->name, tag->name_n, "meta");

	for (int n = 0; n <= EXTRACT_TRIM_MOST_ATTRIBUTES; n++) {
		const char *space = p, *name, *behind, *value;

		p = name = skip_space(p, c->end);
		if (p < c->end && *p == '>') {
			tag->end = p + 1;
			return true;
		}
		if (c->end - p >= 2 && p[0] == '/' && p[1] == '>') {
			tag->empty = true;
			tag->end = p + 2;
			return true;
		}
		p = behind = skip_name(p, c->end);
		if (!p || name == space)
			return false;
		value = skip_space(p, c->end);
		if (value < c->end && *value == '=')
			p = skip_value(skip_space(value + 1, c->end), c->end);
		if (!p)
			return false;
		if (all || is_wanted(c->t, name, (size_t)(behind - name))) {
			put_text(c, " ");
			put(c, name, p);
			tag->wanted = true;
		}
	}
	return false;
}

/* What libxml2 takes for the end of a script: </scripting, too. */
static bool ends_script(const struct tag *tag, const char *p, const char *end)
{
	return (size_t)(end - p) > 2 + tag->name_n && p[1] == '/' &&
	       strncasecmp(p + 2, tag->name, tag->name_n) == 0;
}

/* At what stands in a script or style that was opened: left out up to its end tag. */
static bool cut_script(struct cutter *c, const struct tag *tag)
{
	const char *p = c->at, *behind;

	/* libxml2 looks for tags once before it takes all for text */
	if (c->end - p >= 2 && p[0] == '<' && (is_letter(p[1]) || strchr("_:", p[1])))
		return false;
	if (c->end - p >= 2 && p[0] == '<' && p[1] == '/' && !ends_script(tag, p, c->end))
		return false;
	while ((p = memchr(p, '<', (size_t)(c->end - p))) && !ends_script(tag, p, c->end))
		p++;
	if (!p)
		return false;
	/* or else the script goes on behind that */
	behind = skip_space(p + 2 + tag->name_n, c->end);
	if (behind == c->end || *behind != '>')
		return false;
	if (c->t->scripts || tag->wanted)
		put(c, c->at, p);
	c->at = p;
	return true;
}

static bool cut_start_tag(struct cutter *c)
{
	struct tag tag = { .name = c->at + 1 };
	const char *p = skip_name(tag.name, c->end);
	char *began = c->to;

	if (!p)
		return false;
	tag.name_n = (size_t)(p - tag.name);
	put(c, c->at, p);
	if (!cut_attributes(c, p, &tag)) {
		c->to = began;
		return false;
	}
	/* or else the / would be of an unquoted value */
	put_text(c, tag.empty ? " />" : ">");
	c->at = tag.end;
	if (tag.empty ||
	    !(is_tag(tag.name, tag.name_n, "script") || is_tag(tag.name, tag.name_n, "style")))
		return true;
	return cut_script(c, &tag);
}

static bool cut_end_tag(struct cutter *c)
{
	const char *p = skip_name(c->at + 2, c->end);

	if (!p)
		return false;
	p = skip_space(p, c->end);
	if (p == c->end || *p != '>')
		return false;
	put(c, c->at, p + 1);
	c->at = p + 1;
	return true;
}

/* A comment stays as an empty one, as it parts two texts. */
static bool cut_comment(struct cutter *c)
{
	struct str rest = { c->at + 4, (size_t)(c->end - c->at - 4) }, inside;
	ptrdiff_t at = str_find(rest, STR("-->"));

	if (at < 0)
		return false;
	inside = str_sub(rest, 0, (size_t)at);
	if (str_starts(rest, STR(">")) || str_starts(rest, STR("->")) ||
	    str_find(inside, STR("--!>")) >= 0)
		return false;
	put_text(c, "<!---->");
	c->at += 4 + at + 3;
	return true;
}

static bool cut_doctype(struct cutter *c)
{
	const char *p = memchr(c->at, '>', (size_t)(c->end - c->at));

	if (!p || c->end - c->at < 9 || strncasecmp(c->at, "<!doctype", 9) != 0)
		return false;
	for (const char *q = c->at + 1; q < p; q++)
		if (*q == '"' || *q == '\'' || *q == '[' || *q == '<')
			return false;
	put(c, c->at, p + 1);
	c->at = p + 1;
	return true;
}

/* At a `<`. */
static bool cut(struct cutter *c)
{
	size_t left = (size_t)(c->end - c->at);

	if (left < 2)
		return false;
	if (is_letter(c->at[1]))
		return cut_start_tag(c);
	if (c->at[1] == '/')
		return cut_end_tag(c);
	if (left >= 4 && memcmp(c->at, "<!--", 4) == 0)
		return cut_comment(c);
	if (c->at[1] == '!')
		return cut_doctype(c);
	if (!is_space(c->at[1]) && !(c->at[1] >= '0' && c->at[1] <= '9'))
		return false;
	put(c, c->at, c->at + 1);
	c->at++;
	return true;
}

struct str extract_trim(const struct extract_trim *t, struct str html, struct arena *a)
{
	struct cutter c = { .t = t, .at = html.p, .end = html.p + html.n };
	const char *open;
	char *began;

	if (t->all)
		return html;
	/* a tag without blanks gets one before its /> */
	began = c.to = arena_alloc(a, html.n + html.n / 3 + 16);
	while ((open = memchr(c.at, '<', (size_t)(c.end - c.at)))) {
		put(&c, c.at, open);
		c.at = open;
		if (!cut(&c))
			break;
	}
	put(&c, c.at, c.end);
	*c.to = 0;
	return (struct str){ began, (size_t)(c.to - began) };
}
