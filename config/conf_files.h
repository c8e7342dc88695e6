/* conf_files.h: rows of piped.yaml that name other files. */
#ifndef PIPED_CONF_FILES_H
#define PIPED_CONF_FILES_H

#include "config/conf_table.h"

/* A struct conf_file * and an int count. */
extern const struct conf_part conf_files_part;
/* The taxonomy_file of a struct conf. */
extern const struct conf_part conf_files_taxonomy_part;

#endif
