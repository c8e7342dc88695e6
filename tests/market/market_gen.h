/* market_gen.h: listings made up from the words, the same for the same seed on
 * every machine. Row i does not depend on how many follow. Pure. */
#ifndef PIPED_MARKET_GEN_H
#define PIPED_MARKET_GEN_H

#include "base/buf.h"

/* Appends a whole listings file (market_data.h) of `count` rows. About one in
 * eight is posted again under a new pid, one in twelve stands in a category
 * that its title does not belong in; some are wanted ads, joke prices, or say
 * nothing. */
void market_gen_rows(uint64_t seed, uint32_t count, struct buf *to);

#endif
