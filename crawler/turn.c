#include "crawler/turn.h"

#include "base/mem.h"

static bool sooner(const struct turn *a, const struct turn *b)
{
	return a->at_us != b->at_us ? a->at_us < b->at_us : a->order < b->order;
}

static void put(struct turn_heap *h, struct turn *t, size_t place)
{
	h->p[place - 1] = t;
	t->place = place;
}

static void up(struct turn_heap *h, struct turn *t)
{
	size_t at = t->place;

	for (; at > 1 && sooner(t, h->p[at / 2 - 1]); at /= 2)
		put(h, h->p[at / 2 - 1], at);
	put(h, t, at);
}

static void down(struct turn_heap *h, struct turn *t)
{
	size_t at = t->place, child;

	while ((child = 2 * at) <= h->n) {
		if (child < h->n && sooner(h->p[child], h->p[child - 1]))
			child++;
		if (!sooner(h->p[child - 1], t))
			break;
		put(h, h->p[child - 1], at);
		at = child;
	}
	put(h, t, at);
}

void turn_done(struct turn_heap *h)
{
	mem_free(h->p);
	*h = (struct turn_heap){ 0 };
}

void turn_set(struct turn_heap *h, struct turn *t, int64_t at_us)
{
	if (!t->place) {
		mem_grow(&h->p, &h->room, h->n + 1, sizeof(struct turn *));
		put(h, t, ++h->n);
	}
	t->at_us = at_us;
	t->order = ++h->order;
	up(h, t);
	down(h, t);
}

void turn_drop(struct turn_heap *h, struct turn *t)
{
	struct turn *last;

	if (!t->place)
		return;
	last = h->p[--h->n];
	if (last != t) {
		put(h, last, t->place);
		up(h, last);
		down(h, last);
	}
	t->place = 0;
}

struct turn *turn_sooner(struct turn *a, struct turn *b)
{
	return !b || (a && a->at_us <= b->at_us) ? a : b;
}

struct turn *turn_first(const struct turn_heap *h)
{
	return h->n ? h->p[0] : NULL;
}
