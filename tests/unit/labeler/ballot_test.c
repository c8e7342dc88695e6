#include "labeler/ballot.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define S(text)                                                                                    \
	{                                                                                          \
		text, sizeof(text) - 1                                                             \
	}
#define MOST 6

/* 10 leaves: a.1 a.2 a.3, b.1 .. b.6, c */
static struct conf_taxon taxa[] = {
	{ .code = S("a"), .parent = -1 },
	{ .code = S("a.1"), .parent = 0, .leaf = true },
	{ .code = S("a.2"), .parent = 0, .leaf = true },
	{ .code = S("a.3"), .parent = 0, .leaf = true },
	{ .code = S("b"), .parent = -1 },
	{ .code = S("b.1"), .parent = 4, .leaf = true },
	{ .code = S("b.2"), .parent = 4, .leaf = true },
	{ .code = S("b.3"), .parent = 4, .leaf = true },
	{ .code = S("b.4"), .parent = 4, .leaf = true },
	{ .code = S("b.5"), .parent = 4, .leaf = true },
	{ .code = S("b.6"), .parent = 4, .leaf = true },
	{ .code = S("c"), .parent = -1, .leaf = true },
};
static const struct conf_taxonomy tree = { .taxa = taxa, .n_taxa = 12 };

/* Expected confidences are worked out by hand: a vote of precision p weighs
 * p(K-1)/(1-p) against 1 for each leaf without votes; e^12 = 162755 at most. */
static const struct {
	struct {
		const char *rule, *category;
		double p;
	} votes[MOST];
	const char *category; /* NULL: none */
	double confidence;
	const char *why;
} elections[] = {
	{ { { NULL, NULL, 0 } }, NULL, 0, NULL },
	/* one leaf: its softmax is its precision */
	{ { { "r1", "a.1", 0.9 } }, "a.1", 0.9, "r1" },
	{ { { "r1", "c", 0.3 } }, "c", 0.3, "r1" },
	/* 81 * 36 against 9 */
	{ { { "r1", "a.1", 0.9 }, { "r2", "a.1", 0.8 } }, "a.1", 2916.0 / 2925, "r1,r2" },
	/* 81 against 36 against 8 */
	{ { { "r1", "a.1", 0.9 }, { "r2", "b.1", 0.8 } }, "a.1", 81.0 / 125, "r1" },
	/* two of 0.8 outvote one of 0.9 */
	{ { { "r1", "a.1", 0.9 }, { "r2", "b.1", 0.8 }, { "r3", "b.1", 0.8 } },
	  "b.1",
	  1296.0 / (1296 + 81 + 8),
	  "r2,r3" },
	/* a tie, in any order of adding */
	{ { { "r1", "a.1", 0.9 }, { "r2", "b.1", 0.9 } }, NULL, 0, NULL },
	{ { { "r1", "a.1", 0.7 },
	    { "r2", "a.1", 0.8 },
	    { "r3", "b.1", 0.8 },
	    { "r4", "b.1", 0.7 } },
	  NULL,
	  0,
	  NULL },
	/* a tie for the second place is none */
	{ { { "r1", "a.1", 0.8 }, { "r2", "b.1", 0.8 }, { "r3", "c", 0.9 } },
	  "c",
	  81.0 / (81 + 72 + 7),
	  "r3" },
	/* an inner node alone: 81 against the 7 leaves outside it */
	{ { { "r1", "a", 0.9 } }, "a", 81.0 / 88, "r1" },
	/* below it somebody voted */
	{ { { "r1", "a", 0.95 }, { "r2", "a.2", 0.6 } }, "a.2", 13.5 / 22.5, "r2" },
	/* elsewhere somebody voted */
	{ { { "r1", "a", 0.9 }, { "r2", "c", 0.8 } }, "a", 81.0 / (81 + 36 + 6), "r1" },
	/* weights are bounded */
	{ { { "r1", "a.1", 1 } }, "a.1", 162754.791419 / 162763.791419, "r1" },
	{ { { "r1", "a.1", 0 } }, "a.1", 1.010050 / 10.010050, "r1" },
	{ { { "r1", "a.1", NAN } }, "a.1", 1.010050 / 10.010050, "r1" },
	/* a category that is no more */
	{ { { "r1", "gone", 0.9 } }, NULL, 0, NULL },
	{ { { "r1", "gone", 0.9 }, { "r2", "c", 0.5 } }, "c", 0.5, "r2" },
};

