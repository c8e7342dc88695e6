/* market_spec.h: a fault as it is written: KIND[:KEY=VALUE,...]. Pure. */
#ifndef PIPED_MARKET_SPEC_H
#define PIPED_MARKET_SPEC_H

#include "market_fault.h"

/* ERR_BAD with `why`. Counts are 0. */
enum err market_spec_parse(struct str spec, struct market_fault *to, struct reason *why);
/* The kinds and keys, for --help. */
void market_spec_help(struct buf *to);

#endif
