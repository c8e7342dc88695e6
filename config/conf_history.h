/* conf_history.h: `history` of taxonomy/NAME.yaml: its versions, and what each did to which
 * categories. */
#ifndef PIPED_CONF_HISTORY_H
#define PIPED_CONF_HISTORY_H

#include "config/conf_table.h"

#define CONF_CHANGES_MOST 20000 /* of a whole history */

extern const struct conf_row conf_history_rows[], conf_history_change_rows[];
/* The row `history` of a struct conf_taxonomy. */
extern const struct conf_part conf_history_part;
/* "rename", "move", "merge", "split", "retire". */
const char *conf_history_kind_name(enum conf_change_kind k);
/* "renamed to b", "split into b, c", "retired", "moved to the top": what it did to its codes. */
void conf_history_text(const struct conf_change *c, struct buf *to);

/* Once taxa and history are read: replays the history from the categories before it to those of
 * now, and tells of what cannot have been so, or would let a code mean two things. Without a
 * problem of it, makes t->recodes. */
void conf_history_check(struct conf_reader *r, struct conf_taxonomy *t);
/* The change that took `code` away for good, with its version; NULL: none did. */
const struct conf_change *conf_history_end(const struct conf_taxonomy *t, struct str code,
					   int64_t *ret_version);

#endif
