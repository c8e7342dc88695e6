/* category_tree.h: what seems to have happened between two trees. By ids first, as sites keep
 * them; then, of ids that are gone, by names. What is not clear asks. */
#include "labeler/category_form.h"
#include "labeler/category_tree.h"

#include <stdlib.h>
#include <string.h>

#define PARTS_MOST 8	    /* of a name such as coats/jackets */
#define PAIRS_MOST 40000000 /* names that are compared: seconds */

struct side {
	const struct category_tree *t;
	struct category_form *forms;
	struct by_id {
		struct str id;
		int at;
	} * ids; /* sorted */
	int *root;
	int *other; /* of each node: the one with its id in the other tree; -1 */
};

struct work {
	struct arena *a;
	struct side was, now;
	int *goal;    /* of each old node that is gone: where it went; -1 */
	double *how;  /* and how alike the names are */
	int *sources; /* of each new node: how many gone ones went there */
	bool *part;   /* and whether it is a part of what was split */
	struct category_diff *ret;
};

static int id_order(const void *a, const void *b)
{
	return str_cmp(((const struct by_id *)a)->id, ((const struct by_id *)b)->id);
}

static void side_init(struct side *s, const struct category_tree *t, struct arena *a)
{
	size_t n = (size_t)t->n;

	*s = (struct side){ .t = t,
			    .forms = arena_array(a, n, sizeof(*s->forms)),
			    .ids = arena_array(a, n, sizeof(*s->ids)),
			    .root = arena_array(a, n, sizeof(int)),
			    .other = arena_array(a, n, sizeof(int)) };
	for (int i = 0; i < t->n; i++) {
		int root = i;

		while (t->nodes[root].parent >= 0)
			root = t->nodes[root].parent;
		s->root[i] = root;
		s->forms[i] = category_form_of(t->nodes[i].name, a);
		s->ids[i] = (struct by_id){ t->nodes[i].id, i };
	}
	qsort(s->ids, n, sizeof(*s->ids), id_order);
}

static void match_ids(struct side *s, const struct side *other)
{
	for (int i = 0; i < s->t->n; i++) {
		const struct by_id key = { .id = s->t->nodes[i].id };
		const struct by_id *f =
			bsearch(&key, other->ids, (size_t)other->t->n, sizeof(key), id_order);

		s->other[i] = f ? f->at : -1;
	}
}

static struct category_change *change(struct work *w, enum conf_change_kind kind, int from, int to)
{
	struct category_diff *d = w->ret;

	if (d->n == d->cap) {
		size_t cap = d->cap ? 2 * d->cap : 64;
		struct category_change *more = arena_array(w->a, cap, sizeof(*more));

		if (d->n)
			memcpy(more, d->changes, d->n * sizeof(*more));
		d->changes = more;
		d->cap = cap;
	}
	d->changes[d->n] = (struct category_change){
		.kind = kind,
		.from = arena_array(w->a, (size_t)from + 1, sizeof(struct str)),
		.to = arena_array(w->a, (size_t)to + 1, sizeof(struct str)),
	};
	return &d->changes[d->n++];
}

static void add_from(struct category_change *c, const struct category_tree *t, int i)
{
	c->from[c->n_from++] = t->nodes[i].id;
}

static void add_to(struct category_change *c, const struct category_tree *t, int i)
{
	c->to[c->n_to++] = t->nodes[i].id;
}

/* ---- ids that are still there ---- */

static void renamed(struct work *w, int i, int k)
{
	const struct category_form *x = &w->was.forms[i], *y = &w->now.forms[k];
	struct category_change *c;

	if (str_eq(w->was.t->nodes[i].name, w->now.t->nodes[k].name))
		return;
	c = change(w, CONF_RENAME, 1, 0);
	add_from(c, w->was.t, i);
	c->was = w->was.t->nodes[i].name;
	if (category_form_alike(x, y) < CATEGORY_FORM_LIKE)
		c->ask = arena_fmt(w->a,
				   "is %s still what %s was? If it means something else, the old "
				   "category is retired and the new one wants another code",
				   w->now.t->nodes[k].name.p, c->was.p);
}

