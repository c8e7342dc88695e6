#include "labeler/taxon.h"

#include "base/mem.h"
#include "base/must.h"
#include "base/normal.h"
#include "labeler/initials.h"

#include <stdlib.h>
#include <string.h>

struct node {
	struct str code;
	int parent, leaves;
	bool leaf;
	struct str *keys; /* code, names, aliases, former codes and names in normal form */
	int n_keys;
};

struct by_code {
	struct str code;
	int at;
};

struct taxon {
	struct arena *arena;
	struct node *nodes;
	struct by_code *by_code; /* sorted */
	int n, leaves;
};

static int code_order(const void *a, const void *b)
{
	return str_cmp(((const struct by_code *)a)->code, ((const struct by_code *)b)->code);
}

#define KEYS_MORE 8

static void add_key(struct taxon *t, struct node *n, struct str name)
{
	if (n->n_keys % KEYS_MORE == 0) {
		struct str *more =
			arena_array(t->arena, (size_t)n->n_keys + KEYS_MORE, sizeof(*more));

		if (n->n_keys)
			memcpy(more, n->keys, (size_t)n->n_keys * sizeof(*more));
		n->keys = more;
	}
	n->keys[n->n_keys++] = normal_str(t->arena, name);
}

static void set_keys(struct taxon *t, struct node *n, const struct conf_taxon *c)
{
	add_key(t, n, c->code);
	add_key(t, n, c->ko);
	add_key(t, n, c->en);
	for (int i = 0; i < c->n_names; i++)
		add_key(t, n, c->names[i].text);
	for (int i = 0; i < c->n_aliases; i++)
		add_key(t, n, c->aliases[i]);
}

/* The category of now that a code of a version is or has become; -1: none. */
static int now(const struct taxon *t, const struct conf_taxonomy *conf, struct str code,
	       int64_t version)
{
	const struct recode *m = conf_taxonomy_recode(conf, code, version);

	if (m)
		return m->fate == RECODE_CODE ? taxon_find(t, m->category) : -1;
	return taxon_find(t, code);
}

/* Who knew a category by its former code or name still finds it. */
static void set_former_keys(struct taxon *t, const struct conf_taxonomy *conf)
{
	for (int i = 0; i < conf->n_recodes; i++) {
		const struct recode *m = &conf->recodes[i];
		int at = m->fate == RECODE_CODE ? taxon_find(t, m->category) : -1;

		if (at >= 0 && !str_eq(m->code, m->category))
			add_key(t, &t->nodes[at], m->code);
	}
	for (int e = 0; e < conf->n_history; e++)
		for (int i = 0; i < conf->history[e].n_changes; i++) {
			const struct conf_change *c = &conf->history[e].changes[i];
			int at = c->n_was ? now(t, conf, c->from[0].code,
						conf->history[e].version - 1)
					  : -1;

			for (int k = 0; at >= 0 && k < c->n_was; k++)
				add_key(t, &t->nodes[at], c->was[k].text);
		}
}

struct taxon *taxon_new(const struct conf_taxonomy *conf)
{
	struct taxon *t = mem_zero(sizeof(*t));
	size_t n = (size_t)conf->n_taxa;

	t->arena = arena_new(1 << 14);
	t->n = conf->n_taxa;
	t->nodes = arena_array(t->arena, n + 1, sizeof(*t->nodes));
	t->by_code = arena_array(t->arena, n + 1, sizeof(*t->by_code));
	for (int i = 0; i < t->n; i++) {
		const struct conf_taxon *c = &conf->taxa[i];

		must(c->parent >= -1 && c->parent < t->n);
		t->nodes[i] =
			(struct node){ .code = c->code, .parent = c->parent, .leaf = c->leaf };
		t->by_code[i] = (struct by_code){ c->code, i };
		t->leaves += c->leaf;
		set_keys(t, &t->nodes[i], c);
	}
	for (int i = 0; i < t->n; i++) {
		int steps = 0;

		for (int up = i; up >= 0; up = t->nodes[up].parent) {
			t->nodes[up].leaves += t->nodes[i].leaf;
			must(steps++ < t->n); /* no cycles */
		}
	}
	qsort(t->by_code, n, sizeof(*t->by_code), code_order);
	set_former_keys(t, conf);
	return t;
}

void taxon_free(struct taxon *t)
{
	if (!t)
		return;
	arena_free(t->arena);
	mem_free(t);
}

