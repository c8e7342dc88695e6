/* An HTML page whose scripts carry JSON. */
#include "tests/fuzz/fuzz_extract.h"

#include <stdlib.h>

static const char *const names[] = { "__NEXT_DATA__", "window.X", "__next_f", "ld+json" };
#define NAMES (sizeof(names) / sizeof(*names))

static struct conf_page page[NAMES];
static struct conf_source source;
static struct conf conf;
static struct extractor *extractor;

void __lsan_disable(void) __attribute__((weak));
void __lsan_enable(void) __attribute__((weak));

static void tear_down(void)
{
	extractor_free(extractor);
}

static void set_up(void)
{
	for (size_t i = 0; i < NAMES; i++) {
		page[i] = (struct conf_page){ .name = STR("p"), .format = FORMAT_JSON };
		page[i].script = str_of(names[i]);
		page[i].items = fuzz_extract_sel(SEL_JQ, ".list[]?");
		fuzz_extract_field(&page[i], FIELD_ID, SEL_JQ, ".id");
		fuzz_extract_field(&page[i], FIELD_TITLE, SEL_JQ, ".title");
	}
	source = (struct conf_source){ .name = STR("shop"), .pages = page, .n_pages = NAMES };
	conf = (struct conf){ .sources = &source, .n_sources = 1 };
	extractor = extractor_new(&conf);
	must(!atexit(tear_down));
}

/* The first byte says by which name. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* libjq keeps a pointer to the end of its stack only, which counts as none */
	if (__lsan_disable)
		__lsan_disable();
	if (!extractor)
		set_up();
	if (size)
		fuzz_extract_run(extractor, &source, &page[data[0] % NAMES],
				 fuzz_text(data + 1, size - 1), STR("text/html; charset=utf-8"));
	if (__lsan_enable)
		__lsan_enable();
	return 0;
}
