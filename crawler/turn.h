/* turn.h: who is next: an indexed binary heap of times, embedded in what it
 * orders. Equal times come in the order they were set. Pure. */
#ifndef PIPED_TURN_H
#define PIPED_TURN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct turn {
	int64_t at_us;
	uint64_t order;
	size_t place; /* 1-based place in the heap; 0: not in it */
};

struct turn_heap {
	struct turn **p;
	size_t n, room;
	uint64_t order;
};

void turn_done(struct turn_heap *h); /* frees the heap, not its turns */
/* Adds `t`, or moves it; either way behind those of the same time. */
void turn_set(struct turn_heap *h, struct turn *t, int64_t at_us);
void turn_drop(struct turn_heap *h, struct turn *t); /* fine when not in it */
/* The soonest, or NULL. */
struct turn *turn_first(const struct turn_heap *h);
/* Of two, either of which may be NULL; `a` at the same time. */
struct turn *turn_sooner(struct turn *a, struct turn *b);

#endif