int taxon_find(const struct taxon *t, struct str code)
{
	const struct by_code key = { .code = code };
	const struct by_code *c;

	c = bsearch(&key, t->by_code, (size_t)t->n, sizeof(key), code_order);
	return c ? c->at : -1;
}

struct str taxon_code(const struct taxon *t, int i)
{
	must(i >= 0 && i < t->n);
	return t->nodes[i].code;
}

int taxon_leaves(const struct taxon *t)
{
	return t->leaves;
}

int taxon_leaves_below(const struct taxon *t, int i)
{
	must(i >= 0 && i < t->n);
	return t->nodes[i].leaves ? t->nodes[i].leaves : 1;
}

bool taxon_is_below(const struct taxon *t, int i, int above)
{
	must(i >= 0 && i < t->n);
	for (int up = t->nodes[i].parent; up >= 0; up = t->nodes[up].parent)
		if (up == above)
			return true;
	return false;
}

enum rank { RANK_NONE, RANK_SPACED, RANK_INSIDE, RANK_WORD, RANK_START, RANK_WHOLE };

struct found {
	enum rank rank;
	bool leaf;
	size_t length;
	int at;
};

static struct str next_letter(struct str s)
{
	while (s.n && s.p[0] == ' ')
		s = str_sub(s, 1, s.n);
	return s;
}

/* Whether `text` stands in `key` when spaces are not looked at: "반팔티셔츠" in
 * "반팔 티셔츠". */
static bool spaced(struct str key, struct str text)
{
	for (; key.n; key = str_sub(key, 1, key.n)) {
		struct str k = key, t = next_letter(text);

		while (t.n && k.n && k.p[0] == t.p[0]) {
			k = next_letter(str_sub(k, 1, k.n));
			t = next_letter(str_sub(t, 1, t.n));
		}
		if (t.n == 0)
			return true;
	}
	return false;
}

/* At each place of `key`, the best one. */
static enum rank initials_rank(struct str key, struct str text)
{
	enum rank best = RANK_NONE, rank;
	struct str rest = key;
	size_t n;

	for (; rest.n && best < RANK_START; rest = str_sub(rest, 1, rest.n)) {
		n = initials_begin(rest, text);
		if (!n)
			continue;
		if (rest.p == key.p)
			rank = n == key.n ? RANK_WHOLE : RANK_START;
		else
			rank = rest.p[-1] == ' ' ? RANK_WORD : RANK_INSIDE;
		best = rank > best ? rank : best;
	}
	return best;
}

static enum rank rank_of(struct str key, struct str text)
{
	ptrdiff_t at = str_find(key, text);

	if (at < 0 && initials_any(text))
		return initials_rank(key, text);
	if (at < 0)
		return spaced(key, text) ? RANK_SPACED : RANK_NONE;
	if (at == 0)
		return key.n == text.n ? RANK_WHOLE : RANK_START;
	for (; at >= 0 && (size_t)at + text.n <= key.n; at++)
		if (key.p[at - 1] == ' ' && str_starts(str_sub(key, (size_t)at, key.n), text))
			return RANK_WORD;
	return RANK_INSIDE;
}

static int best_first(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->rank != y->rank)
		return (int)y->rank - (int)x->rank;
	if (x->leaf != y->leaf)
		return x->leaf ? -1 : 1;
	if (x->length != y->length)
		return x->length < y->length ? -1 : 1;
	return x->at - y->at;
}

int taxon_search(const struct taxon *t, struct str text, int *taxa, int most)
{
	struct found *found;
	char form[512];
	int n = 0;

	text = (struct str){ form, normal_title(text, form, sizeof(form)) };
	if (text.n == 0)
		return 0;
	found = mem_array((size_t)t->n + 1, sizeof(*found));
	for (int i = 0; i < t->n; i++) {
		const struct node *node = &t->nodes[i];
		struct found best = { .leaf = node->leaf, .at = i };

		for (int k = 0; k < node->n_keys; k++) {
			enum rank rank = rank_of(node->keys[k], text);

			if (rank > best.rank ||
			    (rank == best.rank && node->keys[k].n < best.length)) {
				best.rank = rank;
				best.length = node->keys[k].n;
			}
		}
		if (best.rank != RANK_NONE)
			found[n++] = best;
	}
	qsort(found, (size_t)n, sizeof(*found), best_first);
	if (n > most)
		n = most;
	for (int i = 0; i < n; i++)
		taxa[i] = found[i].at;
	mem_free(found);
	return n;
}
