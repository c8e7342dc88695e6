/* extract_project.h: a JSON page without the members that no selector looks at, and the
 * values that need no jq, in one pass over its bytes. Reading a page is mostly libjq making
 * values of what nobody asks for: of Bunjang's search 45 members an item, of which ten are
 * read. Bodies that are not strictly JSON (RFC 8259, valid UTF-8) are left to libjq, which
 * takes more. Pure. */
#ifndef PIPED_EXTRACT_PROJECT_H
#define PIPED_EXTRACT_PROJECT_H

#include "extractor/extract_need.h"

struct extract_projection {
	struct str text; /* JSON: jq's programs find in it what they find in the whole */
	/* By item, in the page's order, n_slots values each as they are written; {0}: absent.
	 * Borrowed from the body. */
	struct str *slots;
	size_t n_items;
};

/* False: it takes the whole body, which may be no JSON at all, or have something else where
 * an item was expected. */
bool extract_project(const struct extract_needs *n, struct str body, struct arena *a,
		     struct extract_projection *ret);

/* A value as it is written -> text, as extract_jq_text says. */
struct str extract_project_text(struct str written, struct arena *a, struct str *ret_why);
/* As jq has it: all but null and false. */
bool extract_project_true(struct str written);

#endif
