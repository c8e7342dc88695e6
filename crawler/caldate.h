/* caldate.h: days and months that an address names. Pure. */
#ifndef PIPED_CALDATE_H
#define PIPED_CALDATE_H

#include "base/str.h"

/* Whether the path and query of a URL name a month that is more than `back_ms` before or
 * `ahead_ms` after `now_ms`; 0: that side has no bound. Months are 2031-05, 2031/05 and
 * 2031-05-11 with these or other marks, year=2031&month=5, and date=20310511 in parameters
 * whose name speaks of a date. A year further away than 150 is taken for another number:
 * an endless calendar comes to the bound before. */
bool caldate_beyond(struct str path, int64_t now_ms, int64_t back_ms, int64_t ahead_ms);

#endif
