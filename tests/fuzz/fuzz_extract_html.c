/* A line: the Content-Type; the rest: a page, read as a list of items by CSS and as one
 * item by XPath. */
#include "extractor/extract_charset.h"
#include "tests/fuzz/fuzz_extract.h"

static struct conf_page pages[2];
static struct conf_source source;
static struct conf conf;
static struct conf_link page_link;
static struct extractor *extractor;

static void set_up_list(struct conf_page *p)
{
	*p = (struct conf_page){ .name = STR("list"), .format = FORMAT_HTML };
	p->items = fuzz_extract_sel(SEL_CSS, "li.item, .list > div:not(.x):nth-child(n+2)");
	p->skip = fuzz_extract_sel(SEL_CSS, ".ad:contains('ad')");
	fuzz_extract_field(p, FIELD_ID, SEL_CSS, "a::attr(data-id)");
	fuzz_extract_field(p, FIELD_URL, SEL_CSS, "a[href^='/']::attr(href)");
	fuzz_extract_field(p, FIELD_TITLE, SEL_CSS, "a::text");
	fuzz_extract_field(p, FIELD_PRICE, SEL_CSS, ":scope > .price::text");
	fuzz_extract_field(p, FIELD_IMAGE, SEL_CSS, "img:first-child::attr(src)");
	fuzz_extract_field(p, FIELD_CURRENCY, SEL_CONST, "KRW");
	page_link = (struct conf_link){ .sel = fuzz_extract_sel(SEL_CSS, "a[href]"),
					.page = STR("detail") };
	p->links = &page_link;
	p->n_links = 1;
	p->paging.var = STR("page");
	p->paging.more = fuzz_extract_sel(SEL_CSS, "a[rel~=next i]");
	p->paging.last = fuzz_extract_sel(SEL_CSS, ".paging a::text");
}

static void set_up_detail(struct conf_page *p)
{
	*p = (struct conf_page){ .name = STR("detail"), .format = FORMAT_HTML };
	fuzz_extract_field(p, FIELD_ID, SEL_XPATH, "//@data-id");
	fuzz_extract_field(p, FIELD_TITLE, SEL_XPATH, "string(//h1)");
	fuzz_extract_field(p, FIELD_DESCRIPTION, SEL_XPATH, "//body");
	fuzz_extract_field(p, FIELD_PRICE, SEL_XPATH,
			   "//*[contains(concat(' ', normalize-space(@class), ' '), ' price ')]");
	fuzz_extract_field(p, FIELD_CATEGORY, SEL_XPATH, "//li[last()]/text()");
	fuzz_extract_field(p, FIELD_POSTED, SEL_XPATH, "count(//time) > 1");
}

static void set_up(void)
{
	set_up_list(&pages[0]);
	set_up_detail(&pages[1]);
	source = (struct conf_source){ .name = STR("shop"), .pages = pages, .n_pages = 2 };
	conf = (struct conf){ .sources = &source, .n_sources = 1 };
	extractor = extractor_new(&conf);
}

static void check_charset(struct str body, struct str content_type)
{
	struct arena *a = arena_new(FUZZ_ARENA);
	struct str text = extract_charset_utf8(body, content_type, true, a);
	size_t skip = 9;

	must(utf8_valid(text));
	must(extract_charset(body, content_type, false, &skip) && skip <= 3 && skip <= body.n);
	arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str body = fuzz_text(data, size), content_type = fuzz_line(&body);

	if (!extractor)
		set_up();
	check_charset(body, content_type);
	fuzz_extract_run(extractor, &source, &pages[0], body, content_type);
	fuzz_extract_run(extractor, &source, &pages[1], body, content_type);
	return 0;
}
