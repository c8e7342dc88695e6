/* A line: the Content-Type; the rest: a sitemap, plain or a gzip file. */
#include "tests/fuzz/fuzz_extract.h"

static struct conf_page pages[2];
static struct conf_link links[2];
static struct conf_source source;
static struct conf conf;
static struct extractor *extractor;

static void set_up(void)
{
	links[0] = (struct conf_link){ .match = STR("*/item/*"), .page = STR("item") };
	links[1] = (struct conf_link){ .match = STR("http*.xml*"), .page = STR("map") };
	pages[0] = (struct conf_page){
		.name = STR("map"), .format = FORMAT_SITEMAP, .links = links, .n_links = 2
	};
	pages[1] = (struct conf_page){
		.name = STR("item"), .format = FORMAT_SITEMAP, .links = &links[0], .n_links = 0
	};
	source = (struct conf_source){ .name = STR("shop"), .pages = pages, .n_pages = 2 };
	conf = (struct conf){ .max_body_bytes = 1 << 20, .sources = &source, .n_sources = 1 };
	extractor = extractor_new(&conf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str body = fuzz_text(data, size), content_type = fuzz_line(&body);

	if (!extractor)
		set_up();
	fuzz_extract_run(extractor, &source, &pages[0], body, content_type);
	fuzz_extract_run(extractor, &source, &pages[1], body, content_type);
	return 0;
}
