/* market_row.h: one row of the API's list. Pure. */
#ifndef PIPED_MARKET_ROW_H
#define PIPED_MARKET_ROW_H

#include "market_data.h"

/* Appends the item as a JSON object; `ad` when it is promoted. */
void market_row_json(const struct market_data *d, const struct market_item *item, bool ad,
		     struct buf *to);

/* Facts that a listings file has not got, made up from the pid. */
struct str market_row_place(const struct market_item *item); /* "" for three in ten */
bool market_row_used(const struct market_item *item);

#endif
