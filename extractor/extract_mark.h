/* extract_mark.h: what an element is known by that is likely to stay: its classes, the names that
 * its makers' tests and its scripts know it by; as CSS and as XPath. Texts are borrowed from
 * the tree. Pure. */
#ifndef PIPED_EXTRACT_MARK_H
#define PIPED_EXTRACT_MARK_H

#include "base/buf.h"

#include <libxml/tree.h>

/* Best first. */
enum extract_mark_kind {
	EXTRACT_MARK_CLASS, /* li.item */
	EXTRACT_MARK_VALUE, /* li[data-testid="item"] */
	EXTRACT_MARK_HAS,   /* li[data-id] */
	EXTRACT_MARK_PART,  /* li[class*="Card_root__"]: what stands before a hash */
	EXTRACT_MARK_ID,    /* ul#results; of what is there once */
	EXTRACT_MARK_TAG    /* li */
};

struct extract_mark {
	enum extract_mark_kind kind;
	struct str tag, name; /* name: of the attribute */
	struct str value;
};

#define EXTRACT_MARK_MOST 8

/* All but the id, the tag last; how many. */
int extract_mark_all(const xmlNode *n, struct extract_mark to[EXTRACT_MARK_MOST]);
/* The best one, the id included; the tag if there is none. */
struct extract_mark extract_mark_best(const xmlNode *n);
uint64_t extract_mark_hash(const struct extract_mark *m);

void extract_mark_css(const struct extract_mark *m, struct buf *to);
/* As a step: "a[...]". */
void extract_mark_xpath(const struct extract_mark *m, struct buf *to);

/* Whether a class or the like was written by a person: "item", not "css-1x2y3z" or
 * "_3fXkq". A class like "Card_root__3XyZ1" is not; *ret_part: "Card_root__", else {0}. */
bool extract_mark_stable(struct str name, struct str *ret_part);

#endif
