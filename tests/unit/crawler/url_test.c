/* URLs: parsing, resolving (the examples of RFC 3986 5.4), normal form. */
#include "crawler/url.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

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

static void parses(void **state)
{
	static const struct {
		const char *given, *text, *host; /* text NULL: refused */
	} rows[] = {
		{ "http://shop.example/", "http://shop.example/", "shop.example" },
		{ "http://shop.example", "http://shop.example/", "shop.example" },
		{ "HTTPS://Shop.Example:443/A?b=C#d", "https://shop.example/A?b=C",
		  "shop.example" },
		{ "http://shop.example:80/", "http://shop.example/", "shop.example" },
		{ "https://shop.example:80/", "https://shop.example:80/", "shop.example:80" },
		{ "http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x", "127.0.0.1:8080" },
		{ "http://[::1]:8080/x", "http://[::1]:8080/x", "[::1]:8080" },
		{ "http://a/b/../c/./d", "http://a/c/d", "a" },
		{ "http://a/한글?q=코트 검정",
		  "http://a/%ED%95%9C%EA%B8%80?q=%EC%BD%94%ED%8A%B8%20"
		  "%EA%B2%80%EC%A0%95",
		  "a" },
		{ "http://장터.example/", "http://xn--vv5bo8o.example/", "xn--vv5bo8o.example" },
		{ "http://a\\b/", "http://a/b/", "a" },
		{ "http://a/\r\nHost: b", "http://a/Host:%20b", "a" },
		{ "http://0x7f.1/", "http://127.0.0.1/", "127.0.0.1" },
		{ "http://@a/", "http://a/", "a" },
		{ "ftp://a/b", NULL, NULL },
		{ "file:///etc/passwd", NULL, NULL },
		{ "javascript:alert(1)", NULL, NULL },
		{ "a/b", NULL, NULL },
		{ "", NULL, NULL },
		{ "http://", NULL, NULL },
		{ "http://user:word@a/", NULL, NULL },
		{ "http://user@a/", NULL, NULL },
		{ "http://a:99999/", NULL, NULL },
		{ "http://a b/", NULL, NULL },
	};
	struct reason why;
	struct url u;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		why.text[0] = 0;
		if (url_parse(str_of(rows[i].given), a, &u, &why)) {
			if (rows[i].text)
				fail_msg("%s refused: %s", rows[i].given, why.text);
			assert_true(why.text[0] != 0);
			continue;
		}
		if (!rows[i].text)
			fail_msg("%s accepted as %s", rows[i].given, u.text.p);
		assert_string_equal(u.text.p, rows[i].text);
		assert_string_equal(u.host.p, rows[i].host);
		assert_int_equal(u.https, rows[i].text[4] == 's');
	}
}

