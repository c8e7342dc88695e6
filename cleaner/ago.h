/* ago.h: times that are told from now. Pure; any thread. */
#ifndef PIPED_AGO_H
#define PIPED_AGO_H

#include "cleaner/calendar.h"

/* Milliseconds since 1970 of "3일 전", "끌올 2시간 전", "방금", "하루 전", "어제",
 * "어제 15:20", "15:20", "3 hours ago", "an hour ago", "yesterday", "3日前". As exact as they
 * say: a month has 30 days, a year 365. False: nothing of the kind. */
bool ago_read(struct str text, const struct calendar_now *now, int64_t *ret_ms);

#endif
