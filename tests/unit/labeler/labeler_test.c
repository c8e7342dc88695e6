#include "base/clock.h"
#include "base/file.h"
#include "base/normal.h"
#include "labeler/labeler.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define S(text)                                                                                    \
	{                                                                                          \
		text, sizeof(text) - 1                                                             \
	}
#define WORD(t)                                                                                    \
	{                                                                                          \
		.text = S(t)                                                                       \
	}
#define TERM(k, t)                                                                                 \
	{                                                                                          \
		.kind = CONF_TERM_##k, .text = S(t)                                                \
	}
#define TERMS(...)                                                                                 \
	(struct conf_term[])                                                                       \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}
#define ONE_OF(...)                                                                                \
	{                                                                                          \
		.v = (struct str[]){ __VA_ARGS__ },                                                \
		.n = sizeof((struct str[]){ __VA_ARGS__ }) / sizeof(struct str)                    \
	}
#define UNBOUNDED .price_min = LISTING_NO_PRICE, .price_max = LISTING_NO_PRICE

enum { TOP, OUTER, JACKET, COAT, SHOES };

static struct conf_taxon taxa[] = {
	[TOP] = { .code = S("men"), .parent = -1 },
	[OUTER] = { .code = S("men.outer"), .parent = TOP },
	[JACKET] = { .code = S("men.outer.jacket"), .parent = OUTER, .leaf = true },
	[COAT] = { .code = S("men.outer.coat"), .parent = OUTER, .leaf = true },
	[SHOES] = { .code = S("men.shoes"), .parent = TOP, .leaf = true },
};

static struct conf_mapping mappings[] = {
	{ .source = S("bazaar"), .from = S("320*"), .taxon = OUTER },
	{ .source = S("bazaar"), .from = S("320300*"), .taxon = JACKET },
	{ .source = S("bazaar"), .from = S("320300"), .taxon = COAT },
	{ .source = S("bazaar"), .from = S("405"), .taxon = SHOES },
	{ .source = S("other"), .from = S("*"), .taxon = SHOES },
};

static struct conf_rule rules[] = {
	{ .name = S("jacket-words"),
	  .taxon = JACKET,
	  .flag = -1,
	  .precision = 0.9,
	  .any = TERMS(WORD("자켓"), WORD("재킷"), WORD("JACKET")),
	  .n_any = 3,
	  UNBOUNDED },
	{ .name = S("denim-jacket"),
	  .taxon = JACKET,
	  .flag = -1,
	  .precision = 0.95,
	  .all = TERMS(WORD("청"), WORD("자켓"), WORD("청")),
	  .n_all = 3,
	  .none = TERMS(WORD("바지")),
	  .n_none = 1,
	  UNBOUNDED },
	{ .name = S("long-coat"),
	  .taxon = COAT,
	  .flag = -1,
	  .precision = 0.8,
	  .any = TERMS(WORD("코트")),
	  .n_any = 1,
	  .all = TERMS(TERM(REGEX, "\\b롱\\s?코트")),
	  .n_all = 1,
	  UNBOUNDED },
	{ .name = S("shoe-sizes"),
	  .taxon = SHOES,
	  .flag = -1,
	  .precision = 0.6,
	  .all = TERMS(TERM(REGEX, "\\b2[2-9][05]\\b")),
	  .n_all = 1,
	  UNBOUNDED },
	{ .name = S("dear-nike-shoes"),
	  .taxon = SHOES,
	  .flag = -1,
	  .precision = 0.7,
	  .price_min = 100000,
	  .price_max = 500000,
	  .brand = ONE_OF(S("NIKE*")),
	  .condition = ONE_OF(S("New")),
	  .source = ONE_OF(S("bazaar")),
	  .category = ONE_OF(S("40*")) },
	{ .name = S("no-words"),
	  .taxon = COAT,
	  .flag = -1,
	  .precision = 0.5,
	  .none = TERMS(WORD("아동")),
	  .n_none = 1,
	  .category = ONE_OF(S("coat")),
	  UNBOUNDED },
	{ .name = S("wanted-words"),
	  .taxon = -1,
	  .flag = FLAG_WANTED,
	  .precision = 1,
	  .any = TERMS(WORD("삽니다"), WORD("구매")),
	  .n_any = 2,
	  .none = TERMS(WORD("구매 가능")),
	  .n_none = 1,
	  UNBOUNDED },
	{ .name = S("shop-ads"),
	  .taxon = -1,
	  .flag = FLAG_ADVERTISEMENT,
	  .precision = 1,
	  .all = TERMS(TERM(REGEX, "도매.*문의")),
	  .n_all = 1,
	  UNBOUNDED },
	{ .name = S("joined"),
	  .taxon = -1,
	  .flag = FLAG_MULTI_ITEM,
	  .precision = 1,
	  .all = TERMS(TERM(WRITTEN, "니트 ?\\+ ?Pants")),
	  .n_all = 1,
	  UNBOUNDED },
};

