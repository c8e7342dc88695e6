#include "cleaner/resolve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define BASE "http://a/b/c/d;p?q"

/* RFC 3986 sections 5.4.1 and 5.4.2 (strict), then our own. */
static const struct {
	const char *base, *link, *url;
} links[] = {
	{ BASE, "g:h", "" },
	{ BASE, "g", "http://a/b/c/g" },
	{ BASE, "./g", "http://a/b/c/g" },
	{ BASE, "g/", "http://a/b/c/g/" },
	{ BASE, "/g", "http://a/g" },
	{ BASE, "//g", "http://g/" },
	{ BASE, "?y", "http://a/b/c/d;p?y" },
	{ BASE, "g?y", "http://a/b/c/g?y" },
	{ BASE, "#s", "http://a/b/c/d;p?q#s" },
	{ BASE, "g#s", "http://a/b/c/g#s" },
	{ BASE, "g?y#s", "http://a/b/c/g?y#s" },
	{ BASE, ";x", "http://a/b/c/;x" },
	{ BASE, "g;x", "http://a/b/c/g;x" },
	{ BASE, "g;x?y#s", "http://a/b/c/g;x?y#s" },
	{ BASE, "", "http://a/b/c/d;p?q" },
	{ BASE, ".", "http://a/b/c/" },
	{ BASE, "./", "http://a/b/c/" },
	{ BASE, "..", "http://a/b/" },
	{ BASE, "../", "http://a/b/" },
	{ BASE, "../g", "http://a/b/g" },
	{ BASE, "../..", "http://a/" },
	{ BASE, "../../", "http://a/" },
	{ BASE, "../../g", "http://a/g" },
	{ BASE, "../../../g", "http://a/g" },
	{ BASE, "../../../../g", "http://a/g" },
	{ BASE, "/./g", "http://a/g" },
	{ BASE, "/../g", "http://a/g" },
	{ BASE, "g.", "http://a/b/c/g." },
	{ BASE, ".g", "http://a/b/c/.g" },
	{ BASE, "g..", "http://a/b/c/g.." },
	{ BASE, "..g", "http://a/b/c/..g" },
	{ BASE, "./../g", "http://a/b/g" },
	{ BASE, "./g/.", "http://a/b/c/g/" },
	{ BASE, "g/./h", "http://a/b/c/g/h" },
	{ BASE, "g/../h", "http://a/b/c/h" },
	{ BASE, "g;x=1/./y", "http://a/b/c/g;x=1/y" },
	{ BASE, "g;x=1/../y", "http://a/b/c/y" },
	{ BASE, "g?y/./x", "http://a/b/c/g?y/./x" },
	{ BASE, "g?y/../x", "http://a/b/c/g?y/../x" },
	{ BASE, "g#s/./x", "http://a/b/c/g#s/./x" },
	{ BASE, "g#s/../x", "http://a/b/c/g#s/../x" },
	{ BASE, "http:g", "" },
	{ "https://shop.example", "item/1", "https://shop.example/item/1" },
	{ "https://shop.example?q=1", "item/1", "https://shop.example/item/1" },
	{ "https://shop.example", "", "https://shop.example/" },
	{ "", "https://Media.Example/p_w{res}.jpg", "https://media.example/p_w{res}.jpg" },
	{ "", "HTTPS://media.example:8443/a?b=%20#c", "https://media.example:8443/a?b=%20#c" },
	{ "https://a.example/", " /상품/1 ", "https://a.example/%EC%83%81%ED%92%88/1" },
	{ "https://a.example/", "/a b?\"c\"", "https://a.example/a%20b?%22c%22" },
	{ "https://a.example/x", "//cdn.example/y.jpg", "https://cdn.example/y.jpg" },
	{ "http://[::1]:8080/x", "y", "http://[::1]:8080/y" },
	{ "", "/relative", "" },
	{ "relative", "/relative", "" },
	{ "ftp://a.example/", "/x", "" },
	{ "https://a.example/", "javascript:alert(1)", "" },
	{ "https://a.example/", "data:image/png;base64,AA", "" },
	{ "https://a.example/", "mailto:x@a.example", "" },
	{ "https://a.example/", "https://user:word@b.example/", "" },
	{ "https://a.example/", "https:///x", "" },
	{ "https://a.example/", "//:80/x", "" },
	{ "https://a.example/", "//한글.example/x", "" },
	{ "https://a.example/", "/a\nb", "" },
	{ "https://a.example/",
	  "/a\x01"
	  "b",
	  "" },
	{ "https://a.example/", "1:2", "https://a.example/1:2" },
};

static void links_become_addresses(void **state)
{
	struct arena *a = arena_new(4096);

	(void)state;
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		struct str url = resolve_link(a, str_of(links[i].base), str_of(links[i].link));

		if (!url.p || !str_is(url, links[i].url))
			fail_msg("'%s' at '%s': got '%.*s'", links[i].link, links[i].base,
				 STR_ARG(url));
		/* An absolute address stays what it is. */
		if (url.n)
			assert_true(str_eq(resolve_link(a, STR(""), url), url));
	}
	arena_free(a);
}

static void length_is_bounded(void **state)
{
	struct arena *a = arena_new(4096);
	static char link[RESOLVE_MOST + 1];
	const struct str host = STR("http://a/");

	(void)state;
	memset(link, 'x', sizeof(link));
	memcpy(link, host.p, host.n);
	assert_int_equal(resolve_link(a, STR(""), (struct str){ link, RESOLVE_MOST }).n,
			 RESOLVE_MOST);
	assert_int_equal(resolve_link(a, STR(""), (struct str){ link, RESOLVE_MOST + 1 }).n, 0);
	/* Each byte becomes three. */
	memset(link + 9, '^', 2000);
	assert_int_equal(resolve_link(a, STR(""), (struct str){ link, 2009 }).n, 0);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links_become_addresses),
		cmocka_unit_test(length_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
