/* A line: the Content-Type, read as a time and a pattern, too; the rest: a feed. */
#include "extractor/extract_date.h"
#include "extractor/extract_match.h"
#include "tests/fuzz/fuzz_extract.h"

static struct conf_page page;
static struct conf_link page_link;
static struct conf_source source;
static struct conf conf;
static struct extractor *extractor;

static void set_up(void)
{
	page_link = (struct conf_link){ .page = STR("item") };
	page = (struct conf_page){
		.name = STR("news"), .format = FORMAT_FEED, .links = &page_link, .n_links = 1
	};
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
	must(extract_date(content_type) >= 0);
	must(str_like(body, STR("*")));
	must(str_find_char(content_type, '*') >= 0 || !body.n ||
	     str_like(body, content_type) == str_eq(content_type, body));
	return 0;
}
