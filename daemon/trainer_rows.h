/* trainer_rows.h: rows that training and measuring read several times, on disk in
 * a file without a name. On one thread. */
#ifndef PIPED_TRAINER_ROWS_H
#define PIPED_TRAINER_ROWS_H

#include "base/err.h"
#include "classifier/classifier.h"
#include "model/hint.h"
#include "model/listing.h"

#include <limits.h>
#include <stdio.h>

/* Lines of title, category, family, the listing's id and fields, with tabs between. */
struct trainer_rows {
	char path[PATH_MAX]; /* what reasons name */
	FILE *f;
	char *line;
	size_t room;
	int64_t n;
	unsigned fields; /* HINT_BIT: those that rows are read with */
	int64_t id;	 /* of the listing that was read last */
};

/* Beside `file`, whose name gets `ending`. */
enum err trainer_rows_open(struct trainer_rows *r, const char *file, const char *ending,
			   struct reason *why);
/* Half-made and zeroed ones, too. */
void trainer_rows_close(struct trainer_rows *r);
/* `untold`: HINT_BIT of fields that this row is never read with. */
enum err trainer_rows_add(struct trainer_rows *r, const struct listing *l, struct str category,
			  unsigned untold, struct reason *why);
enum err trainer_rows_flush(struct trainer_rows *r, struct reason *why);
/* The same rows as the classifier reads them, a group per family; borrows `r`. */
struct classifier_rows trainer_rows_of(struct trainer_rows *r);
/* The listings' ids in the same order, `r->n` of them; owned by the caller. */
int64_t *trainer_rows_ids(struct trainer_rows *r);

#endif
