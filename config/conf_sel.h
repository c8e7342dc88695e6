/* conf_sel.h: selectors: how a value is found on a page. A bare text is jq in
 * a JSON page and CSS in an HTML page; {css: ...} says which. */
#ifndef PIPED_CONF_SEL_H
#define PIPED_CONF_SEL_H

#include "config/conf_table.h"

/* Rows whose member is a struct conf_sel. */
extern const struct conf_part conf_sel_part;
/* The keys of the long form, for the manual. */
extern const struct conf_row conf_sel_rows[];

/* Whether the node is a selector in its long form, {css: ...}. */
bool conf_sel_is_long(const struct conf_node *n);
/* A field's selector with its prefix and whether it is required, read for
 * the page format of `r`. */
void conf_sel_field(struct conf_reader *r, const struct conf_node *n, struct conf_field *ret);
struct conf_node *conf_sel_show(struct arena *a, const struct conf_sel *s);
struct conf_node *conf_sel_show_field(struct arena *a, const struct conf_field *f);
uint64_t conf_sel_version(uint64_t version, const struct conf_sel *s);

#endif
