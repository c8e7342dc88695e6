#include "extractor/extract_css.h"

#include "extractor/extract_css_parse.h"

/* A chain is tested from its right end (as browsers do): the candidate is met
 * once, in document order, and its ancestors and siblings are asked about.
 * The other way round libxml2 merges a node set per step, which costs the
 * square of the page's size. */
static const char *axis_back(char joint)
{
	switch (joint) {
	case '>':
		return "parent::";
	case '+':
		return "preceding-sibling::*[1]/self::";
	case '~':
		return "preceding-sibling::";
	default:
		return "ancestor::";
	}
}

static const char *axis_on(char joint)
{
	switch (joint) {
	case '>':
		return "child::";
	case '+':
		return "following-sibling::*[1]/self::";
	case '~':
		return "following-sibling::";
	default:
		return "descendant::";
	}
}

static void put_one(struct buf *to, const char *axis, const struct css_compound *c)
{
	buf_add_text(to, axis);
	buf_add(to, c->name);
	buf_add(to, c->tests);
}

void extract_css_test(const struct css_chain *chain, const char *axis, struct buf *to)
{
	int i = chain->n - 1;

	put_one(to, axis, &chain->part[i]);
	for (; i > 0; i--) {
		buf_add_text(to, "[");
		put_one(to, axis_back(chain->part[i].joint), &chain->part[i - 1]);
	}
	for (i = chain->n - 1; i > 0; i--)
		buf_add_text(to, "]");
}

void extract_css_path(const struct css_chain *chain, struct buf *to)
{
	for (int i = 0; i < chain->n; i++) {
		const struct css_compound *c = &chain->part[i];

		if (i)
			buf_add_text(to, "/");
		put_one(to, c->scope ? "self::" : axis_on(c->joint), c);
	}
}

/* Any of the chains, as one walk over the descendants. */
static void put_any(const struct css_list *list, struct buf *to)
{
	if (list->n == 1) {
		extract_css_test(&list->chain[0], "descendant::", to);
		return;
	}
	buf_add_text(to, "descendant::*[");
	for (int i = 0; i < list->n; i++) {
		buf_add_text(to, i ? " or " : "");
		extract_css_test(&list->chain[i], "self::", to);
	}
	buf_add_text(to, "]");
}

static void put_list(const struct css_list *list, struct buf *to)
{
	bool scoped = false;

	for (int i = 0; i < list->n; i++)
		scoped |= list->chain[i].part[0].scope || list->chain[i].part[0].joint;
	if (!scoped) {
		put_any(list, to);
		return;
	}
	for (int i = 0; i < list->n; i++) {
		buf_add_text(to, i ? " | " : "");
		extract_css_path(&list->chain[i], to);
	}
}

enum err extract_css_compile(struct str selector, struct arena *a, struct extract_css *ret,
			     struct reason *why)
{
	struct css_list list = { 0 };
	struct buf to;
	enum err err;

	err = extract_css_parse(selector, a, &list, why);
	if (err)
		return err;
	buf_init(&to, EXTRACT_CSS_ROOM);
	put_list(&list, &to);
	if (to.full) {
		err = reason_set(why, ERR_BAD, "selector is too long");
		goto out;
	}
	ret->xpath = arena_str(a, buf_str(&to));
	ret->tail = list.tail;
	ret->attr = list.attr;
out:
	buf_done(&to);
	return err;
}
