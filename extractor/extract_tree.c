#include "extractor/extract_tree.h"

#include <libxml/uri.h>

#include <string.h>

xmlNodePtr extract_tree_past(xmlNodePtr n, const xmlNode *top)
{
	while (n != top && !n->next) {
		n = n->parent;
		if (!n)
			return NULL;
	}
	return n == top ? NULL : n->next;
}

xmlNodePtr extract_tree_next(xmlNodePtr n, const xmlNode *top)
{
	if ((n->type == XML_ELEMENT_NODE || n->type == XML_HTML_DOCUMENT_NODE) && n->children)
		return n->children;
	return extract_tree_past(n, top);
}

bool extract_tree_is(const xmlNode *n, const char *name)
{
	return n->type == XML_ELEMENT_NODE && strcmp((const char *)n->name, name) == 0;
}

static const xmlAttr *attribute(const xmlNode *n, const char *name)
{
	if (n->type != XML_ELEMENT_NODE)
		return NULL;
	for (const xmlAttr *at = n->properties; at; at = at->next)
		if (strcmp((const char *)at->name, name) == 0)
			return at;
	return NULL;
}

struct str extract_tree_attr(const xmlNode *n, const char *name)
{
	const xmlAttr *at = attribute(n, name);

	if (!at)
		return (struct str){ 0 };
	return at->children && at->children->content ? str_of((const char *)at->children->content)
						     : STR("");
}

bool extract_tree_has(const xmlNode *n, const char *name)
{
	return attribute(n, name) != NULL;
}

bool extract_tree_word(const xmlNode *n, const char *name, const char *word)
{
	struct str list = extract_tree_attr(n, name), wanted = str_of(word);
	size_t from;

	for (size_t i = 0; i < list.n; i++) {
		for (from = i; i < list.n && (unsigned char)list.p[i] > ' ';)
			i++;
		if (str_eq_nocase(str_sub(list, from, i - from), wanted))
			return true;
	}
	return false;
}

struct str extract_tree_script(const xmlNode *n, struct arena *a)
{
	size_t bytes = 0;
	char *to;

	for (const xmlNode *c = n->children; c; c = c->next)
		bytes += c->content ? strlen((const char *)c->content) : 0;
	to = arena_alloc(a, bytes + 1);
	bytes = 0;
	for (const xmlNode *c = n->children; c; c = c->next) {
		size_t more = c->content ? strlen((const char *)c->content) : 0;

		if (more)
			memcpy(to + bytes, c->content, more);
		bytes += more;
	}
	to[bytes] = 0;
	return (struct str){ to, bytes };
}

struct str extract_tree_absolute(struct str url, struct str base, struct arena *a)
{
	xmlChar *made;

	url = str_trim(url);
	if (!url.n || !base.n)
		return url;
	url = arena_str(a, url);
	made = xmlBuildURI((const xmlChar *)url.p, (const xmlChar *)arena_str(a, base).p);
	if (made)
		url = arena_text(a, (const char *)made);
	xmlFree(made);
	return url;
}
