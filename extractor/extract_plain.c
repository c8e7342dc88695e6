#include "extractor/extract_plain.h"

#include <string.h>

bool extract_plain_css(const struct css_list *list, struct extract_plain *ret)
{
	*ret = (struct extract_plain){ .list = *list };
	for (int i = 0; i < list->n; i++) {
		const struct css_chain *c = &list->chain[i];
		char first = c->part[c->part[0].scope && c->n > 1].joint;

		/* what stands beside the item is not within it */
		if (first == '+' || first == '~')
			return false;
		ret->inside |= c->part[0].scope || c->part[0].joint;
		for (int k = 0; k < c->n; k++)
			if (c->part[k].other)
				return false;
	}
	return true;
}

/* NULL: no such attribute. */
static const xmlAttr *attribute(const xmlNode *n, struct str name)
{
	const xmlAttr *at = n->type == XML_ELEMENT_NODE ? n->properties : NULL;

	while (at && (at->ns || strcmp((const char *)at->name, name.p) != 0))
		at = at->next;
	return at;
}

/* The HTML parser makes one text of a value. */
static struct str value_of(const xmlAttr *at)
{
	return at->children ? str_of((const char *)at->children->content) : STR("");
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static char folded(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c | 32 : c);
}

/* `t->value` stands at `at` in `s`. */
static bool stands(const struct css_test *t, struct str s, size_t at)
{
	if (at > s.n || s.n - at < t->value.n)
		return false;
	if (!t->fold)
		return memcmp(s.p + at, t->value.p, t->value.n) == 0;
	for (size_t i = 0; i < t->value.n; i++)
		if (folded(s.p[at + i]) != t->value.p[i])
			return false;
	return true;
}

static bool has_word(const struct css_test *t, struct str s)
{
	size_t i = 0, from;

	while (i < s.n) {
		while (i < s.n && is_space(s.p[i]))
			i++;
		for (from = i; i < s.n && !is_space(s.p[i]);)
			i++;
		if (i - from == t->value.n && i > from && stands(t, s, from))
			return true;
	}
	return false;
}

bool extract_plain_value_fits(const struct css_test *t, struct str s)
{
	switch (t->kind) {
	case CSS_EQUALS:
		return s.n == t->value.n && stands(t, s, 0);
	case CSS_WORD:
		return has_word(t, s);
	case CSS_STARTS:
		return stands(t, s, 0);
	case CSS_ENDS:
		return s.n >= t->value.n && stands(t, s, s.n - t->value.n);
	case CSS_PART:
		for (size_t i = 0; i + t->value.n <= s.n; i++)
			if (stands(t, s, i))
				return true;
		return false;
	case CSS_DASH:
		return stands(t, s, 0) && (s.n == t->value.n || s.p[t->value.n] == '-');
	case CSS_HAS:
	case CSS_NTH:
		break;
	}
	return true;
}

static bool is_named(const xmlNode *n, struct str name)
{
	if (n->type != XML_ELEMENT_NODE)
		return false;
	return str_is(name, "*") || (!n->ns && strcmp((const char *)n->name, name.p) == 0);
}

static bool place_fits(const struct css_test *t, const xmlNode *n, int64_t *left)
{
	struct str name = t->of_type ? t->name : STR("*");
	const xmlNode *s = n->type == XML_ELEMENT_NODE ? n : NULL;
	int at = 1;

	while (s && (s = t->last ? s->next : s->prev)) {
		at += is_named(s, name);
		--*left;
	}
	if (t->a == 0)
		return at == t->b;
	return t->a > 0 ? at >= t->b && (at - t->b) % t->a == 0
			: at <= t->b && (t->b - at) % -t->a == 0;
}

static bool compound_fits(const struct css_compound *c, const xmlNode *n, int64_t *left)
{
	const xmlAttr *at;

	if (--*left < 0)
		return false;
	if (!is_named(n, c->name) && !(c->scope && str_is(c->name, "node()")))
		return false;
	for (int i = 0; i < c->n_tests; i++) {
		const struct css_test *t = &c->test[i];

		if (t->kind == CSS_NTH) {
			if (!place_fits(t, n, left))
				return false;
			continue;
		}
		at = attribute(n, t->name);
		if (!at || !extract_plain_value_fits(t, value_of(at)))
			return false;
	}
	return true;
}

static bool is_below(const xmlNode *n, const xmlNode *top)
{
	for (n = n->parent; n; n = n->parent)
		if (n == top)
			return true;
	return false;
}

/* The leftmost compound of a chain that lies within the context. */
static bool begins(const struct css_compound *c, const xmlNode *n, const xmlNode *context)
{
	if (c->scope)
		return n == context;
	return c->joint == '>' ? n->parent == context : is_below(n, context);
}

static const xmlNode *element_before(const xmlNode *n)
{
	do
		n = n->prev;
	while (n && n->type != XML_ELEMENT_NODE);
	return n;
}

/* From the right end to the left, as a browser does: `n` fits compound `i`. */
static bool chain_fits(const struct extract_plain *p, const struct css_chain *c, int i,
		       const xmlNode *n, const xmlNode *context, int64_t *left)
{
	char joint = c->part[i].joint;
	bool many = joint == ' ' || joint == '~';

	if (!compound_fits(&c->part[i], n, left))
		return false;
	if (i == 0)
		return !p->inside || begins(&c->part[0], n, context);
	do {
		n = joint == ' ' || joint == '>' ? n->parent : element_before(n);
		if (n && chain_fits(p, c, i - 1, n, context, left))
			return true;
	} while (n && many && *left > 0);
	return false;
}

bool extract_plain_fits(const struct extract_plain *p, const xmlNode *n, const xmlNode *context,
			int64_t *left)
{
	if (p->kind == PLAIN_TEXTS) {
		if (n == context || (n->type != XML_TEXT_NODE && n->type != XML_CDATA_SECTION_NODE))
			return false;
		n = n->parent;
	} else if (n == context && !p->inside) {
		return false;
	}
	for (int i = 0; i < p->list.n; i++)
		if (chain_fits(p, &p->list.chain[i], p->list.chain[i].n - 1, n, context, left))
			return true;
	return false;
}
