/* urlpath.h: path and query of an http or https URL in the spelling of the WHATWG
 * standard (URL 4.4). Pure. */
#ifndef PIPED_URLPATH_H
#define PIPED_URLPATH_H

#include "base/arena.h"

/* `path` as it was written after the path of `base`, whose last segment goes ({0}:
 * from the root). Backslashes are slashes, segments of dots are resolved, what a
 * path can't hold is percent-encoded. Starts with a slash. */
struct str urlpath_join(struct str base, struct str path, struct arena *a);
/* What is after the question mark, percent-encoded. */
struct str urlpath_query(struct str query, struct arena *a);

#endif
