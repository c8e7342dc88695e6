#include "extractor/extract_css_parse.h"

#include <ctype.h>
#include <string.h>

/* Names that XPath can spell; others are compared as text. */
static bool plain_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x80 && !isalnum((unsigned char)s.p[i]) &&
		    s.p[i] != '-' && s.p[i] != '_')
			return false;
	return s.n && !isdigit((unsigned char)s.p[0]) && s.p[0] != '-';
}

static struct str lower(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		p[i] = (char)tolower((unsigned char)s.p[i]);
	p[s.n] = 0;
	return (struct str){ p, s.n };
}

void extract_css_note(struct css_compound *c, struct arena *a, struct css_test test)
{
	if (!c->test)
		c->test = arena_array(a, CSS_MOST_TESTS, sizeof(*c->test));
	if (c->n_tests == CSS_MOST_TESTS)
		c->other = true;
	else
		c->test[c->n_tests++] = test;
}

static bool has_space(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (strchr(" \t\r\n", s.p[i]))
			return true;
	return false;
}

/* What put_match says, for the walk. Values for which XPath means something odd are
 * left to it. */
static void note_match(struct css_reader *r, struct css_compound *c, struct str name, char op,
		       bool fold, struct str value)
{
	static const struct {
		char op;
		enum css_test_kind kind;
	} kinds[] = {
		{ .op = '=', .kind = CSS_EQUALS }, { .op = '~', .kind = CSS_WORD },
		{ .op = '^', .kind = CSS_STARTS }, { .op = '$', .kind = CSS_ENDS },
		{ .op = '*', .kind = CSS_PART },   { .op = '|', .kind = CSS_DASH },
	};
	struct css_test t = { .fold = fold, .name = name, .value = value };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (kinds[i].op == op)
			t.kind = kinds[i].kind;
	if ((!value.n && (op != '=' || fold)) || (op == '~' && has_space(value)))
		c->other = true;
	else
		extract_css_note(c, r->a, t);
}

/* `name` is in lower case. */
static void put_attribute(struct str name, struct buf *to)
{
	if (plain_name(name)) {
		buf_add_char(to, '@');
		buf_add(to, name);
		return;
	}
	buf_add_text(to, "@*[name()=");
	extract_css_quote(name, to);
	buf_add_char(to, ']');
}

/* Tests an attribute `name` against `value`. */
static void put_match(struct str name, char op, bool fold, struct str value, struct buf *to)
{
	struct buf left, right;
	const char *l, *v;

	buf_init(&left, EXTRACT_CSS_ROOM);
	buf_init(&right, EXTRACT_CSS_ROOM);
	if (fold)
		buf_add_text(&left, "translate(");
	put_attribute(name, &left);
	if (fold)
		buf_add_text(&left, ",'ABCDEFGHIJKLMNOPQRSTUVWXYZ','abcdefghijklmnopqrstuvwxyz')");
	extract_css_quote(value, &right);
	l = buf_str(&left).p;
	v = buf_str(&right).p;
	if (strchr("~^$*", op) && !value.n)
		buf_add_text(to, "false()");
	else if (op == '=')
		buf_fmt(to, "%s=%s", l, v);
	else if (op == '^')
		buf_fmt(to, "starts-with(%s,%s)", l, v);
	else if (op == '*')
		buf_fmt(to, "contains(%s,%s)", l, v);
	else if (op == '~')
		buf_fmt(to, "contains(concat(' ',normalize-space(%s),' '),concat(' ',%s,' '))", l,
			v);
	else if (op == '|')
		buf_fmt(to, "%s=%s or starts-with(%s,concat(%s,'-'))", l, v, l, v);
	else
		buf_fmt(to, "substring(%s,string-length(%s)-string-length(%s)+1)=%s", l, l, v, v);
	buf_done(&left);
	buf_done(&right);
}

