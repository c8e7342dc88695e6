#include "serve/tree_json.h"

#include "base/mem.h"
#include "serve/body.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

struct reading {
	struct category_tree *t;
	struct arena *a;
	struct str *paths; /* of each node */
	size_t cap;
	bool by_path, full;
	bool products; /* the text is of products, which name their categories: they are none */
};

static struct str value_text(const json_t *v, struct arena *a)
{
	if (json_is_string(v))
		return (struct str){ json_string_value(v), json_string_length(v) };
	if (json_is_integer(v))
		return arena_fmt(a, "%lld", (long long)json_integer_value(v));
	return (struct str){ 0 };
}

static struct str first_of(const json_t *o, const char *const *keys, struct arena *a)
{
	struct str s = { 0 };

	for (; *keys && !s.n; keys++)
		s = value_text(json_object_get(o, *keys), a);
	return s;
}

static int add(struct reading *r, struct str id, struct str name, int parent)
{
	int before = r->t->n, at = category_tree_add(r->t, r->a, id, name);

	if (at < 0) {
		r->full = true;
		return parent;
	}
	if (r->t->n > before) {
		mem_grow(&r->paths, &r->cap, (size_t)r->t->n, sizeof(*r->paths));
		r->paths[at] = (struct str){ 0 };
		r->t->nodes[at].parent = parent;
	}
	return at;
}

/* category1Id, category1Name, ... from the top down. */
static void chain(struct reading *r, const json_t *o)
{
	char key[32];
	int at = -1;

	for (int level = 1; level <= 9; level++) {
		struct str id, name;

		snprintf(key, sizeof(key), "category%dId", level);
		id = value_text(json_object_get(o, key), r->a);
		snprintf(key, sizeof(key), "category%dName", level);
		name = value_text(json_object_get(o, key), r->a);
		if (!id.n || !name.n)
			return;
		at = add(r, id, name, at);
	}
}

static void walk(struct reading *r, json_t *v, int parent)
{
	static const char *const ids[] = { "id", "categoryId", "category_id", "code", NULL };
	static const char *const names[] = { "title", "name", "categoryName", "category_name",
					     NULL };
	struct str id, name, path;
	const char *key;
	json_t *child;
	size_t i;

	if (json_is_array(v)) {
		json_array_foreach(v, i, child) walk(r, child, parent);
		return;
	}
	if (!json_is_object(v) || r->full)
		return;
	id = first_of(v, ids, r->a);
	name = first_of(v, names, r->a);
	if (r->products) {
		chain(r, v);
	} else if (id.n && name.n) {
		parent = add(r, id, name, parent);
		path = value_text(json_object_get(v, "wholeCategoryName"), r->a);
		if (path.n) {
			r->paths[parent] = arena_str(r->a, path);
			r->by_path = true;
		}
		if (json_is_integer(json_object_get(v, "count")))
			r->t->nodes[parent].count = json_integer_value(json_object_get(v, "count"));
	}
	json_object_foreach(v, key, child) if (json_is_object(child) || json_is_array(child))
		walk(r, child, parent);
}

enum err tree_json_read(struct str text, struct arena *a, struct category_tree *ret,
			struct reason *why)
{
	struct reading r = { .t = ret,
			     .a = a,
			     .products = str_find(text, STR("\"category1Id\"")) >= 0 };
	json_error_t fault;
	json_t *root;

	memset(ret, 0, sizeof(*ret));
	if (body_too_deep(text))
		return reason_set(why, ERR_TOO_BIG, "nested deeper than %d", BODY_DEPTH);
	root = json_loadb(text.p, text.n, 0, &fault);
	if (!root)
		return reason_set(why, ERR_BAD, "not JSON: line %d: %.120s", fault.line,
				  fault.text);
	walk(&r, root, -1);
	if (r.by_path)
		category_tree_by_path(ret, r.paths);
	json_decref(root);
	mem_free(r.paths);
	if (r.full)
		return reason_set(why, ERR_TOO_BIG, "more than %d categories", CATEGORY_TREE_MOST);
	return category_tree_end(ret, why);
}