static void moved(struct work *w, int i, int k)
{
	int was = w->was.t->nodes[i].parent, now = w->now.t->nodes[k].parent;
	struct category_change *c;

	if (was < 0 ? now < 0 : now >= 0 && w->was.other[was] == now)
		return;
	c = change(w, CONF_MOVE, 1, 1);
	add_from(c, w->was.t, i);
	if (now >= 0)
		add_to(c, w->now.t, now);
}

/* What had no categories below it has new ones now. */
static void refined(struct work *w, int i, int k)
{
	struct category_change *c;
	int n = 0;

	if (!w->was.t->nodes[i].leaf || w->now.t->nodes[k].leaf)
		return;
	for (int m = 0; m < w->now.t->n; m++)
		n += w->now.t->nodes[m].parent == k && w->now.other[m] < 0;
	if (n < 2)
		return;
	c = change(w, CONF_SPLIT, 1, n);
	add_from(c, w->was.t, i);
	for (int m = 0; m < w->now.t->n; m++)
		if (w->now.t->nodes[m].parent == k && w->now.other[m] < 0) {
			w->part[m] = true;
			add_to(c, w->now.t, m);
		}
}

static void still_there(struct work *w, int i)
{
	size_t before = w->ret->n;
	int k = w->was.other[i];

	renamed(w, i, k);
	moved(w, i, k);
	refined(w, i, k);
	w->ret->same += w->ret->n == before;
}

/* ---- ids that are gone ---- */

/* Below the same top only; where that is gone, too, anywhere, but then the names must be clear:
 * every site has its "other". */
static bool may_lead(const struct work *w, int i, int k, double names)
{
	int top = w->was.other[w->was.root[i]];

	return top < 0 ? names >= CATEGORY_FORM_CLEAR : w->now.root[k] == top;
}

/* By name; new ids before those that were there; leaves for a leaf. */
static double fits(const struct work *w, int i, int k, double names)
{
	const struct category_node *x = &w->was.t->nodes[i], *y = &w->now.t->nodes[k];
	double score = names;

	if (!may_lead(w, i, k, names))
		return 0;
	if (x->leaf == y->leaf)
		score += .05;
	if (w->now.other[k] < 0)
		score += .04;
	if (x->parent >= 0 && y->parent >= 0 && w->was.other[x->parent] == y->parent)
		score += .1;
	if (x->parent >= 0 && y->parent >= 0 &&
	    category_form_alike(&w->was.forms[x->parent], &w->now.forms[y->parent]) >=
		    CATEGORY_FORM_LIKE)
		score += .08;
	return score;
}

static int best_of(const struct work *w, int i, const struct category_form *name, double *ret)
{
	double best = 0;
	int at = -1;

	for (int k = 0; k < w->now.t->n; k++) {
		double names = category_form_alike(name, &w->now.forms[k]), score;

		if (names < CATEGORY_FORM_LIKE)
			continue;
		score = fits(w, i, k, names);
		if (score > best) {
			best = score;
			at = k;
			*ret = names;
		}
	}
	return at;
}

/* A name such as coats/jackets whose parts are two categories now: the one below which its own
 * were tells nothing. */
static bool fell_apart(struct work *w, int i)
{
	struct str rest = w->was.t->nodes[i].name, part;
	int to[PARTS_MOST], n = 0;
	struct category_change *c;
	double how;

	while (n < PARTS_MOST && str_next(&rest, '/', &part)) {
		struct category_form f = category_form_of(str_trim(part), w->a);
		int k = best_of(w, i, &f, &how);

		if (k < 0 || how < CATEGORY_FORM_CLEAR || w->now.other[k] >= 0)
			return false;
		for (int m = 0; m < n; m++)
			if (to[m] == k)
				return false;
		to[n++] = k;
	}
	if (n < 2 || rest.p)
		return false;
	c = change(w, CONF_SPLIT, 1, n);
	add_from(c, w->was.t, i);
	for (int m = 0; m < n; m++) {
		w->part[to[m]] = true;
		add_to(c, w->now.t, to[m]);
	}
	return true;
}

