/* extract_plain.h: selectors that one walk over the tree can answer for all at once
 * (extract_walk.h): CSS of types, classes, ids, attributes, places and joints, and
 * XPath of the same shape, as //a[@itemprop='brand']/text(). Most are. What they
 * find is what libxml2's evaluator finds. */
#ifndef PIPED_EXTRACT_PLAIN_H
#define PIPED_EXTRACT_PLAIN_H

#include "extractor/extract_css_parse.h"

#include <libxml/tree.h>

enum extract_plain_kind {
	PLAIN_ELEMENTS,
	PLAIN_TEXTS,	  /* text nodes that are children of what matches */
	PLAIN_ATTRIBUTES, /* of what matches */
};

struct extract_plain {
	struct css_list list;
	enum extract_plain_kind kind;
	struct str attr; /* of PLAIN_ATTRIBUTES; NUL-terminated */
	bool inside;	 /* all of a chain lies within the context, not only its end */
	bool absolute;	 /* begins at the page, whatever the context */
};

/* False: not of that kind, and to be left to libxml2. `list` is borrowed. */
bool extract_plain_css(const struct css_list *list, struct extract_plain *ret);
bool extract_plain_xpath(struct str expr, struct arena *a, struct extract_plain *ret);

/* Whether `n` is found from `context`, which is it or above it. Each node that is
 * looked at takes one off *left; nothing is found once that is used up. */
bool extract_plain_fits(const struct extract_plain *p, const xmlNode *n, const xmlNode *context,
			int64_t *left);

/* Whether the value of the attribute that `t` is about passes it; not for CSS_NTH. */
bool extract_plain_value_fits(const struct css_test *t, struct str value);

#endif
