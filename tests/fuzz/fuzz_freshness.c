/* The head of an answer as a cache reads it, and a 304 after it. */
#include "base/must.h"
#include "crawler/freshness.h"
#include "crawler/httpdate.h"
#include "tests/fuzz/fuzz.h"

#define NOW_MS INT64_C(1740000000000)
#define YEAR_MS (INT64_C(365) * 86400000)

static void check(const struct freshness *f)
{
	int64_t left = freshness_left_ms(f);

	must(left >= 0 && left <= YEAR_MS);
	must(f->etag.n <= FRESHNESS_VALIDATOR_MOST);
	must(f->last_modified.n <= FRESHNESS_VALIDATOR_MOST);
	must(f->age_ms >= 0 && f->guess_ms >= 0);
}

/* The first half is an answer, the second a 304. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str all = { (const char *)data, size };
	struct freshness f, later;
	int64_t ms;

	freshness_read(str_sub(all, 0, size / 2), 200, NOW_MS, &f);
	check(&f);
	freshness_read(str_sub(all, size / 2, size), 304, NOW_MS, &later);
	check(&later);
	if (freshness_confirms(f.etag, &later))
		freshness_update(&f, &later);
	check(&f);
	if (httpdate_parse(all, NOW_MS, &ms))
		must(ms > -63000000000000 && ms < 254000000000000);
	return 0;
}
