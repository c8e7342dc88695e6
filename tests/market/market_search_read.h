/* market_search_read.h: the body of a search, read by jansson: apart from what writes
 * JSON, as both have functions of the same names. Pure. */
#ifndef PIPED_MARKET_SEARCH_READ_H
#define PIPED_MARKET_SEARCH_READ_H

#include "market_find.h"

/* False: no such object. Text in `a`. */
bool market_search_read(struct str body, struct arena *a, struct market_find *ret);

#endif
