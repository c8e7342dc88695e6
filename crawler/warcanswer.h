/* warcanswer.h: an archived response as the answer that it was. Pure. */
#ifndef PIPED_WARCANSWER_H
#define PIPED_WARCANSWER_H

#include "crawler/fetch.h"
#include "crawler/warchead.h"

/* Fills *ret from a record's header and its block (an HTTP response), both borrowed as
 * long as `ret` lives; `a` holds what had to be made. Chunks that were left in the body
 * are joined; a body that is said to be chunked and is not is left as it is. ERR_BAD: no HTTP
 * response, no address, no date. `ret` has no arena of its own. */
enum err warcanswer_make(const struct warchead *h, struct str block, struct arena *a,
			 struct fetch_answer *ret, struct reason *why);

#endif
