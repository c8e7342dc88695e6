/* market_control.h: /_market/..., which only this machine may ask.
 *   /_market/fault?add=SPEC  /_market/fault?clear=1  /_market/fault
 *   /_market/stats   and for all: /_market/loop?n=N, a redirect to itself */
#ifndef PIPED_MARKET_CONTROL_H
#define PIPED_MARKET_CONTROL_H

#include "market_fault.h"
#include "market_journal.h"
#include "market_site.h"

#define MARKET_CONTROL_PATH "/_market/"

/* Any thread. `local`: the client is on this machine. */
void market_control_answer(struct market_faults *f, struct market_journal *j, bool local,
			   const struct market_request *q, struct market_answer *a);

#endif
