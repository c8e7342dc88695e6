/* posted.h: when a site says something was posted. Pure; any thread. */
#ifndef PIPED_POSTED_H
#define PIPED_POSTED_H

#include "base/str.h"

/* Milliseconds since 1970 from: seconds or milliseconds since 1970 ("1733350520", a
 * fraction is dropped), a date (calendar.h), a time told from now (ago.h). `zone_ms`: of
 * those that name no zone, east of UTC. 0: not readable, before 1995, or over a day after
 * now (a day, because sites' clocks and zones are not to be trusted further). */
int64_t posted_ms(struct str text, int64_t now_ms, int64_t zone_ms);

#endif
