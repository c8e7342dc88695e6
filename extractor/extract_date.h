/* extract_date.h: the times that sitemaps and feeds carry. Pure. */
#ifndef PIPED_EXTRACT_DATE_H
#define PIPED_EXTRACT_DATE_H

#include "base/str.h"

/* Milliseconds since 1970, UTC; 0: no time, or one before 1970. Read are the W3C
 * profile of ISO 8601 ("2005-01-01", "2004-12-23T18:00:15.5+09:00"; a space may
 * stand for the T) and RFC 822 with years of two or four digits, with or without
 * the day's name. Without a zone, or with one that is not known, it is UTC. */
int64_t extract_date(struct str text);

#endif
