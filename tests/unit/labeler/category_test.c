/* Trees of categories: read, compared, and drafted so that piped reads the draft. */
#include "labeler/category_map.h"

#include "base/file.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct category_tree read_tree(const char *text, struct arena *a)
{
	struct category_tree t;
	struct reason why = { "" };

	if (category_tree_tsv(str_of(text), a, &t, &why))
		fail_msg("%s", why.text);
	return t;
}

/* What the draft says, loaded as piped loads it. */
static struct conf *load_draft(const struct category_tree *now, const struct category_diff *d)
{
	struct conf_problem *problems = NULL;
	struct conf *c = NULL;
	char text[512];
	struct buf b;
	int n = 0;

	buf_init(&b, 16 << 20);
	category_draft(now, d, STR("draft"), 2, "2026-01-01", &b);
	if (conf_load_taxonomy(buf_str(&b), STR("draft.yaml"), NULL, &c, &problems, &n)) {
		conf_problem_text(&problems[0], text);
		fail_msg("%d problems, the first: %s\n%.3000s", n, text, b.p);
	}
	mem_free(problems);
	buf_done(&b);
	return c;
}

static const struct pair {
	const char *was, *now;
	const char *changes; /* as the draft has them, and where it asks */
	int same, added;
} pairs[] = {
	{ "1\tA\n11\tA>b\n", "1\tA\n11\tA>b\n", "", 2, 0 },
	{ "1\tA\n", "1\tA\n12\tA>new\n", "", 1, 1 },
	/* ids that stay */
	{ "1\tA\n11\tA>shirts\n", "1\tA\n11\tA>shirts and blouses\n",
	  "{ rename: \"11\", was: { ko: \"shirts\" } }", 1, 0 },
	{ "1\tA\n11\tA>shirts\n", "1\tA\n11\tA>boots\n",
	  "? { rename: \"11\", was: { ko: \"shirts\" } }", 1, 0 },
	{ "1\tA\n11\tA>b\n111\tA>b>coats\n", "1\tA\n11\tA>b\n111\tA>coats\n",
	  "{ move: \"111\", below: \"1\" }", 2, 0 },
	{ "1\tA\n11\tA>b\n", "1\tA\n11\tb\n", "{ move: \"11\" }", 1, 0 },
	{ "1\tA\n11\tA>coats\n", "1\tA\n11\tA>coats\n12\tA>coats>long\n13\tA>coats>short\n",
	  "{ split: \"11\", into: [\"12\", \"13\"] }", 1, 0 },
	/* ids that are gone */
	{ "1\tA\n11\tA>puffer jackets\n", "1\tA\n12\tA>puffer jackets\n",
	  "{ rename: \"11\", to: \"12\" }", 1, 0 },
	{ "1\tA\n11\tA>long puffer\n12\tA>short puffer\n", "1\tA\n13\tA>puffer\n",
	  "? { merge: [\"11\", \"12\"], into: \"13\" }", 1, 0 },
	{ "1\tA\n11\tA>jackets/coats\n", "1\tA\n12\tA>jackets\n13\tA>coats\n",
	  "{ split: \"11\", into: [\"12\", \"13\"] }", 1, 0 },
	{ "1\tA\n11\tA>xylophones\n", "1\tA\n12\tA>boots\n", "? { retire: \"11\" }", 1, 1 },
	/* a name alone is no reason to go to another top */
	{ "1\tA\n2\tB\n11\tA>coats\n", "1\tA\n2\tB\n21\tB>coats\n", "? { retire: \"11\" }", 2, 1 },
	{ "1\tA\n11\tA>coats\n", "2\tB\n21\tB>coats\n",
	  "? { retire: \"1\" }{ rename: \"11\", to: \"21\" }", 0, 1 },
};

