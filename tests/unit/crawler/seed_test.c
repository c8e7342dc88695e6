/* Jobs from seeds and paging. */
#include "crawler/seed.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* STR() is no constant. */
#define S(text)                                                                                    \
	{                                                                                          \
		text, sizeof(text) - 1                                                             \
	}
#define N(x) (int)(sizeof(x) / sizeof((x)[0]))

static struct str categories[] = { S("310"), S("여성 코트"), S("a&b") };
static struct str pages[] = { S("0") };
static struct str few_pages[] = { S("1"), S("2"), S("3") };
static struct conf_var search_vars[] = {
	{ .name = S("category"), .values = categories, .n = N(categories) },
	{ .name = S("page"), .values = pages, .n = N(pages) },
};
static struct conf_var shelf_vars[] = {
	{ .name = S("p"), .values = few_pages, .n = N(few_pages) },
	{ .name = S("order"), .values = few_pages, .n = 2 },
};
static struct conf_seed seeds[] = {
	{ .page = S("search"),
	  .url = S("https://api.shop.example/find?c={category}&page={page}&n=100"),
	  .vars = search_vars,
	  .n_vars = N(search_vars),
	  .priority = 2 },
	{ .page = S("shelf"),
	  .url = S("https://www.shop.example/shelf/{order}/{p}"),
	  .vars = shelf_vars,
	  .n_vars = N(shelf_vars),
	  .priority = 9 },
	{ .page = S("item"), .url = S("https://www.shop.example/item/1"), .priority = 5 },
};
static struct conf_page kinds[] = {
	{ .name = S("search"), .paging = { .var = S("page"), .max = 50 }, .priority = -1 },
	{ .name = S("shelf"), .paging = { .var = S("p") }, .priority = -1 },
	{ .name = S("item"), .priority = -1 },
};
static struct str hosts[] = { S("api.shop.example"), S("www.shop.example"),
			      S("www.shop.example:8080") };
static const struct conf_source shop = {
	.name = S("shop"),
	.enabled = true,
	.hosts = hosts,
	.n_hosts = N(hosts),
	.seeds = seeds,
	.n_seeds = N(seeds),
	.pages = kinds,
	.n_pages = N(kinds),
};

static struct arena *a;

static int setup(void **state)
{
	(void)state;
	a = arena_new(4096);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

static void all_seeds(void **state)
{
	static const struct {
		const char *url, *vars;
		int seed;
	} rows[] = {
		{ "https://api.shop.example/find?c=310&page=0&n=100", "category=310&page=0", 0 },
		{ "https://api.shop.example/find?c=%EC%97%AC%EC%84%B1%20%EC%BD%94%ED%8A%B8&page=0"
		  "&n=100",
		  "category=%EC%97%AC%EC%84%B1%20%EC%BD%94%ED%8A%B8&page=0", 0 },
		{ "https://api.shop.example/find?c=a%26b&page=0&n=100", "category=a%26b&page=0",
		  0 },
		{ "https://www.shop.example/shelf/1/1", "p=1&order=1", 1 },
		{ "https://www.shop.example/shelf/2/1", "p=1&order=2", 1 },
		{ "https://www.shop.example/item/1", "", 2 },
	};
	struct job *jobs;
	int n;

	(void)state;
	seed_jobs(&shop, NULL, 1234, a, &jobs, &n);
	assert_int_equal(n, N(rows));
	for (int i = 0; i < n; i++) {
		assert_string_equal(jobs[i].url.p, rows[i].url);
		assert_string_equal(jobs[i].vars.p, rows[i].vars);
		assert_int_equal(jobs[i].seed, rows[i].seed);
		assert_true(str_eq(jobs[i].source, shop.name));
		assert_true(str_eq(jobs[i].page, seeds[rows[i].seed].page));
		assert_int_equal(jobs[i].priority, seeds[rows[i].seed].priority);
		assert_int_equal(jobs[i].state, JOB_DUE);
		assert_int_equal(jobs[i].due_ms, 1234);
		assert_int_equal(jobs[i].parent, 0);
		assert_int_equal(jobs[i].depth, 0);
		assert_true(jobs[i].key.n > 0);
	}
	assert_string_equal(jobs[0].host.p, "api.shop.example");
}

static void refused_seeds(void **state)
{
	static struct conf_seed bad[] = {
		{ .page = S("item"), .url = S("https://elsewhere.example/") },
		{ .page = S("item"), .url = S("gopher://www.shop.example/") },
		{ .page = S("item"), .url = S("https://www.shop.example/a{b") },
	};
	struct conf_source s = shop;
	struct job *jobs;
	int n;

	(void)state;
	s.seeds = bad;
	s.n_seeds = N(bad);
	seed_jobs(&s, NULL, 0, a, &jobs, &n);
	assert_int_equal(n, 3);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(jobs[i].state, JOB_REFUSED);
		assert_true(jobs[i].reason.n > 0);
		assert_true(jobs[i].key.n > 0);
	}
	assert_int_equal(jobs[2].state, JOB_DUE);
}

