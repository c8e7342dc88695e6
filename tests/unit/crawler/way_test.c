/* By which way redirects lead a job. */
#include "crawler/way.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define S(text)                                                                                    \
	{                                                                                          \
		text, sizeof(text) - 1                                                             \
	}
#define N(x) (int)(sizeof(x) / sizeof((x)[0]))

static struct str hosts[] = { S("shop.example") };
static struct str others[] = { S("pay.example") };
static const struct conf_source source = { .name = S("shop"),
					   .hosts = hosts,
					   .n_hosts = 1,
					   .redirect_hosts = others,
					   .n_redirect_hosts = 1 };

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

static void leads_on(void **state)
{
	static const struct {
		int status;
		const char *location;
		enum fetch_end end;
		const char *next;
	} rows[] = {
		{ 301, "/b?x=1#y", FETCH_MOVED, "http://shop.example/b?x=1" },
		{ 302, "//pay.example/c", FETCH_MOVED, "http://pay.example/c" },
		{ 303, "b", FETCH_MOVED, "http://shop.example/a/b" },
		{ 307, "https://SHOP.example:443/", FETCH_MOVED, "https://shop.example/" },
		{ 308, "?q", FETCH_MOVED, "http://shop.example/a/?q" },
		{ 300, "/b", FETCH_ANSWER, "" },
		{ 304, "/b", FETCH_ANSWER, "" },
		{ 200, "/b", FETCH_ANSWER, "" },
		{ 301, "", FETCH_ANSWER, "" },
		{ 301, "https://evil.example/", FETCH_OUTSIDE, "" },
		{ 301, "ftp://shop.example/", FETCH_REDIRECTS, "" },
		{ 301, "http://x:y@shop.example/", FETCH_REDIRECTS, "" },
	};

	(void)state;
	for (int i = 0; i < N(rows); i++) {
		const struct way_answer in = {
			.source = &source,
			.asked = S("http://shop.example/a/"),
			.status = rows[i].status,
			.response_head = arena_fmt(a, "HTTP/1.1 %d x\r\nLocation: %s\r\n\r\n",
						   rows[i].status, rows[i].location),
			.most = 1,
		};
		struct str way = { 0 };
		struct reason why;
		enum fetch_end end = way_on(&in, a, &way, &why);

		if (end != rows[i].end ||
		    (end == FETCH_MOVED && !str_is(way_next(way), rows[i].next)))
			fail_msg("row %d: %s %.*s", i, fetch_end_name(end), STR_ARG(way));
	}
}

static void keeps_the_hops(void **state)
{
	struct way_answer in = { .source = &source,
				 .asked = S("http://shop.example/1"),
				 .status = 308,
				 .response_head = S("HTTP/1.1 308 x\r\nLocation: /2\r\n\r\n"),
				 .most = 2 };
	struct job j = { .url = S("http://Shop.example./1"), .host = S("pay.example") };
	struct fetch_hop *hops;
	struct str way;
	struct reason why;

	(void)state;
	assert_true(str_is(way_asked(&j), "http://Shop.example./1"));
	assert_int_equal(way_hops(in.way, a, &hops), 0);
	assert_int_equal(way_on(&in, a, &way, &why), FETCH_MOVED);
	assert_true(way_posts(way));
	in.way = way;
	in.asked = way_next(way);
	in.status = 302;
	in.response_head = STR("HTTP/1.1 302 x\r\nLocation: https://pay.example/3\r\n\r\n");
	assert_int_equal(way_on(&in, a, &way, &why), FETCH_MOVED);
	assert_true(str_is(way, "308 http://shop.example/1\n302 http://shop.example/2\n"
				"https://pay.example/3"));
	assert_false(way_posts(way));
	assert_int_equal(way_hops(way, a, &hops), 2);
	assert_int_equal(hops[0].status, 308);
	assert_true(str_is(hops[1].url, "http://shop.example/2"));
	j.way = way;
	assert_true(str_is(way_asked(&j), "https://pay.example/3"));
	assert_true(str_is(way_home(&j, a), "shop.example"));
	in.way = way;
	assert_int_equal(way_on(&in, a, &way, &why), FETCH_REDIRECTS);
	assert_string_equal(why.text, "more than 2 redirects");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(leads_on, setup, teardown),
		cmocka_unit_test_setup_teardown(keeps_the_hops, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
