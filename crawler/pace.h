/* pace.h: how soon, and how many at once, one host may be asked: its rate, its
 * concurrency, its address, its pauses after trouble, and how many jobs are
 * worth having for it. Pure; times are wall clock. meter.h holds the figures.
 *
 * The rate is kept on average, and a host may catch up PACE_SLACK_US of a late
 * loop; a crawl-delay is the least time between any two requests. */
#ifndef PIPED_PACE_H
#define PIPED_PACE_H

#include "base/rng.h"
#include "config/conf.h"
#include "crawler/frontier.h"
#include "crawler/window.h"
#include "model/site.h"

/* Hosts that may be asked within this time get jobs; those that have to wait
 * longer leave their room in the window to others. */
#define PACE_SOON_MS ((int64_t)5000)
#define PACE_SLOT_MS ((int64_t)5000)
#define PACE_SLACK_US ((int64_t)20000)
/* So many troubles in a row open the circuit breaker. */
#define PACE_BREAKER_TROUBLES 3

/* Reads what the configuration says of the host, for one of its sources and for
 * all of them together. */
void pace_configure(struct window_host *h, const struct conf *conf, int64_t now_ms);
/* Microseconds of the wall clock before which no request may start; its address
 * may have it wait longer. */
int64_t pace_start_us(const struct meter *m);
/* When what is known of the host's pace is no longer worth remembering. */
int64_t pace_worth_us(const struct meter *m);
/* From one request to the next, just now. */
int64_t pace_interval_us(const struct meter *m);
/* At most so many requests at once: one while the host is in trouble, to see
 * whether that is over, or while its address is not known. */
int pace_at_once(const struct meter *m, const struct conf *conf);
/* Jobs that may start soon; and how many more of them the window may take. */
int64_t pace_useful(const struct window_host *h);
int64_t pace_room(const struct window_host *h);

/* When the address may be asked for a host that may be asked now: 0 is now. Else
 * the host has its turn by then, in the order that hosts come. */
int64_t pace_address_us(struct meter *m, const struct conf *conf, int64_t now_ms);

/* A request starts, or ends; frontier.h says what the news mean. */
void pace_started(struct window_job *j, const struct conf *conf, int64_t now_ms);
void pace_ended(struct meter *m, int64_t started_ms, enum frontier_news news,
		int64_t retry_after_ms, int64_t now_ms, const struct conf *conf, struct rng *rng);
/* It has ended without a request: as if it had not started. */
void pace_unsent(struct window_job *j, const struct conf *conf);
/* No request till then, for no fault of the host. */
void pace_hold(struct meter *m, int64_t until_ms);
/* A request that is no job's: 0, and it has started, or when it may. */
int64_t pace_visit_ms(struct meter *m, const struct conf *conf, int64_t now_ms);
/* A request to an address that was not known when it started. */
void pace_reached(struct meter *m, const struct conf *conf, int64_t started_ms);
/* A fine answer took so long. True: the host is asked at another pace now. */
bool pace_took(struct meter *m, int64_t took_ms, int64_t now_ms);
/* What is to be remembered of the host, borrowed; and taken from what was (NULL:
 * nothing). True: the request whose start asked may be sent now. */
void pace_save(const struct meter *m, struct site_host *ret);
bool pace_recall(struct meter *m, const struct site_host *s, const struct conf *conf,
		 int64_t now_ms);
/* Whether even the time of a request is worth remembering: its interval is long. */
bool pace_is_slow(const struct meter *m);
/* Requests a second over the last minute, or since the first if that is less. */
double pace_used(const struct meter *m, int64_t now_ms);
/* The wall clock was set back, or ahead if by_ms is negative. */
void pace_set_back(struct meter_table *t, int64_t by_ms);

#endif
