#include "base/mem.h"
#include "classifier/classifier.h"

#include <stdlib.h>
#include <string.h>

struct node {
	struct str path;
	int parent, depth;
};

struct classifier_tree {
	int classes, nodes_n;
	int *of_class; /* the node of each class */
	struct node *nodes;
	char *text; /* of the paths */
};

struct leaf {
	struct str path;
	int klass;
};

/* Where the part of `path` that begins at `from` ends. */
static size_t next_end(struct str path, struct str separator, size_t from)
{
	ptrdiff_t at = separator.n && from <= path.n
			       ? str_find(str_sub(path, from, path.n), separator)
			       : -1;

	return at < 0 ? path.n : from + (size_t)at;
}

/* By parts, so that what is below a node stands together: "a", "a>b", "a b". */
static int by_path(const void *a, const void *b, void *ctx)
{
	const struct leaf *x = a, *y = b;
	const struct str *separator = ctx;
	size_t from = 0;

	for (;;) {
		size_t x_end = next_end(x->path, *separator, from);
		size_t y_end = next_end(y->path, *separator, from);
		int order = str_cmp(str_sub(x->path, from, x_end - from),
				    str_sub(y->path, from, y_end - from));

		if (order)
			return order;
		if (x_end == x->path.n || y_end == y->path.n)
			break;
		from = x_end + separator->n;
	}
	if (x->path.n != y->path.n)
		return x->path.n < y->path.n ? -1 : 1;
	return x->klass - y->klass;
}

/* Adds the nodes on the way to a leaf that the one before it did not pass;
 * paths are sorted, so nodes that are shared were passed just before. */
static int add_way(struct classifier_tree *t, struct str path, struct str separator, int before)
{
	size_t from = 0, end;
	int parent = 0;

	do {
		struct str at;
		int known = before;

		end = next_end(path, separator, from);
		at = str_sub(path, 0, end);
		while (known > 0 && !str_eq(t->nodes[known].path, at))
			known = t->nodes[known].parent;
		if (known <= 0) {
			known = t->nodes_n++;
			t->nodes[known] = (struct node){ .path = at,
							 .parent = parent,
							 .depth = t->nodes[parent].depth + 1 };
		}
		parent = known;
		from = end + separator.n;
	} while (end < path.n);
	return parent;
}

/* Copies of all paths, sorted, and how many nodes they can have at most. */
static struct leaf *leaves_of(struct classifier_tree *t, const struct classifier *c,
			      struct str separator, struct str (*path)(void *ctx, int k), void *ctx,
			      size_t *ret_most)
{
	struct leaf *leaves = mem_array((size_t)t->classes, sizeof(*leaves));
	size_t bytes = 1, at = 0;

	*ret_most = 1;
	for (int k = 0; k < t->classes; k++) {
		leaves[k] = (struct leaf){ path ? path(ctx, k) : classifier_class(c, k), k };
		bytes += leaves[k].path.n;
		*ret_most += 1 + (separator.n ? leaves[k].path.n / separator.n : 0);
	}
	t->text = mem_zero(bytes);
	for (int k = 0; k < t->classes; k++) {
		char *to = t->text + at;

		if (leaves[k].path.n)
			memcpy(to, leaves[k].path.p, leaves[k].path.n);
		at += leaves[k].path.n;
		leaves[k].path.p = to;
	}
	qsort_r(leaves, (size_t)t->classes, sizeof(*leaves), by_path, &separator);
	return leaves;
}

struct classifier_tree *classifier_tree_new(const struct classifier *c, struct str separator,
					    struct str (*path)(void *ctx, int k), void *ctx)
{
	struct classifier_tree *t = mem_zero(sizeof(*t));
	struct leaf *leaves;
	size_t most;
	int before = 0;

	t->classes = classifier_classes(c);
	t->of_class = mem_array((size_t)t->classes, sizeof(*t->of_class));
	leaves = leaves_of(t, c, separator, path, ctx, &most);
	t->nodes = mem_array(most, sizeof(*t->nodes));
	t->nodes[0] = (struct node){ .path = STR(""), .parent = -1 };
	t->nodes_n = 1;
	for (int k = 0; k < t->classes; k++) {
		before = add_way(t, leaves[k].path, separator, before);
		t->of_class[leaves[k].klass] = before;
	}
	mem_free(leaves);
	return t;
}

void classifier_tree_free(struct classifier_tree *t)
{
	if (!t)
		return;
	mem_free(t->of_class);
	mem_free(t->nodes);
	mem_free(t->text);
	mem_free(t);
}

int classifier_tree_nodes(const struct classifier_tree *t)
{
	return t->nodes_n;
}

struct str classifier_tree_path(const struct classifier_tree *t, int node)
{
	return t->nodes[node].path;
}

int classifier_tree_parent(const struct classifier_tree *t, int node)
{
	return t->nodes[node].parent;
}

int classifier_tree_depth(const struct classifier_tree *t, int node)
{
	return t->nodes[node].depth;
}

void classifier_tree_probabilities(const struct classifier_tree *t, const float *p, float *ret)
{
	memset(ret, 0, (size_t)t->nodes_n * sizeof(*ret));
	for (int k = 0; k < t->classes; k++)
		ret[t->of_class[k]] += p[k];
	for (int i = t->nodes_n - 1; i > 0; i--)
		ret[t->nodes[i].parent] += ret[i];
}

int classifier_tree_deepest(const struct classifier_tree *t, const float *p, float sure)
{
	int at = 0;

	for (;;) {
		int best = -1;

		for (int i = at + 1; i < t->nodes_n; i++)
			if (t->nodes[i].parent == at && (best < 0 || p[i] > p[best]))
				best = i;
		if (best < 0 || p[best] < sure)
			return at;
		at = best;
	}
}