static void votes_are_counted(void **state)
{
	struct taxon *t = taxon_new(&tree);
	struct arena *a = arena_new(4096);

	(void)state;
	assert_int_equal(taxon_leaves(t), 10);
	for (size_t i = 0; i < sizeof(elections) / sizeof(elections[0]); i++) {
		struct vote votes[MOST];
		struct str category = { 0 }, why = { 0 };
		double confidence = 0;
		int n = 0;

		for (; n < MOST && elections[i].votes[n].rule; n++)
			votes[n] =
				(struct vote){ .rule = str_of(elections[i].votes[n].rule),
					       .category = str_of(elections[i].votes[n].category),
					       .weight = elections[i].votes[n].p };
		if (!ballot_count(t, votes, n, a, &category, &confidence, &why))
			confidence = 0;
		if (!str_eq(category, str_of(elections[i].category)) ||
		    !str_eq(why, str_of(elections[i].why)) ||
		    fabs(confidence - elections[i].confidence) > 1e-6)
			fail_msg("row %zu: '%.*s' %f '%.*s'", i, STR_ARG(category), confidence,
				 STR_ARG(why));
	}
	arena_free(a);
	taxon_free(t);
}

#define V(r, c, p, f)                                                                              \
	{                                                                                          \
		.rule = S(r), .category = S(c), .weight = (p), .family = S(f)                      \
	}

/* Of a family the best vote for a category counts; of others, and for others, all. */
static const struct {
	struct vote votes[2];
	double confidence;
	const char *why;
} families[] = {
	{ { V("r1", "a.1", 0.8, "f"), V("r2", "a.1", 0.9, "f") }, 0.9, "r1,r2" },
	{ { V("r1", "a.1", 0.9, "f"), V("r2", "a.1", 0.9, "f") }, 0.9, "r1,r2" },
	{ { V("r1", "a.1", 0.9, "f"), V("r2", "a.1", 0.8, "g") }, 2916.0 / 2925, "r1,r2" },
	{ { V("r1", "a.1", 0.9, ""), V("r2", "a.1", 0.8, "") }, 2916.0 / 2925, "r1,r2" },
	{ { V("r1", "a.1", 0.9, "f"), V("r2", "b.1", 0.8, "f") }, 81.0 / 125, "r1" },
};

static void a_family_counts_once(void **state)
{
	struct taxon *t = taxon_new(&tree);
	struct arena *a = arena_new(4096);

	(void)state;
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		struct str category, why;
		double confidence;

		assert_true(ballot_count(t, families[i].votes, 2, a, &category, &confidence, &why));
		assert_true(str_is(category, "a.1") && str_is(why, families[i].why));
		assert_true(fabs(confidence - families[i].confidence) < 1e-9);
	}
	arena_free(a);
	taxon_free(t);
}

static void the_tree_answers(void **state)
{
	struct taxon *t = taxon_new(&tree);

	(void)state;
	assert_int_equal(taxon_find(t, STR("b.6")), 10);
	assert_int_equal(taxon_find(t, STR("b.7")), -1);
	assert_int_equal(taxon_find(t, STR("")), -1);
	assert_true(str_is(taxon_code(t, 11), "c"));
	assert_int_equal(taxon_leaves_below(t, 4), 6);
	assert_int_equal(taxon_leaves_below(t, 11), 1);
	assert_true(taxon_is_below(t, 1, 0));
	assert_false(taxon_is_below(t, 0, 0));
	assert_false(taxon_is_below(t, 0, 1));
	assert_false(taxon_is_below(t, 5, 0));
	taxon_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(votes_are_counted),
		cmocka_unit_test(a_family_counts_once),
		cmocka_unit_test(the_tree_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