static const struct conf conf = {
	.taxonomy = { .name = S("test"),
		      .version = 1,
		      .taxa = taxa,
		      .n_taxa = 5,
		      .mappings = mappings,
		      .n_mappings = 5 },
	.rules = { .rules = rules, .n_rules = 9, .version = 11 },
};

static const struct {
	const char *source, *category, *title, *brand, *condition;
	int64_t price;
	const char *rules; /* that vote, in order */
} voted[] = {
	{ "x", "", "나이키 자켓", "", "", 1, "jacket-words" },
	{ "x", "", "나이키 재킷 자켓 jacket", "", "", 1, "jacket-words" },
	{ "x", "", "Nike Jackets", "", "", 1, "" },
	{ "x", "", "청자켓", "", "", 1, "jacket-words denim-jacket" },
	{ "x", "", "청자켓 청바지", "", "", 1, "jacket-words" },
	{ "x", "", "청 남방", "", "", 1, "" },
	{ "x", "", "롱코트 95", "", "", 1, "long-coat" },
	{ "x", "", "코트 95", "", "", 1, "" },
	{ "x", "", "에어포스270", "", "", 1, "shoe-sizes" },
	{ "x", "", "에어포스 2700", "", "", 1, "" },
	{ "x", "coat", "겨울", "", "", 1, "no-words" },
	{ "x", "coat", "아동 겨울", "", "", 1, "" },
	{ "bazaar", "405", "조던", "", "", 1, "source-category" },
	{ "bazaar", "405", "조던", "Nike", "NEW", 100000, "source-category dear-nike-shoes" },
	{ "bazaar", "405", "조던", "nike lab", "new", 500000, "source-category dear-nike-shoes" },
	{ "bazaar", "405", "조던", "nike", "new", 99999, "source-category" },
	{ "bazaar", "405", "조던", "nike", "new", 500001, "source-category" },
	{ "bazaar", "405", "조던", "nike", "new", LISTING_NO_PRICE, "source-category" },
	{ "bazaar", "405", "조던", "adidas", "new", 200000, "source-category" },
	{ "bazaar", "405", "조던", "nike", "used", 200000, "source-category" },
	{ "bazaar", "39", "조던", "nike", "new", 200000, "" },
	{ "other", "405", "조던", "nike", "new", 200000, "source-category" },
	{ "x", "", "삽니다", "", "", 1, "" },
	{ "x", "", "", "", "", 1, "" },
};

static struct listing listing_of(struct arena *a, const char *source, const char *category,
				 const char *title, int64_t price)
{
	return (struct listing){
		.source = str_of(source),
		.category = str_of(category),
		.title = str_of(title),
		.title_clean = normal_str(a, str_of(title)),
		.currency = STR("KRW"),
		.price = price,
		.flag_reason = STR(""),
	};
}

static struct labeler *labeler_made(void)
{
	struct labeler *l = NULL;
	struct reason why;

