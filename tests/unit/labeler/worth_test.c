/* What the queues of review go by, and what is shown next. */
#include "labeler/pick.h"
#include "labeler/worth.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define S(text)                                                                                    \
	{                                                                                          \
		text, sizeof(text) - 1                                                             \
	}

enum { WOMEN, DRESS, LONG, SHOES, BOOTS, NONE = -1 };
static struct conf_taxon taxa[] = {
	{ .code = S("women"), .parent = -1 },
	{ .code = S("women.dress"), .parent = WOMEN },
	{ .code = S("women.dress.long"), .parent = DRESS, .leaf = true },
	{ .code = S("shoes"), .parent = -1 },
	{ .code = S("shoes.boots"), .parent = SHOES, .leaf = true },
};
static const struct conf_taxonomy tree = { .taxa = taxa, .n_taxa = 5 };

static const struct {
	const char *label, *why; /* NULL: rules say nothing */
	double confidence;
	const char *first, *second; /* NULL: there is no model */
	double p1, p2;
	int given;
	double p_given;
	/* what comes of it */
	double errors, uncertain, rules;
	const char *guess;
	double guess_p;
} rows[] = {
	/* all agree: a dress is one of women's clothes */
	{ "women.dress", "source-category", .9, "women.dress.long", "shoes.boots", .8, .1, WOMEN,
	  .9, 0, 0, 0, "women.dress.long", .8 },
	/* the model says that the seller is wrong; the rules only repeat the seller */
	{ "women.dress", "source-category", .9, "shoes.boots", "women.dress.long", .8, .15, DRESS,
	  .15, .85, 0, 0, "shoes.boots", .8 },
	/* a rule says so, too: rules and model agree */
	{ "shoes.boots", "boots-word", .9, "shoes.boots", "women.dress.long", .8, .15, DRESS, .15,
	  .85, 0, 0, "shoes.boots", .8 },
	/* the rule says so, the model is with the seller: unlikely, and a disagreement */
	{ "shoes.boots", "boots-word", .5, "women.dress.long", "shoes.boots", .75, .25, DRESS, .75,
	  .25, 0, .25, "women.dress.long", .75 },
	/* of two minds */
	{ NULL, NULL, 0, "shoes.boots", "women.dress.long", .5, .45, NONE, 0, 0, .75, 0,
	  "shoes.boots", .5 },
	{ NULL, NULL, 0, "shoes.boots", "women.dress.long", .5, .5, NONE, 0, 0, 1, 0, "shoes.boots",
	  .5 },
	/* before there is a model */
	{ "shoes.boots", "boots-word", .7, NULL, NULL, 0, 0, DRESS, 0, .7, 0, 0, "shoes.boots",
	  .7 },
	{ "shoes.boots", "boots-word", .7, NULL, NULL, 0, 0, SHOES, 0, 0, 0, 0, "shoes.boots", .7 },
	{ NULL, NULL, 0, NULL, NULL, 0, 0, DRESS, 0, 0, 0, 0, "", 0 },
	/* a code that the taxonomy has not contradicts nobody */
	{ "hats", "old-rule", .7, "shoes.boots", "women.dress.long", .9, .05, SHOES, .9, 0, 0, 0,
	  "shoes.boots", .9 },
};

static bool near_to(double a, double b)
{
	return fabs(a - b) < 1e-9;
}

static void queues_have_their_figures(void **state)
{
	struct taxon *t = taxon_new(&tree);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct label label = { .category = str_of(rows[i].label),
					     .by = LABEL_BY_RULES,
					     .confidence = rows[i].confidence,
					     .why = str_of(rows[i].why) };
		const struct suggestion s = { .category = { str_of(rows[i].first),
							    str_of(rows[i].second) },
					      .p = { rows[i].p1, rows[i].p2 } };
		const struct labeler_facts f = { .label = rows[i].label ? &label : NULL,
						 .suggestion = rows[i].first ? &s : NULL,
						 .given = rows[i].given,
						 .p_given = rows[i].p_given,
						 .margin = 0.2 };
		struct review_worth w;

		worth_of(t, &f, &w);
		if (!near_to(w.errors, rows[i].errors) ||
		    !near_to(w.uncertain, rows[i].uncertain) || !near_to(w.rules, rows[i].rules) ||
		    !near_to(w.guess_p, rows[i].guess_p) || !str_is(w.guess, rows[i].guess))
			fail_msg("row %zu: %g %g %g %.*s %g", i, w.errors, w.uncertain, w.rules,
				 STR_ARG(w.guess), w.guess_p);
	}
	taxon_free(t);
}

/* Worth alone would have the first; it is like no other. */
static void what_is_like_many_comes_first(void **state)
{
	const struct pick_item items[] = {
		{ STR("qqww eerr ttyy"), 1, STR("a"), 0.9 },
		{ STR("wool coat black"), 2, STR("a"), 0.5 },
		{ STR("wool coat brown"), 3, STR("b"), 0.6 },
		{ STR("wool coat white"), 3, STR("b"), 0.7 }, /* of one family with the last */
		{ STR("wool coat beige"), 4, STR("b"), 0.4 },
		{ STR("wool coat green"), 5, STR("b"), 0.3 },
	};
	int got[6];

	(void)state;
	assert_int_equal(pick_diverse(items, 6, 2, 6, got), 4);
	assert_int_equal(got[0], 3);
	assert_int_equal(got[1], 1);
	assert_int_equal(got[2], 4); /* b's second, and last */
	assert_int_equal(got[3], 0);
	assert_int_equal(pick_diverse(items, 6, 2, 1, got), 1);
	assert_int_equal(pick_diverse(items, 0, 2, 1, got), 0);
	assert_int_equal(pick_diverse(items, 1, 2, 1, got), 1);
}

static void likeness_is_of_words(void **state)
{
	const struct str titles[] = { STR("leather boots 40"), STR("linen dress"),
				      STR("boots leather"), STR("가죽 부츠") };
	double cosines[PICK_ALIKE_MOST];
	int got[PICK_ALIKE_MOST];

	(void)state;
	assert_int_equal(pick_alike(STR("leather boots"), titles, 4, 2, got, cosines), 2);
	assert_int_equal(got[0] + got[1], 2); /* the first and the third, whose words are its own */
	assert_true(cosines[0] >= cosines[1] && cosines[1] > 0.7);
	assert_int_equal(pick_alike(STR("가죽 부츠 팝니다"), titles, 4, 8, got, cosines), 1);
	assert_int_equal(got[0], 3);
	assert_int_equal(pick_alike(STR("zzz"), titles, 4, 2, got, cosines), 0);
	assert_int_equal(pick_alike(STR("leather"), titles, 0, 2, got, cosines), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(queues_have_their_figures),
		cmocka_unit_test(what_is_like_many_comes_first),
		cmocka_unit_test(likeness_is_of_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