static bool read_attribute(struct css_reader *r, struct css_compound *c, struct buf *to)
{
	struct str name, value;
	bool fold = false;
	char op = '=';

	extract_css_space(r);
	if (!extract_css_name(r, "an attribute's name", &name))
		return false;
	name = lower(r->a, name);
	extract_css_space(r);
	buf_add_char(to, '[');
	if (extract_css_take(r, ']')) {
		put_attribute(name, to);
		buf_add_char(to, ']');
		extract_css_note(c, r->a, (struct css_test){ .kind = CSS_HAS, .name = name });
		return true;
	}
	if (extract_css_peek(r) > 0 && strchr("~|^$*", extract_css_peek(r)))
		op = r->text.p[r->at++];
	if (!extract_css_take(r, '='))
		return extract_css_fail(r, "expected ], = or one of ~= |= ^= $= *=");
	extract_css_space(r);
	if (!extract_css_string(r, "a value (in quotes unless it is a name)", &value))
		return false;
	extract_css_space(r);
	if (extract_css_take(r, 'i') || extract_css_take(r, 'I')) {
		fold = true;
		extract_css_space(r);
	}
	if (!extract_css_take(r, ']'))
		return extract_css_fail(r, "expected ]");
	if (fold)
		value = lower(r->a, value);
	put_match(name, op, fold, value, to);
	buf_add_char(to, ']');
	note_match(r, c, name, op, fold, value);
	return true;
}

static bool read_word(struct css_reader *r, struct css_compound *c, char mark, struct buf *to)
{
	struct str name = mark == '.' ? STR("class") : STR("id"), word;
	char op = mark == '.' ? '~' : '=';

	if (!extract_css_name(r, mark == '.' ? "a class" : "an id", &word))
		return false;
	buf_add_char(to, '[');
	put_match(name, op, false, word, to);
	buf_add_char(to, ']');
	note_match(r, c, name, op, false, word);
	return true;
}

static bool read_tests(struct css_reader *r, struct css_compound *c, struct buf *to, bool *ret_any)
{
	bool ok = true;

	while (ok) {
		/* `::` begins the tail, which is the list's business */
		if (str_starts(str_sub(r->text, r->at, 2), STR("::")))
			return true;
		if (extract_css_take(r, '.'))
			ok = read_word(r, c, '.', to);
		else if (extract_css_take(r, '#'))
			ok = read_word(r, c, '#', to);
		else if (extract_css_take(r, '['))
			ok = read_attribute(r, c, to);
		else if (extract_css_take(r, ':'))
			ok = extract_css_pseudo(r, c, to);
		else
			return true;
		*ret_any = true;
	}
	return false;
}

static bool read_name(struct css_reader *r, struct css_compound *c, struct buf *to, bool *ret_any)
{
	struct str name;
	int first = extract_css_peek(r);

	c->name = STR("*");
	if (extract_css_take(r, '*')) {
		*ret_any = true;
	} else if (first == '\\' || first == '_' || first >= 0x80 ||
		   (first > 0 && isalnum(first))) {
		if (!extract_css_name(r, "an element's name", &name))
			return false;
		*ret_any = true;
		if (plain_name(name)) {
			c->name = lower(r->a, name);
		} else {
			buf_add_text(to, "[name()=");
			extract_css_quote(lower(r->a, name), to);
			buf_add_char(to, ']');
			c->other = true;
		}
	}
	if (extract_css_peek(r) == '|')
		return extract_css_fail(r, "HTML has no namespaces");
	return true;
}

static bool read_compound(struct css_reader *r, struct css_compound *c)
{
	struct buf to;
	bool any = false, ok;

	buf_init(&to, EXTRACT_CSS_ROOM);
	ok = read_name(r, c, &to, &any) && read_tests(r, c, &to, &any);
	if (ok && !any && str_starts(str_sub(r->text, r->at, 2), STR("::")))
		c->scope = any = true;
	if (ok && !any)
		ok = extract_css_fail(r, extract_css_peek(r) < 0 ? "the selector ends too early"
								 : "expected a selector");
	/* self::* would not hold for the document, which is no element */
	if (c->scope && str_is(c->name, "*"))
		c->name = STR("node()");
	if (ok && to.full)
		ok = extract_css_fail(r, "the selector is too long");
	if (ok)
		c->tests = arena_str(r->a, buf_str(&to));
	buf_done(&to);
	return ok;
}

/* What joins two compounds, or 0 when the chain ends here. */
static char read_joint(struct css_reader *r, bool first)
{
	bool space = extract_css_space(r);
	int c = extract_css_peek(r);

	if (c == '>' || c == '+' || c == '~') {
		r->at++;
		extract_css_space(r);
		return (char)c;
	}
	if (first || c < 0 || c == ',' || c == ')' || !space)
		return 0;
	return ' ';
}

