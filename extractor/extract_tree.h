/* extract_tree.h: small steps over libxml2's tree. Texts are borrowed from it unless an
 * arena is given. Pure. */
#ifndef PIPED_EXTRACT_TREE_H
#define PIPED_EXTRACT_TREE_H

#include "base/arena.h"

#include <libxml/tree.h>

/* The node after `n` in document order, within `top`; NULL: none. */
xmlNodePtr extract_tree_next(xmlNodePtr n, const xmlNode *top);
/* The same, without what stands in `n`. */
xmlNodePtr extract_tree_past(xmlNodePtr n, const xmlNode *top);
/* Whether it is an element of that name, in lower case. */
bool extract_tree_is(const xmlNode *n, const char *name);
/* {0}: it has no such attribute, or is no element. */
struct str extract_tree_attr(const xmlNode *n, const char *name);
bool extract_tree_has(const xmlNode *n, const char *name);
/* Whether the white-space separated words of the attribute have that one, in any case. */
bool extract_tree_word(const xmlNode *n, const char *name, const char *word);
/* What stands in a script, as it is. */
struct str extract_tree_script(const xmlNode *n, struct arena *a);
/* `url` against `base`; as it is where either is none or no URI. */
struct str extract_tree_absolute(struct str url, struct str base, struct arena *a);

#endif
