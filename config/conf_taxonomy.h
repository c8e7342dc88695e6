/* conf_taxonomy.h: taxonomy/NAME.yaml. */
#ifndef PIPED_CONF_TAXONOMY_H
#define PIPED_CONF_TAXONOMY_H

#include "config/conf_table.h"

#define CONF_TAXA_MOST 20000

extern const struct conf_row conf_taxonomy_rows[], conf_taxonomy_taxon_rows[];

/* Reads conf->taxonomy_file, if there is one; after the sources. */
void conf_taxonomy_read(struct conf_reader *r);
/* The taxonomy of a file that is no file here. */
void conf_taxonomy_read_text(struct conf_reader *r, struct str text);
/* That `source` is loaded or one that the taxonomy says it maps; a problem at
 * `at` otherwise. */
void conf_taxonomy_check_source(struct conf_reader *r, struct str source, struct conf_at at);
/* Index of a taxon, or -1 with a problem at `at`. */
int conf_taxonomy_find(struct conf_reader *r, struct str code, struct conf_at at);

#endif