static void trees_are_compared(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		struct arena *a = arena_new(1 << 14);
		struct category_tree was = read_tree(pairs[i].was, a);
		struct category_tree now = read_tree(pairs[i].now, a);
		struct category_diff d;
		struct buf b;

		category_diff(&was, &now, a, &d);
		buf_init(&b, 1 << 14);
		for (size_t k = 0; k < d.n; k++) {
			buf_add_text(&b, d.changes[k].ask.n ? "? " : "");
			category_draft_change(&d.changes[k], &b);
		}
		if (!str_is(buf_str(&b), pairs[i].changes) || d.same != pairs[i].same ||
		    d.added != pairs[i].added)
			fail_msg("pair %zu: %s, %d as before, %d new", i, b.n ? b.p : "", d.same,
				 d.added);
		conf_free(load_draft(&now, &d));
		buf_done(&b);
		arena_free(a);
	}
}

static const struct {
	const char *text, *says;
} bads[] = {
	{ "", "no categories" },
	{ "1\tA\n2\n", "line 2: wants an id, a tab" },
	{ "1\tA\n\tB\n", "line 2: wants an id" },
	{ "1\tA\n1\tB\n", "line 2: id 1 stands there twice" },
	{ "1\tA\tmany\n", "line 1: `many` is no count" },
	{ "a\tanm\n1\t\n", "line 2: category 1 has no name" },
};

static void faults_have_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bads) / sizeof(*bads); i++) {
		struct arena *a = arena_new(1 << 12);
		struct reason why = { "" };
		struct category_tree t;

		assert_int_equal(category_tree_tsv(str_of(bads[i].text), a, &t, &why), ERR_BAD);
		if (!strstr(why.text, bads[i].says))
			fail_msg("%s: %s", bads[i].text, why.text);
		arena_free(a);
	}
}

static void levels_in_columns(void **state)
{
	struct arena *a = arena_new(1 << 12);
	struct category_tree t = read_tree("c1\tc1nm\tc2\tc2nm\tYN\n"
					   "5\tClothes\t51\tWomen\tY\n"
					   "5\tClothes\t52\tMen\tN\n"
					   "6\tShoes\t\t\tY\n",
					   a);

	(void)state;
	assert_int_equal(t.n, 4);
	assert_true(str_is(category_tree_path(&t, category_tree_find(&t, STR("52")), a),
			   "Clothes>Men"));
	assert_true(t.nodes[category_tree_find(&t, STR("6"))].leaf);
	assert_false(t.nodes[category_tree_find(&t, STR("5"))].leaf);
	arena_free(a);
}

static bool read_shared(const char *name, struct arena *a, struct category_tree *ret)
{
	struct reason why = { "" };
	char path[512];
	struct buf b;

	snprintf(path, sizeof(path), PIPED_SHARED "/data/%s", name);
	buf_init(&b, 1 << 20);
	if (file_read(path, &b, NULL)) {
		buf_done(&b);
		return false;
	}
	if (category_tree_tsv(arena_str(a, buf_str(&b)), a, ret, &why))
		fail_msg("%s: %s", name, why.text);
	buf_done(&b);
	return true;
}

/* What a person says of some of Bunjang's categories between the two years: ids that are gone, and
 * which took them over. "?": the proposal has to ask, or is to say that nothing did. */
static const struct {
	const char *id, *now;
} known[] = {
	{ "310090050", "310300200" }, /* long puffers: puffers */
	{ "310090060", "310300200" }, /* short ones */
	{ "310110030", "310300300" }, /* winter coats: coats */
	{ "310240", "310260600" },    /* sweatshirts, now below tops */
	{ "310230", "310260700" },    /* hoodies */
	{ "310090", "split" },	      /* puffers/jumpers: two categories */
	{ "100", "none" },	      /* community boards */
	{ "200", "none" },	      /* gifts */
};

