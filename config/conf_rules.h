/* conf_rules.h: rules/NAME.yaml: words that speak for a category, or against a
 * listing. */
#ifndef PIPED_CONF_RULES_H
#define PIPED_CONF_RULES_H

#include "config/conf_table.h"

#define CONF_RULES_MOST 10000

extern const struct conf_row conf_rules_rows[], conf_rules_rule_rows[];

/* Reads every file in conf->rules_files into conf->rules; after the taxonomy. */
void conf_rules_read(struct conf_reader *r);
/* The same of r->texts whose names end with .yaml, beside those of `others` (may be NULL) that are
 * of files of other names. */
void conf_rules_read_texts(struct conf_reader *r, const struct conf_rules *others);

#endif