	if (labeler_new(&conf, &l, &why) != ERR_OK)
		fail_msg("%s", why.text);
	return l;
}

static void rules_vote(void **state)
{
	struct labeler *l = labeler_made();
	struct labeler_scratch *s = labeler_scratch_new();
	struct arena *a = arena_new(1 << 14);

	(void)state;
	for (size_t i = 0; i < sizeof(voted) / sizeof(voted[0]); i++) {
		struct listing x = listing_of(a, voted[i].source, voted[i].category, voted[i].title,
					      voted[i].price);
		struct vote votes[LABEL_MOST_VOTES];
		struct str names = STR("");
		int n;

		x.brand = str_of(voted[i].brand);
		x.condition = str_of(voted[i].condition);
		n = labeler_votes(l, s, &x, votes);
		for (int v = 0; v < n; v++)
			names = arena_fmt(a, "%.*s%s%.*s", STR_ARG(names), v ? " " : "",
					  STR_ARG(votes[v].rule));
		if (!str_is(names, voted[i].rules))
			fail_msg("'%s': got '%.*s'", voted[i].title, STR_ARG(names));
	}
	arena_free(a);
	labeler_scratch_free(s);
	labeler_free(l);
}

static void votes_carry_category_and_precision(void **state)
{
	struct labeler *l = labeler_made();
	struct labeler_scratch *s = labeler_scratch_new();
	struct arena *a = arena_new(1 << 14);
	struct listing x = listing_of(a, "bazaar", "320300700", "청자켓", 1);
	struct vote v[LABEL_MOST_VOTES];

	(void)state;
	assert_int_equal(labeler_votes(l, s, &x, v), 3);
	assert_true(str_is(v[0].rule, "source-category"));
	assert_true(str_is(v[0].category, "men.outer.jacket"));
	assert_true(v[0].weight == LABELER_SOURCE_PRECISION);
	assert_true(str_is(v[2].category, "men.outer.jacket"));
	assert_true(v[2].weight == 0.95);
	arena_free(a);
	labeler_scratch_free(s);
	labeler_free(l);
}

/* A price of 1,234.56 dollars is over 1,234 and under 1,235. */
static void price_bounds_are_in_whole_units(void **state)
{
	struct conf_rule rule = { .name = S("r"), .taxon = SHOES, .flag = -1, .precision = 0.5 };
	struct conf c = conf;
	struct labeler_scratch *s = labeler_scratch_new();
	struct listing x = { .price = 123456, .price_digits = 2 };
	const struct {
		int64_t min, max;
		int votes;
	} bounds[] = {
		{ 1234, 1235, 1 },
		{ 1235, LISTING_NO_PRICE, 0 },
		{ LISTING_NO_PRICE, 1234, 0 },
		{ 0, LISTING_NO_PRICE, 1 },
	};

	(void)state;
	c.rules.rules = &rule;
	c.rules.n_rules = 1;
	for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
		struct vote v[LABEL_MOST_VOTES];
		struct labeler *l = NULL;

		rule.price_min = bounds[i].min;
		rule.price_max = bounds[i].max;
		assert_int_equal(labeler_new(&c, &l, NULL), ERR_OK);
		assert_int_equal(labeler_votes(l, s, &x, v), bounds[i].votes);
		labeler_free(l);
	}
	labeler_scratch_free(s);
}

static void only_the_highest_priority_counts(void **state)
{
	struct labeler *l = labeler_made();
	struct arena *a = arena_new(1 << 12);
	struct vote v[] = {
		{ .rule = STR("sure"), .category = STR("men.outer.coat"), .weight = 0.99 },
		{ .rule = STR("first"),
		  .category = STR("men.shoes"),
		  .weight = 0.6,
		  .priority = 1 },
		{ .rule = STR("last"),
		  .category = STR("men.outer.jacket"),
		  .weight = 0.9,
		  .priority = -1 },
	};
	struct str category, why;
	double sure;

	(void)state;
	assert_true(labeler_resolve(l, v, 3, a, &category, &sure, &why));
	assert_true(str_is(category, "men.shoes") && str_is(why, "first"));
	v[1].priority = -1;
	assert_true(labeler_resolve(l, v, 3, a, &category, &sure, &why));
	assert_true(str_is(category, "men.outer.coat") && str_is(why, "sure"));
	assert_false(labeler_resolve(l, v, 0, a, &category, &sure, &why));
	arena_free(a);
	labeler_free(l);
}

