/* market_send.h: an answer as a response of libmicrohttpd, and what a fault
 * does to it on the way. */
#ifndef PIPED_MARKET_SEND_H
#define PIPED_MARKET_SEND_H

#include "market_fault.h"
#include "market_site.h"
#include "market_wait.h"

struct MHD_Connection;

/* How much of a body is packed at least: below that gzip only adds. */
#define MARKET_SEND_PACK_LEAST 400

/* Queues `a` (its body is taken) on `c`. `ret_bytes`: of the body, as it will
 * be sent. False: hang up. */
bool market_send_answer(struct MHD_Connection *c, struct market_wait *w,
			const struct market_fault *f, struct market_answer *a, int64_t *ret_bytes);

#endif
