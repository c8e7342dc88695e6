/* conf_values.h: values that page kinds find for variables of seeds. */
#ifndef PIPED_CONF_VALUES_H
#define PIPED_CONF_VALUES_H

#include "config/conf_table.h"

/* The row `values` of a struct conf_page. */
extern const struct conf_part conf_values_part;

/* That what the seed wants to be found is found by some page kind; after all pages are
 * read. `n` is the seed's node. */
void conf_values_check(struct conf_reader *r, const struct conf_source *s,
		       const struct conf_seed *seed, const struct conf_node *n);

#endif
