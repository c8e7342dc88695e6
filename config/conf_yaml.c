#include "config/conf_yaml.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* The tree as far as it is built: stack[depth - 1] takes the next node. */
struct build {
	const char *file;
	struct arena *a;
	struct conf_problems *problems;
	yaml_parser_t parser;
	struct conf_node *root, *stack[CONF_YAML_DEPTH];
	struct conf_node *key[CONF_YAML_DEPTH]; /* a map's key that waits for its value */
	int depth, nodes, documents;
};

static struct conf_at at_mark(const struct build *b, yaml_mark_t m)
{
	return (struct conf_at){ b->file, (int)m.line + 1, (int)m.column + 1 };
}

static enum err refuse(struct build *b, const yaml_event_t *e, const char *what)
{
	conf_problem_add(b->problems, at_mark(b, e->start_mark), "%s", what);
	return ERR_BAD;
}

static void append(struct conf_node *to, struct conf_node *n)
{
	if (to->last)
		to->last->next = n;
	else
		to->first = n;
	to->last = n;
	to->n++;
}

/* A key waits for its value; a value goes under its key. */
static enum err place(struct build *b, const yaml_event_t *e, struct conf_node *n)
{
	struct conf_node *top, *key;

	if (b->depth == 0) {
		b->root = n;
		return ERR_OK;
	}
	top = b->stack[b->depth - 1];
	if (top->kind == NODE_LIST) {
		append(top, n);
		return ERR_OK;
	}
	key = b->key[b->depth - 1];
	if (!key) {
		if (n->kind != NODE_SCALAR)
			return refuse(b, e, "a key must be plain text, not a list or a map");
		b->key[b->depth - 1] = n;
		return ERR_OK;
	}
	n->key = key->text;
	n->key_at = key->at;
	b->key[b->depth - 1] = NULL;
	append(top, n);
	return ERR_OK;
}

static struct conf_node *node_new(struct build *b, const yaml_event_t *e, enum conf_node_kind kind)
{
	struct conf_node *n;

	if (b->nodes++ == CONF_YAML_NODES) {
		(void)refuse(b, e, "more than 1000000 values in one file");
		return NULL;
	}
	n = arena_zero(b->a, sizeof(*n));
	n->kind = kind;
	n->at = at_mark(b, e->start_mark);
	return n;
}

static enum err open_node(struct build *b, const yaml_event_t *e, enum conf_node_kind kind,
			  const yaml_char_t *anchor, const yaml_char_t *tag)
{
	struct conf_node *n;

	if (anchor || tag)
		return refuse(b, e, "anchors (&) and tags (!) are not used here");
	if (b->depth == CONF_YAML_DEPTH)
		return refuse(b, e, "nested deeper than 16 levels");
	n = node_new(b, e, kind);
	if (!n || place(b, e, n))
		return ERR_BAD;
	b->stack[b->depth] = n;
	b->key[b->depth++] = NULL;
	return ERR_OK;
}

static enum err scalar(struct build *b, const yaml_event_t *e)
{
	const char *value = (const char *)e->data.scalar.value;
	size_t length = e->data.scalar.length;
	struct conf_node *n;

	if (e->data.scalar.anchor || e->data.scalar.tag)
		return refuse(b, e, "anchors (&) and tags (!) are not used here");
	if (memchr(value, 0, length))
		return refuse(b, e, "a zero byte (\\0) within text");
	n = node_new(b, e, NODE_SCALAR);
	if (!n)
		return ERR_BAD;
	n->text = arena_str(b->a, (struct str){ value, length });
	n->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	return place(b, e, n);
}

static int by_key(const void *va, const void *vb)
{
	const struct conf_node *const *a = va, *const *b = vb;
	int d = str_cmp((*a)->key, (*b)->key);

	if (d)
		return d;
	if ((*a)->key_at.line != (*b)->key_at.line)
		return (*a)->key_at.line < (*b)->key_at.line ? -1 : 1;
	return (*a)->key_at.column < (*b)->key_at.column ? -1 : 1;
}

static void unique(struct build *b, const struct conf_node *map)
{
	const struct conf_node **sorted;
	int i = 0;

	if (map->n < 2)
		return;
	sorted = mem_array((size_t)map->n, sizeof(struct conf_node *));
	for (const struct conf_node *n = map->first; n; n = n->next)
		sorted[i++] = n;
	qsort(sorted, (size_t)map->n, sizeof(struct conf_node *), by_key);
	for (i = 1; i < map->n; i++) {
		if (!str_eq(sorted[i]->key, sorted[i - 1]->key))
			continue;
		conf_problem_add(b->problems, sorted[i]->key_at,
				 "duplicate key `%.80s`; it stands on line %d already",
				 sorted[i]->key.p, sorted[i - 1]->key_at.line);
	}
	mem_free(sorted);
}

