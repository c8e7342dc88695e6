#include "extractor/extract_repeat.h"

#include "base/hash.h"
#include "base/must.h"
#include "extractor/extract_around.h"
#include "extractor/extract_mark.h"
#include "extractor/extract_tree.h"

#include <math.h>
#include <stdlib.h>

#define MOST_ITEMS 5000
#define MOST_PATH 6 /* steps of a selector by place */

/* Elements that one selector finds. */
struct group {
	uint64_t key;
	struct extract_mark mark; /* MARK_TAG: told by their place */
	int first, last;	  /* entries */
	int n;
};

struct entry {
	int cell, next;
};

struct search {
	struct extract_cells *c;
	struct group *groups;
	int n_groups;
	struct entry *entries;
	int n_entries;
	int *table; /* 1 + group, by key */
	size_t slots;
	uint64_t *path; /* of each element: what it is known by from the page's top */
};

static struct group *group_of(struct search *s, uint64_t key, const struct extract_mark *m)
{
	size_t at = key % s->slots;

	while (s->table[at] && s->groups[s->table[at] - 1].key != key)
		at = (at + 1) % s->slots;
	if (!s->table[at]) {
		s->groups[s->n_groups] = (struct group){ .key = key, .mark = *m, .first = -1 };
		s->table[at] = ++s->n_groups;
	}
	return &s->groups[s->table[at] - 1];
}

static void enter(struct search *s, uint64_t key, const struct extract_mark *m, int cell)
{
	struct group *g = group_of(s, key, m);

	s->entries[s->n_entries] = (struct entry){ cell, -1 };
	if (g->n++)
		s->entries[g->last].next = s->n_entries;
	else
		g->first = s->n_entries;
	g->last = s->n_entries++;
}

static void gather(struct search *s)
{
	struct extract_mark marks[EXTRACT_MARK_MOST], best;

	for (int i = 0; i < s->c->n; i++) {
		const struct extract_cell *cell = &s->c->at[i];
		int n = extract_mark_all(cell->node, marks);
		uint64_t above = cell->parent < 0 ? 0 : s->path[cell->parent];

		for (int k = 0; k < n - 1; k++)
			enter(s, extract_mark_hash(&marks[k]), &marks[k], i);
		enter(s, hash64(marks[n - 1].tag, hash64_join(above, 1)), &marks[n - 1], i);
		best = extract_mark_best(cell->node);
		s->path[i] = best.kind == EXTRACT_MARK_TAG ? hash64(best.tag, above)
							   : extract_mark_hash(&best);
	}
}

/* "ul#list > li": from the next element above that is known by more than its tag. */
static struct str by_place(const struct search *s, int cell)
{
	struct extract_mark above[MOST_PATH];
	struct buf b;
	struct str css;
	int n = 0;

	for (int i = s->c->at[cell].parent; i >= 0 && n < MOST_PATH; i = s->c->at[i].parent) {
		above[n++] = extract_mark_best(s->c->at[i].node);
		if (above[n - 1].kind != EXTRACT_MARK_TAG)
			break;
	}
	buf_init(&b, 2000);
	while (n-- > 0) {
		extract_mark_css(&above[n], &b);
		buf_add_text(&b, " > ");
	}
	buf_add_text(&b, (const char *)s->c->at[cell].node->name);
	css = arena_str(s->c->a, buf_str(&b));
	buf_done(&b);
	return css;
}

static struct str by_mark(const struct search *s, const struct extract_mark *m)
{
	struct buf b;
	struct str css;

	buf_init(&b, 2000);
	extract_mark_css(m, &b);
	css = arena_str(s->c->a, buf_str(&b));
	buf_done(&b);
	return css;
}

/* What the records of a group have, in numbers of them. */
struct census {
	int records, links, prices, images, crowded;
	uint64_t members; /* a hash of which they are */
};

