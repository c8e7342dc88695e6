/* conf_paging.h: how a page kind leads to the next page of a list. */
#ifndef PIPED_CONF_PAGING_H
#define PIPED_CONF_PAGING_H

#include "config/conf_table.h"

/* For the manual. */
extern const struct conf_row conf_paging_rows[];
/* The row `paging` of a struct conf_page. */
extern const struct conf_part conf_paging_part;

/* That the seeds have the variable; after all of them are read. `page` is the page kind's
 * node. */
void conf_paging_check(struct conf_reader *r, const struct conf_source *s,
		       const struct conf_page *p, const struct conf_node *page);

#endif
