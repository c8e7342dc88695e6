#include "extractor/extract_pick_key.h"

#include "base/hash.h"
#include "base/must.h"

#define MOST_CELLS 300 /* of a record */
#define SLOTS (4 * EXTRACT_PICK_KEYS)

struct gathering {
	struct extract_cells *c;
	struct extract_pick_keys *keys;
	int *table; /* 1 + key */
	int record; /* that is looked at */
};

static uint64_t hash_of(const struct extract_pick_key *k)
{
	uint64_t h =
		hash64_join(extract_mark_hash(&k->mark),
			    (uint64_t)k->nth * 4 + (uint64_t)k->self * 2 + (uint64_t)k->within);

	return k->within ? hash64_join(h, extract_mark_hash(&k->parent)) : h;
}

/* The first of the record counts. */
static void note(struct gathering *g, struct extract_pick_key k, int cell)
{
	struct extract_pick_keys *keys = g->keys;
	struct extract_pick_key *to;
	size_t at;

	k.hash = hash_of(&k);
	at = k.hash % SLOTS;
	while (g->table[at] && keys->key[g->table[at] - 1].hash != k.hash)
		at = (at + 1) % SLOTS;
	if (!g->table[at]) {
		if (keys->n == EXTRACT_PICK_KEYS)
			return;
		keys->key[keys->n] = k;
		for (int i = 0; i < EXTRACT_PICK_RECORDS; i++)
			keys->key[keys->n].at[i] = -1;
		g->table[at] = ++keys->n;
	}
	to = &keys->key[g->table[at] - 1];
	if (to->at[g->record] >= 0)
		return;
	to->at[g->record] = cell;
	to->n++;
}

/* Of the children of its parent. */
static int place_of(const xmlNode *n)
{
	int k = 1;

	for (const xmlNode *s = n->prev; s; s = s->prev)
		k += s->type == XML_ELEMENT_NODE;
	return k;
}

static void note_cell(struct gathering *g, int cell, int top)
{
	struct extract_mark marks[EXTRACT_MARK_MOST], *tag;
	const xmlNode *node = g->c->at[cell].node;
	int n = extract_mark_all(node, marks), parent = g->c->at[cell].parent;
	struct extract_pick_key k = { .n = 0 };

	for (int i = 0; i < n; i++) {
		k.mark = marks[i];
		note(g, k, cell);
	}
	tag = &marks[n - 1];
	if (n > 1 || parent < 0)
		return;
	k = (struct extract_pick_key){ .mark = *tag, .nth = place_of(node) };
	note(g, k, cell);
	if (parent == top)
		return;
	k = (struct extract_pick_key){ .mark = *tag,
				       .within = true,
				       .parent = extract_mark_best(node->parent) };
	if (k.parent.kind == EXTRACT_MARK_TAG || k.parent.kind == EXTRACT_MARK_ID)
		return;
	note(g, k, cell);
	k.nth = place_of(node);
	note(g, k, cell);
}

void extract_pick_keys(struct extract_cells *c, const struct extract_repeat *r,
		       struct extract_pick_keys *ret)
{
	struct gathering g = { .c = c, .keys = ret };

	*ret = (struct extract_pick_keys){ .records = r->n < EXTRACT_PICK_RECORDS
							      ? r->n
							      : EXTRACT_PICK_RECORDS };
	ret->key = arena_array(c->a, EXTRACT_PICK_KEYS, sizeof(*ret->key));
	g.table = arena_array(c->a, SLOTS, sizeof(int));
	for (int i = 0; i < ret->records; i++) {
		int top = r->at[(int64_t)i * r->n / ret->records];
		struct extract_pick_key self = { .self = true };

		ret->record[i] = top;
		g.record = i;
		note(&g, self, top);
		for (int k = top + 1; k < c->at[top].end && k < top + MOST_CELLS; k++)
			note_cell(&g, k, top);
	}
	must(ret->n <= EXTRACT_PICK_KEYS);
}

static void write(const struct extract_pick_key *k, bool xpath, struct buf *to)
{
	void (*put)(const struct extract_mark *m, struct buf *b) =
		xpath ? extract_mark_xpath : extract_mark_css;

	if (k->self) {
		buf_add_text(to, xpath ? "." : "");
		return;
	}
	buf_add_text(to, xpath ? ".//" : "");
	if (k->within) {
		put(&k->parent, to);
		buf_add_text(to, xpath ? "/" : " > ");
	}
	if (xpath && k->nth)
		buf_fmt(to, "*[%d]/self::", k->nth);
	put(&k->mark, to);
	if (!xpath && k->nth)
		buf_fmt(to, ":nth-child(%d)", k->nth);
}

static struct str written(const struct extract_pick_key *k, bool xpath, struct arena *a)
{
	struct buf b;
	struct str s;

	buf_init(&b, 1000);
	write(k, xpath, &b);
	s = arena_str(a, buf_str(&b));
	buf_done(&b);
	return s;
}

struct str extract_pick_css(const struct extract_pick_key *k, struct arena *a)
{
	return written(k, false, a);
}

struct str extract_pick_xpath(const struct extract_pick_key *k, struct arena *a)
{
	return written(k, true, a);
}
