/* conf_piped.h: piped.yaml itself. */
#ifndef PIPED_CONF_PIPED_H
#define PIPED_CONF_PIPED_H

#include "config/conf_table.h"

extern const struct conf_row conf_piped_rows[];

/* Fills conf from the root node of piped.yaml; the files that it names are not
 * read yet. */
void conf_piped_read(struct conf_reader *r, const struct conf_node *root);

#endif
