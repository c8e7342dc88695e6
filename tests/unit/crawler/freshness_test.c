#include "crawler/freshness.h"
#include "crawler/httpdate.h"
#include "crawler/httphead.h"
#include "crawler/revisit.h"

#include "base/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define NOW_MS INT64_C(1740000000000) /* Wed, 19 Feb 2025 21:20:00 GMT */
#define HOUR INT64_C(3600000)

static void dates(void **state)
{
	static const struct {
		const char *text;
		int64_t ms; /* -1: no date */
	} rows[] = {
		{ "Sun, 06 Nov 1994 08:49:37 GMT", 784111777000 },
		{ "Sunday, 06-Nov-94 08:49:37 GMT", 784111777000 },
		{ "Sun Nov  6 08:49:37 1994", 784111777000 },
		{ "Thu, 01 Jan 1970 00:00:00 GMT", 0 },
		{ "Thu, 29 Feb 2024 23:59:60 GMT", 1709251199000 },
		{ "Monday, 01-Jan-75 00:00:00 GMT", 3313526400000 },
		{ "Monday, 01-Jan-76 00:00:00 GMT", 189302400000 },
		{ "Sat, 31 Dec 9999 23:59:59 GMT", 253402300799000 },
		{ "Wed, 29 Feb 2023 00:00:00 GMT", -1 },
		{ "Wed, 00 Feb 2023 00:00:00 GMT", -1 },
		{ "Wed, 01 Feb 0000 00:00:00 GMT", -1 },
		{ "Wed, 01 Feb 2023 24:00:00 GMT", -1 },
		{ "Wed, 01 Feb 2023 00:00:00", -1 },
		{ "Wed, 01 Feb 2023 00:00:00 GMT+1", -1 },
		{ "Wed, -1 Feb 2023 00:00:00 GMT", -1 },
		{ "0", -1 },
		{ "", -1 },
	};
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ms = -1;
		assert_int_equal(httpdate_parse(str_of(rows[i].text), NOW_MS, &ms),
				 rows[i].ms >= 0);
		if (ms != rows[i].ms)
			fail_msg("%s: %lld", rows[i].text, (long long)ms);
	}
}

static void headers(void **state)
{
	struct str head = STR("HTTP/1.1 200 Time: now\r\nA: 1\r\n: 2\r\nB:\r\nnothing\r\nC: a:b\r\n"
			      "\r\n");
	struct str name, value;

	(void)state;
	assert_true(httphead_next(&head, &name, &value));
	assert_true(str_is(name, "A") && str_is(value, "1"));
	assert_true(httphead_next(&head, &name, &value));
	assert_true(str_is(name, "B") && value.n == 0);
	assert_true(httphead_next(&head, &name, &value));
	assert_true(str_is(name, "C") && str_is(value, "a:b"));
	assert_false(httphead_next(&head, &name, &value));
}

static struct freshness read_head(const char *head)
{
	struct freshness f;

	freshness_read(str_of(head), 200, NOW_MS, &f);
	return f;
}

static void validators(void **state)
{
	static const char *const kept[] = { "\"a\"", "W/\"a\"", "w/\"a\"", "a", "\"a\xc3\xbc\"" };
	char head[2048];
	struct freshness f;

	(void)state;
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		snprintf(head, sizeof(head), "HTTP/1.1 200 OK\r\neTag:  %s \r\n\r\n", kept[i]);
		f = read_head(head);
		assert_true(str_is(f.etag, kept[i]));
		assert_null(f.last_modified.p);
	}
	snprintf(head, sizeof(head), "HTTP/1.1 200 OK\r\nETag: \"%600d\"\r\nETag: \"b\"\r\n\r\n",
		 1);
	f = read_head(head);
	assert_true(str_is(f.etag, "\"b\""));
	f = read_head("HTTP/1.1 200 OK\r\nETag: \"a\tb\"\r\nLast-Modified: soon\r\n\r\n");
	assert_null(f.etag.p);
	assert_true(str_is(f.last_modified, "soon"));
	assert_int_equal(f.guess_ms, 0);
}

static void confirmed(void **state)
{
	static const struct {
		const char *held, *came;
		bool same;
	} rows[] = {
		{ "\"a\"", "\"a\"", true },   { "W/\"a\"", "\"a\"", true },
		{ "\"a\"", "W/\"a\"", true }, { "\"a\"", "\"b\"", false },
		{ "\"a\"", NULL, true },      { NULL, "\"a\"", true },
		{ "\"a\"", "a", false },
	};
	struct freshness f = { .max_age_ms = -1 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		f.etag = str_of(rows[i].came);
		assert_int_equal(freshness_confirms(str_of(rows[i].held), &f), rows[i].same);
	}
}

