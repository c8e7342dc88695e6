/* desk.h: pool work with a reader: few at once, a bounded line behind them.
 * Loop thread, but for `work`. */
#ifndef PIPED_DESK_H
#define PIPED_DESK_H

#include "store/reader.h"

#include <uv.h>

#define DESK_READERS 3
#define DESK_LINE 32

struct desk;
struct desk_work {
	void (*work)(struct desk_work *w, struct reader *r); /* pool thread */
	void (*done)(struct desk_work *w);		     /* loop thread */
	/* the desk's */
	struct desk *desk;
	struct reader *reader;
	struct desk_work *next;
	uv_work_t uv;
};

/* `store` NULL: no readers, `work` gets NULL (tests). */
enum err desk_open(uv_loop_t *loop, struct store *store, struct desk **ret, struct reason *why);
/* ERR_BUSY: the line is full. */
enum err desk_put(struct desk *d, struct desk_work *w);
int desk_at_work(const struct desk *d); /* and in line */
void desk_close(struct desk *d);	/* nothing at work */

#endif
