/* export_row.h: one listing as one line of a dataset file. Pure. */
#ifndef PIPED_EXPORT_ROW_H
#define PIPED_EXPORT_ROW_H

#include "exporter/exporter.h"

/* Longest line: a listing's fields are bounded, and JSON can grow a byte to six. */
#define EXPORT_ROW_MOST ((size_t)1 << 20)

/* How a format takes JSON: as it is; columns of free JSON as text, so that each has one type; the
 * same, but the title, which a task has already, and the picture, which an image row has. */
enum export_row_json { EXPORT_ROW_FREE, EXPORT_ROW_TYPED, EXPORT_ROW_TASK, EXPORT_ROW_IMAGE };
/* The columns as members of the open object. */
void export_row_members(const struct export_columns *c, const struct export_item *x,
			enum export_row_json how, struct arena *a, struct json *j);
/* The line with the names of the columns; nothing where the format has none. */
void export_row_header(enum export_format f, const struct export_columns *c, struct buf *to);
/* Appends the line of `x`; `a` is scratch. ERR_TOO_BIG past the cap of `to`. */
enum err export_row(enum export_format f, const struct export_columns *c,
		    const struct export_item *x, struct arena *a, struct buf *to);

#endif
