/* market_spoil.h: what a fault does to the bytes of an answer. Pure, but for the
 * time in a Retry-After. What goes wrong on the way is market_send.h's. */
#ifndef PIPED_MARKET_SPOIL_H
#define PIPED_MARKET_SPOIL_H

#include "market_fault.h"
#include "market_site.h"

/* `now_ms` since 1970. */
void market_spoil_answer(const struct market_fault *f, int64_t now_ms, struct market_answer *a);

#endif
