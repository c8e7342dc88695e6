/* measures.h: rules vote with the precision that people's decisions give them. Now and then
 * decisions are counted; when the weight of some rule has moved by MEASURES_NATS since what it votes
 * with was stored, the counts are stored in its place, and listings are labeled again. What is stored
 * holds over restarts and reloads. Loop thread. */
#ifndef PIPED_MEASURES_H
#define PIPED_MEASURES_H

#include "base/clock.h"
#include "labeler/labeler.h"
#include "store/writer.h"

#include <uv.h>

/* A rule at .9 among 157 categories weighs 7.2; at .85, 6.8. */
#define MEASURES_NATS 0.5

struct measures;

struct measures_env {
	uv_loop_t *loop;
	const struct clock *clock;
	struct store *store;
	struct writer *writer;
	const struct labeler *(*labeler)(void *ctx); /* the one in use */
	void (*moved)(void *ctx);		     /* measures_get() says otherwise now */
	void (*idle)(void *ctx);		     /* a count, or its write, ended */
	void *ctx;
};

/* Reads what was stored. */
enum err measures_new(const struct measures_env *env, struct measures **ret, struct reason *why);
void measures_free(struct measures *m); /* NULL, or not busy */
/* Borrowed until the next `moved`. NULL gives none. */
const struct rule_measure *measures_get(const struct measures *m, int *ret_n);
/* Once a second, while no listings are being labeled again. Counts when `each_ms` have passed since
 * the last time, or the start; 0: never. */
void measures_tick(struct measures *m, int64_t each_ms);
void measures_stop(struct measures *m);
bool measures_busy(const struct measures *m);

#endif
