/* What kind of page an address is, by what the source's configuration says. */
#include "crawler/kind.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define TEXT(literal)                                                                              \
	{                                                                                          \
		literal, sizeof(literal) - 1                                                       \
	}

static struct conf_seed seeds[] = {
	{ .page = TEXT("list"), .url = TEXT("https://a.example/list?c={c}&page={page}") },
	{ .page = TEXT("home"), .url = TEXT("https://a.example/list?c=all&page={page}") },
	{ .page = TEXT("map"), .url = TEXT("https://a.example/map.xml") },
};
static struct conf_link of_list[] = {
	{ .page = TEXT("item"), .match = TEXT("https://a.example/item/*") },
	{ .page = TEXT("seller"), .match = TEXT("*/seller/*") },
};
static struct conf_link of_map[] = { { .page = TEXT("item") } };
static struct conf_page pages[] = {
	{ .name = TEXT("list"), .links = of_list, .n_links = 2 },
	{ .name = TEXT("home") },
	{ .name = TEXT("item") },
	{ .name = TEXT("seller") },
	{ .name = TEXT("map"), .links = of_map, .n_links = 1 },
};

static const struct {
	const char *url, *kind; /* NULL: none */
} rows[] = {
	{ "https://a.example/list?c=shoes&page=3", "list" },
	{ "https://a.example/list?c=all&page=3", "home" },
	{ "https://a.example/map.xml", "map" },
	{ "https://a.example/item/7", "item" },
	{ "https://a.example/seller/7", "seller" },
	{ "https://a.example/item/seller/7", "item" },
	{ "https://a.example/about", NULL },
};

static void the_longest_pattern_counts(void **state)
{
	struct arena *a = arena_new(4096);
	const struct conf_source s = { .seeds = seeds, .n_seeds = 3, .pages = pages, .n_pages = 5 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str kind = kind_of(&s, str_of(rows[i].url), a);

		assert_true(rows[i].kind ? str_is(kind, rows[i].kind) : !kind.p);
	}
	arena_free(a);
}

static void what_fits_none_may_still_be_of_one_kind(void **state)
{
	struct conf_source s = { .pages = pages, .n_pages = 5 };

	(void)state;
	assert_true(str_is(kind_only(&s), "item"));
	s.n_pages = 4; /* without links that take any address */
	assert_null(kind_only(&s).p);
	pages[1].links = &(struct conf_link){ .page = STR("seller") };
	pages[1].n_links = 1;
	s.n_pages = 5; /* with two kinds of them */
	assert_null(kind_only(&s).p);
	s = (struct conf_source){ .pages = &pages[2], .n_pages = 1 };
	assert_true(str_is(kind_only(&s), "item"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_pattern_counts),
		cmocka_unit_test(what_fits_none_may_still_be_of_one_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
