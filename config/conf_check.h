/* conf_check.h: what fields of a page kind's listings have to be. */
#ifndef PIPED_CONF_CHECK_H
#define PIPED_CONF_CHECK_H

#include "config/conf_table.h"

/* For the manual. */
extern const struct conf_row conf_check_rows[];
/* The row `checks` of a struct conf_page. */
extern const struct conf_part conf_check_part;

/* Whether min and max are for it; pattern and values are for the others. */
bool conf_check_is_figure(enum listing_field f);
/* That the page has the fields that its checks name. `checks` is their node, or NULL. */
void conf_check_fields(struct conf_reader *r, const struct conf_page *p,
		       const struct conf_node *checks);
uint64_t conf_check_version(uint64_t version, const struct conf_page *p);

#endif
