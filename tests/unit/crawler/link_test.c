/* Links: what becomes a job, which traps are seen, what comes first. */
#include "crawler/link.h"
#include "crawler/scope.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define S(text)                                                                                    \
	{                                                                                          \
		text, sizeof(text) - 1                                                             \
	}
#define N(x) (int)(sizeof(x) / sizeof((x)[0]))
#define DAY_MS 86400000LL
#define NOW_MS 1740000000000 /* 2025-02-19 */

static struct str hosts[] = { S("www.shop.example"), S("*.cdn.example"),
			      S("www.shop.example:8080") };
static struct str allow[] = { S("/item/*"), S("/list*") };
static struct str deny[] = { S("/item/*/report"), S("*logout*") };
static struct str others[] = { S("*.bank.example") };
static struct str https[] = { S("https") };
static struct conf_page kinds[] = {
	{ .name = S("list"), .format = FORMAT_HTML, .priority = -1 },
	{ .name = S("item"), .format = FORMAT_HTML, .priority = -1 },
	{ .name = S("seller"), .format = FORMAT_HTML, .priority = 9 },
	{ .name = S("map"), .format = FORMAT_SITEMAP, .priority = -1 },
};
/* As the configuration has it without a word about scope. */
#define SCOPE                                                                                      \
	.max_url = 2048, .max_params = 50, .max_repeats = 2, .dates_ahead_ms = 400 * DAY_MS,       \
	.dates_back_ms = 18250 * DAY_MS, .prefix_jobs = 1000000, .prefix_segments = 1
#define SOURCE                                                                                     \
	.name = S("shop"), .hosts = hosts, .n_hosts = N(hosts), .pages = kinds,                    \
	.n_pages = N(kinds), .sort_params = true
