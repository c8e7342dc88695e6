/* conf_page.h: page kinds of a source. */
#ifndef PIPED_CONF_PAGE_H
#define PIPED_CONF_PAGE_H

#include "config/conf_table.h"

/* For the manual. */
extern const struct conf_row conf_page_rows[];
/* The row `pages` of a struct conf_source. */
extern const struct conf_part conf_page_part;
/* By enum conf_format; NULL-terminated. */
extern const char *const conf_page_formats[];

/* That links and paging name what is there; after all pages and seeds are read. `pages` is
 * their node, or NULL. */
void conf_page_check(struct conf_reader *r, const struct conf_source *s,
		     const struct conf_node *pages);
/* The field that `n` is named after; false with a problem: there is none. */
bool conf_page_field(struct conf_reader *r, const struct conf_node *n, enum listing_field *ret);
/* Sets every page's version: after the whole source is read. */
void conf_page_versions(struct conf_source *s);
/* "; did you mean `search`?" for a page kind that is not there. */
const char *conf_page_hint(const struct conf_source *s, struct str name, char to[128]);

#endif
