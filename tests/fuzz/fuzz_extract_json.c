/* A page of a search interface of Bunjang's shape. */
#include "tests/fuzz/fuzz_extract.h"

#include <stdlib.h>

static struct conf_page page;
static struct conf_source source;
static struct conf conf;
static struct conf_link page_link;
static struct extractor *extractor;

/* Leaks are looked for after an input that left more than it found, and at the
 * end. libjq keeps a pointer to the end of its stack only, which counts as none. */
void __lsan_disable(void) __attribute__((weak));
void __lsan_enable(void) __attribute__((weak));

static void tear_down(void)
{
	extractor_free(extractor);
}

static void set_up(void)
{
	page = (struct conf_page){ .name = STR("search"), .format = FORMAT_JSON };
	page.items = fuzz_extract_sel(SEL_JQ, ".list[]");
	page.skip = fuzz_extract_sel(SEL_JQ, ".ad");
	fuzz_extract_field(&page, FIELD_ID, SEL_JQ, ".pid");
	fuzz_extract_field(&page, FIELD_URL, SEL_JQ, ".pid");
	page.fields[1].prefix = STR("https://m.example/products/");
	fuzz_extract_field(&page, FIELD_TITLE, SEL_JQ, ".name");
	fuzz_extract_field(&page, FIELD_PRICE, SEL_JQ, ".price");
	fuzz_extract_field(&page, FIELD_IMAGE, SEL_JQ, ".product_image");
	fuzz_extract_field(&page, FIELD_CATEGORY, SEL_JQ, ".category_id");
	fuzz_extract_field(
		&page, FIELD_CONDITION, SEL_JQ,
		"if .used == 1 then \"used\" elif .used == 2 then \"new\" else null end");
	fuzz_extract_field(&page, FIELD_STATUS, SEL_JQ, ".status");
	fuzz_extract_field(&page, FIELD_LOCATION, SEL_JQ, ".location");
	fuzz_extract_field(&page, FIELD_POSTED, SEL_JQ, ".update_time");
	fuzz_extract_field(&page, FIELD_CURRENCY, SEL_CONST, "KRW");
	page.paging.var = STR("page");
	page.paging.more = fuzz_extract_sel(SEL_JQ, ".no_result | not");
	page.paging.last = fuzz_extract_sel(SEL_JQ, ".num_found | numbers | (. / 100 | ceil) - 1");
	page_link = (struct conf_link){ .sel = fuzz_extract_sel(SEL_JQ, ".links[]?"),
					.page = STR("detail") };
	page.links = &page_link;
	page.n_links = 1;
	source = (struct conf_source){ .name = STR("shop"), .pages = &page, .n_pages = 1 };
	conf = (struct conf){ .sources = &source, .n_sources = 1 };
	extractor = extractor_new(&conf);
	must(!atexit(tear_down));
	if (__lsan_disable)
		__lsan_disable();
	/* compiles, and grows the stack to what it will need */
	fuzz_extract_run(
		extractor, &source, &page,
		STR("{\"list\":[{\"pid\":\"1\",\"name\":[1],\"used\":2}],\"links\":[1,2]}"),
		(struct str){ 0 });
	if (__lsan_enable)
		__lsan_enable();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* compiling takes longer than a thousand small pages */
	if (!extractor)
		set_up();
	fuzz_extract_run(extractor, &source, &page, fuzz_text(data, size),
			 STR("application/json; charset=utf-8"));
	return 0;
}
