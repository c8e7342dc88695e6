#include "labeler/category_tree.h"

#include "base/mem.h"
#include "base/must.h"

#include <stdlib.h>
#include <string.h>

#define COLUMNS_MOST 32
#define LEVELS_MOST 12

int category_tree_find(const struct category_tree *t, struct str id)
{
	for (int i = 0; i < t->n; i++)
		if (str_eq(t->nodes[i].id, id))
			return i;
	return -1;
}

static int add(struct category_tree *t, struct arena *a, struct str id, struct str name)
{
	if (t->n >= CATEGORY_TREE_MOST)
		return -1;
	if ((size_t)t->n == t->cap) {
		size_t cap = t->cap ? 2 * t->cap : 256;
		struct category_node *more = arena_array(a, cap, sizeof(*more));

		if (t->n)
			memcpy(more, t->nodes, (size_t)t->n * sizeof(*more));
		t->nodes = more;
		t->cap = cap;
	}
	t->nodes[t->n] = (struct category_node){ .id = arena_str(a, id),
						 .name = arena_str(a, name),
						 .parent = -1 };
	return t->n++;
}

int category_tree_add(struct category_tree *t, struct arena *a, struct str id, struct str name)
{
	int at = category_tree_find(t, id);

	return at >= 0 ? at : add(t, a, id, name);
}

enum err category_tree_end(struct category_tree *t, struct reason *why)
{
	if (!t->n)
		return reason_set(why, ERR_BAD, "no categories are found in it");
	for (int i = 0; i < t->n; i++)
		t->nodes[i].leaf = true;
	for (int i = 0; i < t->n; i++) {
		int steps = 0;

		if (t->nodes[i].parent >= 0)
			t->nodes[t->nodes[i].parent].leaf = false;
		for (int up = i; up >= 0; up = t->nodes[up].parent)
			if (steps++ > t->n)
				return reason_set(why, ERR_BAD,
						  "category %.60s stands below itself",
						  t->nodes[i].id.p);
	}
	return ERR_OK;
}

struct str category_tree_path(const struct category_tree *t, int i, struct arena *a)
{
	const struct category_node *n = &t->nodes[i];

	if (n->parent < 0)
		return n->name;
	return arena_fmt(a, "%s>%s", category_tree_path(t, n->parent, a).p, n->name.p);
}

/* ---- lines of id, path, count ---- */

/* A node's path, while its parent is looked for. */
struct line {
	struct str path;
	int node;
};

static int path_order(const void *a, const void *b)
{
	return str_cmp(((const struct line *)a)->path, ((const struct line *)b)->path);
}

static struct str above(struct str path)
{
	const char *mark = memrchr(path.p, '>', path.n);

	return mark ? str_sub(path, 0, (size_t)(mark - path.p)) : (struct str){ 0 };
}

static struct str last_name(struct str path)
{
	struct str up = above(path);

	return str_trim(up.p ? str_sub(path, up.n + 1, path.n) : path);
}

void category_tree_by_path(struct category_tree *t, const struct str *paths)
{
	struct line *lines = mem_array((size_t)t->n + 1, sizeof(*lines));
	int n = 0;

	for (int i = 0; i < t->n; i++)
		if (paths[i].n)
			lines[n++] = (struct line){ paths[i], i };
	qsort(lines, (size_t)n, sizeof(*lines), path_order);
	for (int i = 0; i < n; i++) {
		struct line key = { .path = above(lines[i].path) };
		/* A level that has no line of its own is left out. */
		struct line *up = NULL;

		while (key.path.p && !up) {
			up = bsearch(&key, lines, (size_t)n, sizeof(key), path_order);
			key.path = above(key.path);
		}
		t->nodes[lines[i].node].parent = up ? up->node : -1;
	}
	mem_free(lines);
}