static const struct {
	const char *title;
	uint32_t before;
	const char *reason_before;
	uint32_t after;
	const char *reason_after;
} flagged[] = {
	{ "나이키 자켓", 0, "", 0, "" },
	{ "나이키 자켓 삽니다", 0, "", FLAG_BIT(FLAG_WANTED), "삽니다" },
	{ "[구매] 자켓", 0, "", FLAG_BIT(FLAG_WANTED), "구매" },
	{ "자켓 구매가능", 0, "", FLAG_BIT(FLAG_WANTED), "구매" },
	{ "자켓 구매 가능", 0, "", 0, "" },
	{ "도매 대량 문의", 0, "", FLAG_BIT(FLAG_ADVERTISEMENT), "shop-ads" },
	{ "하늘 니트+pants", 0, "", FLAG_BIT(FLAG_MULTI_ITEM), "joined" },
	{ "하늘 니트 pants", 0, "", 0, "" },
	{ "도매 문의 구매", 0, "", FLAG_BIT(FLAG_ADVERTISEMENT) | FLAG_BIT(FLAG_WANTED), "구매" },
	/* The word says more than the price. */
	{ "자켓 삽니다", FLAG_BIT(FLAG_JOKE_PRICE), "price 1111",
	  FLAG_BIT(FLAG_JOKE_PRICE) | FLAG_BIT(FLAG_WANTED), "삽니다" },
};

static void flag_rules_flag(void **state)
{
	struct labeler *l = labeler_made();
	struct labeler_scratch *s = labeler_scratch_new();
	struct arena *a = arena_new(1 << 14);

	(void)state;
	for (size_t i = 0; i < sizeof(flagged) / sizeof(flagged[0]); i++) {
		struct listing x = listing_of(a, "x", "", flagged[i].title, 1000);

		x.flags = flagged[i].before;
		x.flag_reason = str_of(flagged[i].reason_before);
		labeler_flags(l, s, &x);
		if (x.flags != flagged[i].after || !str_is(x.flag_reason, flagged[i].reason_after))
			fail_msg("'%s': %x '%.*s'", flagged[i].title, x.flags,
				 STR_ARG(x.flag_reason));
	}
	arena_free(a);
	labeler_scratch_free(s);
	labeler_free(l);
}

static const struct {
	const char *source, *category;
	int taxon;
} mapped[] = {
	{ "bazaar", "320", OUTER },	{ "bazaar", "320100", OUTER },
	{ "bazaar", "320300", COAT },	{ "bazaar", "320300400", JACKET },
	{ "bazaar", "405", SHOES },	{ "bazaar", "4051", -1 },
	{ "bazaar", "32", -1 },		{ "bazaar", "", -1 },
	{ "other", "anything", SHOES }, { "nowhere", "405", -1 },
};

static void source_categories_map(void **state)
{
	struct labeler *l = labeler_made();

	(void)state;
	for (size_t i = 0; i < sizeof(mapped) / sizeof(mapped[0]); i++) {
		int t = labeler_map(l, str_of(mapped[i].source), str_of(mapped[i].category));

		if (t != mapped[i].taxon)
			fail_msg("%s %s: %d", mapped[i].source, mapped[i].category, t);
	}
	labeler_free(l);
}

