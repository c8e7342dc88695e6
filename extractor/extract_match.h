/* extract_match.h: patterns for addresses: `*` stands for any run of characters,
 * everything else for itself. Pure. */
#ifndef PIPED_EXTRACT_MATCH_H
#define PIPED_EXTRACT_MATCH_H

#include "base/str.h"

/* Whether the pattern covers all of `s`. */
bool extract_match(struct str pattern, struct str s);
/* An absolute address of http or https, by its beginning. */
bool extract_match_web(struct str s);

#endif
