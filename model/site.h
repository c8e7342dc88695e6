/* site.h: what is remembered of a host beyond a restart, so that no start asks
 * it sooner than it wants to be asked. Times are wall clock; text is borrowed. */
#ifndef PIPED_SITE_H
#define PIPED_SITE_H

#include "base/str.h"
#include "model/state.h"

/* By host name. */
struct site_host {
	struct str host;
	enum breaker_state breaker;
	int troubles;	    /* in a row */
	struct str trouble; /* what the last was */
	int64_t trouble_ms;
	int64_t asked_ms; /* last; 0 not known */
	int64_t hold_ms;  /* no request till then */
	bool hold_asked;  /* it said so itself */
	int64_t delay_ms; /* crawl-delay */
	double factor;	  /* of its rate, 0..1 */
	struct str factor_why;
};

/* By scheme and host: its robots.txt, see crawler/robots_cache.h. */
struct site_robots {
	struct str site; /* "https://shop.example" */
	bool known;	 /* there is a good answer */
	bool rules;	 /* which had rules: `body` */
	int64_t good_ms, until_ms, asked_ms, ask_ms;
	int failures;
	struct str why, body; /* body: ASCII, other bytes as %XX */
};

#endif
