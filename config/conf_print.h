/* conf_print.h: nodes as YAML. conf_print() itself is in conf.h. */
#ifndef PIPED_CONF_PRINT_H
#define PIPED_CONF_PRINT_H

#include "config/conf_yaml.h"

/* A map as YAML. Documentation stands above the first key that carries it. Every line
 * starts with `margin`. */
void conf_print_yaml(const struct conf_node *map, const char *margin, struct buf *to);

#endif
