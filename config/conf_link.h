/* conf_link.h: links of a page kind. */
#ifndef PIPED_CONF_LINK_H
#define PIPED_CONF_LINK_H

#include "config/conf_table.h"

/* For the manual. */
extern const struct conf_row conf_link_rows[];
/* The row `links` of a struct conf_page. */
extern const struct conf_part conf_link_part;

/* That they lead to page kinds that are there; after all pages are read. `page` is the page
 * kind's node. */
void conf_link_check(struct conf_reader *r, const struct conf_source *s, const struct conf_page *p,
		     const struct conf_node *page);
uint64_t conf_link_version(const struct conf_source *s, const struct conf_page *p,
			   const struct conf_link *l, uint64_t version);

#endif
