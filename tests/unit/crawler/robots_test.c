#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "crawler/robots.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define N(x) (int)(sizeof(x) / sizeof((x)[0]))
#define MINUTE_MS 60000
#define ME "User-agent: piped\n"

static struct robots *parse(const char *text)
{
	return robots_new(str_of(text), STR("piped"), MINUTE_MS);
}

/* Line of the rule that decides, negative when it disallows. */
static int ask(const struct robots *r, const char *url)
{
	struct arena *a = arena_new(1024);
	struct robots_verdict v = robots_judge(r, str_of(url), a);

	assert_int_equal(v.rule.n > 0, v.line > 0);
	assert_true(v.allowed || v.line > 0);
	arena_free(a);
	return v.allowed ? v.line : -v.line;
}

static void patterns(void **state)
{
	static const struct {
		const char *rules, *url;
		int line;
	} rows[] = {
		{ "Disallow: /cart", "https://shop.example/cart/7", -2 },
		{ "Disallow: /cart", "https://shop.example/Cart", 0 },
		{ "Disallow: /cart", "/cart?x#y", -2 },
		{ "Disallow: /#x", "https://shop.example", -2 },
		{ "Disallow: /", "https://shop.example?q=1", -2 },
		{ "Disallow: /", "https://shop.example/robots.txt", 0 },
		{ "Disallow: /", "https://shop.example/robots.txt?x", -2 },
		{ "Disallow: /?q=", "https://shop.example?q=1", -2 },
		{ "Disallow: /b/http://c/", "https://shop.example/b/http://c/d", -2 },
		{ "Disallow: cart", "https://shop.example/cart", -2 },
		{ "Disallow: ?q", "https://shop.example/?q=1", -2 },
		{ "Disallow:", "https://shop.example/", 0 },
		/* longest wins, then allow */
		{ "Disallow: /a\nAllow: /a/b", "/a/b/c", 3 },
		{ "Disallow: /a\nAllow: /a/b", "/a/c", -2 },
		{ "Disallow: /a\nAllow: /a", "/a", 3 },
		{ "Disallow: /a*\nAllow: /a", "/a", -2 },
		{ "Disallow: /a$\nAllow: /a", "/a", -2 },
		{ "Allow: /a\nAllow: /a", "/a", 2 },
		/* wildcards */
		{ "Disallow: /*/edit", "/x/y/edit", -2 },
		{ "Disallow: /*/edit", "/edit", 0 },
		{ "Disallow: *.pdf$", "/x.pdf", -2 },
		{ "Disallow: *.pdf$", "/x.pdf.html", 0 },
		{ "Disallow: *.pdf$", "/x.pdf.pdf", -2 },
		{ "Disallow: /a*b*b$", "/ab", 0 },
		{ "Disallow: /a*b*b$", "/abb", -2 },
		{ "Disallow: /a*$", "/abc", -2 },
		{ "Disallow: /**a", "/bca", -2 },
		{ "Disallow: $", "/", -2 },
		{ "Disallow: $", "/a", 0 },
		{ "Disallow: *", "/", -2 },
		/* literally */
		{ "Disallow: /a%2Ab", "/a*b", -2 },
		{ "Disallow: /a%2Ab", "/acb", 0 },
		{ "Disallow: /a%24", "/a$", -2 },
		{ "Disallow: /a$b", "/a$b", -2 },
		{ "Disallow: /a$b", "/a%24b", -2 },
		/* spelling */
		{ "Disallow: /%7Ejoe", "/~joe", -2 },
		{ "Disallow: /~joe", "/%7ejoe", -2 },
		{ "Disallow: /\xec\x98\xb7", "/%ec%98%B7", -2 },
		{ "Disallow: /%EC%98%B7", "/\xec\x98\xb7", -2 },
		{ "Disallow: /a b", "/a%20b", -2 },
		{ "Disallow: /a<b", "/a%3cb", -2 },
		{ "Disallow: /a/b", "/a%2Fb", 0 },
		{ "Disallow: /a%2fb", "/a%2Fb", -2 },
		{ "Disallow: /100%", "/100%25", -2 },
		{ "Disallow: /a%zz", "/a%zz", -2 },
		{ "Disallow: /a%\xff", "/a%\xff", -2 },
		/* RFC 9309 2.2.2: / and : within a query */
		{ "Disallow: /b?u=https://c", "/b?u=https%3A%2F%2Fc", -2 },
		{ "Disallow: /b?u=https%3a%2f%2fc", "/b?u=https://c", -2 },
		{ "Disallow: /b?u=https%3a%2f%2fc", "/b?u=https%3A%2F%2Fc", -2 },
		{ "Disallow: /*%2Fc", "/b?u=https%3A%2F%2Fc", -2 },
		{ "Disallow: /*=/c", "/b?u=%2fc", -2 },
	};
	char text[256];

	(void)state;
	for (int i = 0; i < N(rows); i++) {
		struct robots *r;

		snprintf(text, sizeof(text), ME "%s", rows[i].rules);
		r = parse(text);
		if (ask(r, rows[i].url) != rows[i].line)
			fail_msg("%s asked for %s: %d", rows[i].rules, rows[i].url,
				 ask(r, rows[i].url));
		robots_free(r);
	}
}

