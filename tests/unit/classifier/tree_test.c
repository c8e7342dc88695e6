#include "classifier/classifier.h"

#include "base/mem.h"
#include "tests/unit/classifier/toy.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Sorted by bytes "a b" stands between "a" and "a>b", which is no part of it. */
static const struct toy_row rows[] = {
	{ .title = "one", .klass = "a>b>c" }, { .title = "two", .klass = "a" },
	{ .title = "three", .klass = "a b" }, { .title = "four", .klass = "a>b" },
	{ .title = "five", .klass = "d>e" },  { .title = "six", .klass = "a!>x" },
};

static struct classifier *model(void)
{
	struct toy t = { .rows = rows, .n = 6 };
	struct classifier_rows it = toy_rows(&t);
	struct classifier_opt opt = classifier_defaults();
	struct classifier_report report;
	struct classifier *c = NULL;

	assert_int_equal(classifier_train(&it, &opt, toy_path("t"), &report, NULL), ERR_OK);
	assert_int_equal(classifier_open(toy_path("t"), &c, NULL), ERR_OK);
	toy_remove("t");
	return c;
}

static int node_of(const struct classifier_tree *t, const char *path)
{
	int found = -1;

	for (int i = 0; i < classifier_tree_nodes(t); i++)
		if (str_is(classifier_tree_path(t, i), path)) {
			assert_int_equal(found, -1);
			found = i;
		}
	return found;
}

static void sums_test(void **state)
{
	struct classifier *c = model();
	struct classifier_tree *t = classifier_tree_new(c, STR(">"), NULL, NULL);
	float p[6], nodes[16], below[16];
	int a, n = classifier_tree_nodes(t);

	(void)state;
	/* The root, a, a>b, a>b>c, a b, a!, a!>x, d, d>e. */
	assert_int_equal(n, 9);
	for (int i = 0; i < 6; i++)
		p[i] = 0.1f * (float)(i + 1) / 2.1f;
	classifier_tree_probabilities(t, p, nodes);
	assert_true(fabsf(nodes[0] - 1) < 1e-6f);
	memset(below, 0, sizeof(below));
	for (int i = n - 1; i > 0; i--) {
		int parent = classifier_tree_parent(t, i);

		assert_true(parent >= 0 && parent < i);
		assert_int_equal(classifier_tree_depth(t, i), classifier_tree_depth(t, parent) + 1);
		below[parent] += nodes[i];
	}
	for (int i = 0; i < n; i++)
		assert_true(below[i] <= nodes[i] + 1e-6f);
	/* Of its own, of a>b and of a>b>c; nothing of "a b" and "a!>x". */
	a = node_of(t, "a");
	assert_true(fabsf(nodes[a] - p[classifier_find(c, STR("a"))] -
			  p[classifier_find(c, STR("a>b"))] - p[classifier_find(c, STR("a>b>c"))]) <
		    1e-6f);
	assert_int_equal(classifier_tree_parent(t, node_of(t, "a>b")), a);
	assert_int_equal(classifier_tree_parent(t, node_of(t, "a b")), 0);
	classifier_tree_free(t);
	classifier_tree_free(NULL);
	classifier_close(c);
}

static void deepest_test(void **state)
{
	struct classifier *c = model();
	struct classifier_tree *t = classifier_tree_new(c, STR(">"), NULL, NULL);
	float p[6] = { 0 }, nodes[16];

	(void)state;
	p[classifier_find(c, STR("a>b>c"))] = 0.6f;
	p[classifier_find(c, STR("a>b"))] = 0.36f;
	p[classifier_find(c, STR("d>e"))] = 0.04f;
	classifier_tree_probabilities(t, p, nodes);
	assert_int_equal(classifier_tree_deepest(t, nodes, 0.95f), node_of(t, "a>b"));
	assert_int_equal(classifier_tree_deepest(t, nodes, 0.5f), node_of(t, "a>b>c"));
	assert_int_equal(classifier_tree_deepest(t, nodes, 0.99f), 0);
	classifier_tree_free(t);
	/* No separator: leaves below the root. */
	t = classifier_tree_new(c, STR(""), NULL, NULL);
	assert_int_equal(classifier_tree_nodes(t), 7);
	classifier_tree_free(t);
	classifier_close(c);
}

static struct str given(void *ctx, int k)
{
	const char *const *paths = ctx;

	return str_of(paths[k]);
}

/* Paths that the caller gives: two classes may end at one node, empty parts count. */
static void given_test(void **state)
{
	static const char *paths[] = { "m::x", "m::x", "", "m::", "::m", "n" };
	struct classifier *c = model();
	struct classifier_tree *t = classifier_tree_new(c, STR("::"), given, paths);
	float p[6] = { 0.1f, 0.2f, 0.1f, 0.2f, 0.3f, 0.1f }, nodes[16], sum = 0;

	(void)state;
	assert_true(classifier_tree_nodes(t) <= 16);
	classifier_tree_probabilities(t, p, nodes);
	assert_true(fabsf(nodes[node_of(t, "m::x")] - 0.3f) < 1e-6f);
	assert_true(fabsf(nodes[node_of(t, "m")] - 0.5f) < 1e-6f);
	for (int i = 1; i < classifier_tree_nodes(t); i++)
		sum += classifier_tree_parent(t, i) == 0 ? nodes[i] : 0;
	assert_true(fabsf(sum - 1) < 1e-5f);
	classifier_tree_free(t);
	classifier_close(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_test),
		cmocka_unit_test(deepest_test),
		cmocka_unit_test(given_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
