#include "extractor/extract_css_parse.h"

#include <ctype.h>
#include <stdlib.h>

/* :nth-child(an+b) and its kin, as position among siblings. */
static bool read_number(struct css_reader *r, int *ret)
{
	int n = 0;

	if (!isdigit(extract_css_peek(r)))
		return extract_css_fail(r, "expected a number");
	while (isdigit(extract_css_peek(r))) {
		n = n * 10 + extract_css_peek(r) - '0';
		if (n > 100000)
			return extract_css_fail(r, "the number is too big");
		r->at++;
	}
	*ret = n;
	return true;
}

static bool take_word(struct css_reader *r, struct str word)
{
	if (!str_eq_nocase(str_sub(r->text, r->at, word.n), word))
		return false;
	r->at += word.n;
	return true;
}

static int read_sign(struct css_reader *r)
{
	if (extract_css_take(r, '-'))
		return -1;
	extract_css_take(r, '+');
	return 1;
}

/* odd, even, 3, n, -n+3, 2n + 1 */
static bool read_nth(struct css_reader *r, int *ret_a, int *ret_b)
{
	int a = 1, b = 0, sign;

	extract_css_space(r);
	if (take_word(r, STR("odd")) || take_word(r, STR("even"))) {
		*ret_a = 2;
		*ret_b = (r->text.p[r->at - 1] | 0x20) == 'd' ? 1 : 0;
		return true;
	}
	sign = read_sign(r);
	if (isdigit(extract_css_peek(r)) && !read_number(r, &a))
		return false;
	if (!take_word(r, STR("n"))) {
		/* a lone sign, or neither digit nor n */
		if (!isdigit(r->at ? r->text.p[r->at - 1] : 0))
			return extract_css_fail(r, "expected odd, even or a formula as 2n+1");
		*ret_a = 0;
		*ret_b = sign * a;
		return true;
	}
	*ret_a = sign * a;
	extract_css_space(r);
	if (extract_css_peek(r) == '+' || extract_css_peek(r) == '-') {
		sign = read_sign(r);
		extract_css_space(r);
		if (!read_number(r, &b))
			return false;
		b *= sign;
	}
	*ret_b = b;
	return true;
}

static void put_nth(int a, int b, const char *axis, struct str name, struct buf *to)
{
	struct buf at;

	buf_init(&at, EXTRACT_CSS_ROOM);
	buf_fmt(&at, "(count(%s::%.*s)+1)", axis, STR_ARG(name));
	if (a == 0)
		buf_fmt(to, "[%s=%d]", at.p, b);
	else if (a > 0)
		buf_fmt(to, "[%s>=%d and (%s - %d) mod %d=0]", at.p, b, at.p, b, a);
	else
		buf_fmt(to, "[%s<=%d and (%d - %s) mod %d=0]", at.p, b, b, at.p, -a);
	buf_done(&at);
}

enum shape { ALONE, NTH, SELECTORS, RELATIVE, WORDS };

struct pseudo {
	const char *name;
	enum shape shape;
	bool of_type;	    /* counts only elements of the same name */
	bool before, after; /* looks at siblings on that side */
	const char *xpath;  /* of those that need no more than that */
};

static const struct pseudo pseudos[] = {
	{ .name = "first-child", .before = true },
	{ .name = "last-child", .after = true },
	{ .name = "only-child", .before = true, .after = true },
	{ .name = "first-of-type", .of_type = true, .before = true },
	{ .name = "last-of-type", .of_type = true, .after = true },
	{ .name = "only-of-type", .of_type = true, .before = true, .after = true },
	{ .name = "nth-child", .shape = NTH, .before = true },
	{ .name = "nth-last-child", .shape = NTH, .after = true },
	{ .name = "nth-of-type", .shape = NTH, .of_type = true, .before = true },
	{ .name = "nth-last-of-type", .shape = NTH, .of_type = true, .after = true },
	{ .name = "empty", .xpath = "[not(*) and not(text())]" },
	{ .name = "root", .xpath = "[not(parent::*)]" },
	{ .name = "scope", .xpath = "" },
	{ .name = "not", .shape = SELECTORS },
	{ .name = "is", .shape = SELECTORS },
	{ .name = "has", .shape = RELATIVE },
	{ .name = "contains", .shape = WORDS },
};

static const struct pseudo *find(struct str name)
{
	for (size_t i = 0; i < sizeof(pseudos) / sizeof(*pseudos); i++)
		if (str_eq_nocase(name, str_of(pseudos[i].name)))
			return &pseudos[i];
	return NULL;
}