static void groups(void **state)
{
	static const struct {
		const char *text;
		int line; /* for /a */
		bool named;
	} rows[] = {
		{ "", 0, false },
		{ "Disallow: /", 0, false },
		{ ME "Disallow: /", -2, true },
		{ "\xef\xbb\xbf" ME "Disallow: /", -2, true },
		{ "user-agent: PIPED/2.0 (x)\nDISALLOW: /", -2, true },
		{ "User-agent: pipedream\nDisallow: /", 0, false },
		{ "User-agent: pipe\nDisallow: /", 0, false },
		{ "User-agent: *\nDisallow: /", -2, false },
		{ "User-agent: * (all)\nDisallow: /", -2, false },
		{ "User-agent: *piped\nDisallow: /", 0, false },
		{ "User-agent:\nDisallow: /", 0, false },
		/* ours, even if empty, instead of everybody's */
		{ "User-agent: *\nDisallow: /\n" ME "Disallow: /b", 0, true },
		{ ME "\nUser-agent: x\nDisallow: /b\nUser-agent: *\nDisallow: /", 0, true },
		{ "User-agent: *\nDisallow: /\n" ME, 0, true },
		{ ME "User-agent: x\n\n# y\nDisallow: /", -5, true },
		{ ME "Disallow: /b\nUser-agent: x\nDisallow: /", 0, true },
		/* groups of one name are one */
		{ ME "Disallow: /b\nUser-agent: x\nDisallow: /\nUser-agent: piped\nDisallow: /a",
		  -6, true },
		{ "User-agent: *\nDisallow: /b\n\nUser-agent: *\nDisallow: /a", -5, false },
		/* other lines end no group */
		{ ME "Sitemap: https://a/s.xml\nHost: a\nDisallow: /a", -4, true },
		{ ME "Crawl-delay: 3\nUser-agent: x\nDisallow: /a", -4, true },
		{ ME "Noindex: /a\nfoo\nDisallow: /a", -4, true },
		/* line ends, spaces, small faults */
		{ "User-agent: piped\rDisallow: /a\r", -2, true },
		{ "User-agent: piped\r\n\r\nDisallow: /a\r\n", -3, true },
		{ "\t User-agent \t:\t piped \n Disallow : /a \n", -2, true },
		{ "useragent: piped\nuser agent: x\ndis-allow: /a", -3, true },
		{ "user-agent piped\ndisallow /a", -2, true },
		{ ME "disallow /a /b", 0, true },
		{ ME "Dissallow: /a", -2, true },
		{ ME "disallowed: /a", 0, true },
		{ ME "#Disallow: /a\nAllow: /a#b", 3, true },
	};

	(void)state;
	for (int i = 0; i < N(rows); i++) {
		struct robots *r = parse(rows[i].text);

		if (ask(r, "https://shop.example/a") != rows[i].line || r->named != rows[i].named)
			fail_msg("%s: %d", rows[i].text, ask(r, "https://shop.example/a"));
		robots_free(r);
	}
}