static void paging(void **state)
{
	static const struct {
		int from, kind;
		int64_t value;
		const char *url; /* NULL: no such page */
	} rows[] = {
		{ 0, 0, 1, "https://api.shop.example/find?c=310&page=1&n=100" },
		{ 0, 0, 49, "https://api.shop.example/find?c=310&page=49&n=100" },
		{ 0, 0, 50, NULL },
		{ 0, 0, -1, NULL },
		{ 0, 0, INT64_MAX, NULL },
		{ 0, 0, INT64_MIN, NULL },
		{ 1, 0, 7,
		  "https://api.shop.example/find?c=%EC%97%AC%EC%84%B1%20%EC%BD%94%ED%8A%B8&page=7&"
		  "n=100" },
		{ 4, 1, 2, "https://www.shop.example/shelf/2/2" },
		{ 4, 1, 3, "https://www.shop.example/shelf/2/3" },
		{ 4, 1, 4, NULL }, /* the seed's range ends */
		{ 4, 1, 0, NULL },
		{ 5, 2, 1, NULL }, /* no paging */
	};
	struct job *jobs, next;
	int64_t value;
	int n;

	(void)state;
	seed_jobs(&shop, NULL, 0, a, &jobs, &n);
	for (int i = 0; i < N(rows); i++) {
		struct job from = jobs[rows[i].from];

		from.id = 77;
		from.depth = 1;
		if (!seed_page(&shop, &kinds[rows[i].kind], &from, rows[i].value, 99, a, &next)) {
			assert_null(rows[i].url);
			continue;
		}
		assert_non_null(rows[i].url);
		assert_string_equal(next.url.p, rows[i].url);
		assert_true(seed_page_value(&kinds[rows[i].kind], &next, &value));
		assert_int_equal(value, rows[i].value);
		assert_int_equal(next.parent, 77);
		assert_int_equal(next.depth, 1);
		assert_int_equal(next.seed, from.seed);
		assert_true(next.priority <= 9 && next.priority >= from.priority);
		/* and from there the one after it */
		if (rows[i].value == 1)
			assert_true(seed_page(&shop, &kinds[rows[i].kind], &next, 2, 99, a, &next));
	}
}

/* The configuration may have changed since a job was stored. */
static void moved_seed(void **state)
{
	struct job *jobs, next;
	int n;

	(void)state;
	seed_jobs(&shop, NULL, 0, a, &jobs, &n);
	jobs[0].seed = 1;
	assert_true(seed_page(&shop, &kinds[0], &jobs[0], 1, 0, a, &next));
	assert_int_equal(next.seed, 0);
	jobs[0].seed = 1000;
	assert_true(seed_page(&shop, &kinds[0], &jobs[0], 1, 0, a, &next));
	jobs[0].url = STR("https://api.shop.example/find?c=310&page=0&n=50");
	assert_false(seed_page(&shop, &kinds[0], &jobs[0], 1, 0, a, &next));
}

static void page_values(void **state)
{
	static const struct {
		const char *vars;
		bool found;
		int64_t value;
	} rows[] = {
		{ "page=3", true, 3 },	      { "category=1&page=12", true, 12 },
		{ "page=3&page=4", true, 3 }, { "", false, 0 },
		{ "page", false, 0 },	      { "page=", false, 0 },
		{ "page=x", false, 0 },	      { "pages=3", false, 0 },
		{ "p%61ge=5", true, 5 },
	};
	int64_t value;

	(void)state;
	for (int i = 0; i < N(rows); i++) {
		struct job j = { .vars = str_of(rows[i].vars) };

		value = -1;
		assert_int_equal(seed_page_value(&kinds[0], &j, &value), rows[i].found);
		assert_int_equal(value, rows[i].found ? rows[i].value : -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(all_seeds, setup, teardown),
		cmocka_unit_test_setup_teardown(refused_seeds, setup, teardown),
		cmocka_unit_test_setup_teardown(paging, setup, teardown),
		cmocka_unit_test_setup_teardown(moved_seed, setup, teardown),
		cmocka_unit_test_setup_teardown(page_values, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
