/* row.h: rows of a query as the nouns. Text is copied to the arena, or is the
 * query's own where no arena is given. */
#ifndef PIPED_ROW_H
#define PIPED_ROW_H

#include "base/arena.h"
#include "model/job.h"
#include "model/label.h"
#include "model/page.h"
#include "store/query.h"

struct str row_text(struct query *q, struct arena *a);
/* For row_all: rows of one number, int64_t. */
void row_id(struct query *q, struct arena *a, void *row);
void row_job(struct query *q, struct arena *a, struct job *ret);
/* NULL where the job was never visited: all columns are. */
const struct visit *row_visit(struct query *q, struct arena *a);
void row_page(struct query *q, struct arena *a, struct page *ret);
enum label_by row_label_by(struct query *q);
/* The fate of that name; of no row: RECODE_CODE. */
enum recode_fate row_fate(struct str name);
/* SQL_LABEL_COLUMNS */
void row_label(struct query *q, struct arena *a, struct label *ret);
/* model, then category and probability of each place. */
void row_suggestion(struct query *q, struct arena *a, struct suggestion *ret);

/* Every row, in an array in `a`. `make` fills one of `each` bytes (zeroed). */
enum err row_all(struct query *q, struct arena *a, size_t each,
		 void (*make)(struct query *q, struct arena *a, void *row), void *ret, int *ret_n);

#endif
