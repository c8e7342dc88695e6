#include "extractor/extract_project.h"

#include "base/rng.h"
#include "tests/long.h"
#include "tests/unit/extractor/extract_make.h"
#include "tests/unit/extractor/extract_project_same.h"

#include <stdlib.h>

static struct same all[SAME_KINDS];
static struct buf cut, whole;

static int set_up(void **state)
{
	(void)state;
	buf_init(&cut, 16 << 20);
	buf_init(&whole, 16 << 20);
	for (size_t i = 0; i < SAME_KINDS; i++)
		if (!same_make(&all[i], &same_kinds[i]))
			return -1;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < SAME_KINDS; i++)
		same_done(&all[i]);
	buf_done(&cut);
	buf_done(&whole);
	return 0;
}

static void is_same(struct same *s, struct str body)
{
	if (same_found(s, body, &cut, &whole))
		return;
	print_error("items `%.*s`, page %.*s\ncut: %s\nwhole: %s\n", STR_ARG(s->page.items.expr),
		    (int)(body.n < 2000 ? body.n : 2000), body.p, buf_str(&cut).p,
		    buf_str(&whole).p);
	fail();
}

/* Pages that mostly fit, and often nearly. */
static const char *const names[] = {
	"list",
	"list",
	"data",
	"items",
	"pid",
	"pid",
	"name",
	"price",
	"ad",
	"shop",
	"a",
	"b",
	"c",
	"used",
	"seq",
	"next",
	"more",
	"num_found",
	"links",
	"item",
	"amount",
	"id",
	"x",
	"tags",
	"url",
	"a",
	"categories",
	"rest",
	"other",
	"\\u0061",
	"",
	"no_result",
	"mainLocationName",
	"locationNames",
	"sortDate",
};
#define NAMES (sizeof(names) / sizeof(*names))
static const char *const scalars[] = {
	"1",
	"2",
	"\"1\"",
	"\"x y\"",
	"null",
	"true",
	"false",
	"12.50",
	"-0",
	"1e3",
	"1E-2",
	"0.1",
	"123456789012345678",
	"\"\"",
	"\"\\ud83e\\udde5 \\u00e9\"",
	"\"\\ud800\"",
	"\"\\udc00x\"",
	"\"\\u0000\"",
	"\"\\n\\\"\\\\\\/\"",
	"\"한글\"",
	"9007199254740993",
	"150000",
	"\"2025-03-01 10:00:00\"",
	"1e400",
	"\"\t\"",
	/* libjq's own, or nobody's */
	"nan",
	"01",
	"+1",
	"\"\\x\"",
	"'a'",
	"\"\xff\"",
	"1.",
};
#define SCALARS (sizeof(scalars) / sizeof(*scalars))

static void put_value(struct buf *b, struct rng *r, int depth);

static void put_object(struct buf *b, struct rng *r, int depth)
{
	uint64_t n = rng_below(r, 6);

	buf_add_char(b, '{');
	for (uint64_t i = 0; i < n; i++) {
		buf_fmt(b, "%s\"%s\"%s:", i ? "," : "", names[rng_below(r, NAMES)],
			rng_below(r, 9) ? "" : " ");
		put_value(b, r, depth - 1);
	}
	buf_add_char(b, '}');
}

static void put_array(struct buf *b, struct rng *r, int depth)
{
	uint64_t n = rng_below(r, 4);

	buf_add_char(b, '[');
	for (uint64_t i = 0; i < n; i++) {
		buf_add_text(b, i ? "," : rng_below(r, 9) ? "" : "\n");
		if (rng_below(r, 5))
			put_object(b, r, depth - 1);
		else
			put_value(b, r, depth - 1);
	}
	buf_add_char(b, ']');
}

static void put_value(struct buf *b, struct rng *r, int depth)
{
	uint64_t kind = depth > 0 ? rng_below(r, 8) : 7;

	if (kind < 3)
		put_array(b, r, depth);
	else if (kind < 5)
		put_object(b, r, depth);
	else /* what is no JSON is rare, or there would be nothing else */
		buf_add_text(b, scalars[rng_below(r, rng_below(r, 50) ? SCALARS - 7 : SCALARS)]);
}

/* A list of items in its usual place. */
static void put_page(struct buf *b, struct rng *r)
{
	static const char *const starts[] = {
		"{\"list\":", "{\"data\":{\"items\":", "{\"a\":{\"list\":",
		"[",	      "{\"data\":[{\"list\":", "{\"list\":3,\"list\":",
		"",
	};
	static const char *const ends[] = {
		"}", "}}", "}}", "]", "}]}", ",\"num_found\":250}", ""
	};
	uint64_t at = rng_below(r, 7);

	buf_clear(b);
	buf_add_text(b, starts[at]);
	if (rng_below(r, 4))
		put_array(b, r, 4);
	else
		put_value(b, r, 5);
	buf_add_text(b, ends[at]);
	if (rng_below(r, 20) == 0 && b->n > 1)
		buf_cut(b, rng_below(r, b->n));
}

static void random_pages_give_what_the_whole_gives(void **state)
{
	const int rounds = long_run(500, 1500);
	struct rng rng = { 7 };
	struct buf page;
	int with_items = 0;

	(void)state;
	buf_init(&page, 1 << 20);
	for (int i = 0; i < rounds; i++) {
		put_page(&page, &rng);
		for (size_t k = 0; k < SAME_KINDS; k++) {
			is_same(&all[k], buf_str(&page));
			with_items += str_starts(buf_str(&cut), STR("0 items")) ? 0 : 1;
		}
	}
	assert_true(with_items > rounds * 4 / 3);
	buf_done(&page);
}

