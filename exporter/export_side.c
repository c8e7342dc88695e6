#include "exporter/export_side.h"

#include "base/hash.h"
#include "base/mem.h"

static size_t slot_of(const struct export_side *s, uint64_t key)
{
	size_t i = (size_t)hash64_join(key, 0) & (s->n_slots - 1);

	while (s->seen[i] && s->keys[i] != key)
		i = (i + 1) & (s->n_slots - 1);
	return i;
}

static void widen(struct export_side *s)
{
	struct export_side was = *s;

	if (s->n * 2 < s->n_slots)
		return;
	s->n_slots = s->n_slots ? s->n_slots * 2 : 1024;
	s->keys = mem_array(s->n_slots, sizeof(*s->keys));
	s->seen = mem_array(s->n_slots, sizeof(*s->seen));
	for (size_t i = 0; i < was.n_slots; i++) {
		size_t to;

		if (!was.seen[i])
			continue;
		to = slot_of(s, was.keys[i]);
		s->keys[to] = was.keys[i];
		s->seen[to] = was.seen[i];
	}
	mem_free(was.keys);
	mem_free(was.seen);
}

void export_side_add(struct export_side *s, uint64_t key, enum split side)
{
	unsigned char bit = (unsigned char)(1u << side), was;
	size_t i;

	widen(s);
	i = slot_of(s, key);
	was = s->seen[i];
	if (!was)
		s->n++;
	/* Counted once, when it is met on a second side. */
	else if (!(was & (was - 1)) && was != bit)
		s->shared++;
	s->keys[i] = key;
	s->seen[i] = was | bit;
}

void export_side_done(struct export_side *s)
{
	mem_free(s->keys);
	mem_free(s->seen);
	*s = (struct export_side){ 0 };
}