static const struct pseudo *nearest(struct str name)
{
	const struct pseudo *best = NULL;
	size_t least = name.n < 6 ? 2 : 4, d;

	for (size_t i = 0; i < sizeof(pseudos) / sizeof(*pseudos); i++) {
		d = str_distance(name, str_of(pseudos[i].name));
		if (d < least) {
			least = d;
			best = &pseudos[i];
		}
	}
	return best;
}

static void note_nth(struct css_reader *r, struct css_compound *c, const struct pseudo *p,
		     bool last, int a, int b)
{
	extract_css_note(c, r->a,
			 (struct css_test){ .kind = CSS_NTH,
					    .of_type = p->of_type,
					    .last = last,
					    .a = a,
					    .b = b,
					    .name = c->name });
}

static void put_alone(const struct pseudo *p, struct str name, struct buf *to)
{
	if (p->before)
		buf_fmt(to, "[not(preceding-sibling::%.*s)]", STR_ARG(name));
	if (p->after)
		buf_fmt(to, "[not(following-sibling::%.*s)]", STR_ARG(name));
	if (p->xpath)
		buf_add_text(to, p->xpath);
}

static bool read_list(struct css_reader *r, const struct pseudo *p, struct buf *to)
{
	struct css_list list = { 0 };
	const struct css_compound *first;

	if (++r->depth > CSS_DEPTH)
		return extract_css_fail(r, "parentheses nest deeper than %d", CSS_DEPTH);
	if (!extract_css_parse_list(r, &list))
		return false;
	r->depth--;
	buf_add_text(to, str_is(str_of(p->name), "not") ? "[not(" : "[(");
	for (int i = 0; i < list.n; i++) {
		first = &list.chain[i].part[0];
		if (p->shape == SELECTORS && (first->joint || first->scope))
			return extract_css_fail(r, "expected a selector that stands alone");
		buf_add_text(to, i ? " or " : "");
		if (p->shape == RELATIVE)
			extract_css_path(&list.chain[i], to);
		else
			extract_css_test(&list.chain[i], "self::", to);
	}
	buf_add_text(to, ")]");
	return true;
}

static bool read_inside(struct css_reader *r, struct css_compound *c, const struct pseudo *p,
			struct str name, struct buf *to)
{
	struct str words;
	int a = 0, b = 0;

	if (p->shape == NTH) {
		if (!read_nth(r, &a, &b))
			return false;
		put_nth(a, b, p->before ? "preceding-sibling" : "following-sibling", name, to);
		note_nth(r, c, p, p->after, a, b);
		return true;
	}
	c->other = true;
	if (p->shape != WORDS)
		return read_list(r, p, to);
	extract_css_space(r);
	if (!extract_css_string(r, "a text", &words))
		return false;
	buf_add_text(to, "[contains(.,");
	extract_css_quote(words, to);
	buf_add_text(to, ")]");
	return true;
}

bool extract_css_pseudo(struct css_reader *r, struct css_compound *c, struct buf *to)
{
	const struct pseudo *p, *near;
	struct str name, sibling = STR("*");
	size_t from = r->at;

	if (!extract_css_name(r, "a pseudo-class", &name))
		return false;
	p = find(name);
	if (!p) {
		near = nearest(name);
		r->at = from;
		return extract_css_fail(r, "unknown pseudo-class `%.*s`%s%s%s", STR_ARG(name),
					near ? "; did you mean `" : "", near ? near->name : "",
					near ? "`?" : "");
	}
	if (p->of_type && str_is(c->name, "*")) {
		r->at = from;
		return extract_css_fail(r, "`%s` needs an element's name before it", p->name);
	}
	if (p->of_type)
		sibling = c->name;
	if (str_is(str_of(p->name), "scope"))
		c->scope = true;
	if (p->shape == ALONE) {
		put_alone(p, sibling, to);
		if (p->before)
			note_nth(r, c, p, false, 0, 1);
		if (p->after)
			note_nth(r, c, p, true, 0, 1);
		c->other |= p->xpath && *p->xpath;
		return true;
	}
	if (!extract_css_take(r, '('))
		return extract_css_fail(r, "expected ( after `%s`", p->name);
	if (!read_inside(r, c, p, sibling, to))
		return false;
	extract_css_space(r);
	return extract_css_take(r, ')') ? true : extract_css_fail(r, "expected )");
}
