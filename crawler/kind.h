/* kind.h: what kind of page an address is when no page named it. Pure. */
#ifndef PIPED_KIND_H
#define PIPED_KIND_H

#include "base/arena.h"
#include "config/conf.h"

/* By the URLs of the source's seeds, a {variable} being any text, and the `match` of its
 * links: the pattern that says most of the address counts. Borrowed from `s`; {0}: it
 * fits none. */
struct str kind_of(const struct conf_source *s, struct str url, struct arena *a);
/* What an address is that fits none: the only kind that there is, or that links without
 * `match` lead to; {0}: several. */
struct str kind_only(const struct conf_source *s);

#endif
