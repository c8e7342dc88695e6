/* records.h: reads a file of rows one after the other, in memory that does not grow with it: JSON
 * objects a line, CSV (RFC 4180) or TSV with a header line, gzip or not. */
#ifndef PIPED_RECORDS_H
#define PIPED_RECORDS_H

#include "base/err.h"
#include "base/str.h"

#define RECORDS_COLUMNS_MOST 128

enum records_how { RECORDS_JSONL, RECORDS_CSV, RECORDS_TSV, RECORDS_HOWS };
extern const char *const records_names[RECORDS_HOWS]; /* "jsonl", "csv", "tsv" */
bool records_parse(const char *name, enum records_how *ret);

struct records;

/* Rows are read by the columns named (borrowed, at most RECORDS_COLUMNS_MOST); others are passed
 * over. ERR_IO, ERR_BAD. */
enum err records_open(const char *path, enum records_how how, const char *const *columns, int n,
		      struct records **ret, struct reason *why);
void records_close(struct records *r);
/* Whether the header names the column; of JSONL always. */
bool records_has(const struct records *r, int column);
/* The values of the next row, in the order of the columns, valid until the next call; {0}:
 * absent or empty. JSON values that are no texts come as JSON. *ret_row false: there is none.
 * ERR_BAD with file and line; `ret_again`: the rows after it can be read. */
enum err records_next(struct records *r, struct str cells[RECORDS_COLUMNS_MOST], bool *ret_row,
		      bool *ret_again, struct reason *why);
int64_t records_line(const struct records *r); /* where the row begins, from 1 */

#endif