/* What a 304 leaves out stays as it was; lifetimes count from the 304. */
static void updated(void **state)
{
	struct freshness f = read_head("HTTP/1.1 200 OK\r\nETag: W/\"a\"\r\nAge: 50\r\n"
				       "Cache-Control: max-age=60\r\nLast-Modified: x\r\n\r\n"),
			 n;

	(void)state;
	assert_int_equal(freshness_left_ms(&f), 10000);
	n = read_head("HTTP/1.1 304 Not Modified\r\n\r\n");
	freshness_update(&f, &n);
	assert_int_equal(freshness_left_ms(&f), 60000);
	assert_true(str_is(f.etag, "W/\"a\"") && str_is(f.last_modified, "x"));
	n = read_head(
		"HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\nCache-Control: no-cache\r\n\r\n");
	freshness_update(&f, &n);
	assert_int_equal(freshness_left_ms(&f), 0);
	assert_true(str_is(f.etag, "\"a\"") && str_is(f.last_modified, "x"));
}

static const struct conf_page daily = { .revisit_ms = 24 * HOUR,
					.revisit_min_ms = HOUR,
					.revisit_max_ms = 100 * HOUR };

static void intervals(void **state)
{
	int64_t ms = revisit_interval_ms(&daily, 0, true);
	struct conf_page sold = daily;

	(void)state;
	assert_int_equal(ms, 24 * HOUR);
	assert_int_equal(revisit_interval_ms(&daily, ms, false), 36 * HOUR);
	assert_int_equal(revisit_interval_ms(&daily, ms, true), 12 * HOUR);
	for (int i = 0; i < 10; i++)
		ms = revisit_interval_ms(&daily, ms, false);
	assert_int_equal(ms, 100 * HOUR);
	for (int i = 0; i < 10; i++)
		ms = revisit_interval_ms(&daily, ms, true);
	assert_int_equal(ms, HOUR);
	/* an interval for what is sold may be past the bound, and stays */
	sold.revisit_sold_ms = 500 * HOUR;
	assert_int_equal(revisit_interval_ms(&sold, 500 * HOUR, false), 500 * HOUR);
	assert_int_equal(revisit_interval_ms(&sold, 500 * HOUR, true), 100 * HOUR);
	assert_int_equal(revisit_interval_ms(&daily, 500 * HOUR, false), 100 * HOUR);
	/* what holds longer is asked later, not earlier, and not past the bound */
	assert_int_equal(revisit_due_ms(&daily, 5 * HOUR, HOUR, NOW_MS), NOW_MS + 5 * HOUR);
	assert_int_equal(revisit_due_ms(&daily, 5 * HOUR, 9 * HOUR, NOW_MS), NOW_MS + 9 * HOUR);
	assert_int_equal(revisit_due_ms(&daily, 5 * HOUR, 999 * HOUR, NOW_MS), NOW_MS + 100 * HOUR);
	assert_int_equal(revisit_priority(1, LISTING_SELLING), 8);
	assert_int_equal(revisit_priority(9, LISTING_SELLING), 9);
	assert_int_equal(revisit_priority(1, LISTING_SOLD), 9);
}

/* Pages that change at random, each at its own rate: the share of visits that find
 * a change is what the header says, whatever the rate. */
static void settles(void **state)
{
	static const double mean_hours[] = { 6, 24, 100 };
	struct conf_page p = { .revisit_ms = 24 * HOUR,
			       .revisit_min_ms = 1,
			       .revisit_max_ms = INT64_C(10000) * HOUR };
	struct rng rng = { 5 };

	(void)state;
	for (size_t i = 0; i < sizeof(mean_hours) / sizeof(mean_hours[0]); i++) {
		double hours = 0, share;
		int64_t ms = p.revisit_ms;
		int found = 0, visits = 20000;

		for (int k = 0; k < visits; k++) {
			double gap = (double)ms / (double)HOUR;
			bool changed = rng_unit(&rng) < 1 - exp(-gap / mean_hours[i]);

			hours += gap;
			found += changed;
			ms = revisit_interval_ms(&p, ms, changed);
		}
		share = (double)found / visits;
		assert_true(share > 0.35 && share < 0.39);
		/* some hold is lost to the swing around the mean */
		assert_true(hours / visits > 0.4 * mean_hours[i]);
		assert_true(hours / visits < 0.75 * mean_hours[i]);
	}
}

static void versions(void **state)
{
	struct conf_header h[] = { { STR("Accept"), STR("a") }, { STR("Cookie"), STR("b") } };
	struct conf_source s = { .headers = h, .n_headers = 2 };
	struct conf_page p = { .version = 7 };
	uint64_t was = revisit_version(&s, &p, STR("me"));

	(void)state;
	assert_true(was == revisit_version(&s, &p, STR("me")));
	assert_true(was != revisit_version(&s, &p, STR("you")));
	s.n_headers = 1;
	assert_true(was != revisit_version(&s, &p, STR("me")));
	s.n_headers = 2;
	h[1].value = STR("c");
	assert_true(was != revisit_version(&s, &p, STR("me")));
	h[1].value = STR("b");
	p.version = 8;
	assert_true(was != revisit_version(&s, &p, STR("me")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates),      cmocka_unit_test(headers),
		cmocka_unit_test(validators), cmocka_unit_test(confirmed),
		cmocka_unit_test(updated),    cmocka_unit_test(intervals),
		cmocka_unit_test(settles),    cmocka_unit_test(versions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
