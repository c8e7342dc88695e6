#include "extractor/extract_node.h"

#include "base/json.h"
#include "base/must.h"

struct extract_node *extract_node_new(struct arena *a, enum extract_node_kind kind)
{
	struct extract_node *n = arena_zero(a, sizeof(*n));

	n->kind = kind;
	return n;
}

struct extract_node *extract_node_text(struct arena *a, struct str text)
{
	struct extract_node *n = extract_node_new(a, EXTRACT_TEXT);

	n->text = text;
	return n;
}

void extract_node_add(struct extract_node *to, struct str key, struct extract_node *n)
{
	must(to->kind == EXTRACT_ARRAY || to->kind == EXTRACT_OBJECT);
	must(!n->next && !n->key.p);
	n->key = key;
	if (to->last)
		to->last->next = n;
	else
		to->first = n;
	to->last = n;
}

struct extract_node *extract_node_get(const struct extract_node *n, const char *key)
{
	struct extract_node *found = NULL;

	if (!n || n->kind != EXTRACT_OBJECT)
		return NULL;
	for (struct extract_node *c = n->first; c; c = c->next)
		if (str_is(c->key, key))
			found = c;
	return found;
}

void extract_node_push(struct arena *a, struct extract_node *object, struct str key,
		       struct extract_node *n)
{
	struct extract_node *c;
	int members = 0;

	for (c = object->first; c; c = c->next, members++)
		if (str_eq(c->key, key) && c->kind == EXTRACT_ARRAY)
			break;
	if (!c && members >= EXTRACT_NODE_MEMBERS)
		return;
	if (!c) {
		c = extract_node_new(a, EXTRACT_ARRAY);
		extract_node_add(object, key, c);
	}
	extract_node_add(c, (struct str){ 0 }, n);
}

/* json.h counts on depths that we choose; these are the page's. */
static void put_text(struct str s, struct buf *to)
{
	struct json j;

	json_init(&j, to);
	json_str(&j, NULL, s);
}

static void put_children(const struct extract_node *n, struct buf *to)
{
	bool object = n->kind == EXTRACT_OBJECT;

	buf_add_char(to, object ? '{' : '[');
	for (const struct extract_node *c = n->first; c; c = c->next) {
		if (c != n->first)
			buf_add_char(to, ',');
		if (object) {
			put_text(c->key, to);
			buf_add_char(to, ':');
		}
		extract_node_json(c, to);
	}
	buf_add_char(to, object ? '}' : ']');
}

void extract_node_json(const struct extract_node *n, struct buf *to)
{
	switch (n ? n->kind : EXTRACT_NULL) {
	case EXTRACT_NULL:
		buf_add_text(to, "null");
		break;
	case EXTRACT_BOOL:
		buf_add_text(to, n->truth ? "true" : "false");
		break;
	case EXTRACT_NUMBER:
		buf_add(to, n->text);
		break;
	case EXTRACT_TEXT:
		put_text(n->text, to);
		break;
	case EXTRACT_ARRAY:
	case EXTRACT_OBJECT:
		put_children(n, to);
		break;
	}
}
