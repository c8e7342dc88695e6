/* Whatever a page is, without what no selector looks at it parses to the same tree. */
#include "tests/fuzz/fuzz.h"
#include "tests/unit/extractor/extract_same.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str html = { (const char *)data, n };
	size_t left = 0;

	must(same_trimmed(html, &left));
	return 0;
}