static void retired(struct work *w, int i)
{
	struct category_change *c = change(w, CONF_RETIRE, 1, 0);

	add_from(c, w->was.t, i);
	c->ask = arena_fmt(w->a, "%s: nothing of now has a name like it; is there a successor?",
			   category_tree_path(w->was.t, i, w->a).p);
}

static void ask_if_unlike(struct work *w, struct category_change *c, int i, int k)
{
	if (w->how[i] >= CATEGORY_FORM_CLEAR || c->ask.p)
		return;
	c->ask = arena_fmt(w->a, "is %s the same as %s, or a part of it?",
			   category_tree_path(w->was.t, i, w->a).p,
			   category_tree_path(w->now.t, k, w->a).p);
}

/* All that went to new node k. */
static void went_to(struct work *w, int k)
{
	bool fresh = w->now.other[k] < 0 && !w->part[k];
	struct category_change *c;

	if (!w->sources[k])
		return;
	c = change(w, fresh && w->sources[k] == 1 ? CONF_RENAME : CONF_MERGE, w->sources[k], 1);
	for (int i = 0; i < w->was.t->n; i++)
		if (w->was.other[i] < 0 && w->goal[i] == k) {
			add_from(c, w->was.t, i);
			ask_if_unlike(w, c, i, k);
			if (c->kind == CONF_RENAME &&
			    !str_eq(w->was.t->nodes[i].name, w->now.t->nodes[k].name))
				c->was = w->was.t->nodes[i].name;
		}
	add_to(c, w->now.t, k);
}

static void gone(struct work *w)
{
	int n_gone = 0;

	for (int i = 0; i < w->was.t->n; i++)
		n_gone += w->was.other[i] < 0;
	for (int i = 0; i < w->was.t->n; i++) {
		w->goal[i] = -1;
		if (w->was.other[i] >= 0 || fell_apart(w, i))
			continue;
		if ((int64_t)n_gone * w->now.t->n <= PAIRS_MOST)
			w->goal[i] = best_of(w, i, &w->was.forms[i], &w->how[i]);
		if (w->goal[i] < 0)
			retired(w, i);
		else
			w->sources[w->goal[i]]++;
	}
	for (int k = 0; k < w->now.t->n; k++)
		went_to(w, k);
}

/* New nodes that no change leads to. */
static int count_added(const struct work *w)
{
	int n = 0;

	for (int k = 0; k < w->now.t->n; k++) {
		bool led = w->now.other[k] >= 0;

		for (size_t c = 0; c < w->ret->n && !led; c++)
			for (int m = 0; m < w->ret->changes[c].n_to && !led; m++)
				led = w->ret->changes[c].kind != CONF_MOVE &&
				      str_eq(w->ret->changes[c].to[m], w->now.t->nodes[k].id);
		n += !led;
	}
	return n;
}

/* Moves last: a category may be moved below one that another change makes. */
static void moves_last(struct category_diff *d, struct arena *a)
{
	struct category_change *all = arena_array(a, d->n + 1, sizeof(*all));
	size_t n = 0;

	for (int moves = 0; moves < 2; moves++)
		for (size_t i = 0; i < d->n; i++)
			if ((d->changes[i].kind == CONF_MOVE) == moves)
				all[n++] = d->changes[i];
	d->changes = all;
}

void category_diff(const struct category_tree *was, const struct category_tree *now,
		   struct arena *a, struct category_diff *ret)
{
	struct work w = { .a = a, .ret = ret };

	memset(ret, 0, sizeof(*ret));
	side_init(&w.was, was, a);
	side_init(&w.now, now, a);
	match_ids(&w.was, &w.now);
	match_ids(&w.now, &w.was);
	w.goal = arena_array(a, (size_t)was->n, sizeof(*w.goal));
	w.how = arena_array(a, (size_t)was->n, sizeof(*w.how));
	w.sources = arena_array(a, (size_t)now->n, sizeof(*w.sources));
	w.part = arena_array(a, (size_t)now->n, sizeof(*w.part));
	for (int i = 0; i < was->n; i++)
		if (w.was.other[i] >= 0)
			still_there(&w, i);
	gone(&w);
	ret->added = count_added(&w);
	moves_last(ret, a);
}