static void delays(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
		int line, ignored;
		bool cut;
	} rows[] = {
		{ ME "Crawl-delay: 10", 10000, 2, 0, false },
		{ ME "crawl_delay: 0.25", 250, 2, 0, false },
		{ ME "Crawl-delay: 0", 0, 2, 0, false },
		{ ME "Crawl-delay: 60", 60000, 2, 0, false },
		{ ME "Crawl-delay: 60.5", 60000, 2, 0, true },
		{ ME "Crawl-delay: 99999999999999999999999999", 60000, 2, 0, true },
		{ ME "Crawl-delay: -5", -1, 0, 1, false },
		{ ME "Crawl-delay: 1e3", -1, 0, 1, false },
		{ ME "Crawl-delay: nan", -1, 0, 1, false },
		{ ME "Crawl-delay: 1.2.3", -1, 0, 1, false },
		{ ME "Crawl-delay:", -1, 0, 1, false },
		{ ME "Crawl-delay: 5\nDisallow: /a\nCrawl-delay: 7\nCrawl-delay: 6", 7000, 4, 0,
		  false },
		{ "Crawl-delay: 5\n" ME, -1, 0, 0, false },
		{ "User-agent: *\nCrawl-delay: 5", 5000, 2, 0, false },
		/* each its own */
		{ "User-agent: x\nCrawl-delay: 9\n" ME "Crawl-delay: 2\nDisallow: /", 2000, 4, 0,
		  false },
		{ "User-agent: *\nCrawl-delay: 9\nDisallow: /\n" ME "Disallow: /a", -1, 0, 0,
		  false },
		{ "User-agent: x\n" ME "Crawl-delay: 2\n", 2000, 3, 0, false },
	};

	(void)state;
	for (int i = 0; i < N(rows); i++) {
		struct robots *r = parse(rows[i].text);

		if (r->delay_ms != rows[i].ms || r->delay_line != rows[i].line ||
		    r->ignored != rows[i].ignored || r->delay_cut != rows[i].cut)
			fail_msg("%s: %lld", rows[i].text, (long long)r->delay_ms);
		robots_free(r);
	}
}

static void sitemaps(void **state)
{
	struct robots *r = parse("Sitemap: https://a.example/1.xml\n" ME "Disallow: /\n"
				 "sitemap:/2.xml.gz # all\nSite-map: https://a.example/3\n"
				 "Sitemap:\n");

	(void)state;
	assert_int_equal(r->n_sitemaps, 3);
	assert_true(str_is(r->sitemaps[0], "https://a.example/1.xml"));
	assert_true(str_is(r->sitemaps[1], "/2.xml.gz"));
	assert_true(str_is(r->sitemaps[2], "https://a.example/3"));
	assert_int_equal(r->ignored, 1);
	robots_free(r);
}

static void tokens(void **state)
{
	(void)state;
	assert_true(str_is(robots_token(STR("piped/0.1 (+mailto:a@b)")), "piped"));
	assert_true(str_is(robots_token(STR("archive.org_bot")), "archive.org_bot"));
	assert_int_equal(robots_token(STR("/x")).n, 0);
	assert_int_equal(robots_token((struct str){ 0 }).n, 0);
}

static void verdict_says_why(void **state)
{
	struct robots *r = parse(ME "\nDisallow: /~a b*c$\n");
	struct arena *a = arena_new(1024);
	struct robots_verdict v = robots_judge(r, STR("https://x/%7Ea%20b-c"), a);

	(void)state;
	assert_false(v.allowed);
	assert_int_equal(v.line, 3);
	assert_true(str_is(v.rule, "/~a%20b*c$"));
	arena_free(a);
	robots_free(r);
}

