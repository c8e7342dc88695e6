#include "extractor/extract_walk.h"

#include <string.h>

static void add(struct extract_walk *w, xmlNodePtr n, struct arena *a)
{
	xmlNodePtr *more;

	if ((size_t)w->n == w->room) {
		w->room = w->first ? 1 : w->room ? w->room * 2 : 16;
		more = arena_array(a, w->room, sizeof(xmlNodePtr));
		if (w->n)
			memcpy(more, w->nodes, (size_t)w->n * sizeof(xmlNodePtr));
		w->nodes = more;
	}
	w->nodes[w->n++] = n;
}

/* The node itself, or its attribute. */
static xmlNodePtr found(const struct extract_plain *p, xmlNodePtr n)
{
	xmlAttrPtr at;

	if (p->kind != PLAIN_ATTRIBUTES)
		return n;
	at = n->type == XML_ELEMENT_NODE ? n->properties : NULL;
	while (at && (at->ns || strcmp((const char *)at->name, p->attr.p) != 0))
		at = at->next;
	return (xmlNodePtr)(void *)at;
}

static xmlNodePtr next_node(xmlNodePtr n, const xmlNode *top)
{
	bool down = n->type == XML_ELEMENT_NODE || n->type == XML_HTML_DOCUMENT_NODE ||
		    n->type == XML_DOCUMENT_NODE;

	if (down && n->children)
		return n->children;
	while (n != top && !n->next)
		n = n->parent;
	return n == top ? NULL : n->next;
}

void extract_walk(xmlNodePtr context, struct extract_walk *w, int n, struct arena *a, int64_t *left)
{
	int open = n;

	for (int i = 0; i < n; i++) {
		w[i].nodes = NULL;
		w[i].n = 0;
		w[i].room = 0;
	}
	for (xmlNodePtr at = context; at && open && *left >= 0; at = next_node(at, context)) {
		for (int i = 0; i < n; i++) {
			const struct extract_plain *p = w[i].plain;
			xmlNodePtr node;

			if (w[i].first && w[i].n)
				continue;
			if (!extract_plain_fits(p, at, context, left) || !(node = found(p, at)))
				continue;
			add(&w[i], node, a);
			open -= w[i].first;
		}
	}
}
