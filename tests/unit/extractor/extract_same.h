/* extract_same.h: whether a trimmed page parses to the tree of the whole one, and
 * whether selectors find the same in it. */
#ifndef PIPED_EXTRACT_SAME_H
#define PIPED_EXTRACT_SAME_H

#include "base/utf8.h"
#include "extractor/extract_trim.h"
#include "extractor/extract_xpath.h"

#include <libxml/HTMLparser.h>
#include <libxml/HTMLtree.h>

#include <string.h>

static inline bool same_text(const xmlChar *a, const xmlChar *b)
{
	return (a != NULL) == (b != NULL) && xmlStrEqual(a, b);
}

static inline bool same_attributes(const xmlNode *whole, const xmlNode *cut,
				   const struct extract_want *t)
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
static inline bool same_tree(const xmlNode *whole, const xmlNode *cut, const struct extract_want *t)
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
	struct extract_want t = { .elements = true };
	struct arena *a = arena_new(1 << 16);
	xmlDocPtr whole, cut;
	struct str less;
	bool same = true;

	extract_want_attribute(&t, STR("href"));
	extract_want_attribute(&t, STR("class"));
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

/* What the selectors find in the page, as text, without what `want` leaves out. False: it
 * is no page. */
static inline bool same_texts(struct extract_heap *heap, const struct extract_want *want,
			      struct str html, struct extract_xpath *const *x, int n,
			      struct arena *a, struct buf *to)
{
	struct extract_html_page page;
	struct extract_xpath_run run;
	struct extract_found f;
	struct reason why;
	bool good = !extract_html_page_read(&page, heap, want, html, (struct str){ 0 }, a, &why);

	if (good) {
		extract_xpath_begin(&run, &page);
		for (int i = 0; i < n; i++) {
			f = extract_xpath_find(&run, x[i], NULL);
			buf_fmt(to, "%d:", i);
			for (int k = 0; k < f.n; k++)
				buf_fmt(to, " [%.*s]",
					STR_ARG(extract_xpath_text(&run, x[i], &f, k, k % 2, a)));
			extract_xpath_done(&f);
		}
		extract_xpath_end(&run);
		buf_fmt(to, " base %.*s", STR_ARG(page.base));
	}
	extract_html_page_done(&page);
	return good;
}

/* Whether they find the same in the trimmed page. A page that can't be read at all may be
 * read without what is too much. `ret_diff`: what they find in each, if it differs. */
static inline bool same_found(struct extract_heap *heap, struct str html,
			      struct extract_xpath *const *x, int n, struct buf *ret_diff,
			      size_t *left)
{
	struct extract_want all = { .all = true }, want = { .n = 0 };
	struct arena *a = arena_new(1 << 16);
	struct buf whole, cut;
	bool same = true;

	buf_init(&whole, 64 << 20);
	buf_init(&cut, 64 << 20);
	extract_want_attribute(&want, STR("href"));
	for (int i = 0; i < n; i++)
		extract_want_selector(&want, extract_xpath_plain(x[i]), true);
	*left += extract_trim(&want, html, a).n;
	if (same_texts(heap, &all, html, x, n, a, &whole))
		same = same_texts(heap, &want, html, x, n, a, &cut) &&
		       str_eq(buf_str(&whole), buf_str(&cut));
	if (!same && ret_diff)
		buf_fmt(ret_diff, "whole: %.*s\ntrimmed: %.*s", STR_ARG(buf_str(&whole)),
			STR_ARG(buf_str(&cut)));
	buf_done(&whole);
	buf_done(&cut);
	arena_free(a);
	return same;
}

#endif
