/* conf_term.h: what stands in a rule's `any`, `all` and `none`: words, expressions,
 * names of lookup lists; and those lists. */
#ifndef PIPED_CONF_TERM_H
#define PIPED_CONF_TERM_H

#include "config/conf_table.h"

extern const struct conf_row conf_term_rows[], conf_term_list_rows[];
/* Names of enum conf_whole; NULL-terminated. */
extern const char *const conf_term_wholes[];
/* Struct conf_term * and an int count: a list of them. */
extern const struct conf_part conf_term_part;
/* Members `all` and `n_all` of a struct conf_rule, to which expressions are added: a text or
 * a list of texts. */
extern const struct conf_part conf_term_regex_part, conf_term_written_part;
/* Struct conf_list * and an int count: a map of lists by name. */
extern const struct conf_part conf_term_lists_part;

/* Words of a rule that do not say where they stand are found as the rule says. */
void conf_term_settle(struct conf_rule *rule);
/* Problems for names of lists that there are none of, and for lists of one name. */
void conf_term_check_lists(struct conf_reader *r);

#endif
