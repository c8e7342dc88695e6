/* conf_show.h: the configuration as a tree of nodes, to be printed as YAML or
 * JSON. A plain scalar is a number, a truth value or a word of ours; a quoted
 * one is text. */
#ifndef PIPED_CONF_SHOW_H
#define PIPED_CONF_SHOW_H

#include "config/conf_table.h"

struct conf_node *conf_show_map(struct arena *a);
struct conf_node *conf_show_list(struct arena *a);
struct conf_node *conf_show_text(struct arena *a, struct str s);
struct conf_node *conf_show_plain(struct arena *a, const char *s); /* copied */
struct conf_node *conf_show_number(struct arena *a, enum conf_type t, double x);
struct conf_node *conf_show_texts(struct arena *a, const struct str *texts, int n);
/* Takes `n` in; nothing happens when it is NULL. */
void conf_show_put(struct conf_node *map, struct str key, struct conf_node *n);
void conf_show_add(struct conf_node *list, struct conf_node *n);
/* A map of a table's rows with their documentation; rows that have nothing to
 * say are left out. */
struct conf_node *conf_show_rows(struct arena *a, const struct conf_row *rows, const void *from);

#endif
