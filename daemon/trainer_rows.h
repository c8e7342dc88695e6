/* trainer_rows.h: the rows that a training reads several times, on disk in a
 * file without a name. On the training thread. */
#ifndef PIPED_TRAINER_ROWS_H
#define PIPED_TRAINER_ROWS_H

#include "base/err.h"
#include "classifier/classifier.h"

#include <limits.h>
#include <stdio.h>

/* "title TAB category" lines. Titles are in normal form, so neither holds a
 * tab or a line end. */
struct trainer_rows {
	char path[PATH_MAX]; /* what reasons name */
	FILE *f;
	char *line;
	size_t room;
	int64_t n;
};

/* Beside `file`, whose name gets `ending`. */
enum err trainer_rows_open(struct trainer_rows *r, const char *file, const char *ending,
			   struct reason *why);
/* Half-made and zeroed ones, too. */
void trainer_rows_close(struct trainer_rows *r);
enum err trainer_rows_add(struct trainer_rows *r, struct str title, struct str category,
			  struct reason *why);
enum err trainer_rows_flush(struct trainer_rows *r, struct reason *why);
/* The same rows as the classifier reads them; borrows `r`. */
struct classifier_rows trainer_rows_of(struct trainer_rows *r);

#endif
