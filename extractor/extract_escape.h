/* extract_escape.h: escapes in texts of JSON and JavaScript (\n \u20ac \x41). Pure. */
#ifndef PIPED_EXTRACT_ESCAPE_H
#define PIPED_EXTRACT_ESCAPE_H

#include "base/arena.h"

/* What stands between the quotes, without its escapes; borrowed where it has none. Half a
 * surrogate pair becomes U+FFFD, an unknown escape the character itself. */
struct str extract_escape_undo(struct str raw, struct arena *a);

#endif