static const struct conf_source shop = { SOURCE, .scope = { SCOPE } };
static const struct conf_source narrow = {
	SOURCE,
	.scope = { SCOPE, .allow = allow, .n_allow = N(allow), .deny = deny, .n_deny = N(deny),
		   .schemes = https, .n_schemes = 1, .max_depth = 3 },
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

static const struct url shelf = { .text = S("https://www.shop.example/shelf/1"),
				  .host = S("www.shop.example"),
				  .https = true };
static const struct url top = { .text = S("https://www.shop.example/"),
				.host = S("www.shop.example"),
				.https = true };

struct row {
	const char *link, *url;
	enum refusal refusal; /* when url is NULL */
};

static void check(const struct conf_source *s, int depth, const struct row *rows, int n)
{
	const struct job from = { .id = 5, .depth = depth, .priority = 9, .page = S("list") };
	struct link_refused refused;
	struct job j;

	for (int i = 0; i < n; i++) {
		const struct link_found found = { .url = str_of(rows[i].link),
						  .page = S("item"),
						  .priority = -1 };

		refused.why.text[0] = 0;
		if (!link_job(s, &from, &shelf, &found, NOW_MS, a, &j, &refused)) {
			if (rows[i].url)
				fail_msg("%s: %s", rows[i].link, refused.why.text);
			assert_true(refused.why.text[0] != 0 && refused.url.n > 0);
			if (refused.kind != rows[i].refusal)
				fail_msg("%s is refused for %s", rows[i].link,
					 refusals[refused.kind].name);
			continue;
		}
		if (!rows[i].url)
			fail_msg("%s became %s", rows[i].link, j.url.p);
		assert_string_equal(j.url.p, rows[i].url);
		assert_true(str_is(j.page, "item") && str_is(j.vars, ""));
		assert_int_equal(j.parent, 5);
		assert_int_equal(j.depth, depth + 1);
		assert_int_equal(j.seed, -1);
		assert_int_equal(j.due_ms, NOW_MS);
		assert_int_equal(j.priority, 9);
	}
}

static void links(void **state)
{
	static const struct row rows[] = {
		{ "/item/2", "https://www.shop.example/item/2", 0 },
		{ "2#photos", "https://www.shop.example/shelf/2", 0 },
		{ "/item/2?utm_source=x", "https://www.shop.example/item/2?utm_source=x", 0 },
		{ "HTTPS://WWW.Shop.Example/x", "https://www.shop.example/x", 0 },
		{ "https://www.shop.example./x", "https://www.shop.example./x", 0 },
		{ "https://www.shop.example:8080/x", "https://www.shop.example:8080/x", 0 },
		{ "//i.cdn.example/x", "https://i.cdn.example/x", 0 },
		{ "//a.b.cdn.example/x", "https://a.b.cdn.example/x", 0 },
		{ "//cdn.example/x", NULL, REFUSAL_HOST },
		{ "//xcdn.example/x", NULL, REFUSAL_HOST },
		{ "//i.cdn.example:8080/x", NULL, REFUSAL_HOST },
		{ "https://www.shop.example:8081/x", NULL, REFUSAL_HOST },
		{ "https://www.shop.example.evil.example/x", NULL, REFUSAL_HOST },
		{ "https://evil.example/https://www.shop.example/", NULL, REFUSAL_HOST },
		{ "http://169.254.169.254/latest", NULL, REFUSAL_HOST },
		{ "javascript:void(0)", NULL, REFUSAL_SCHEME },
		{ " MailTo:a@shop.example", NULL, REFUSAL_SCHEME },
		{ "http://", NULL, REFUSAL_ADDRESS },
		{ "https://me@www.shop.example/", NULL, REFUSAL_ADDRESS },
	};

	(void)state;
	check(&shop, 2, rows, N(rows));
}

static void scoped(void **state)
{
	static const struct row rows[] = {
		{ "/item/2?a=b", "https://www.shop.example/item/2?a=b", 0 },
		{ "/list", "https://www.shop.example/list", 0 },
		{ "/about", NULL, REFUSAL_PATH },
		{ "/item/2/report", NULL, REFUSAL_PATH },
		{ "/item/2?do=logout", NULL, REFUSAL_PATH },
		{ "http://www.shop.example/item/2", NULL, REFUSAL_SCHEME },
	};
	static const struct row deep[] = { { "/item/2", NULL, REFUSAL_DEPTH } };

	(void)state;
	check(&narrow, 2, rows, N(rows));
	check(&narrow, 3, deep, N(deep));
}

static void traps(void **state)
{
	static const struct row rows[] = {
		/* relative links on a page that any path shows */
		{ "/a/b/a/b/c", "https://www.shop.example/a/b/a/b/c", 0 },
		{ "/a/b/a/b/a/b", NULL, REFUSAL_REPEATS },
		{ "/x/a/b/c/a/b/c/a/b/c/d", NULL, REFUSAL_REPEATS },
		{ "/img/img/img/x", NULL, REFUSAL_REPEATS },
		{ "/item//x", "https://www.shop.example/item//x", 0 },
		{ "/item////x", NULL, REFUSAL_REPEATS },
		/* calendars */
		{ "/cal/2025/03/", "https://www.shop.example/cal/2025/03/", 0 },
		{ "/cal/2026-02-19", "https://www.shop.example/cal/2026-02-19", 0 },
		{ "/news/1998/10/26/sale", "https://www.shop.example/news/1998/10/26/sale", 0 },
		{ "/cal/2027/01/", NULL, REFUSAL_DATES },
		{ "/cal/2027/01/15", NULL, REFUSAL_DATES },
		{ "/cal/1950-07", NULL, REFUSAL_DATES },
		{ "/cal?d=2031-05-01T00:00", NULL, REFUSAL_DATES },
		{ "/cal?month=5&year=2031", NULL, REFUSAL_DATES },
		{ "/cal?startDate=20310501", NULL, REFUSAL_DATES },
		{ "/cal?calmonth=203105", NULL, REFUSAL_DATES },
		{ "/item?year=2031", "https://www.shop.example/item?year=2031", 0 },
		{ "/item/20310501", "https://www.shop.example/item/20310501", 0 },
		{ "/item?id=20310501", "https://www.shop.example/item?id=20310501", 0 },
		{ "/item/2031/1", "https://www.shop.example/item/2031/1", 0 },
		{ "/item/9031-05", "https://www.shop.example/item/9031-05", 0 },
		{ "/item/sku2031-05", "https://www.shop.example/item/sku2031-05", 0 },
		{ "/item/2031-05x", "https://www.shop.example/item/2031-05x", 0 },
		{ "/item/12031-05", "https://www.shop.example/item/12031-05", 0 },
		/* parameters that do not count are not counted */
		{ "/f?1&2&3&4&5&6&7&8&9&10&11&12&13&14&15&16&17&18&19&20&21&22&23&24&25&26&27&"
		  "28&29&30&31&32&33&34&35&36&37&38&39&40&41&42&43&44&45&46&47&48&49&50&51",
		  NULL, REFUSAL_PARAMS },
	};
	char text[2100] = "/item/";
	struct row too_long[] = { { text, NULL, REFUSAL_LENGTH } };

	(void)state;
	check(&shop, 0, rows, N(rows));
	for (int i = 6; i < 2060; i++)
		text[i] = (char)('a' + i % 26);
	check(&shop, 0, too_long, 1);
}

static void folders(void **state)
{
	static const struct {
		const char *key, *prefix;
		int segments;
	} rows[] = {
		{ "http://a/", "/", 1 },
		{ "http://a/7", "/", 1 },
		{ "http://a/shop/7", "/shop", 1 },
		{ "http://a/shop/hats/7", "/shop", 1 },
		{ "http://a/shop/", "/shop", 1 },
		{ "http://a/shop/hats/7", "/shop/hats", 2 },
		{ "http://a/shop/7", "/shop", 2 },
		{ "http://a/find?q=1", "/find", 1 },
		{ "http://a/x/find?q=/y", "/x", 1 },
		{ "http://a/?q=1", "/", 1 },
	};

	(void)state;
	for (int i = 0; i < N(rows); i++) {
		struct str got = scope_prefix(str_of(rows[i].key), rows[i].segments);

		if (!str_is(got, rows[i].prefix))
			fail_msg("%s: %.*s", rows[i].key, STR_ARG(got));
	}
}

/* What a site lists itself has no budget. */
static void budgets(void **state)
{
	static const struct {
		struct str from;
		bool next, counted;
	} rows[] = { { S("list"), false, true },
		     { S("list"), true, false },
		     { S("map"), false, false },
		     { S("gone"), false, true } };
	struct conf_source free = shop;
	struct link_refused refused;
	struct job j;

	(void)state;
	free.scope.prefix_jobs = 0;
	for (int i = 0; i < N(rows); i++) {
		const struct job from = { .page = rows[i].from };
		const struct link_found found = { .url = S("/item/1"),
						  .page = S("item"),
						  .next = rows[i].next };

		assert_true(link_job(&shop, &from, &top, &found, NOW_MS, a, &j, &refused));
		assert_int_equal(j.prefix.n > 0, rows[i].counted);
		assert_int_equal(j.depth, rows[i].next ? 0 : 1);
		assert_true(link_job(&free, &from, &top, &found, NOW_MS, a, &j, &refused));
		assert_int_equal(j.prefix.n, 0);
	}
}

static void priorities(void **state)
{
	static const struct {
		struct str from, to;
		int64_t parent, age_days; /* age -1: not said */
		int priority, given;
		bool next;
		int is;
	} rows[] = {
		/* a list: its items, its next page, theirs */
		{ S("list"), S("item"), 0, -1, 5, -1, false, 6 },
		{ S("list"), S("list"), 0, -1, 5, -1, true, 7 },
		{ S("list"), S("item"), 1, -1, 7, -1, false, 8 },
		{ S("list"), S("list"), 1, -1, 7, -1, true, 7 },
		/* a sitemap: the files of an index, entries by age */
		{ S("map"), S("map"), 0, 400, 5, -1, false, 6 },
		{ S("map"), S("item"), 0, -1, 5, -1, false, 6 },
		{ S("map"), S("item"), 0, 3, 5, -1, false, 6 },
		{ S("map"), S("item"), 0, 30, 5, -1, false, 7 },
		{ S("map"), S("item"), 0, 300, 5, -1, false, 9 },
		/* as configured: the kind, then the link */
		{ S("list"), S("seller"), 0, -1, 5, -1, false, 9 },
		{ S("list"), S("seller"), 0, -1, 5, 2, false, 2 },
		{ S("list"), S("item"), 1, -1, 9, -1, false, 9 },
	};
	struct link_refused refused;
	struct job j;

	(void)state;
	for (int i = 0; i < N(rows); i++) {
		const struct job from = { .page = rows[i].from,
					  .parent = rows[i].parent,
					  .priority = rows[i].priority };
		const struct link_found found = {
			.url = S("/item/1"),
			.page = rows[i].to,
			.next = rows[i].next,
			.priority = rows[i].given,
			.lastmod_ms = rows[i].age_days < 0 ? 0 : NOW_MS - rows[i].age_days * DAY_MS,
		};

		assert_true(link_job(&shop, &from, &top, &found, NOW_MS, a, &j, &refused));
		if (j.priority != rows[i].is)
			fail_msg("row %d: %d", i, j.priority);
	}
}

static void redirects(void **state)
{
	static const struct {
		const char *url;
		bool shop, narrow, wide;
	} rows[] = {
		{ "https://www.shop.example/home", true, true, true },
		{ "http://www.shop.example/home", true, false, false },
		{ "https://www.shop.example/logout", true, false, false },
		{ "https://evil.example/", false, false, false },
		{ "https://pay.bank.example/", false, false, true },
	};
	struct conf_source wide = narrow;
	struct reason why;
	struct url u;

	(void)state;
	wide.redirect_hosts = others;
	wide.n_redirect_hosts = N(others);
	for (int i = 0; i < N(rows); i++) {
		assert_int_equal(url_parse(str_of(rows[i].url), a, &u, NULL), ERR_OK);
		assert_int_equal(scope_redirect(&shop, &u, &why), rows[i].shop);
		assert_int_equal(scope_redirect(&narrow, &u, &why), rows[i].narrow);
		assert_int_equal(scope_redirect(&wide, &u, &why), rows[i].wide);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(links, setup, teardown),
		cmocka_unit_test_setup_teardown(scoped, setup, teardown),
		cmocka_unit_test_setup_teardown(traps, setup, teardown),
		cmocka_unit_test_setup_teardown(folders, setup, teardown),
		cmocka_unit_test_setup_teardown(budgets, setup, teardown),
		cmocka_unit_test_setup_teardown(priorities, setup, teardown),
		cmocka_unit_test_setup_teardown(redirects, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
