/* The keys that make two URLs one job. */
#include "crawler/canon.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define S(text)                                                                                    \
	{                                                                                          \
		text, sizeof(text) - 1                                                             \
	}
#define N(x) (int)(sizeof(x) / sizeof((x)[0]))

static struct str ignore[] = { S("request_id"), S("pos*") };
static struct str keep[] = { S("utm_id"), S("sid") };
static const struct conf_source plain = { .name = S("plain"), .sort_params = true };
static const struct conf_source shop = {
	.name = S("shop"),
	.sort_params = true,
	.merge_slashes = true,
	.strip_params = true,
	.ignore_params = ignore,
	.n_ignore_params = N(ignore),
	.keep_params = keep,
	.n_keep_params = N(keep),
};
static const struct conf_source ordered = { .name = S("ordered") };

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

struct row {
	const char *url, *key, *host;
};

static void check(const struct conf_source *s, const struct row *rows, int n)
{
	struct str key, host, again;
	struct reason why;

	for (int i = 0; i < n; i++) {
		if (canon_key(s, str_of(rows[i].url), a, &key, &host, &why)) {
			if (rows[i].key)
				fail_msg("%s: %s", rows[i].url, why.text);
			continue;
		}
		assert_non_null(rows[i].key);
		assert_string_equal(key.p, rows[i].key);
		if (rows[i].host)
			assert_string_equal(host.p, rows[i].host);
		/* a key is its own key */
		assert_int_equal(canon_key(s, key, a, &again, &host, &why), ERR_OK);
		assert_string_equal(again.p, key.p);
	}
}

static void by_default(void **state)
{
	static const struct row rows[] = {
		{ "HTTP://Shop.Example:80/a", "http://shop.example/a", "shop.example" },
		{ "http://shop.example", "http://shop.example/", "shop.example" },
		{ "http://shop.example:8080/", "http://shop.example:8080/", "shop.example:8080" },
		{ "http://shop.example./a", "http://shop.example/a", "shop.example" },
		{ "http://shop.example..:81/a?b", "http://shop.example:81/a?b", "shop.example:81" },
		{ "http://./a", "http://./a", "." },
		{ "http://a/%7eb/%c3%a9#x", "http://a/~b/%C3%A9", "a" },
		{ "http://a/b/%2e%2e/c", "http://a/c", "a" },
		{ "http://a/b/%2E/c", "http://a/b/c", "a" },
		{ "http://a/코트", "http://a/%EC%BD%94%ED%8A%B8", "a" },
		{ "http://장터.example/", "http://xn--vv5bo8o.example/", "xn--vv5bo8o.example" },
		/* order, emptiness */
		{ "http://a/x?", "http://a/x", "a" },
		{ "http://a/x?&&", "http://a/x", "a" },
		{ "http://a/x?b=1&&&c=2&", "http://a/x?b=1&c=2", "a" },
		{ "http://a/x?b=1&a=2", "http://a/x?a=2&b=1", "a" },
		{ "http://a/x?b=2&a&b=1", "http://a/x?a&b=2&b=1", "a" },
		{ "http://a/x?ab=1&a=2", "http://a/x?a=2&ab=1", "a" },
		{ "http://a/x?a=", "http://a/x?a=", "a" },
		{ "http://a/x//y", "http://a/x//y", "a" },
		/* advertisers */
		{ "http://a/x?utm_source=n&q=1&UTM_Campaign=c", "http://a/x?q=1", "a" },
		{ "http://a/x?gclid=1&fbclid=2&msclkid=3&igshid=4", "http://a/x", "a" },
		{ "http://a/x?utm=1", "http://a/x?utm=1", "a" },
		{ "http://a/x?NaPm=ct%3Dx&no=7", "http://a/x?no=7", "a" },
		{ "http://a/x?utm%5Fsource=n", "http://a/x", "a" },
		/* sessions */
		{ "http://a/x;jsessionid=0123?q=1", "http://a/x?q=1", "a" },
		{ "http://a/x;JSESSIONID=01;v=2/y;jsessionid=3", "http://a/x;v=2/y", "a" },
		{ "http://a/b/..;jsessionid=1/c", "http://a/c", "a" },
		{ "http://a/x?PHPSESSID=00ff&id=5", "http://a/x?id=5", "a" },
		{ "http://a/x?sid=5", "http://a/x?sid=5", "a" },
		{ "http://a/x?sid=hats-and-gloves-for-winter",
		  "http://a/x?sid=hats-and-gloves-for-winter", "a" },
		{ "http://a/x?sid=9f86d081884c7d659a2feaa0c55ad015", "http://a/x", "a" },
		{ "http://a/(S(lit3py55t21z5v55vlm25s55))/x", "http://a/x", "a" },
		{ "http://a/(S(lit3py55t21z5v55vlm25s55))", "http://a/", "a" },
		{ "mailto:a@b", NULL, NULL },
		{ "", NULL, NULL },
	};

	(void)state;
	check(&plain, rows, N(rows));
}

static void as_configured(void **state)
{
	static const struct row rows[] = {
		{ "http://a/x?request_id=5&q=1", "http://a/x?q=1", "a" },
		{ "http://a/x?q=1&request_id=5&n=2", "http://a/x?n=2&q=1", "a" },
		{ "http://a/x?q=1&request%5Fid=5", "http://a/x?q=1", "a" },
		{ "http://a/x?request_id=5&position=2&", "http://a/x", "a" },
		{ "http://a/x?request_ids=5", "http://a/x?request_ids=5", "a" },
		{ "http://a/x?Request_id=5", "http://a/x?Request_id=5", "a" },
		{ "http://a/x?utm_id=5&utm_medium=6", "http://a/x?utm_id=5", "a" },
		{ "http://a/x?sid=9f86d081884c7d659a2feaa0c55ad015",
		  "http://a/x?sid=9f86d081884c7d659a2feaa0c55ad015", "a" },
		{ "http://a//x///y//", "http://a/x/y/", "a" },
		{ "http://a//", "http://a/", "a" },
		{ "http://a/x/;jsessionid=1/y", "http://a/x/y", "a" },
	};
	static const struct row unsorted[] = {
		{ "http://a/x?b=1&a=2&gclid=3", "http://a/x?b=1&a=2", "a" },
	};

	(void)state;
	check(&shop, rows, N(rows));
	check(&ordered, unsorted, N(unsorted));
}

/* What is asked keeps everything, unless the source says otherwise. */
static void asked(void **state)
{
	static const char given[] = "http://a/x?b=1&utm_source=n&&a=2&pos=7";
	struct url u;

	(void)state;
	assert_int_equal(url_parse(str_of(given), a, &u, NULL), ERR_OK);
	assert_string_equal(canon_asked(&plain, &u, a).text.p, given);
	assert_string_equal(canon_asked(&shop, &u, a).text.p, "http://a/x?b=1&a=2");
}

static void versions(void **state)
{
	struct conf_source s = plain;

	(void)state;
	assert_true(canon_version(&plain) != 0);
	assert_true(canon_version(&s) == canon_version(&plain));
	assert_true(canon_version(&ordered) != canon_version(&plain));
	s.ignore_params = ignore;
	s.n_ignore_params = 1;
	assert_true(canon_version(&s) != canon_version(&plain));
	s.n_ignore_params = 0;
	s.keep_params = ignore;
	s.n_keep_params = 1;
	assert_true(canon_version(&s) != canon_version(&plain));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(by_default, setup, teardown),
		cmocka_unit_test_setup_teardown(as_configured, setup, teardown),
		cmocka_unit_test_setup_teardown(asked, setup, teardown),
		cmocka_unit_test_setup_teardown(versions, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
