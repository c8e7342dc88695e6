#include "extractor/extract_opengraph.h"

#include "extractor/extract_tree.h"

#define MOST_PREFIXES 50

static const struct known {
	const char *prefix, *uri;
} knowns[] = {
	{ .prefix = "og", .uri = "http://ogp.me/ns#" },
	{ .prefix = "music", .uri = "http://ogp.me/ns/music#" },
	{ .prefix = "video", .uri = "http://ogp.me/ns/video#" },
	{ .prefix = "article", .uri = "http://ogp.me/ns/article#" },
	{ .prefix = "book", .uri = "http://ogp.me/ns/book#" },
	{ .prefix = "profile", .uri = "http://ogp.me/ns/profile#" },
	{ .prefix = "product", .uri = "http://ogp.me/ns/product#" },
};

struct reader {
	struct arena *a;
	struct extract_node *prefixes, *properties;
	int n_prefixes;
};

static void declare(struct reader *r, struct str prefix, struct str uri)
{
	for (struct extract_node *c = r->prefixes->first; c; c = c->next)
		if (str_eq(c->key, prefix))
			return;
	if (!prefix.n || r->n_prefixes++ >= MOST_PREFIXES)
		return;
	extract_node_add(r->prefixes, arena_str(r->a, prefix),
			 extract_node_text(r->a, arena_str(r->a, uri)));
}

/* "og: http://ogp.me/ns# product: http://ogp.me/ns/product#" */
static void read_prefixes(struct reader *r, struct str list)
{
	struct str word, prefix = { 0 };

	for (size_t i = 0; i < list.n; i++) {
		size_t from = i;

		while (i < list.n && (unsigned char)list.p[i] > ' ')
			i++;
		word = str_sub(list, from, i - from);
		if (!word.n)
			continue;
		if (prefix.n) {
			declare(r, prefix, word);
			prefix = (struct str){ 0 };
		} else if (str_ends(word, STR(":"))) {
			prefix = str_sub(word, 0, word.n - 1);
		}
	}
}

static bool is_declared(struct reader *r, struct str prefix)
{
	for (struct extract_node *c = r->prefixes->first; c; c = c->next)
		if (str_eq(c->key, prefix))
			return true;
	for (size_t i = 0; i < sizeof(knowns) / sizeof(knowns[0]); i++) {
		if (!str_is(prefix, knowns[i].prefix))
			continue;
		declare(r, prefix, str_of(knowns[i].uri));
		return true;
	}
	return false;
}

static void read_meta(struct reader *r, const xmlNode *n)
{
	struct str name = str_trim(extract_tree_attr(n, "property")), content;
	struct extract_node *pair;
	ptrdiff_t colon;

	if (!name.n)
		name = str_trim(extract_tree_attr(n, "name"));
	content = extract_tree_attr(n, "content");
	colon = str_find_char(name, ':');
	if (colon <= 0 || !content.n || !is_declared(r, str_sub(name, 0, (size_t)colon)))
		return;
	pair = extract_node_new(r->a, EXTRACT_ARRAY);
	extract_node_add(pair, (struct str){ 0 }, extract_node_text(r->a, arena_str(r->a, name)));
	extract_node_add(pair, (struct str){ 0 },
			 extract_node_text(r->a, arena_str(r->a, content)));
	extract_node_add(r->properties, (struct str){ 0 }, pair);
}

struct extract_node *extract_opengraph_read(xmlDocPtr doc, struct arena *a)
{
	struct reader r = { .a = a,
			    .prefixes = extract_node_new(a, EXTRACT_OBJECT),
			    .properties = extract_node_new(a, EXTRACT_ARRAY) };
	struct extract_node *all = extract_node_new(a, EXTRACT_ARRAY), *found;
	xmlNodePtr top = (xmlNodePtr)(void *)doc;

	for (xmlNodePtr n = top; n; n = extract_tree_next(n, top)) {
		if (extract_tree_is(n, "html") || extract_tree_is(n, "head"))
			read_prefixes(&r, extract_tree_attr(n, "prefix"));
		else if (extract_tree_is(n, "meta"))
			read_meta(&r, n);
	}
	if (!r.properties->first)
		return all;
	found = extract_node_new(a, EXTRACT_OBJECT);
	extract_node_add(found, STR("namespace"), r.prefixes);
	extract_node_add(found, STR("properties"), r.properties);
	extract_node_add(all, (struct str){ 0 }, found);
	return all;
}
