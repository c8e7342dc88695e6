/* resolve.h: a link as found on a page -> an absolute http or https address
 * (RFC 3986 section 5). Pure; any thread. */
#ifndef PIPED_RESOLVE_H
#define PIPED_RESOLVE_H

#include "base/arena.h"

#define RESOLVE_MOST 4096 /* bytes of a link, a base, a result */

/* Scheme and host come in lower case, everything else keeps its bytes ("{res}"
 * too), but spaces, quotes and bytes over 127 are percent-encoded. Empty when
 * there is no such address: other schemes, no host, user names in it (they
 * only mislead), control characters, a base that is not absolute, too long. */
struct str resolve_link(struct arena *a, struct str base, struct str link);

#endif
