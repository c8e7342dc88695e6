/* market_wait.h: wakes suspended connections when their time has come, so that
 * a slow answer holds up nobody else. Any thread. */
#ifndef PIPED_MARKET_WAIT_H
#define PIPED_MARKET_WAIT_H

#include <stdbool.h>
#include <stdint.h>

struct MHD_Connection;
struct market_wait;

struct market_wait *market_wait_new(void);
/* Suspends `c` for `ms`. False when closing: `c` goes on at once. Only from
 * within one of its callbacks. */
bool market_wait_add(struct market_wait *w, struct MHD_Connection *c, int64_t ms);
/* Wakes all and suspends none from now on: before the daemon is stopped. */
void market_wait_close(struct market_wait *w);
void market_wait_free(struct market_wait *w);

#endif
