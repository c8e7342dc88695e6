/* query.h: prepared statements: parameters bound and columns read in order.
 * A failure sticks to the query until it is run, so that only the running is
 * checked. Text is borrowed: bound text until the query has run, columns until
 * the next row. */
#ifndef PIPED_QUERY_H
#define PIPED_QUERY_H

#include "model/state.h"
#include "store/store_engine.h"

struct query;

/* Never fails itself: what could not be prepared fails when it is run. `sql`
 * outlives it. */
struct query *query_new(struct store_engine *e, const char *sql);
void query_free(struct query *q);

/* The next parameter. */
void query_int(struct query *q, int64_t value);
void query_id(struct query *q, int64_t value); /* 0: NULL */
void query_version(struct query *q, uint64_t value);
void query_real(struct query *q, double value);
void query_text(struct query *q, struct str value);  /* none: "" */
void query_maybe(struct query *q, struct str value); /* none or empty: NULL */
void query_state(struct query *q, enum state_kind k, int state);
void query_null(struct query *q);

/* The next row; all parameters are bound. After the last, and after an error,
 * the query is ready to be bound again. */
enum err query_row(struct query *q, bool *ret_row);
/* All rows, which are not looked at. */
enum err query_run(struct query *q);
/* One row or ERR_NOT_FOUND; then query_end. */
enum err query_one(struct query *q);
/* No more rows are wanted. ERR_BAD: a column of the last one was not readable. */
enum err query_end(struct query *q);

/* The next column; NULL is 0 and none. */
int64_t query_get_int(struct query *q);
uint64_t query_get_version(struct query *q);
double query_get_real(struct query *q);
struct str query_get_text(struct query *q);
int query_get_state(struct query *q, enum state_kind k); /* unknown: fails what follows */
bool query_at_null(struct query *q);			 /* does not move on */

#endif
