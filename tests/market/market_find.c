#include "market_find.h"

#include <string.h>

static bool fits(const struct market_data *d, uint32_t i, const struct market_find *f)
{
	const struct market_item *item = &d->items[i];

	if (item->price < f->price_min || item->price > f->price_max)
		return false;
	return !f->words.n ||
	       memmem(d->text.p + item->title, item->title_n, f->words.p, f->words.n);
}

/* All of the node's list. */
static bool is_whole(const struct market_find *f)
{
	return !f->words.n && f->price_min == 0 && f->price_max == INT64_MAX;
}

void market_find_rows(const struct market_site *s, const struct market_node *node,
		      const struct market_find *f, struct arena *a, struct market_found *to)
{
	const uint32_t *list = f->by_score ? node->by_score : node->by_date;
	uint64_t from = (uint64_t)f->page * (uint64_t)f->n, end = from + (uint64_t)f->n;
	uint32_t i;

	to->rows = arena_array(a, (size_t)f->n, sizeof(*to->rows));
	if (s->window && end > s->window)
		end = s->window;
	if (is_whole(f)) {
		to->total = node->n;
		for (; from < end && from < node->n; from++)
			to->rows[to->n++] = list[from];
		return;
	}
	for (i = 0; i < node->n; i++) {
		if (!fits(s->data, list[i], f))
			continue;
		if (to->total >= from && to->total < end)
			to->rows[to->n++] = list[i];
		to->total++;
	}
}