static void bunjang_from_2021_to_2023(void **state)
{
	struct arena *a = arena_new(1 << 16);
	struct category_tree was, now;
	struct category_diff d;
	int by_kind[CONF_CHANGES] = { 0 }, asks = 0, gone = 0, right = 0;
	struct conf *c;

	(void)state;
	if (!read_shared("bunjang/categories_2021.tsv", a, &was) ||
	    !read_shared("bunjang/categories_2023.tsv", a, &now)) {
		arena_free(a);
		skip();
	}
	assert_int_equal(was.n, 855);
	assert_int_equal(now.n, 774);
	category_diff(&was, &now, a, &d);
	for (size_t i = 0; i < d.n; i++) {
		by_kind[d.changes[i].kind]++;
		asks += d.changes[i].ask.n > 0;
	}
	/* piped takes the draft: every change was possible, and leads to the tree of 2023 */
	c = load_draft(&now, &d);
	for (int i = 0; i < was.n; i++) {
		const struct recode *m = conf_taxonomy_recode(&c->taxonomy, was.nodes[i].id, 1);

		gone += category_tree_find(&now, was.nodes[i].id) < 0;
		if (category_tree_find(&now, was.nodes[i].id) < 0 && !m)
			fail_msg("%s is unaccounted for", was.nodes[i].id.p);
	}
	printf("2021 to 2023: %d as before, %d gone, %d new; %d renamed, %d moved, %d merged, "
	       "%d split, %d retired; %d of %zu ask\n",
	       d.same, gone, d.added, by_kind[CONF_RENAME], by_kind[CONF_MOVE], by_kind[CONF_MERGE],
	       by_kind[CONF_SPLIT], by_kind[CONF_RETIRE], asks, d.n);
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		const struct recode *m = conf_taxonomy_recode(&c->taxonomy, str_of(known[i].id), 1);
		struct str is = m && m->fate == RECODE_CODE ? m->category
				: m			    ? str_of(recode_fate_name(m->fate))
							    : STR("same");

		right += str_is(is, known[i].now);
		if (!str_is(is, known[i].now))
			printf("%s: %.*s, not %s\n", known[i].id, STR_ARG(is), known[i].now);
	}
	assert_int_equal(gone, 311);
	assert_int_equal(right, sizeof(known) / sizeof(*known));
	conf_free(c);
	arena_free(a);
}

static struct conf *fashion(void)
{
	struct conf_problem *problems = NULL;
	struct conf *c = NULL;
	struct reason why = { "" };
	struct buf b;
	int n = 0;

	buf_init(&b, 1 << 20);
	if (file_read(PIPED_SOURCE "/etc/taxonomy/fashion.yaml", &b, &why))
		fail_msg("%s", why.text);
	assert_int_equal(
		conf_load_taxonomy(buf_str(&b), STR("fashion.yaml"), NULL, &c, &problems, &n),
		ERR_OK);
	buf_done(&b);
	return c;
}

/* The shipped mapping of Bunjang was written by a person: what would the draft have said? */
static void mapping_of_bunjang(void **state)
{
	struct arena *a = arena_new(1 << 16);
	struct conf *c = fashion();
	struct labeler *told, *naive;
	struct category_mapped m;
	struct reason why;
	struct category_tree t;
	struct str rest, line;
	int right = 0, wrong = 0, n_mappings = c->taxonomy.n_mappings;
	struct buf b;

	(void)state;
	if (!read_shared("bunjang/categories_2023.tsv", a, &t)) {
		conf_free(c);
		arena_free(a);
		skip();
	}
	assert_int_equal(labeler_new(c, &told, &why), ERR_OK);
	c->taxonomy.n_mappings = 0;
	assert_int_equal(labeler_new(c, &naive, &why), ERR_OK);
	buf_init(&b, 1 << 20);
	category_map_draft(&t, STR("bunjang"), &c->taxonomy, naive, &b, &m);
	assert_int_equal(m.kept + m.clear + m.asked + m.none, t.n);
	assert_int_equal(m.kept, 0);
	rest = buf_str(&b);
	while (str_next(&rest, '\n', &line)) {
		struct str id, code;
		int is;

		line = str_trim(line);
		if (!str_starts(line, STR("\"")))
			continue;
		line = str_sub(line, 1, line.n);
		assert_true(str_next(&line, '"', &id));
		code = str_trim(str_sub(line, 1, line.n));
		code = str_sub(code, 0, (size_t)str_find_char(code, ' '));
		is = labeler_map(told, STR("bunjang"), id);
		if (is < 0)
			continue;
		if (str_eq(c->taxonomy.taxa[is].code, code))
			right++;
		else
			wrong++;
	}
	printf("bunjang to fashion: %d by their names, %d asked, %d like nothing; of those that a "
	       "person mapped %d right, %d otherwise\n",
	       m.clear, m.asked, m.none, right, wrong);
	assert_true(right > 3 * wrong && right > 20);
	buf_done(&b);
	labeler_free(told);
	c->taxonomy.n_mappings = n_mappings;
	labeler_free(naive);
	conf_free(c);
	arena_free(a);
}

