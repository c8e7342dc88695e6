#include "config/conf_show.h"

#include "base/must.h"

#include <string.h>

static struct conf_node *node_of(struct arena *a, enum conf_node_kind kind)
{
	struct conf_node *n = arena_zero(a, sizeof(*n));

	n->kind = kind;
	return n;
}

struct conf_node *conf_show_map(struct arena *a)
{
	return node_of(a, NODE_MAP);
}

struct conf_node *conf_show_list(struct arena *a)
{
	return node_of(a, NODE_LIST);
}

struct conf_node *conf_show_text(struct arena *a, struct str s)
{
	struct conf_node *n = node_of(a, NODE_SCALAR);

	n->text = s.p ? s : STR("");
	n->quoted = true;
	return n;
}

struct conf_node *conf_show_plain(struct arena *a, const char *s)
{
	struct conf_node *n = node_of(a, NODE_SCALAR);

	n->text = arena_text(a, s);
	return n;
}

struct conf_node *conf_show_number(struct arena *a, enum conf_type t, double x)
{
	char text[CONF_SCALAR_ROOM];

	conf_scalar_format(t, x, text);
	return conf_show_plain(a, text);
}

struct conf_node *conf_show_texts(struct arena *a, const struct str *texts, int n)
{
	struct conf_node *list = conf_show_list(a);

	for (int i = 0; i < n; i++)
		conf_show_add(list, conf_show_text(a, texts[i]));
	return list;
}

void conf_show_add(struct conf_node *list, struct conf_node *n)
{
	must(!n->next);
	if (list->last)
		list->last->next = n;
	else
		list->first = n;
	list->last = n;
	list->n++;
}

void conf_show_put(struct conf_node *map, struct str key, struct conf_node *n)
{
	if (!n)
		return;
	n->key = key;
	conf_show_add(map, n);
}

static struct conf_node *show_value(struct arena *a, const struct conf_row *row, const void *from)
{
	const char *at = (const char *)from + row->at;
	union {
		bool b;
		int i;
		int64_t n;
		double x;
		struct str s;
	} v;
	const struct str *texts;

	switch (row->type) {
	case CONF_PART:
		return row->part->show ? row->part->show(a, row, from) : NULL;
	case CONF_BOOL:
		memcpy(&v.b, at, sizeof(v.b));
		return conf_show_plain(a, v.b ? "true" : "false");
	case CONF_INT:
		memcpy(&v.i, at, sizeof(v.i));
		return conf_show_number(a, row->type, v.i);
	case CONF_CHOICE:
		memcpy(&v.i, at, sizeof(v.i));
		return conf_show_plain(a, row->choices[v.i]);
	case CONF_INT64:
	case CONF_DURATION:
	case CONF_SIZE:
		memcpy(&v.n, at, sizeof(v.n));
		return conf_show_number(a, row->type, (double)v.n);
	case CONF_REAL:
	case CONF_RATE:
		memcpy(&v.x, at, sizeof(v.x));
		return conf_show_number(a, row->type, v.x);
	case CONF_TEXT:
	case CONF_PATH:
		memcpy(&v.s, at, sizeof(v.s));
		return conf_show_text(a, v.s);
	case CONF_TEXTS:
		texts = conf_table_get_list(row, from, &v.i);
		return conf_show_texts(a, texts, v.i);
	}
	return NULL;
}

struct conf_node *conf_show_rows(struct arena *a, const struct conf_row *rows, const void *from)
{
	struct conf_node *map = conf_show_map(a);

	for (; rows->name; rows++) {
		struct conf_node *n = show_value(a, rows, from);

		if (n)
			n->doc = rows->doc;
		conf_show_put(map, str_of(rows->name), n);
	}
	return map;
}
