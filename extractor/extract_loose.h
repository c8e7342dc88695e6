/* extract_loose.h: JSON as pages have it -> extract_node.h. Read are, beside what RFC 8259
 * allows: commas too many and too few, `;` behind a document, comments of JavaScript and of
 * HTML, CDATA and HTML comment marks around it, line ends and control characters in texts,
 * quotes within a text that were not escaped, text whose quotes are character references
 * (&quot;), several documents in a row, and object literals of JavaScript: 'single
 * quotes', `templates`, bare keys, undefined, !0, \x41; an expression stands for null.
 * What is cut short ends where the text does. Pure; time and memory linear in the text. */
#ifndef PIPED_EXTRACT_LOOSE_H
#define PIPED_EXTRACT_LOOSE_H

#include "extractor/extract_node.h"

#define EXTRACT_LOOSE_DEPTH 200	    /* nesting; deeper is no value */
#define EXTRACT_LOOSE_VALUES 400000 /* of one text */

/* All objects and arrays at the top of `text`, in order, as the items of the array
 * *ret_docs, which is set in any case: what stands between them is left out, and after a
 * mistake the reading goes on behind it. ERR_BAD: something was wrong, or there is none
 * at all; `why` says where first ("line 3: ..."). ERR_TOO_BIG: past a bound above. Texts
 * are in the arena or in `text`. */
enum err extract_loose_read(struct str text, struct arena *a, struct extract_node **ret_docs,
			    struct reason *why);

/* The one value at the start of `text` (white space and comments before it are skipped),
 * of any kind; *ret_used: bytes up to its end. */
enum err extract_loose_value(struct str text, struct arena *a, struct extract_node **ret,
			     size_t *ret_used, struct reason *why);

#endif
