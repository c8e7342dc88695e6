/* posted.h: when a site says something was posted. Pure; any thread. */
#ifndef PIPED_POSTED_H
#define PIPED_POSTED_H

#include "base/str.h"

/* Milliseconds since 1970 from: seconds or milliseconds since 1970 ("1733350520",
 * a fraction is dropped), or ISO 8601 ("2025-03-01T12:00:00.5+09:00", "2025-03-01
 * 12:00", "2025-03-01"). Without an offset the time is taken as UTC, whatever
 * the site's country. 0: not readable, before 1995, or over a day after now
 * (a day, because such local times run up to 14 hours ahead). */
int64_t posted_ms(struct str text, int64_t now_ms);

#endif