static struct conf_taxon few[] = {
	{ .code = { "a", 1 }, .parent = -1 },
	{ .code = { "a.b", 3 }, .parent = 0, .leaf = true },
	{ .code = { "c", 1 }, .parent = -1, .leaf = true },
};

static void overlaps_are_found(void **state)
{
	static struct conf_mapping mappings[] = {
		{ .source = { "s", 1 }, .from = { "3*", 2 }, .taxon = 0 },
		{ .source = { "s", 1 }, .from = { "31*", 3 }, .taxon = 1 }, /* finer */
		{ .source = { "s", 1 }, .from = { "32", 2 }, .taxon = 2 },  /* not below it */
		{ .source = { "o", 1 }, .from = { "33", 2 }, .taxon = 2 },  /* another's */
	};
	const struct conf_taxonomy t = {
		.taxa = few, .n_taxa = 3, .mappings = mappings, .n_mappings = 4
	};
	struct category_overlap o[4];

	(void)state;
	assert_int_equal(category_map_overlaps(&t, STR("s"), o, 4), 1);
	assert_true(o[0].inner == 2 && o[0].outer == 0);
	assert_int_equal(category_map_overlaps(&t, STR("s"), o, 0), 0);
}

/* What a model learned under an older version. */
static void classes_have_names_of_now(void **state)
{
	static struct recode recodes[] = {
		{ .code = { "old", 3 }, .until = 2, .fate = RECODE_CODE, .category = { "c", 1 } },
		{ .code = { "two", 3 }, .until = 2, .fate = RECODE_SPLIT },
		{ .code = { "x", 1 }, .until = 2, .fate = RECODE_CODE, .category = { "a", 1 } },
		{ .code = { "x", 1 }, .since = 2, .until = 3, .fate = RECODE_NONE },
	};
	const struct conf c = {
		.taxonomy = { .taxa = few, .n_taxa = 3, .recodes = recodes, .n_recodes = 4 }
	};
	struct labeler *l;
	struct reason why;

	(void)state;
	assert_int_equal(labeler_new(&c, &l, &why), ERR_OK);
	assert_true(str_is(labeler_now(l, STR("a.b")), "a.b"));
	assert_true(str_is(labeler_now(l, STR("old")), "c"));
	assert_true(labeler_now(l, STR("two")).n == 0);
	assert_true(labeler_now(l, STR("x")).n == 0);
	assert_true(str_is(labeler_now(l, STR("never")), "never"));
	labeler_free(l);
}

static void naver_has_levels(void **state)
{
	struct arena *a = arena_new(1 << 16);
	struct category_tree t;
	int at;

	(void)state;
	if (!read_shared("naver/category_lv3.tsv", a, &t)) {
		arena_free(a);
		skip();
	}
	at = category_tree_find(&t, STR("50000167"));
	assert_true(at >= 0);
	assert_true(str_is(category_tree_path(&t, at, a), "패션의류>여성의류"));
	conf_free(load_draft(&t, NULL));
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trees_are_compared), cmocka_unit_test(faults_have_lines),
		cmocka_unit_test(levels_in_columns),  cmocka_unit_test(bunjang_from_2021_to_2023),
		cmocka_unit_test(naver_has_levels),   cmocka_unit_test(mapping_of_bunjang),
		cmocka_unit_test(overlaps_are_found), cmocka_unit_test(classes_have_names_of_now),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
