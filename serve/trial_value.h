/* trial_value.h: the fields of a listing as a person compares them. Pure. */
#ifndef PIPED_TRIAL_VALUE_H
#define PIPED_TRIAL_VALUE_H

#include "base/arena.h"
#include "model/listing.h"

/* {0}: it has none. Prices in whole units, times ISO 8601 in UTC. In `a`, or the listing's. */
struct str trial_value(const struct listing *l, enum listing_field f, struct arena *a);

#endif
