#include "extractor/extract_jsonld.h"

#include "extractor/extract_loose.h"
#include "extractor/extract_tree.h"

/* Values take many times the room of their text. */
#define MOST_MEMORY (64 << 20)

/* "application/ld+json; charset=utf-8" too. */
static bool is_jsonld(const xmlNode *n)
{
	static const char type[] = "application/ld+json";
	struct str given;

	if (!extract_tree_is(n, "script"))
		return false;
	given = str_trim(extract_tree_attr(n, "type"));
	return str_eq_nocase(str_sub(given, 0, sizeof(type) - 1), str_of(type));
}

/* Takes `docs` apart. */
static void take(struct extract_node *docs, struct extract_node *into)
{
	struct extract_node *next;

	for (struct extract_node *n = docs->first; n; n = next) {
		next = n->next;
		n->next = NULL;
		if (n->kind == EXTRACT_OBJECT)
			extract_node_add(into, (struct str){ 0 }, n);
		else if (n->kind == EXTRACT_ARRAY)
			take(n, into);
	}
}

struct extract_node *extract_jsonld_read(xmlDocPtr doc, struct arena *a)
{
	struct extract_node *all = extract_node_new(a, EXTRACT_ARRAY), *docs;
	xmlNodePtr top = (xmlNodePtr)(void *)doc;
	struct reason ignored;
	size_t most = arena_used(a) + MOST_MEMORY;

	for (xmlNodePtr n = top; n && arena_used(a) < most; n = extract_tree_next(n, top)) {
		if (!is_jsonld(n))
			continue;
		extract_loose_read(extract_tree_script(n, a), a, &docs, &ignored);
		take(docs, all);
	}
	return all;
}
