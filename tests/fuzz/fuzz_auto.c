/* A line: the Content-Type; the rest: a page whose products are found without selectors. */
#include "tests/fuzz/fuzz_extract.h"

static struct conf_page page;
static struct conf_source source;
static struct conf conf;
static struct conf_link page_link;
static struct extractor *extractor;

static void set_up(void)
{
	page_link = (struct conf_link){ .sel = fuzz_extract_sel(SEL_CSS, "a[href]"),
					.page = STR("page") };
	page = (struct conf_page){ .name = STR("page"),
				   .format = FORMAT_AUTO,
				   .lists = true,
				   .links = &page_link,
				   .n_links = 1,
				   .canonical = true };
	page.paging.rel_next = true;
	source = (struct conf_source){ .name = STR("shop"), .pages = &page, .n_pages = 1 };
	conf = (struct conf){ .sources = &source, .n_sources = 1 };
	extractor = extractor_new(&conf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str body = fuzz_text(data, size), content_type = fuzz_line(&body);

	if (!extractor)
		set_up();
	fuzz_extract_run(extractor, &source, &page, body, content_type);
	return 0;
}