static enum err add_line(struct category_tree *t, struct arena *a, const struct str *cell, int n,
			 int number, struct reason *why)
{
	int64_t count = 0;
	int before = t->n, node;

	if (n < 2 || !cell[0].n || !cell[1].n)
		return reason_set(why, ERR_BAD,
				  "line %d: wants an id, a tab and the path of names, as "
				  "310 TAB clothes>coats",
				  number);
	if (n > 2 && cell[2].n && !str_i64(cell[2], &count))
		return reason_set(why, ERR_BAD, "line %d: `%.40s` is no count of listings", number,
				  arena_str(a, cell[2]).p);
	node = category_tree_add(t, a, cell[0], last_name(cell[1]));
	if (node < 0)
		return reason_set(why, ERR_TOO_BIG, "more than %d categories", CATEGORY_TREE_MOST);
	if (t->n == before)
		return reason_set(why, ERR_BAD, "line %d: id %.60s stands there twice", number,
				  t->nodes[node].id.p);
	t->nodes[node].count = count;
	return ERR_OK;
}

/* ---- a table of levels ---- */

struct levels {
	int id[LEVELS_MOST], name[LEVELS_MOST];
	int n;
};

/* Columns X and Xnm, in the order of the X. */
static void find_levels(const struct str *head, int n, struct levels *ret)
{
	ret->n = 0;
	for (int i = 0; i < n; i++)
		for (int k = 0; k < n && ret->n < LEVELS_MOST; k++)
			if (head[i].n && head[k].n == head[i].n + 2 &&
			    str_starts(head[k], head[i]) && str_ends(head[k], STR("nm"))) {
				ret->id[ret->n] = i;
				ret->name[ret->n++] = k;
			}
}

static enum err add_levels(struct category_tree *t, struct arena *a, const struct levels *l,
			   const struct str *cell, int n, int number, struct reason *why)
{
	int parent = -1;

	for (int i = 0; i < l->n; i++) {
		int node;

		if (l->id[i] >= n || l->name[i] >= n || !cell[l->id[i]].n)
			break;
		if (!cell[l->name[i]].n)
			return reason_set(why, ERR_BAD, "line %d: category %.60s has no name",
					  number, arena_str(a, cell[l->id[i]]).p);
		node = category_tree_add(t, a, cell[l->id[i]], cell[l->name[i]]);
		if (node < 0)
			return reason_set(why, ERR_TOO_BIG, "more than %d categories",
					  CATEGORY_TREE_MOST);
		if (parent >= 0 && t->nodes[node].parent < 0 && node != parent)
			t->nodes[node].parent = parent;
		parent = node;
	}
	return ERR_OK;
}

static int cells(struct str line, struct str *cell)
{
	int n = 0;

	while (n < COLUMNS_MOST && str_next(&line, '\t', &cell[n])) {
		cell[n] = str_trim(cell[n]);
		n++;
	}
	return n;
}

enum err category_tree_tsv(struct str text, struct arena *a, struct category_tree *ret,
			   struct reason *why)
{
	struct str cell[COLUMNS_MOST], line;
	struct levels levels = { .n = 0 };
	struct str *paths = NULL;
	size_t cap = 0;
	int number = 0;
	enum err err = ERR_OK;

	memset(ret, 0, sizeof(*ret));
	if (str_starts(text, STR("\xef\xbb\xbf")))
		text = str_sub(text, 3, text.n);
	while (!err && str_next(&text, '\n', &line)) {
		int n;

		number++;
		if (!str_trim(line).n || line.p[0] == '#')
			continue;
		n = cells(line, cell);
		if (number == 1)
			find_levels(cell, n, &levels);
		if (levels.n) {
			if (number > 1)
				err = add_levels(ret, a, &levels, cell, n, number, why);
			continue;
		}
		mem_grow(&paths, &cap, (size_t)ret->n + 1, sizeof(*paths));
		paths[ret->n] = n > 1 ? cell[1] : (struct str){ 0 };
		err = add_line(ret, a, cell, n, number, why);
	}
	if (!err && paths)
		category_tree_by_path(ret, paths);
	mem_free(paths);
	return err ? err : category_tree_end(ret, why);
}

void category_tree_taxonomy(const struct conf_taxonomy *t, struct arena *a,
			    struct category_tree *ret)
{
	memset(ret, 0, sizeof(*ret));
	must(t->n_taxa <= CATEGORY_TREE_MOST);
	for (int i = 0; i < t->n_taxa; i++) {
		int at = add(ret, a, t->taxa[i].code, t->taxa[i].ko);

		must(at == i);
		ret->nodes[at].parent = t->taxa[i].parent;
		ret->nodes[at].leaf = t->taxa[i].leaf;
	}
}
