/* extract_same.h: whether a trimmed page parses to the tree of the whole one. */
#ifndef PIPED_EXTRACT_SAME_H
#define PIPED_EXTRACT_SAME_H

#include "base/utf8.h"
#include "extractor/extract_trim.h"

#include <libxml/HTMLparser.h>
#include <libxml/HTMLtree.h>

#include <string.h>

static inline bool same_text(const xmlChar *a, const xmlChar *b)
{
	return (a != NULL) == (b != NULL) && xmlStrEqual(a, b);
}

static inline bool same_attributes(const xmlNode *whole, const xmlNode *cut,
				   const struct extract_trim *t)
{
	bool same = true;

	for (int i = 0; i < t->n_attrs && same; i++) {
		xmlChar *a = xmlGetNoNsProp(whole, (const xmlChar *)t->attrs[i].p);
		xmlChar *b = xmlGetNoNsProp(cut, (const xmlChar *)t->attrs[i].p);

		same = same_text(a, b);
		xmlFree(a);
		xmlFree(b);
	}
	return same;
}

static inline bool same_is_script(const xmlNode *n)
{
	return xmlStrEqual(n->name, (const xmlChar *)"script") ||
	       xmlStrEqual(n->name, (const xmlChar *)"style");
}

/* Node by node: `cut` may lack attributes that were not asked for, and what stands in
 * scripts and comments. */
static inline bool same_tree(const xmlNode *whole, const xmlNode *cut, const struct extract_trim *t)
{
	for (; whole && cut; whole = whole->next, cut = cut->next) {
		if (whole->type != cut->type)
			return false;
		if (whole->type == XML_DTD_NODE || whole->type == XML_COMMENT_NODE)
			continue;
		if (whole->type != XML_ELEMENT_NODE) {
			if (!same_text(whole->content, cut->content))
				return false;
			continue;
		}
		if (!same_text(whole->name, cut->name) || !same_attributes(whole, cut, t))
			return false;
		if (same_is_script(cut) && !cut->children)
			continue;
		if (!same_tree(whole->children, cut->children, t))
			return false;
	}
	return !whole && !cut;
}

static inline xmlDocPtr same_parse(struct str html)
{
	return htmlReadMemory(html.p, (int)html.n, NULL, "UTF-8",
			      HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
				      HTML_PARSE_NONET | HTML_PARSE_COMPACT |
				      HTML_PARSE_IGNORE_ENC);
}

/* Trims for href and class. `html` as extract_html_page hands it on: UTF-8 without
 * NUL; anything else is true. Adds what stays to *left. */
static inline bool same_trimmed(struct str html, size_t *left)
{
	struct extract_trim t = { .n_attrs = 0 };
	struct arena *a = arena_new(1 << 16);
	xmlDocPtr whole, cut;
	struct str less;
	bool same = true;

	extract_trim_attribute(&t, STR("href"));
	extract_trim_attribute(&t, STR("class"));
	less = extract_trim(&t, html, a);
	*left += less.n;
	if (html.n && utf8_valid(html) && str_find_char(html, 0) < 0) {
		whole = same_parse(html);
		cut = same_parse(less);
		same = (whole != NULL) == (cut != NULL);
		if (whole && cut)
			same = same_tree(whole->children, cut->children, &t);
		xmlFreeDoc(whole);
		xmlFreeDoc(cut);
	}
	arena_free(a);
	return same;
}

#endif
