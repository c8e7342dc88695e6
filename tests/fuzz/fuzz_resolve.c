/* A line: the address of a page; the rest: a link on it. */
#include "cleaner/cleaner.h"
#include "cleaner/resolve.h"
#include "tests/fuzz/fuzz.h"

static void check(struct str base, struct str url, struct arena *a)
{
	if (url.n == 0)
		return;
	must(url.n <= RESOLVE_MOST);
	must(str_starts(url, STR("http://")) || str_starts(url, STR("https://")));
	for (size_t i = 0; i < url.n; i++)
		must(url.p[i] > ' ' && url.p[i] < 127 && url.p[i] != '"');
	must(str_eq(resolve_link(a, base, url), url));
	must(str_eq(resolve_link(a, url, url), url));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(FUZZ_ARENA);
	struct str link = fuzz_text(data, size), base = fuzz_line(&link);

	check(base, cleaner_url(a, base, link), a);
	check(STR("https://shop.example/a/b?c"),
	      cleaner_url(a, STR("https://shop.example/a/b?c"), link), a);
	arena_free(a);
	return 0;
}
