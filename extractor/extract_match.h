/* extract_match.h: what an address looks like. Pure. */
#ifndef PIPED_EXTRACT_MATCH_H
#define PIPED_EXTRACT_MATCH_H

#include "base/str.h"

/* An absolute address of http or https, by its beginning. */
bool extract_match_web(struct str s);

#endif