/* Filled with `each`, then `last`, so that `last` ends `bytes` in. */
static struct robots *long_file(const char *each, const char *last, size_t bytes)
{
	struct robots *r;
	struct buf b;

	buf_init(&b, bytes + 1000);
	buf_add_text(&b, ME);
	while (b.n + strlen(each) + strlen(last) <= bytes)
		buf_add_text(&b, each);
	while (b.n + strlen(last) < bytes)
		buf_add_char(&b, '\n');
	buf_add_text(&b, last);
	r = robots_new(buf_str(&b), STR("piped"), MINUTE_MS);
	buf_done(&b);
	return r;
}

static void long_files(void **state)
{
	struct robots *r = long_file("# nothing\n", "Disallow: /a\n", 500 << 10);

	(void)state;
	assert_false(r->cut);
	assert_true(ask(r, "/a") < 0);
	robots_free(r);
	r = long_file("# nothing\n", "Disallow: /a\n", ROBOTS_BYTES);
	assert_false(r->cut);
	assert_true(ask(r, "/a") < 0);
	robots_free(r);
	/* "Allow: /a" would be another rule */
	r = long_file("Disallow: /\n", "Allow: /abc\n", ROBOTS_BYTES + 3);
	assert_true(r->cut);
	assert_true(ask(r, "/ab") < 0);
	robots_free(r);
	r = long_file("Disallow: /", "", ROBOTS_BYTES + 100);
	assert_true(r->cut);
	assert_int_equal(r->n_rules, 0);
	robots_free(r);
	/* a long line is a line */
	r = long_file("Disallow: /b\nAllow: /\nDisallow: /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		      "", 20000);
	assert_int_equal(r->n_rules > 100, true);
	robots_free(r);
}

/* Many wildcards cost no more than few. */
static void hostile_wildcards(void **state)
{
	static const char *const lines[] = {
		"Disallow: *a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b\n",
		"Disallow: /**********************************************************$\n",
		"Disallow:*b\n",
		"Disallow:*aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\n",
	};
	struct arena *a = arena_new(16 << 10);
	char url[4096];
	double ms;

	(void)state;
	memset(url, 'a', sizeof(url));
	url[0] = '/';
	for (int i = 0; i < N(lines); i++) {
		struct robots *r = long_file(lines[i], "Allow: /c\n", ROBOTS_BYTES);
		int64_t from = clock_thread_cpu_ns();

		robots_judge(r, (struct str){ url, sizeof(url) }, a);
		ms = (double)(clock_thread_cpu_ns() - from) / 1e6;
		print_message("%d rules: %.1f ms\n", r->n_rules, ms);
		assert_true(ms < 5000);
		robots_free(r);
	}
	arena_free(a);
}

static void bytes_of_all_kinds(void **state)
{
	static const char binary[] = "User-agent: piped\0\nDisallow: /a\0b\n\xff\xfe\n\0\0:\0\n";
	struct robots *r =
		robots_new((struct str){ binary, sizeof(binary) - 1 }, STR("piped"), MINUTE_MS);

	(void)state;
	assert_int_equal(ask(r, "/a%00b"), -2);
	assert_int_equal(ask(r, "/a"), 0);
	assert_int_equal(r->ignored, 2);
	robots_free(r);
	r = robots_new((struct str){ 0 }, STR("piped"), MINUTE_MS);
	assert_int_equal(ask(r, "/a"), 0);
	robots_free(r);
	robots_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns),
		cmocka_unit_test(groups),
		cmocka_unit_test(delays),
		cmocka_unit_test(sitemaps),
		cmocka_unit_test(tokens),
		cmocka_unit_test(verdict_says_why),
		cmocka_unit_test(long_files),
		cmocka_unit_test(hostile_wildcards),
		cmocka_unit_test(bytes_of_all_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
