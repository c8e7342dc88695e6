/* conf_var.h: the values that a variable of a seed goes through. */
#ifndef PIPED_CONF_VAR_H
#define PIPED_CONF_VAR_H

#include "config/conf_table.h"

#define CONF_VAR_MOST 1000000 /* values of a range */
#define CONF_VAR_BYTES 1024   /* of a value that a file gives */

/* For the manual. */
extern const struct conf_row conf_var_range_rows[], conf_var_file_rows[], conf_var_found_rows[];
/* The row `vars` of a struct conf_seed. */
extern const struct conf_part conf_var_part;

/* The values that `n` stands for: one, a list, a range, a file, or what pages find. */
void conf_var_read(struct conf_reader *r, const struct conf_node *n, struct conf_var *v);
struct conf_node *conf_var_show(struct arena *a, const struct conf_var *v);

#endif
