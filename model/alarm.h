/* alarm.h: a page kind of a source is no longer what it was: one statistic of its pages has
 * changed, and not by chance (drift/drift.h). */
#ifndef PIPED_ALARM_H
#define PIPED_ALARM_H

#include "base/str.h"

struct alarm {
	int64_t id; /* row; 0 before it is stored */
	struct str source, page_kind;
	struct str statistic; /* its name, as drift_stat_name() */
	struct str what;      /* "price was filled in 99.8% of listings, now 0%" */
	int64_t page;	      /* the first page that showed it */
	struct str url;	      /* of that page; {0} where it is not asked for */
	int64_t raised_ms;
	int64_t ended_ms;    /* 0: it is open */
	struct str ended_by; /* "usual again", "accepted", "another rule"; "" while it is open */
};

#endif
