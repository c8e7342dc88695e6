#include "extractor/extract_want.h"

void extract_want_attribute(struct extract_want *w, struct str name)
{
	for (int i = 0; i < w->n_attrs; i++)
		if (str_eq(w->attrs[i], name))
			return;
	if (w->n_attrs == EXTRACT_WANT_NAMES)
		w->all = true;
	else
		w->attrs[w->n_attrs++] = name;
}

static void look_at(struct extract_want *w, const struct css_chain *c, bool content)
{
	/* The context itself, which is nothing that a start tag could tell: the page, or what
	 * another selector finds. */
	if (c->part[c->n - 1].scope) {
		w->elements |= !w->within;
		w->context |= content;
	}
	for (int k = 0; k < c->n; k++) {
		w->siblings |= c->part[k].joint == '+' || c->part[k].joint == '~';
		for (int i = 0; i < c->part[k].n_tests; i++) {
			const struct css_test *t = &c->part[k].test[i];

			if (t->kind == CSS_NTH)
				w->siblings = true;
			else
				extract_want_attribute(w, t->name);
		}
	}
}

/* `element`: for an element without ::text or ::attr(). */
static bool takes_text(const struct extract_plain *p, bool element)
{
	if (p->kind == PLAIN_ATTRIBUTES || p->list.tail == CSS_TAIL_ATTR)
		return false;
	return element || p->kind == PLAIN_TEXTS || p->list.tail == CSS_TAIL_TEXT;
}

void extract_want_selector(struct extract_want *w, const struct extract_plain *p, bool content)
{
	if (!p || w->n == EXTRACT_WANT_SELECTORS) {
		w->all = true;
		return;
	}
	content = takes_text(p, content);
	for (int i = 0; i < p->list.n; i++)
		look_at(w, &p->list.chain[i], content);
	if (p->attr.n)
		extract_want_attribute(w, p->attr);
	w->sel[w->n].plain = p;
	w->sel[w->n++].content = content;
}

/* What it is once references are resolved is not known here; an attribute without a
 * value has one for libxml2. */
static bool may_fit(const struct css_test *t, struct str value)
{
	return !value.p || str_find_char(value, '&') >= 0 || extract_plain_value_fits(t, value);
}

/* One of them, where a name stands twice. */
static bool has(const struct extract_want_attr *attr, int n, struct str name,
		const struct css_test *t)
{
	for (int i = 0; i < n; i++)
		if (extract_want_is(attr[i].name, name) && (!t || may_fit(t, attr[i].value)))
			return true;
	return false;
}

static bool may_be(const struct css_compound *c, struct str name,
		   const struct extract_want_attr *attr, int n)
{
	if (c->name.p[0] != '*' && !extract_want_is(name, c->name))
		return false;
	for (int i = 0; i < c->n_tests; i++)
		if (c->test[i].kind != CSS_NTH && !has(attr, n, c->test[i].name, &c->test[i]))
			return false;
	return true;
}

static bool may_find(const struct extract_plain *p, struct str name,
		     const struct extract_want_attr *attr, int n)
{
	if (p->kind == PLAIN_ATTRIBUTES && !has(attr, n, p->attr, NULL))
		return false;
	for (int i = 0; i < p->list.n; i++) {
		const struct css_chain *c = &p->list.chain[i];

		if (may_be(&c->part[c->n - 1], name, attr, n))
			return true;
	}
	return false;
}

enum extract_want_what extract_want_tag(const struct extract_want *w, struct str name,
					const struct extract_want_attr *attr, int n)
{
	enum extract_want_what what = EXTRACT_WANT_NOTHING;

	/* a prefix is libxml2's to understand */
	if (str_find_char(name, ':') >= 0)
		return EXTRACT_WANT_CONTENT;
	if (extract_want_is(name, STR("base")))
		what = EXTRACT_WANT_ELEMENT;
	for (int i = 0; i < w->n; i++) {
		if (what && !w->sel[i].content)
			continue;
		if (!may_find(w->sel[i].plain, name, attr, n))
			continue;
		if (w->sel[i].content)
			return EXTRACT_WANT_CONTENT;
		what = EXTRACT_WANT_ELEMENT;
	}
	return what;
}
