/* conf_seed.h: seeds of a source: where a crawl starts. */
#ifndef PIPED_CONF_SEED_H
#define PIPED_CONF_SEED_H

#include "config/conf_table.h"

#define CONF_SEED_JOBS 1000000 /* of one source: the product of a seed's variables, added up */

/* For the manual. */
extern const struct conf_row conf_seed_rows[];
/* The row `seeds` of a struct conf_source. */
extern const struct conf_part conf_seed_part;

/* After the pages are read: page kinds, hosts, number of jobs. Fills in the
 * source's hosts when it names none. `seeds` is their node, or NULL. */
void conf_seed_check(struct conf_reader *r, struct conf_source *s, const struct conf_node *seeds);

#endif
