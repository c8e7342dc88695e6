/* The XPath that says what CSS says: steps by // and /, tests of attributes,
 * text() or @name at the end. */
#include "extractor/extract_plain.h"

#include <ctype.h>
#include <string.h>

struct reader {
	struct str text;
	size_t at;
	struct arena *a;
};

static void space(struct reader *r)
{
	while (r->at < r->text.n && r->text.p[r->at] && strchr(" \t\r\n", r->text.p[r->at]))
		r->at++;
}

/* Takes `word` and the white space before it. */
static bool take(struct reader *r, const char *word)
{
	space(r);
	if (!str_starts(str_sub(r->text, r->at, r->text.n), str_of(word)))
		return false;
	r->at += strlen(word);
	return true;
}

static bool name(struct reader *r, struct str *ret)
{
	size_t from;

	space(r);
	from = r->at;
	while (r->at < r->text.n &&
	       (isalnum((unsigned char)r->text.p[r->at]) || strchr("-_", r->text.p[r->at])) &&
	       r->text.p[r->at])
		r->at++;
	if (r->at == from || !(isalpha((unsigned char)r->text.p[from]) || r->text.p[from] == '_'))
		return false;
	*ret = arena_str(r->a, str_sub(r->text, from, r->at - from));
	return true;
}

static bool string(struct reader *r, struct str *ret)
{
	struct str rest;
	ptrdiff_t end;
	char quote;

	space(r);
	rest = str_sub(r->text, r->at, r->text.n);
	if (!rest.n || !strchr("'\"", rest.p[0]))
		return false;
	quote = rest.p[0];
	end = str_find_char(str_sub(rest, 1, rest.n), quote);
	if (end < 0)
		return false;
	*ret = arena_str(r->a, str_sub(rest, 1, (size_t)end));
	r->at += (size_t)end + 2;
	return true;
}

/* contains(concat(' ', normalize-space(@class), ' '), ' price '), after contains( */
static bool read_word(struct reader *r, struct css_test *t)
{
	struct str s;

	if (!take(r, "concat") || !take(r, "(") || !string(r, &s) || !str_is(s, " ") ||
	    !take(r, ",") || !take(r, "normalize-space") || !take(r, "(") || !take(r, "@") ||
	    !name(r, &t->name) || !take(r, ")") || !take(r, ",") || !string(r, &s) ||
	    !str_is(s, " ") || !take(r, ")") || !take(r, ",") || !string(r, &s))
		return false;
	if (s.n < 3 || s.p[0] != ' ' || s.p[s.n - 1] != ' ')
		return false;
	t->kind = CSS_WORD;
	t->value = arena_str(r->a, str_sub(s, 1, s.n - 2));
	for (size_t i = 0; i < t->value.n; i++)
		if (isspace((unsigned char)t->value.p[i]))
			return false;
	return true;
}

/* After contains( or starts-with( */
static bool read_part(struct reader *r, enum css_test_kind kind, struct css_test *t)
{
	t->kind = kind;
	return take(r, "@") && name(r, &t->name) && take(r, ",") && string(r, &t->value) &&
	       t->value.n > 0;
}

/* After the [ */
static bool read_test(struct reader *r, struct css_test *t)
{
	size_t from;
	bool ok;

	if (take(r, "@")) {
		t->kind = CSS_HAS;
		if (!name(r, &t->name))
			return false;
		if (take(r, "=")) {
			t->kind = CSS_EQUALS;
			return string(r, &t->value);
		}
		return true;
	}
	if (take(r, "starts-with"))
		return take(r, "(") && read_part(r, CSS_STARTS, t) && take(r, ")");
	if (!take(r, "contains") || !take(r, "("))
		return false;
	from = r->at;
	ok = read_part(r, CSS_PART, t);
	if (!ok) {
		r->at = from;
		ok = read_word(r, t);
	}
	return ok && take(r, ")");
}

static bool read_step(struct reader *r, struct css_compound *c)
{
	c->name = STR("*");
	if (!take(r, "*") && !name(r, &c->name))
		return false;
	while (take(r, "[")) {
		struct css_test t = { .kind = CSS_HAS };

		if (!read_test(r, &t) || !take(r, "]"))
			return false;
		extract_css_note(c, r->a, t);
	}
	return !c->other;
}

/* What stands after the last step's slash. */
static bool read_end(struct reader *r, struct extract_plain *p)
{
	if (take(r, "text")) {
		p->kind = PLAIN_TEXTS;
		return take(r, "(") && take(r, ")");
	}
	p->kind = PLAIN_ATTRIBUTES;
	return take(r, "@") && name(r, &p->attr);
}

static bool at_end(struct reader *r, struct extract_plain *p)
{
	size_t from = r->at;

	if (read_end(r, p)) {
		space(r);
		if (r->at == r->text.n)
			return true;
	}
	p->kind = PLAIN_ELEMENTS;
	r->at = from;
	return false;
}

static bool read_steps(struct reader *r, struct extract_plain *p, struct css_chain *c, char joint)
{
	do {
		if (c->n > 1 && joint == '>' && at_end(r, p))
			return true;
		if (c->n == CSS_MOST_PARTS)
			return false;
		c->part[c->n].joint = joint;
		if (!read_step(r, &c->part[c->n++]))
			return false;
		joint = take(r, "//") ? ' ' : '>';
	} while (joint == ' ' || take(r, "/"));
	space(r);
	return r->at == r->text.n;
}

/* The first part of the chain is the context, as :scope of CSS; for an absolute
 * path, that is the page. */
bool extract_plain_xpath(struct str expr, struct arena *a, struct extract_plain *ret)
{
	struct reader r = { .text = expr, .a = a };
	struct extract_plain p = { .inside = true };
	struct css_chain *c = arena_array(a, 1, sizeof(*c));
	char joint = ' ';

	c->part = arena_array(a, CSS_MOST_PARTS, sizeof(*c->part));
	c->part[0] = (struct css_compound){ .scope = true, .name = STR("node()") };
	c->n = 1;
	p.list = (struct css_list){ .chain = c, .n = 1 };
	p.absolute = !take(&r, ".");
	if (!take(&r, "//")) {
		if (p.absolute || !take(&r, "/"))
			return false;
		joint = '>';
	}
	if (!read_steps(&r, &p, c, joint))
		return false;
	*ret = p;
	return true;
}
