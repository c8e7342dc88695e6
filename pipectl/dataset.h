/* dataset.h: reads an exported folder: its manifest and, one after the other, its rows. */
#ifndef PIPED_DATASET_H
#define PIPED_DATASET_H

#include "model/label.h"
#include "pipectl/records.h"

#include <jansson.h>

#define DATASET_COLUMNS_MOST RECORDS_COLUMNS_MOST

struct dataset;

/* ERR_NOT_FOUND, ERR_BAD: no manifest of ours. ERR_UNSUPPORTED: its format has no rows of columns. */
enum err dataset_open(const char *folder, struct dataset **ret, struct reason *why);
void dataset_close(struct dataset *d);
const char *dataset_format(const struct dataset *d);
const json_t *dataset_manifest(const struct dataset *d); /* borrowed */
int dataset_columns(const struct dataset *d);
const char *dataset_column(const struct dataset *d, int i);
int dataset_find(const struct dataset *d, const char *column); /* -1: it has none of that name */

/* Begins with the rows of a split. */
enum err dataset_begin(struct dataset *d, enum split s, struct reason *why);
/* The values of the next row, one a column, as records_next gives them. ERR_BAD with file and
 * line. */
enum err dataset_next(struct dataset *d, struct str cells[DATASET_COLUMNS_MOST], bool *ret_row,
		      struct reason *why);

#endif
