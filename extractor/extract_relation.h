/* extract_relation.h: links that an answer names by what they are to it: rel=next,
 * rel=canonical, in its markup and in its Link headers (RFC 8288). Pure. */
#ifndef PIPED_EXTRACT_RELATION_H
#define PIPED_EXTRACT_RELATION_H

#include "config/conf.h"

/* For HTML: elements that link to the next page; and to the page's own address. */
extern const struct conf_sel extract_relation_next, extract_relation_canonical;

/* The target of the first link of that relation in the head of an HTTP response, as it
 * stands there; {0}: none. Links of another context (`anchor`) are left out. */
struct str extract_relation_header(struct str head, struct str rel);

#endif