static void resolves(void **state)
{
	static const struct {
		const char *link, *to;
	} rows[] = {
		/* RFC 3986 5.4.1 */
		{ "g:h", NULL },
		{ "g", "http://a/b/c/g" },
		{ "./g", "http://a/b/c/g" },
		{ "g/", "http://a/b/c/g/" },
		{ "/g", "http://a/g" },
		{ "//g", "http://g/" },
		{ "?y", "http://a/b/c/d;p?y" },
		{ "g?y", "http://a/b/c/g?y" },
		{ "#s", "http://a/b/c/d;p?q" },
		{ "g#s", "http://a/b/c/g" },
		{ "g?y#s", "http://a/b/c/g?y" },
		{ ";x", "http://a/b/c/;x" },
		{ "g;x", "http://a/b/c/g;x" },
		{ "g;x?y#s", "http://a/b/c/g;x?y" },
		{ "", "http://a/b/c/d;p?q" },
		{ ".", "http://a/b/c/" },
		{ "./", "http://a/b/c/" },
		{ "..", "http://a/b/" },
		{ "../", "http://a/b/" },
		{ "../g", "http://a/b/g" },
		{ "../..", "http://a/" },
		{ "../../", "http://a/" },
		{ "../../g", "http://a/g" },
		/* 5.4.2 */
		{ "../../../g", "http://a/g" },
		{ "../../../../g", "http://a/g" },
		{ "/./g", "http://a/g" },
		{ "/../g", "http://a/g" },
		{ "g.", "http://a/b/c/g." },
		{ ".g", "http://a/b/c/.g" },
		{ "g..", "http://a/b/c/g.." },
		{ "..g", "http://a/b/c/..g" },
		{ "./../g", "http://a/b/g" },
		{ "./g/.", "http://a/b/c/g/" },
		{ "g/./h", "http://a/b/c/g/h" },
		{ "g/../h", "http://a/b/c/h" },
		{ "g;x=1/./y", "http://a/b/c/g;x=1/y" },
		{ "g;x=1/../y", "http://a/b/c/y" },
		{ "g?y/./x", "http://a/b/c/g?y/./x" },
		{ "g?y/../x", "http://a/b/c/g?y/../x" },
		{ "g#s/./x", "http://a/b/c/g" },
		{ "http:g", "http://a/b/c/g" },
		/* as found on pages */
		{ "  \n/item/1\t", "http://a/item/1" },
		{ "/it\nem/1", "http://a/item/1" },
		{ "../?page=2", "http://a/b/?page=2" },
		{ "?q=a/b?c", "http://a/b/c/d;p?q=a/b?c" },
		{ "?next=http://b/../c", "http://a/b/c/d;p?next=http://b/../c" },
		{ "https://b.example/x?y#z", "https://b.example/x?y" },
		{ "javascript:void(0)", NULL },
		{ "mailto:a@b.example", NULL },
		{ "tel:+8210", NULL },
		{ "data:text/plain,x", NULL },
		{ "//user@g/", NULL },
	};
	struct reason why;
	struct url u;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (url_resolve(STR("http://a/b/c/d;p?q"), str_of(rows[i].link), a, &u, &why)) {
			if (rows[i].to)
				fail_msg("%s refused: %s", rows[i].link, why.text);
			continue;
		}
		if (!rows[i].to)
			fail_msg("%s became %s", rows[i].link, u.text.p);
		assert_string_equal(u.text.p, rows[i].to);
	}
}

static void normalises(void **state)
{
	static const struct {
		const char *given, *normal;
	} rows[] = {
		{ "http://a/%7ex%41", "http://a/~xA" },
		{ "http://a/%ed%95%9c", "http://a/%ED%95%9C" },
		{ "http://a/%2f%2F", "http://a/%2F%2F" },
		{ "http://a/%zz%4", "http://a/%25zz%254" },
		{ "http://a/\"<>{}|", "http://a/%22%3C%3E%7B%7D%7C" },
		{ "http://a/b?c=d&e#", "http://a/b?c=d&e#" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(url_normal(str_of(rows[i].given), a).p, rows[i].normal);
	assert_string_equal(url_escape(STR("a b&c=한/~"), a).p, "a%20b%26c%3D%ED%95%9C%2F~");
	assert_string_equal(url_unescape(STR("a+b%26c%3d%ED%95%9C%2%"), a).p, "a b&c=한%2%");
}

static void bounded(void **state)
{
	char *text = arena_alloc(a, URL_MOST + 64);
	struct url u;

	(void)state;
	for (size_t i = 0; i < URL_MOST + 64; i++)
		text[i] = (char)(i < 9 ? "http://a/"[i] : 'x');
	assert_int_equal(url_parse((struct str){ text, URL_MOST }, a, &u, NULL), ERR_OK);
	assert_int_equal(url_parse((struct str){ text, URL_MOST + 1 }, a, &u, NULL), ERR_TOO_BIG);
	assert_int_equal(
		url_resolve(STR("http://a/"), (struct str){ text, URL_MOST + 64 }, a, &u, NULL),
		ERR_TOO_BIG);
	assert_int_equal(url_parse((struct str){ "http://a/\0b", 11 }, a, &u, NULL), ERR_OK);
	assert_string_equal(u.text.p, "http://a/%00b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(parses, setup, teardown),
		cmocka_unit_test_setup_teardown(resolves, setup, teardown),
		cmocka_unit_test_setup_teardown(normalises, setup, teardown),
		cmocka_unit_test_setup_teardown(bounded, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
