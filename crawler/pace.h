/* pace.h: how soon, and how many at once, one host may be asked: its rate, its
 * concurrency, its pauses after trouble, and how many jobs are worth having
 * for it. Pure; times are wall clock. */
#ifndef PIPED_PACE_H
#define PIPED_PACE_H

#include "base/rng.h"
#include "config/conf.h"
#include "crawler/frontier.h"
#include "crawler/window.h"

/* Hosts that may be asked within this time get jobs; those that have to wait
 * longer leave their room in the window to others. */
#define PACE_SOON_MS ((int64_t)5000)
#define PACE_SLOT_MS ((int64_t)5000)

/* Reads what the configuration says of the host. */
void pace_configure(struct window_host *h, const struct conf *conf, int64_t now_ms);
/* Microseconds of the wall clock before which no request may start. */
int64_t pace_start_us(const struct window_host *h);
/* When what is known of the host's pace is no longer worth remembering. */
int64_t pace_worth_us(const struct window_host *h);
/* At most so many requests at once: one while the host is in trouble, to see
 * whether that is over. */
int pace_at_once(const struct window_host *h);
/* Jobs that may start soon; and how many more of them the window may take. */
int64_t pace_useful(const struct window_host *h);
int64_t pace_room(const struct window_host *h);

/* A request starts, or ends; frontier.h says what the news mean. */
void pace_started(struct window_host *h, int64_t now_ms);
void pace_ended(struct window_host *h, int64_t started_ms, enum frontier_news news,
		int64_t retry_after_ms, int64_t now_ms, const struct conf *conf, struct rng *rng);
/* Requests a second over the last minute, or since the first if that is less. */
double pace_used(const struct window_host *h, int64_t now_ms);
/* The wall clock was set back. */
void pace_set_back(struct window_host *h, int64_t by_ms);

#endif
