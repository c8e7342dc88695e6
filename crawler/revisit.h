/* revisit.h: how a page is asked again, and when. Pure.
 *
 * The interval is multiplied at each visit: by 1/2 where the content was another,
 * by 3/2 where it was not, within the page kind's bounds. This is the rule of
 * Nutch's AdaptiveFetchSchedule; with these factors it settles where ln(3/2) /
 * (ln 2 + ln(3/2)) = 37% of visits find a change: for changes that come at random
 * (Poisson), at 0.46 of the mean time between them. */
#ifndef PIPED_REVISIT_H
#define PIPED_REVISIT_H

#include "config/conf.h"
#include "crawler/freshness.h"
#include "model/visit.h"

/* Changes when what is asked for, or how the answer is read, does. Then the answer
 * that is held says nothing about the next one: all configured headers count, which
 * covers whatever the answer's Vary could name. */
uint64_t revisit_version(const struct conf_source *s, const struct conf_page *p,
			 struct str user_agent);

/* The headers that ask whether the answer still holds (RFC 9110 13.1.2, 13.1.3; both,
 * as servers know one or the other). Their number; text is the visit's. */
#define REVISIT_HEADERS 2
int revisit_headers(const struct visit *v, struct conf_header to[REVISIT_HEADERS]);

/* The interval after one of `was_ms` (0: the first). */
int64_t revisit_interval_ms(const struct conf_page *p, int64_t was_ms, bool changed);
/* When to ask again: after the interval, or later if the answer says that it holds
 * for longer, but never later than the page kind's longest interval. */
int64_t revisit_due_ms(const struct conf_page *p, int64_t interval_ms, int64_t fresh_ms,
		       int64_t now_ms);

/* Of a page that is about one thing, asked again: after everything new, and things
 * still to be had before those that are sold. `priority`: the job's until now. */
int revisit_priority(int priority, enum listing_state state);

#endif
