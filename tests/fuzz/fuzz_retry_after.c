/* A line: a Retry-After value; then a response head. */
#include "crawler/fetch.h"
#include "crawler/httphead.h"
#include "tests/fuzz/fuzz.h"

#define NOW_MS INT64_C(1750000000000)
#define YEAR_MS (INT64_C(365) * 24 * 3600 * 1000)

static void check_wait(int64_t ms)
{
	must(ms >= -1 && ms <= YEAR_MS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(FUZZ_ARENA);
	struct str head = fuzz_text(data, size), value = fuzz_line(&head), shown, found;

	check_wait(fetch_retry_after(value, NOW_MS));
	check_wait(httphead_retry_after(head, NOW_MS));
	found = httphead_value(head, STR("x-name"));
	must(!found.p || (found.p >= head.p && found.p + found.n <= head.p + head.n));
	shown = httphead_without_secrets(head, a);
	must(shown.n <= 2 * head.n + 64);
	found = httphead_value(shown, STR("cookie"));
	must(!found.p || str_is(found, "***"));
	found = httphead_value(shown, STR("x-api-key"));
	must(!found.p || str_is(found, "***"));
	must(str_eq(httphead_without_secrets(shown, a), shown));
	arena_free(a);
	return 0;
}
