/* extract_want.h: what the selectors of a page kind look at, told from a start tag
 * alone: its name and attributes against the right ends of their chains. What may be
 * found is wanted; whether it stands in the right place is the walk's to say. Pure. */
#ifndef PIPED_EXTRACT_WANT_H
#define PIPED_EXTRACT_WANT_H

#include "extractor/extract_plain.h"

#include <strings.h>

/* Whether a name as it is written is `name`, which is in lower case. Most differ at once. */
static inline bool extract_want_is(struct str written, struct str name)
{
	return written.n == name.n && name.n && (written.p[0] | 32) == (name.p[0] | 32) &&
	       strncasecmp(written.p, name.p, name.n) == 0;
}

#define EXTRACT_WANT_NAMES 64
#define EXTRACT_WANT_SELECTORS 64

struct extract_want {
	struct str attrs[EXTRACT_WANT_NAMES]; /* that are looked at, in any element */
	int n_attrs;
	struct {
		const struct extract_plain *plain;
		bool content; /* what stands in the element, too */
	} sel[EXTRACT_WANT_SELECTORS];
	int n;
	bool siblings; /* places among siblings count: an element's own tags stay */
	bool elements; /* all elements and texts are wanted, but what stands in scripts */
	bool within;   /* from here on selectors are looked for within elements that another
			* one finds, which :scope is, and not within the page */
	bool context;  /* :scope stands for the text of such an element */
	bool all;      /* more than can be said here: the page as it is */
};

void extract_want_attribute(struct extract_want *w, struct str name);
/* What `p` looks at; borrowed. NULL: a selector that may look at all. `content`: an
 * element that it finds stands for its text, where the selector doesn't say. */
void extract_want_selector(struct extract_want *w, const struct extract_plain *p, bool content);

/* An attribute that is wanted, as it is written. */
struct extract_want_attr {
	struct str name;
	struct str value; /* without quotes; {0}: it has none */
};

enum extract_want_what {
	EXTRACT_WANT_NOTHING,
	EXTRACT_WANT_ELEMENT, /* the start tag */
	EXTRACT_WANT_CONTENT, /* and all up to its end */
};
/* More than what is found in the end, never less. */
enum extract_want_what extract_want_tag(const struct extract_want *w, struct str name,
					const struct extract_want_attr *attr, int n);

#endif