static enum err take(struct build *b, const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (b->documents++ > 0)
			return refuse(b, e, "a second document (---); one a file is read");
		return ERR_OK;
	case YAML_ALIAS_EVENT:
		return refuse(b, e, "aliases (*) are not used here; write the value out");
	case YAML_SCALAR_EVENT:
		return scalar(b, e);
	case YAML_SEQUENCE_START_EVENT:
		return open_node(b, e, NODE_LIST, e->data.sequence_start.anchor,
				 e->data.sequence_start.tag);
	case YAML_MAPPING_START_EVENT:
		return open_node(b, e, NODE_MAP, e->data.mapping_start.anchor,
				 e->data.mapping_start.tag);
	case YAML_SEQUENCE_END_EVENT:
		b->depth--;
		return ERR_OK;
	case YAML_MAPPING_END_EVENT:
		/* Duplicates don't end the reading: more may be wrong below. */
		b->depth--;
		unique(b, b->stack[b->depth]);
		return ERR_OK;
	default:
		return ERR_OK;
	}
}

/* A byte offset as line and column: a reader error has no mark. */
static struct conf_at at_offset(const struct build *b, struct str text, size_t offset)
{
	struct conf_at at = { b->file, 1, 1 };

	for (size_t i = 0; i < offset && i < text.n; i++) {
		if (text.p[i] == '\n') {
			at.line++;
			at.column = 1;
		} else if (((unsigned char)text.p[i] & 0xC0) != 0x80) {
			at.column++;
		}
	}
	return at;
}

static void syntax_problem(struct build *b, struct str text)
{
	const yaml_parser_t *p = &b->parser;

	if (p->error == YAML_READER_ERROR)
		conf_problem_add(b->problems, at_offset(b, text, p->problem_offset), "not YAML: %s",
				 p->problem);
	else if (p->error == YAML_MEMORY_ERROR)
		conf_problem_add(b->problems, at_mark(b, p->mark), "not YAML: too complex");
	else if (p->context)
		conf_problem_add(b->problems, at_mark(b, p->problem_mark),
				 "not YAML: %s, %s (from line %d)", p->problem, p->context,
				 (int)p->context_mark.line + 1);
	else
		conf_problem_add(b->problems, at_mark(b, p->problem_mark), "not YAML: %s",
				 p->problem);
}

enum err conf_yaml_parse(struct str text, const char *file, struct arena *a,
			 struct conf_problems *problems, struct conf_node **ret)
{
	struct build b = { .file = file, .a = a, .problems = problems };
	bool ended = false;
	yaml_event_t e;
	enum err err = ERR_OK;

	if (text.n > CONF_YAML_BYTES) {
		conf_problem_add(problems, (struct conf_at){ .file = file }, "longer than 16 MiB");
		return ERR_BAD;
	}
	if (!yaml_parser_initialize(&b.parser)) {
		conf_problem_add(problems, (struct conf_at){ .file = file }, "no YAML parser");
		return ERR_BAD;
	}
	yaml_parser_set_input_string(&b.parser, (const unsigned char *)(text.n ? text.p : ""),
				     text.n);
	while (!err && !ended) {
		if (!yaml_parser_parse(&b.parser, &e)) {
			syntax_problem(&b, text);
			err = ERR_BAD;
			break;
		}
		ended = e.type == YAML_STREAM_END_EVENT;
		err = take(&b, &e);
		yaml_event_delete(&e);
	}
	yaml_parser_delete(&b.parser);
	if (err)
		return err;
	if (!b.root || (conf_yaml_none(b.root) && b.root->text.n == 0)) {
		b.root = arena_zero(a, sizeof(*b.root));
		b.root->kind = NODE_MAP;
		b.root->at = (struct conf_at){ file, 1, 1 };
	}
	*ret = b.root;
	return ERR_OK;
}

const struct conf_node *conf_yaml_child(const struct conf_node *map, const char *key)
{
	if (!map || map->kind != NODE_MAP)
		return NULL;
	for (const struct conf_node *n = map->first; n; n = n->next)
		if (str_is(n->key, key))
			return n;
	return NULL;
}

bool conf_yaml_none(const struct conf_node *n)
{
	return n->kind == NODE_SCALAR && !n->quoted &&
	       (n->text.n == 0 || str_is(n->text, "~") || str_is(n->text, "null"));
}

struct conf_at conf_yaml_at(const struct conf_node *n)
{
	return n->key.p ? n->key_at : n->at;
}

const char *conf_yaml_kind(const struct conf_node *n)
{
	if (n->kind == NODE_LIST)
		return "a list";
	if (n->kind == NODE_MAP)
		return "a map";
	return conf_yaml_none(n) ? "nothing" : "a single value";
}