static const char *const terms[] = {
	".a",
	".list",
	".pid",
	".",
	".[]",
	".list[]",
	".a.b",
	".a[0]",
	"length",
	"not",
	"tostring",
	"select(.a)",
	"map(.pid)",
	"\"x\"",
	"1",
	"[.a, .b]",
	".a?",
	"(.a | .b)",
	"if .a then .b else .c end",
	".[\"a\"]",
	"keys",
	"first(.list[])",
	"..",
	"empty",
	"null",
	"-.a",
	".data.items",
	"to_entries",
	"has(\"a\")",
};
#define TERMS (sizeof(terms) / sizeof(*terms))
static const char *const joints[] = { " | ", " // ", " == ", ", ", " + ", " and ", "|", " < " };

static char *random_program(struct rng *r, struct buf *b)
{
	uint64_t n = 1 + rng_below(r, 3);

	buf_clear(b);
	for (uint64_t i = 0; i < n; i++)
		buf_fmt(b, "%s%s", i ? joints[rng_below(r, 8)] : "", terms[rng_below(r, TERMS)]);
	return mem_text(buf_str(b).p);
}

static void random_programs_give_what_the_whole_gives(void **state)
{
	struct rng rng = { 11 };
	struct buf page, text;
	struct same s;
	char *program[6];
	int made = 0;

	(void)state;
	buf_init(&page, 1 << 20);
	buf_init(&text, 4096);
	for (int i = 0; i < 60; i++) {
		for (int k = 0; k < 6; k++)
			program[k] = random_program(&rng, &text);
		const struct same_kind kind = { .items = i % 3 ? ".list[]" : program[0],
						.skip = i % 4 ? NULL : program[1],
						.total = program[2],
						.link = i % 2 ? NULL : program[5],
						.field = { ".pid", program[3], program[4], ".a" } };

		/* comparisons of comparisons are no programs */
		if (same_make(&s, &kind)) {
			made++;
			for (int k = 0; k < 150; k++) {
				put_page(&page, &rng);
				is_same(&s, buf_str(&page));
			}
			same_done(&s);
		}
		for (int k = 0; k < 6; k++)
			mem_free(program[k]);
	}
	assert_true(made > 25);
	buf_done(&page);
	buf_done(&text);
}

struct real {
	const char *file;
	bool gz;
	struct same_kind kind;
	int items;
};
static const struct real reals[] = {
	{ "naver/shop-api/shop-2025-pajama.json",
	  false,
	  { .items = ".items[]",
	    .total = ".total",
	    .next = ".start",
	    .field = { ".productId", ".link", ".title", ".lprice", ".productType", ".category1" } },
	  0 },
	{ "naver/shop-api/shop-2021-hoodie.json",
	  false,
	  { .items = ".items[]", .field = { ".productId", ".link", ".title", ".lprice" } },
	  0 },
	{ "naver/naver-smartstore/product-4652047451.json",
	  false,
	  { .field = { ".id", ".productNo", ".name", ".salePrice", ".statusType",
		       ".category.wholeCategoryName" } },
	  1 },
	{ "mercari-depop/mercari.json.gz",
	  true,
	  { .items = ".[]",
	    .field = { ".id", ".photos[0].large", ".name", ".price", ".itemCondition.name",
		       ".itemCategoryHierarchy | map(.name) | join(\" > \")" } },
	  300 },
	{ "mercari-depop/depop.json.gz",
	  true,
	  { .items = ".[]",
	    .field = { ".id", ".preview.\"640\"", ".slug", ".price.priceAmount", ".status" } },
	  400 },
};

static void real_pages_give_what_the_whole_gives(void **state)
{
	struct buf page;
	struct same s;
	char path[600];

	(void)state;
	if (!file_exists(PIPED_SHARED "/data/naver")) {
		print_message("no " PIPED_SHARED "/data: skipped\n");
		skip();
	}
	buf_init(&page, 16 << 20);
	for (size_t i = 0; i < sizeof(reals) / sizeof(*reals); i++) {
		snprintf(path, sizeof(path), PIPED_SHARED "/data/%s", reals[i].file);
		buf_clear(&page);
		made_read(path, reals[i].gz, &page);
		assert_true(same_make(&s, &reals[i].kind));
		is_same(&s, buf_str(&page));
		if (reals[i].items)
			assert_int_equal(atoi(buf_str(&cut).p), reals[i].items);
		same_done(&s);
	}
	buf_done(&page);
}

/* Not only the same: less of the page reaches libjq. */
static void what_no_selector_names_is_left_out(void **state)
{
	static const char page[] = "{\"z\":[1,{\"y\":2}],\"list\":[{\"pid\":1,\"used\":2,\"q\":[]},"
				   "{\"name\":\"n\",\"pid\":\"p\"}],\"num_found\":3}";
	struct extract_program p;
	struct extract_projection out;
	struct extract_needs *n;
	struct arena *a = arena_new(4096);
	struct reason why;

	(void)state;
	assert_int_equal(extract_program_init(&p, &all[0].page, &why), ERR_OK);
	n = extract_need_new(&p);
	assert_non_null(n);
	assert_true(extract_project(n, str_of(page), a, &out));
	str_is_text(out.text, "{\"list\":[{\"used\":2},{}],\"num_found\":3}");
	assert_int_equal(out.n_items, 2);
	str_is_text(out.slots[n->fields[0]], "1");
	str_is_text(out.slots[n->n_slots + n->fields[0]], "\"p\"");
	extract_need_free(n);
	extract_program_done(&p);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_no_selector_names_is_left_out),
		cmocka_unit_test(random_pages_give_what_the_whole_gives),
		cmocka_unit_test(random_programs_give_what_the_whole_gives),
		cmocka_unit_test(real_pages_give_what_the_whole_gives),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
