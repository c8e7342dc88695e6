/* Whatever a page is, without what no selector looks at it parses to the same tree, and
 * selectors find the same in it as in the whole. */
#include "tests/fuzz/fuzz.h"
#include "tests/unit/extractor/extract_make.h"
#include "tests/unit/extractor/extract_same.h"

/* Some of them, as the first byte says. */
static const char *const selectors[] = {
	"a::attr(href)",
	".a::text",
	"li.a",
	"p::text",
	"div > p.b",
	"td.a",
	"#i",
	"h1::text",
	"a[href^='/x']",
	"ul + p::text",
	"li:nth-child(2)",
	"title::text",
	"[class~=b] b",
	"*::attr(class)",
};
#define SELECTORS (sizeof(selectors) / sizeof(*selectors))

static struct extract_xpath *compiled[SELECTORS];
static struct extract_heap *heap;

static void compile(void)
{
	struct reason why;

	heap = extract_heap_new();
	for (size_t i = 0; i < SELECTORS; i++) {
		struct conf_sel sel = sel_of(SEL_CSS, selectors[i]);

		must(!extract_xpath_new(&sel, &compiled[i], &why));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str html = { (const char *)data, n };
	struct extract_xpath *some[3];
	size_t left = 0;

	if (!heap)
		compile();
	must(same_trimmed(html, &left));
	if (!n)
		return 0;
	for (size_t i = 0; i < 3; i++)
		some[i] = compiled[(data[0] + i * i * 5) % SELECTORS];
	must(same_found(heap, str_sub(html, 1, html.n), some, 1 + data[0] % 3, NULL, &left));
	return 0;
}
