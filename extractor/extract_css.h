/* extract_css.h: CSS selectors -> XPath 1.0, for HTML as libxml2 keeps it (no
 * namespaces, names in lower case). Pure.
 *
 * Read: type, *, .class, #id, [attr], [attr op value] with = ~= |= ^= $= *= and
 * the `i` flag; descendant, >, +, ~; lists with commas; :first-child
 * :last-child :only-child :nth-child() :nth-last-child(); the same of -of-type
 * after an element name; :empty, :root, :scope, :not(), :is(), :has(),
 * :contains("text"); escapes. (Selectors Level 3; :is, :has, :scope
 * from Level 4; :contains, ::text and ::attr() as web scrapers know them.)
 *
 * Matches are descendants of the item (or of the page); as in a browser's
 * querySelectorAll, what stands left of a combinator may lie outside the item.
 * `:scope` is the item itself, `> a` a child of it; nothing before ::text or
 * ::attr() means the item too.
 *
 * ::text is all text within the matched element, script and style left out
 * (unless matched themselves), white space folded to one space and trimmed;
 * <br> and the edges of blocks (p, div, li, td, ...) count as white space.
 * ::attr(name) matches only elements that have the attribute. */
#ifndef PIPED_EXTRACT_CSS_H
#define PIPED_EXTRACT_CSS_H

#include "base/arena.h"
#include "base/err.h"

enum extract_css_tail { CSS_TAIL_NONE, CSS_TAIL_TEXT, CSS_TAIL_ATTR };

struct extract_css {
	struct str xpath; /* finds the elements, from the item's node; NUL-terminated */
	enum extract_css_tail tail;
	struct str attr; /* of CSS_TAIL_ATTR; NUL-terminated */
};

#define EXTRACT_CSS_MOST 2000 /* bytes of a selector */

/* ERR_BAD with `why`: "column 7: expected ...". The answer lives in `a`. */
enum err extract_css_compile(struct str selector, struct arena *a, struct extract_css *ret,
			     struct reason *why);

#endif
