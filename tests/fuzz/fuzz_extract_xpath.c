/* A line: an XPath expression of a source; the rest: a page. */
#include "tests/fuzz/fuzz_extract.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str body = fuzz_text(data, size), expr = fuzz_line(&body);
	struct conf_page page = { .name = STR("detail"), .format = FORMAT_HTML };
	struct conf_source source = { .name = STR("shop"), .pages = &page, .n_pages = 1 };
	struct conf conf = { .sources = &source, .n_sources = 1 };
	struct conf_link link = { .page = STR("detail") };
	struct extractor *x = extractor_new(&conf);
	struct arena *a = arena_new(FUZZ_ARENA);
	const char *text = arena_str(a, expr).p;

	fuzz_extract_field(&page, FIELD_ID, SEL_XPATH, text);
	fuzz_extract_field(&page, FIELD_TITLE, SEL_XPATH, text);
	fuzz_extract_field(&page, FIELD_URL, SEL_XPATH, text);
	page.fields[1].required = false;
	link.sel = page.skip = page.paging.more = page.paging.last =
		fuzz_extract_sel(SEL_XPATH, text);
	page.links = &link;
	page.n_links = 1;
	fuzz_extract_run(x, &source, &page, body, STR("text/html"));
	extractor_free(x);
	arena_free(a);
	return 0;
}
