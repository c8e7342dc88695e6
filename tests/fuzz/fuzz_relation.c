/* A line: a relation; the rest: the head of a response. */
#include "extractor/extract_relation.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str head = fuzz_text(data, size), rel = fuzz_line(&head), found;

	found = extract_relation_header(head, rel);
	must(!found.n || (found.p >= head.p && found.p + found.n <= head.p + head.n));
	must(str_find_char(found, '>') < 0);
	return 0;
}
