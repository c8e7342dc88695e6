#include "exporter/export_count.h"

#include "base/hash.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* NUL-terminated, as the keys of JSON objects are given. */
static struct str own(struct str s)
{
	char *to = mem_alloc(s.n + 1);

	if (s.n)
		memcpy(to, s.p, s.n);
	to[s.n] = 0;
	return (struct str){ to, s.n };
}

static void release(struct str s)
{
	mem_free((void *)(uintptr_t)s.p);
}

void export_count_done(struct export_count *c)
{
	for (size_t i = 0; i < c->n; i++)
		release(c->rows[i].name);
	mem_free(c->rows);
	mem_free(c->slots);
	*c = (struct export_count){ 0 };
}

static uint32_t *slot_of(const struct export_count *c, struct str name)
{
	size_t i = (size_t)hash64(name, 0) & (c->n_slots - 1);

	while (c->slots[i] && !str_eq(c->rows[c->slots[i] - 1].name, name))
		i = (i + 1) & (c->n_slots - 1);
	return &c->slots[i];
}

static void widen(struct export_count *c)
{
	if (c->n_slots && c->n * 2 < c->n_slots)
		return;
	mem_free(c->slots);
	c->n_slots = c->n_slots ? c->n_slots * 2 : 64;
	c->slots = mem_array(c->n_slots, sizeof(*c->slots));
	for (size_t i = 0; i < c->n; i++)
		*slot_of(c, c->rows[i].name) = (uint32_t)i + 1;
}

void export_count_add(struct export_count *c, struct str name, enum split s)
{
	uint32_t *slot;

	widen(c);
	slot = slot_of(c, name);
	if (*slot) {
		c->rows[*slot - 1].n[s]++;
		return;
	}
	if (c->n == EXPORT_COUNT_MOST) {
		c->other.n[s]++;
		return;
	}
	mem_grow(&c->rows, &c->room, c->n + 1, sizeof(*c->rows));
	c->rows[c->n] = (struct export_count_row){ .name = own(name) };
	c->rows[c->n].n[s] = 1;
	*slot = (uint32_t)++c->n;
}

static int by_name(const void *a, const void *b)
{
	const struct export_count_row *x = a, *y = b;

	return str_cmp(x->name, y->name);
}

void export_count_sort(struct export_count *c)
{
	if (c->n)
		qsort(c->rows, c->n, sizeof(*c->rows), by_name);
}

static void splits(struct json *j, const char *key, const struct export_count_row *r)
{
	json_object(j, key);
	for (int s = 0; s < SPLIT_N; s++)
		json_int(j, split_name((enum split)s), r->n[s]);
	json_end_object(j);
}

static bool any(const struct export_count_row *r)
{
	int64_t n = 0;

	for (int s = 0; s < SPLIT_N; s++)
		n += r->n[s];
	return n > 0;
}

void export_count_json(const struct export_count *c, struct json *j, const char *key)
{
	json_object(j, key);
	for (size_t i = 0; i < c->n; i++)
		splits(j, c->rows[i].name.p, &c->rows[i]);
	if (any(&c->other))
		splits(j, "(other)", &c->other);
	json_end_object(j);
}
