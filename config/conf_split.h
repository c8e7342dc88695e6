/* conf_split.h: how a list that shows only a window of its results is parted. */
#ifndef PIPED_CONF_SPLIT_H
#define PIPED_CONF_SPLIT_H

#include "config/conf_table.h"

/* For the manual. */
extern const struct conf_row conf_split_rows[];
/* The row `split` of a struct conf_seed. */
extern const struct conf_part conf_split_part;

/* After the pages are read: that its page kind has a window, that each way is one, and
 * that the seed's own variables agree. `n` is the seed's node. */
void conf_split_check(struct conf_reader *r, const struct conf_source *s,
		      const struct conf_seed *seed, const struct conf_node *n);

#endif
