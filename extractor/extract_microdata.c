#include "extractor/extract_microdata.h"

#include "extractor/extract_tree.h"

#define MOST_NAMES 8 /* of one property */
#define MOST_MEMORY (64 << 20)

struct reader {
	struct extract_html_page *page;
	struct arena *a;
	struct str base;
	int refs;    /* followed */
	size_t most; /* bytes of the arena: texts within texts add up */
};

static struct extract_node *item_of(struct reader *r, xmlNodePtr n);

static bool next_word(struct str *rest, struct str *ret)
{
	while (rest->n && (unsigned char)*rest->p <= ' ')
		*rest = str_sub(*rest, 1, rest->n);
	if (!rest->n)
		return false;
	for (ret->p = rest->p, ret->n = 0; ret->n < rest->n && (unsigned char)ret->p[ret->n] > ' ';)
		ret->n++;
	*rest = str_sub(*rest, ret->n, rest->n);
	return true;
}

/* Which attribute is an element's value; of the last, where it is not empty. */
static const struct where {
	const char *element, *attr;
	bool address;
} wheres[] = {
	{ .element = "meta", .attr = "content" },
	{ .element = "audio", .attr = "src", .address = true },
	{ .element = "embed", .attr = "src", .address = true },
	{ .element = "iframe", .attr = "src", .address = true },
	{ .element = "img", .attr = "src", .address = true },
	{ .element = "source", .attr = "src", .address = true },
	{ .element = "track", .attr = "src", .address = true },
	{ .element = "video", .attr = "src", .address = true },
	{ .element = "a", .attr = "href", .address = true },
	{ .element = "area", .attr = "href", .address = true },
	{ .element = "link", .attr = "href", .address = true },
	{ .element = "object", .attr = "data", .address = true },
	{ .element = "data", .attr = "value" },
	{ .element = "meter", .attr = "value" },
	{ .element = "time", .attr = "datetime" },
};

static struct str value_of(struct reader *r, xmlNodePtr n)
{
	struct str s;

	for (size_t i = 0; i < sizeof(wheres) / sizeof(wheres[0]); i++) {
		if (!extract_tree_is(n, wheres[i].element))
			continue;
		s = extract_tree_attr(n, wheres[i].attr);
		if (wheres[i].address && s.p)
			s = extract_tree_absolute(s, r->base, r->a);
		if (s.p)
			return arena_str(r->a, s);
	}
	s = extract_tree_attr(n, "content");
	return s.n ? arena_str(r->a, s) : extract_html_page_text(r->page, n, r->a);
}

/* `n` under each of its names; an item under the first, or what is nested would be there
 * more and more times. */
static void add(struct reader *r, xmlNodePtr n, struct extract_node *properties)
{
	struct str names = extract_tree_attr(n, "itemprop"), name, text;
	struct extract_node *item;

	if (!next_word(&names, &name) || arena_used(r->a) >= r->most)
		return;
	if (extract_tree_has(n, "itemscope")) {
		item = item_of(r, n);
		if (item)
			extract_node_push(r->a, properties, arena_str(r->a, name), item);
		return;
	}
	text = value_of(r, n);
	for (int i = 0; i < MOST_NAMES; i++) {
		extract_node_push(r->a, properties, arena_str(r->a, name),
				  extract_node_text(r->a, text));
		if (!next_word(&names, &name))
			return;
	}
}

/* The properties at and below `top`. */
static void crawl(struct reader *r, xmlNodePtr top, bool itself, struct extract_node *properties)
{
	xmlNodePtr n = top;

	while (n) {
		bool inside = n == top && !itself;

		if (!inside && extract_tree_has(n, "itemprop"))
			add(r, n, properties);
		n = !inside && extract_tree_has(n, "itemscope") ? extract_tree_past(n, top)
								: extract_tree_next(n, top);
	}
}

static void follow(struct reader *r, struct str refs, struct extract_node *properties)
{
	xmlNodePtr top = (xmlNodePtr)(void *)r->page->doc, n;
	struct str id;

	while (next_word(&refs, &id) && r->refs < EXTRACT_MICRODATA_REFS) {
		r->refs++;
		for (n = top; n; n = extract_tree_next(n, top))
			if (str_eq(extract_tree_attr(n, "id"), id))
				break;
		if (n)
			/* one that is an item, but no property, lends its properties */
			crawl(r, n, extract_tree_has(n, "itemprop"), properties);
	}
}

static struct extract_node *item_of(struct reader *r, xmlNodePtr n)
{
	struct extract_node *item, *properties;
	struct str types = extract_tree_attr(n, "itemtype"), type;
	struct str id = str_trim(extract_tree_attr(n, "itemid"));

	if (n->_private)
		return NULL;
	n->_private = r;
	item = extract_node_new(r->a, EXTRACT_OBJECT);
	properties = extract_node_new(r->a, EXTRACT_OBJECT);
	while (next_word(&types, &type))
		extract_node_push(r->a, item, STR("type"),
				  extract_node_text(r->a, arena_str(r->a, type)));
	if (id.n)
		extract_node_add(item, STR("id"), extract_node_text(r->a, arena_str(r->a, id)));
	crawl(r, n, false, properties);
	follow(r, extract_tree_attr(n, "itemref"), properties);
	if (properties->first)
		extract_node_add(item, STR("properties"), properties);
	else
		extract_node_add(item, STR("value"), extract_node_text(r->a, value_of(r, n)));
	return item;
}

struct extract_node *extract_microdata_read(struct extract_html_page *page, struct str base,
					    struct arena *a)
{
	struct reader r = {
		.page = page, .a = a, .base = base, .most = arena_used(a) + MOST_MEMORY
	};
	xmlNodePtr top = (xmlNodePtr)(void *)page->doc;
	struct extract_node *all = extract_node_new(a, EXTRACT_ARRAY), *item;

	for (xmlNodePtr n = top; n; n = extract_tree_next(n, top)) {
		item = extract_tree_has(n, "itemscope") ? item_of(&r, n) : NULL;
		if (item)
			extract_node_add(all, (struct str){ 0 }, item);
	}
	return all;
}