static bool read_chain(struct css_reader *r, struct css_chain *ret)
{
	struct css_compound *c;
	char joint = read_joint(r, true);
	size_t from;

	ret->part = arena_array(r->a, CSS_MOST_PARTS, sizeof(*ret->part));
	do {
		if (ret->n == CSS_MOST_PARTS)
			return extract_css_fail(r, "more than %d steps", CSS_MOST_PARTS);
		c = &ret->part[ret->n++];
		c->joint = joint;
		from = r->at;
		if (!read_compound(r, c))
			return false;
		if (c->scope && (ret->n > 1 || joint)) {
			r->at = from;
			return extract_css_fail(r, "the item itself can only stand first");
		}
		if (str_starts(str_sub(r->text, r->at, 2), STR("::")))
			return true;
		joint = read_joint(r, false);
	} while (joint && !r->bad);
	return !r->bad;
}

static bool read_tail(struct css_reader *r, struct css_list *list)
{
	enum extract_css_tail tail = CSS_TAIL_NONE;
	struct str name, attr = { 0 };

	if (str_starts(str_sub(r->text, r->at, 2), STR("::"))) {
		r->at += 2;
		if (r->depth)
			return extract_css_fail(r, "no :: within parentheses");
		if (!extract_css_name(r, "text or attr(name)", &name))
			return false;
		if (str_is(name, "text")) {
			tail = CSS_TAIL_TEXT;
		} else if (str_is(name, "attr") && extract_css_take(r, '(')) {
			tail = CSS_TAIL_ATTR;
			extract_css_space(r);
			if (!extract_css_string(r, "an attribute's name", &attr))
				return false;
			if (!attr.n)
				return extract_css_fail(r, "expected an attribute's name");
			attr = lower(r->a, attr);
			extract_css_space(r);
			if (!extract_css_take(r, ')'))
				return extract_css_fail(r, "expected )");
		} else {
			return extract_css_fail(r, "after :: stands text or attr(name)");
		}
	}
	extract_css_space(r);
	if (list->n > 1 && (tail != list->tail || !str_eq(attr, list->attr)))
		return extract_css_fail(r,
					"all parts of a list end in the same ::text or ::attr()");
	list->tail = tail;
	list->attr = attr;
	return !r->bad;
}

static void need_attribute(struct css_reader *r, struct css_list *list)
{
	struct css_compound *c;
	struct buf to;

	for (int i = 0; i < list->n; i++) {
		c = &list->chain[i].part[list->chain[i].n - 1];
		buf_init(&to, EXTRACT_CSS_ROOM);
		buf_add(&to, c->tests);
		buf_add_char(&to, '[');
		put_attribute(list->attr, &to);
		buf_add_char(&to, ']');
		c->tests = arena_str(r->a, buf_str(&to));
		buf_done(&to);
		extract_css_note(c, r->a, (struct css_test){ .kind = CSS_HAS, .name = list->attr });
	}
}

bool extract_css_parse_list(struct css_reader *r, struct css_list *list)
{
	list->chain = arena_array(r->a, CSS_MOST_CHAINS, sizeof(*list->chain));
	do {
		if (list->n == CSS_MOST_CHAINS)
			return extract_css_fail(r, "more than %d parts in a list", CSS_MOST_CHAINS);
		if (!read_chain(r, &list->chain[list->n++]) || !read_tail(r, list))
			return false;
	} while (extract_css_take(r, ','));
	if (list->tail == CSS_TAIL_ATTR)
		need_attribute(r, list);
	return true;
}

/* XPath, which is XML, cannot hold it. */
static bool is_control(char c)
{
	return (unsigned char)c < ' ' && c != '\t' && c != '\n' && c != '\r';
}

enum err extract_css_parse(struct str selector, struct arena *a, struct css_list *ret,
			   struct reason *why)
{
	struct css_reader r = { .text = selector, .a = a, .why = why };

	if (selector.n > EXTRACT_CSS_MOST)
		return reason_set(why, ERR_BAD, "longer than %d bytes", EXTRACT_CSS_MOST);
	for (size_t i = 0; i < selector.n; i++)
		if (is_control(selector.p[i]))
			return reason_set(why, ERR_BAD, "column %zu: a control character", i + 1);
	if (extract_css_parse_list(&r, ret) && r.at < r.text.n)
		extract_css_fail(&r, "unexpected `%c`", r.text.p[r.at]);
	return r.bad ? ERR_BAD : ERR_OK;
}