static int compare(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static int distinct(uint64_t *hashes, int n)
{
	int found = n > 0;

	qsort(hashes, (size_t)n, sizeof(*hashes), compare);
	for (int i = 1; i < n; i++)
		found += hashes[i] != hashes[i - 1];
	return found;
}

/* Those that stand in no other one of the group and have a link and a text. */
static void count(const struct search *s, const struct group *g, uint64_t *room, struct census *ret)
{
	int past = 0, n = 0;

	*ret = (struct census){ 0 };
	for (int e = g->first; e >= 0; e = s->entries[e].next) {
		int i = s->entries[e].cell, link, prices;

		if (i < past)
			continue;
		past = s->c->at[i].end;
		link = extract_cells_link(s->c, i);
		if (link < 0 || !extract_cells_count(s->c, i, EXTRACT_CELLS_TEXT))
			continue;
		prices = extract_cells_count(s->c, i, EXTRACT_CELLS_PRICE);
		ret->records++;
		ret->prices += prices > 0;
		ret->crowded += prices > 3;
		ret->images += extract_cells_count(s->c, i, EXTRACT_CELLS_IMAGE) > 0;
		ret->members = hash64_join(ret->members, (uint64_t)i);
		room[n++] = hash64(extract_cells_href(s->c->at[link].node), 0);
	}
	ret->links = distinct(room, n);
}

/* Navigation, and what a page about one thing shows beside it. */
static bool is_beside(const struct search *s, int cell)
{
	static const char *const tags[] = { "nav", "footer", "header", "aside" };
	int left = 1;

	for (int i = cell; i >= 0; i = s->c->at[i].parent)
		for (size_t k = 0; k < sizeof(tags) / sizeof(tags[0]); k++)
			if (extract_tree_is(s->c->at[i].node, tags[k]))
				return true;
	return extract_around_score(s->c->at[cell].node, &left) < 0;
}

static double rate(const struct search *s, const struct group *g, const struct census *c)
{
	static const char *const words[] = { "item",	"product", "card",  "listing", "goods",
					     "article", "result",  "offer", NULL };
	double n = c->records, score;
	int cell = s->entries[g->first].cell;

	score = log2(1 + fmin(c->links, n)) * (1 + 4 * c->prices / n + 1.5 * c->images / n);
	score *= c->links >= 0.6 * n ? 1 : 0.3;
	score *= g->n < 2 * n ? 1 : 0.6;
	score *= c->crowded > n / 2 ? 0.3 : 1;
	score *= is_beside(s, cell) ? 0.4 : 1;
	/* of several names for the same elements the one that says what they are */
	score += extract_around_named(s->c->at[cell].node, words) ? 0.02 : 0;
	return score - 0.01 * (double)g->mark.kind;
}

/* Keeps the best; of those that are the same elements, one. */
static int keep(struct extract_repeat *to, uint64_t *members, int n, const struct extract_repeat *r,
		uint64_t which)
{
	int i;

	for (i = 0; i < n; i++)
		if (members[i] == which)
			break;
	if (i < n && to[i].score >= r->score)
		return n;
	if (i == n && n == EXTRACT_REPEAT_MOST && to[n - 1].score >= r->score)
		return n;
	if (i == n && n < EXTRACT_REPEAT_MOST)
		n++;
	else if (i == n)
		i = n - 1;
	for (; i > 0 && to[i - 1].score < r->score; i--) {
		to[i] = to[i - 1];
		members[i] = members[i - 1];
	}
	to[i] = *r;
	members[i] = which;
	return n;
}

static void list(const struct search *s, const struct group *g, struct extract_repeat *r)
{
	int past = 0;

	r->css = g->mark.kind == EXTRACT_MARK_TAG ? by_place(s, s->entries[g->first].cell)
						  : by_mark(s, &g->mark);
	r->at = arena_array(s->c->a, (size_t)g->n, sizeof(int));
	r->n = 0;
	for (int e = g->first; e >= 0; e = s->entries[e].next) {
		int i = s->entries[e].cell;

		if (i >= past && extract_cells_link(s->c, i) >= 0)
			r->at[r->n++] = i;
		past = i >= past ? s->c->at[i].end : past;
	}
}

static int choose(struct search *s, uint64_t *room, struct extract_repeat *to)
{
	uint64_t members[EXTRACT_REPEAT_MOST];
	struct extract_repeat r;
	struct census c;
	int n = 0;

	for (int i = 0; i < s->n_groups; i++) {
		struct group *g = &s->groups[i];

		if (g->n < EXTRACT_REPEAT_LEAST || g->n > MOST_ITEMS)
			continue;
		count(s, g, room, &c);
		if (c.records < EXTRACT_REPEAT_LEAST || c.links < EXTRACT_REPEAT_LEAST)
			continue;
		r = (struct extract_repeat){ .n = i, .score = rate(s, g, &c) };
		n = keep(to, members, n, &r, c.members);
	}
	for (int i = 0; i < n; i++)
		list(s, &s->groups[to[i].n], &to[i]);
	return n;
}

int extract_repeat_find(struct extract_cells *c, struct extract_repeat to[EXTRACT_REPEAT_MOST])
{
	size_t most = (size_t)c->n * EXTRACT_MARK_MOST + 1;
	struct search s = { .c = c, .slots = 2 * most };

	s.groups = arena_array(c->a, most, sizeof(*s.groups));
	s.entries = arena_array(c->a, most, sizeof(*s.entries));
	s.table = arena_array(c->a, s.slots, sizeof(int));
	s.path = arena_array(c->a, (size_t)c->n + 1, sizeof(*s.path));
	gather(&s);
	must((size_t)s.n_entries < most);
	return choose(&s, arena_array(c->a, MOST_ITEMS, sizeof(uint64_t)), to);
}