static const struct {
	struct conf_rule rule;
	const char *why;
} faulty[] = {
	{ { .name = S("bad"),
	    .all = TERMS(TERM(REGEX, "(자켓")),
	    .n_all = 1,
	    .at = { "rules/a.yaml", 3, 12 } },
	  "rules/a.yaml:3:12: rule `bad`: regex `(자켓`: missing closing parenthesis at byte 7" },
	{ { .name = S("bad"),
	    .all = TERMS(TERM(WRITTEN, "+")),
	    .n_all = 1,
	    .at = { "rules/a.yaml", 3, 12 } },
	  "rules/a.yaml:3:12: rule `bad`: written `+`: quantifier does not follow a repeatable "
	  "item "
	  "at byte 0" },
	{ { .name = S("bad"), .any = TERMS(WORD("★")), .n_any = 1, .at = { "rules/a.yaml", 4, 1 } },
	  "rules/a.yaml:4:1: rule `bad`: word `★`: has no letter or digit" },
};

static void faulty_rules_are_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(faulty) / sizeof(faulty[0]); i++) {
		struct conf_rule rule = faulty[i].rule;
		struct conf c = conf;
		struct labeler *l = NULL;
		struct reason why;

		c.rules.rules = &rule;
		c.rules.n_rules = 1;
		assert_int_equal(labeler_new(&c, &l, &why), ERR_BAD);
		assert_string_equal(why.text, faulty[i].why);
		assert_null(l);
	}
}

/* (a+)+ needs 2^n steps where the title does not end as it wants. */
static void no_title_stops_the_work(void **state)
{
	struct conf_rule rule = { .name = S("slow"),
				  .taxon = SHOES,
				  .flag = -1,
				  .all = TERMS(TERM(REGEX, "^(a+)+$")),
				  .n_all = 1,
				  UNBOUNDED };
	struct conf c = conf;
	struct labeler_scratch *s = labeler_scratch_new();
	struct labeler *l = NULL;
	struct vote v[LABEL_MOST_VOTES];
	char title[4001];
	struct listing x = { .title_clean = { title, sizeof(title) } };
	int64_t began;

	(void)state;
	memset(title, 'a', sizeof(title));
	title[sizeof(title) - 1] = 'b';
	c.rules.rules = &rule;
	c.rules.n_rules = 1;
	assert_int_equal(labeler_new(&c, &l, NULL), ERR_OK);
	began = clock_thread_cpu_ns();
	assert_int_equal(labeler_votes(l, s, &x, v), 0);
	assert_true(clock_thread_cpu_ns() - began < 2000000000);
	labeler_free(l);
	labeler_scratch_free(s);
}

/* Decisions of people come before what is configured; few of them count as such. */
static void measured_precision_weighs(void **state)
{
	const struct rule_measure measures[] = {
		{ S("source-category"), 96, 24 }, { S("long-coat"), 1, 1 },  { S("gone"), 1000, 1 },
		{ S("jacket-words"), 16, 0 },	  { S("shoe-sizes"), 0, 0 },
	};
	struct labeler *l = labeler_made(), *m = labeler_measured(l, measures, 5), *same;
	struct labeler_scratch *s = labeler_scratch_new();
	struct arena *a = arena_new(4096);
	struct listing x = listing_of(a, "bazaar", "405", "청자켓 롱코트", 1);
	struct vote v[LABEL_MOST_VOTES];

	(void)state;
	assert_int_equal(labeler_votes(m, s, &x, v), 4);
	assert_true(fabs(v[0].weight - (24 + 3.6) / 100) < 1e-12);
	assert_true(fabs(v[1].weight - 3.6 / 20) < 1e-12);
	assert_true(fabs(v[2].weight - 0.95) < 1e-12); /* not measured */
	assert_true(fabs(v[3].weight - (1 + 3.2) / 5) < 1e-12);
	assert_int_equal(labeler_votes(l, s, &x, v), 4);
	assert_true(fabs(v[0].weight - LABELER_SOURCE_PRECISION) < 1e-12);
	assert_true(fabs(v[1].weight - 0.9) < 1e-12);
	/* Three leaves: .9 weighs log(18), .18 the least there is. */
	assert_true(fabs(labeler_moved(l, measures, 5) - (log(18) - 0.01)) < 1e-9);
	assert_true(labeler_moved(m, measures, 5) < 1e-12);
	assert_true(labeler_version(m) != labeler_version(l));
	/* The order is no matter, nor are rules that are no more. */
	same = labeler_measured(
		m, (const struct rule_measure[]){ measures[3], measures[1], measures[0] }, 3);
	assert_true(labeler_version(same) == labeler_version(m));
	labeler_free(same);
	same = labeler_measured(m, measures + 2, 1);
	assert_true(labeler_version(same) == labeler_version(l));
	labeler_free(same);
	labeler_free(m);
	labeler_free(l);
	labeler_scratch_free(s);
	arena_free(a);
}

