/* A file of YAML. What was read is written by conf_print_yaml and read again. */
#include "base/mem.h"
#include "config/conf_print.h"
#include "config/conf_yaml.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

/* NOLINTNEXTLINE(misc-no-recursion): CONF_YAML_DEPTH bounds it */
static int check_node(const struct conf_node *n, int depth)
{
	int nodes = 1, children = 0;

	must(depth <= CONF_YAML_DEPTH && n->at.line >= 1 && n->at.column >= 1);
	if (n->kind == NODE_SCALAR) {
		must(n->text.p && strlen(n->text.p) == n->text.n && !n->first);
		return 1;
	}
	for (const struct conf_node *c = n->first; c; c = c->next, children++) {
		must((n->kind == NODE_MAP) == (c->key.p != NULL));
		must(c->next || c == n->last);
		nodes += check_node(c, depth + 1);
	}
	must(children == n->n);
	return nodes;
}

/* NOLINTNEXTLINE(misc-no-recursion): CONF_YAML_DEPTH bounds it */
static void check_same(const struct conf_node *x, const struct conf_node *y)
{
	const struct conf_node *d = y->first;

	must(x->kind == y->kind && x->n == y->n && str_eq(x->text, y->text));
	for (const struct conf_node *c = x->first; c; c = c->next, d = d->next) {
		must(str_eq(c->key, d->key));
		check_same(c, d);
	}
}

/* As if each scalar had been a text of ours: plain ones are printed as they
 * stand, which is right for numbers and words only. */
/* NOLINTNEXTLINE(misc-no-recursion): CONF_YAML_DEPTH bounds it */
static void quote_all(struct conf_node *n)
{
	n->quoted = true;
	for (struct conf_node *c = n->first; c; c = c->next)
		quote_all(c);
}

static void check_printed(struct conf_node *root, struct arena *a)
{
	struct conf_problems problems = { 0 };
	struct conf_node *again = NULL;
	struct buf b;

	buf_init(&b, (size_t)32 << 20);
	quote_all(root);
	conf_print_yaml(root, "", &b);
	if (b.n < CONF_YAML_BYTES) {
		must(!conf_yaml_parse(buf_str(&b), "again", a, &problems, &again));
		check_same(root, again);
	}
	conf_problem_done(&problems);
	buf_done(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(FUZZ_ARENA);
	struct conf_problems problems = { 0 };
	struct conf_problem *list = NULL;
	struct conf_node *root = NULL;
	int n = 0;

	if (conf_yaml_parse(fuzz_text(data, size), "fuzz.yaml", a, &problems, &root)) {
		must(problems.n > 0 && !root);
	} else {
		must(check_node(root, 0) <= CONF_YAML_NODES);
		if (root->kind == NODE_MAP)
			check_printed(root, a);
	}
	conf_problem_move(&problems, &list, &n);
	for (int i = 0; i < n; i++) {
		char line[512] = "";

		conf_problem_text(&list[i], line);
		must(memchr(line, 0, sizeof(line)) && line[0]);
	}
	mem_free(list);
	conf_problem_done(&problems);
	arena_free(a);
	return 0;
}
