/* YAML as a tree of nodes with places; bounds. */
#include "base/buf.h"
#include "base/mem.h"
#include "config/conf_yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The tree on one line, each node with its line:column. */
// NOLINTNEXTLINE(misc-no-recursion)
static void write_tree(const struct conf_node *n, struct buf *to)
{
	if (n->key.p)
		buf_fmt(to, "%s@%d:%d=", n->key.p, n->key_at.line, n->key_at.column);
	if (n->kind == NODE_SCALAR) {
		buf_fmt(to, n->quoted ? "'%s'" : "%s", n->text.p);
	} else {
		buf_add_char(to, n->kind == NODE_LIST ? '[' : '{');
		for (const struct conf_node *c = n->first; c; c = c->next) {
			write_tree(c, to);
			if (c->next)
				buf_add_char(to, ' ');
		}
		buf_add_char(to, n->kind == NODE_LIST ? ']' : '}');
	}
	buf_fmt(to, "@%d:%d", n->at.line, n->at.column);
}

static void test_trees(void **state)
{
	static const struct {
		const char *text, *tree;
	} rows[] = {
		{ "", "{}@1:1" },
		{ "# nothing\n", "{}@1:1" },
		{ "a: b\n", "{a@1:1=b@1:4}@1:1" },
		{ "한국: 말\nb: 'x'\n", "{한국@1:1=말@1:5 b@2:1='x'@2:4}@1:1" },
		{ "a:\n  - 1\n  - {b: c}\n", "{a@1:1=[1@2:5 {b@3:6=c@3:9}@3:5]@2:3}@1:1" },
		{ "a: |\n  two\n  lines\n", "{a@1:1='two\nlines\n'@1:4}@1:1" },
		{ "a:\n", "{a@1:1=@1:3}@1:1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct conf_problems problems = { 0 };
		struct arena *a = arena_new(4096);
		struct conf_node *root;
		struct buf b;

		buf_init(&b, 4096);
		assert_int_equal(conf_yaml_parse(str_of(rows[i].text), "f", a, &problems, &root),
				 ERR_OK);
		assert_int_equal(problems.n, 0);
		write_tree(root, &b);
		assert_string_equal(b.p, rows[i].tree);
		buf_done(&b);
		arena_free(a);
	}
}

static void refused(struct str text, const char *says)
{
	struct conf_problems problems = { 0 };
	struct arena *a = arena_new(4096);
	struct conf_node *root;

	assert_int_equal(conf_yaml_parse(text, "f", a, &problems, &root), ERR_BAD);
	assert_int_equal(problems.n, 1);
	assert_non_null(strstr(problems.p[0].text, says));
	conf_problem_done(&problems);
	arena_free(a);
}

static void test_bounds(void **state)
{
	size_t n = CONF_YAML_BYTES + 1;
	char *p = mem_alloc(n);

	(void)state;
	memset(p, ' ', n);
	refused((struct str){ p, n }, "longer than 16 MiB");
	for (size_t i = 0; i < n; i++)
		p[i] = "- a\n"[i % 4];
	refused((struct str){ p, (size_t)4 * CONF_YAML_NODES }, "more than 1000000 values");
	memset(p, '[', 10000);
	refused((struct str){ p, 10000 }, "nested deeper than 16 levels");
	memset(p, '{', 10000);
	refused((struct str){ p, 10000 }, "key must be plain text");
	mem_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trees),
		cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
