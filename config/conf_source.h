/* conf_source.h: sources/NAME.yaml. */
#ifndef PIPED_CONF_SOURCE_H
#define PIPED_CONF_SOURCE_H

#include "config/conf_table.h"

extern const struct conf_row conf_source_rows[];

/* Reads every file in conf->source_files into conf->sources. */
void conf_source_read(struct conf_reader *r);
/* Reads one such file's text into conf->sources. */
void conf_source_read_text(struct conf_reader *r, struct str text);
/* conf->no_source. */
void conf_source_read_none(struct conf_reader *r);

#endif
