/* tsv.h: labeled titles from a file, title TAB category in each line, plain or
 * gzip, and more columns where they are named. Blocks; one thread. */
#ifndef PIPED_TSV_H
#define PIPED_TSV_H

#include "classifier/classifier.h"

/* Longest line that is read; a longer one counts as misshapen. */
#define TSV_LINE ((size_t)1 << 20)

struct tsv;

/* Lines that are no row: empty, with fewer or more columns, too long. */
struct tsv_count {
	int64_t rows, misshapen;
	int64_t first_misshapen; /* line number from 1; 0: none */
};

/* Opens and reads the file once, to count and to find damage before any work
 * is built on it. `columns` names those after the category, with commas between
 * them, NULL for none: each is a field of that name, but "-" is skipped, "weight" is
 * the row's weight, rows of one "group" never stand on both sides of a split, and "price" is
 * a number that becomes its band. ERR_NOT_FOUND, ERR_IO, ERR_BAD (broken gzip, names). */
enum err tsv_open(const char *path, const char *columns, struct tsv **ret, struct reason *why);
void tsv_close(struct tsv *t);
struct tsv_count tsv_count(const struct tsv *t);
/* The rows, misshapen ones skipped. Borrows `t`. */
struct classifier_rows tsv_rows(struct tsv *t);

#endif