static void version_follows_what_labels_follow_from(void **state)
{
	struct conf_taxon other_taxa[5];
	struct conf_mapping other_mappings[5];
	struct conf c = conf;
	struct labeler *l = labeler_made(), *m;
	uint64_t v = labeler_version(l);

	(void)state;
	labeler_free(l);
	l = labeler_made();
	assert_true(v == labeler_version(l) && v != 0);
	labeler_free(l);
	memcpy(other_taxa, taxa, sizeof(taxa));
	memcpy(other_mappings, mappings, sizeof(mappings));
	for (int i = 0; i < 5; i++) {
		c = conf;
		c.taxonomy.taxa = other_taxa;
		c.taxonomy.mappings = other_mappings;
		memcpy(other_taxa, taxa, sizeof(taxa));
		memcpy(other_mappings, mappings, sizeof(mappings));
		other_taxa[1].parent = i == 0 ? -1 : TOP;
		if (i == 1)
			other_taxa[4].code = STR("men.shoe");
		if (i == 2)
			other_mappings[3].taxon = COAT;
		c.rules.version += i == 3;
		c.taxonomy.version += i == 4;
		assert_int_equal(labeler_new(&c, &m, NULL), ERR_OK);
		assert_true(labeler_version(m) != v);
		labeler_free(m);
	}
	/* A name changes no label. */
	c = conf;
	c.taxonomy.taxa = other_taxa;
	memcpy(other_taxa, taxa, sizeof(taxa));
	other_taxa[4].ko = STR("신발");
	assert_int_equal(labeler_new(&c, &m, NULL), ERR_OK);
	assert_true(labeler_version(m) == v);
	labeler_free(m);
}

static const struct {
	const char *label; /* NULL: none */
	enum label_by by;
	const char *first, *second;
	double p1, p2, score;
} scores[] = {
	/* sure of another */
	{ "a", LABEL_BY_RULES, "b", "c", 0.9, 0.05, 1.9 },
	{ "a", LABEL_BY_RULES, "b", "a", 0.7, 0.2, 1.5 },
	/* of two minds */
	{ "a", LABEL_BY_RULES, "b", "a", 0.5, 0.45, 0.5 },
	{ "a", LABEL_BY_RULES, "a", "b", 0.5, 0.5, 1 },
	{ "a", LABEL_BY_RULES, "a", "b", 0.475, 0.4, 0.25 },
	/* nobody's: the rules contradict each other */
	{ NULL, LABEL_BY_RULES, "a", "b", 0.475, 0.4, 1 },
	/* nothing to see */
	{ "a", LABEL_BY_RULES, "a", "b", 0.9, 0.05, 0 },
	{ "a", LABEL_BY_PERSON, "b", "c", 0.9, 0.05, 0 },
	{ NULL, LABEL_BY_RULES, NULL, NULL, 0, 0, 1 },
	{ "a", LABEL_BY_RULES, NULL, NULL, 0, 0, 0 },
};

