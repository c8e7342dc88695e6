/* calendar.h: dates and times of day as people and machines write them. Pure; any
 * thread. */
#ifndef PIPED_CALENDAR_H
#define PIPED_CALENDAR_H

#include "base/str.h"

/* Where and when it is read. */
struct calendar_now {
	int64_t now_ms;
	int64_t zone_ms; /* of times that name no zone, east of UTC */
};

/* Milliseconds since 1970; a date without a time is its midnight, one without a year the
 * last such day. Read are "2025-03-01T09:00:00.5+09:00" and the same looser,
 * "2025.03.01 (토) 오후 3:20", "25. 3. 1.", "2025년 3월 1일 15시 20분", "3월 1일",
 * "20250301090000", "Sat, 01 Mar 2025 09:00:00 +0900" (RFC 2822), "Mar 1, 2025 3:20 PM".
 * What follows after a blank is not looked at. False: no date. */
bool calendar_read(struct str text, const struct calendar_now *now, int64_t *ret_ms);
/* "15:20", "오후 3시 20분", "3:20 PM": milliseconds since midnight. */
bool calendar_time(struct str *s, int64_t *ret_ms);

#endif
