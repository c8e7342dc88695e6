/* httpdate.h: a date as HTTP writes it (RFC 9110 5.6.7): the one form to be sent
 * and the two obsolete ones. Names of days, months and GMT in any case; nothing
 * else is let pass, as what is no date has a meaning of its own (Expires: 0).
 * Pure. */
#ifndef PIPED_HTTPDATE_H
#define PIPED_HTTPDATE_H

#include "base/str.h"

/* Milliseconds since 1970. `now_ms` decides the century of a year of two digits. */
bool httpdate_parse(struct str s, int64_t now_ms, int64_t *ret_ms);

#endif
