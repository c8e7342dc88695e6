#include "extractor/extract_trim.h"

#include "extractor/extract_open.h"

#include <string.h>
#include <strings.h>

#define MOST_NAME 90 /* libxml2 cuts names of more than 100 bytes */

struct cutter {
	const struct extract_want *w;
	const char *at, *end; /* what is not copied yet */
	char *to;
	struct extract_open open;
	struct extract_want_attr attr[EXTRACT_TRIM_MOST_ATTRIBUTES + 1]; /* of a tag */
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

static bool is_wanted(const struct extract_want *w, struct str name)
{
	for (int i = 0; i < w->n_attrs; i++)
		if (extract_want_is(name, w->attrs[i]))
			return true;
	return false;
}

/* A start tag as it was read. */
struct tag {
	struct str name;
	const char *end; /* behind the > */
	bool empty;	 /* ends in /> */
	int n_attr;	 /* of those of the cutter */
};

/* `s` without the = and the quotes around it. */
static struct str value_in(const char *p, const char *end)
{
	p = skip_space(p + 1, end);
	if (*p == '"' || *p == '\'')
		return (struct str){ p + 1, (size_t)(end - p) - 2 };
	return (struct str){ p, (size_t)(end - p) };
}

/* Copies the tag's attributes that stay and reads up to its end; false: not written
 * as it should be. */
static bool cut_attributes(struct cutter *c, const char *p, struct tag *tag)
{
	bool all = extract_want_is(tag->name, STR("meta"));

	for (int n = 0; n <= EXTRACT_TRIM_MOST_ATTRIBUTES; n++) {
		const char *space = p, *begin, *value;
		struct extract_want_attr attr = { 0 };

		p = begin = skip_space(p, c->end);
		if (p < c->end && *p == '>') {
			tag->end = p + 1;
			return true;
		}
		if (c->end - p >= 2 && p[0] == '/' && p[1] == '>') {
			tag->empty = true;
			tag->end = p + 2;
			return true;
		}
		p = skip_name(p, c->end);
		if (!p || begin == space)
			return false;
		attr.name = (struct str){ begin, (size_t)(p - begin) };
		value = skip_space(p, c->end);
		if (value < c->end && *value == '=') {
			p = skip_value(skip_space(value + 1, c->end), c->end);
			if (!p)
				return false;
			attr.value = value_in(value, p);
		}
		if (!is_wanted(c->w, attr.name) && !all)
			continue;
		put_text(c, " ");
		put(c, begin, p);
		c->attr[tag->n_attr++] = attr;
	}
	return false;
}

/* What libxml2 takes for the end of a script: </scripting, too. */
static bool ends_script(const struct tag *tag, const char *p, const char *end)
{
	return (size_t)(end - p) > 2 + tag->name.n && p[1] == '/' &&
	       strncasecmp(p + 2, tag->name.p, tag->name.n) == 0;
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
	behind = skip_space(p + 2 + tag->name.n, c->end);
	if (behind == c->end || *behind != '>')
		return false;
	if (extract_want_tag(c->w, tag->name, c->attr, tag->n_attr) == EXTRACT_WANT_CONTENT)
		put(c, c->at, p);
	c->at = p;
	return true;
}

static bool cut_start_tag(struct cutter *c)
{
	struct tag tag = { .name = { c->at + 1, 0 } };
	const char *p = skip_name(tag.name.p, c->end);
	struct extract_open_tag open = { .attr = c->attr, .start = c->to };

	if (!p)
		return false;
	tag.name.n = (size_t)(p - tag.name.p);
	put(c, c->at, p);
	if (!cut_attributes(c, p, &tag)) {
		c->to = open.start;
		return false;
	}
	/* or else the / would be of an unquoted value */
	put_text(c, tag.empty ? " />" : ">");
	c->at = tag.end;
	open.name = tag.name;
	open.n_attr = tag.n_attr;
	open.empty = tag.empty;
	c->to = extract_open_start(&c->open, &open, c->to);
	if (tag.empty ||
	    !(extract_want_is(tag.name, STR("script")) || extract_want_is(tag.name, STR("style"))))
		return true;
	return cut_script(c, &tag);
}

static bool cut_end_tag(struct cutter *c)
{
	const char *name = c->at + 2, *p = skip_name(name, c->end), *behind;
	bool written;

	if (!p)
		return false;
	behind = skip_space(p, c->end);
	if (behind == c->end || *behind != '>')
		return false;
	c->to = extract_open_end(&c->open, (struct str){ name, (size_t)(p - name) }, c->to,
				 &written);
	if (written)
		put(c, c->at, behind + 1);
	c->at = behind + 1;
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
	if (!extract_open_drops(&c->open))
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

static void cut_text(struct cutter *c, const char *end)
{
	extract_open_text(&c->open, (struct str){ c->at, (size_t)(end - c->at) });
	if (!extract_open_drops(&c->open))
		put(c, c->at, end);
	c->at = end;
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
	cut_text(c, c->at + 1);
	return true;
}

struct str extract_trim(const struct extract_want *w, struct str html, struct arena *a)
{
	struct cutter c;
	const char *open;
	char *began;

	if (w->all)
		return html;
	c.w = w;
	c.at = html.p;
	c.end = html.p + html.n;
	/* a tag without blanks gets one before its /> */
	began = c.to = arena_alloc(a, html.n + html.n / 3 + 16);
	extract_open_init(&c.open, w);
	while ((open = memchr(c.at, '<', (size_t)(c.end - c.at)))) {
		cut_text(&c, open);
		if (!cut(&c))
			break;
	}
	put(&c, c.at, c.end);
	*c.to = 0;
	return (struct str){ began, (size_t)(c.to - began) };
}