static void review_looks_where_it_pays(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(scores) / sizeof(scores[0]); i++) {
		struct label label = { .category = str_of(scores[i].label), .by = scores[i].by };
		struct suggestion s = {
			.category = { str_of(scores[i].first), str_of(scores[i].second) },
			.p = { scores[i].p1, scores[i].p2 },
		};
		double x = labeler_review_score(scores[i].label ? &label : NULL, &s, 0.1);

		if (x < scores[i].score - 1e-9 || x > scores[i].score + 1e-9)
			fail_msg("row %zu: got %f", i, x);
	}
	assert_true(labeler_review_score(NULL, NULL, 0.1) == 1);
}

/* A hundred rules of ten words, cut from the alphabet of real titles. */
static void real_titles_are_matched_quickly(void **state)
{
	static const char *const stems[] = { "자켓",   "코트", "패딩",	"니트",	  "셔츠",
					     "청바지", "가방", "shoes", "jacket", "knit" };
	const char *path = PIPED_SHARED "/data/bunjang/test.tsv.gz";
	struct arena *a = arena_new(1 << 20);
	struct labeler_scratch *s = labeler_scratch_new();
	struct conf c = conf;
	struct labeler *l = NULL;
	char *line = NULL;
	size_t room = 0;
	ssize_t got;
	int64_t ns = 0, rows = 0, votes = 0;
	FILE *f;

	(void)state;
	if (!file_exists(path)) {
		print_message("skipped: %s is not here\n", path);
		labeler_scratch_free(s);
		arena_free(a);
		skip();
	}
	c.rules.n_rules = 100;
	c.rules.rules = arena_array(a, 100, sizeof(struct conf_rule));
	for (int i = 0; i < 100; i++) {
		struct conf_rule *r = &c.rules.rules[i];

		*r = (struct conf_rule){ .name = arena_fmt(a, "rule-%d", i),
					 .taxon = JACKET,
					 .flag = -1,
					 .precision = 0.9,
					 .n_any = 10,
					 UNBOUNDED };
		r->any = arena_array(a, 10, sizeof(*r->any));
		for (int w = 0; w < 10; w++)
			r->any[w].text = i % 10 == w && i >= 90 ? str_of(stems[w])
								: arena_fmt(a, "%s%d", stems[w], i);
	}
	assert_int_equal(labeler_new(&c, &l, NULL), ERR_OK);
	f = popen("zcat " PIPED_SHARED "/data/bunjang/test.tsv.gz", "r");
	assert_non_null(f);
	while ((got = getline(&line, &room, f)) > 0) {
		struct str rest = { line, (size_t)got }, title;
		struct vote v[LABEL_MOST_VOTES];
		struct listing x = { .price = 1 };
		char form[4096];
		int64_t began;

		str_next(&rest, '\t', &title);
		x.title_clean = (struct str){ form, normal_title(title, form, sizeof(form)) };
		began = clock_thread_cpu_ns();
		votes += labeler_votes(l, s, &x, v);
		ns += clock_thread_cpu_ns() - began;
		rows++;
	}
	assert_int_equal(pclose(f), 0);
	assert_true(rows > 1000 && votes > rows / 10);
	print_message("%lld titles, 100 rules: %lld ns each\n", (long long)rows,
		      (long long)(rows ? ns / rows : 0));
	free(line);
	labeler_free(l);
	labeler_scratch_free(s);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_vote),
		cmocka_unit_test(votes_carry_category_and_precision),
		cmocka_unit_test(only_the_highest_priority_counts),
		cmocka_unit_test(price_bounds_are_in_whole_units),
		cmocka_unit_test(flag_rules_flag),
		cmocka_unit_test(source_categories_map),
		cmocka_unit_test(faulty_rules_are_told),
		cmocka_unit_test(no_title_stops_the_work),
		cmocka_unit_test(measured_precision_weighs),
		cmocka_unit_test(version_follows_what_labels_follow_from),
		cmocka_unit_test(review_looks_where_it_pays),
		cmocka_unit_test(real_titles_are_matched_quickly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
