#include "crawler/robots_cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define N(x) (int)(sizeof(x) / sizeof((x)[0]))
#define NOW INT64_C(1750000000000)
#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)

static struct robots_cache_answer status(int code)
{
	return (struct robots_cache_answer){
		.end = FETCH_ANSWER, .status = code, .retry_after_ms = -1, .max_age_ms = -1
	};
}

static struct robots_cache_answer ended(enum fetch_end end, int redirects)
{
	return (struct robots_cache_answer){ .end = end,
					     .status = redirects ? 302 : 0,
					     .redirects = redirects,
					     .retry_after_ms = -1,
					     .max_age_ms = -1,
					     .why = "for a reason" };
}

static enum robots_cache_state at(const struct robots_cache *c, int64_t now_ms)
{
	int64_t until;

	return robots_cache_at(c, now_ms, &until);
}

static void what_answers_mean(void **state)
{
	static const struct {
		int status; /* 0: it ended otherwise */
		enum fetch_end end;
		int redirects;
		enum robots_cache_state state;
	} rows[] = {
		{ 200, 0, 0, ROBOTS_CACHE_RULES },
		{ 204, 0, 0, ROBOTS_CACHE_RULES },
		{ 300, 0, 0, ROBOTS_CACHE_ALLOW },
		{ 304, 0, 0, ROBOTS_CACHE_DISALLOW }, /* we had nothing */
		{ 400, 0, 0, ROBOTS_CACHE_ALLOW },
		{ 401, 0, 0, ROBOTS_CACHE_ALLOW },
		{ 403, 0, 0, ROBOTS_CACHE_ALLOW },
		{ 404, 0, 0, ROBOTS_CACHE_ALLOW },
		{ 410, 0, 0, ROBOTS_CACHE_ALLOW },
		{ 499, 0, 0, ROBOTS_CACHE_ALLOW },
		{ 429, 0, 0, ROBOTS_CACHE_DISALLOW },
		{ 500, 0, 0, ROBOTS_CACHE_DISALLOW },
		{ 503, 0, 0, ROBOTS_CACHE_DISALLOW },
		{ 599, 0, 0, ROBOTS_CACHE_DISALLOW },
		{ 100, 0, 0, ROBOTS_CACHE_DISALLOW },
		{ 999, 0, 0, ROBOTS_CACHE_DISALLOW },
		{ 0, FETCH_UNREACHABLE, 0, ROBOTS_CACHE_DISALLOW },
		{ 0, FETCH_TIMEOUT, 0, ROBOTS_CACHE_DISALLOW },
		{ 0, FETCH_CUT, 0, ROBOTS_CACHE_DISALLOW },
		{ 0, FETCH_TOO_BIG, 0, ROBOTS_CACHE_DISALLOW },
		{ 0, FETCH_REDIRECTS, 5, ROBOTS_CACHE_ALLOW },
		{ 0, FETCH_REDIRECTS, 1, ROBOTS_CACHE_DISALLOW },
		{ 0, FETCH_CANCELLED, 0, ROBOTS_CACHE_UNKNOWN },
	};

	(void)state;
	for (int i = 0; i < N(rows); i++) {
		struct robots_cache_answer a = rows[i].status
						       ? status(rows[i].status)
						       : ended(rows[i].end, rows[i].redirects);
		struct robots_cache c = { 0 };
		bool body = robots_cache_answered(&c, &a, NOW);

		if (at(&c, NOW) != rows[i].state || body != (rows[i].state == ROBOTS_CACHE_RULES))
			fail_msg("%d %s: %s", rows[i].status, fetch_end_name(a.end),
				 robots_cache_name(at(&c, NOW)));
	}
}

static void counts_for_a_day(void **state)
{
	static const struct {
		int64_t max_age_ms, lasts_ms;
	} rows[] = {
		{ -1, 24 * HOUR },	  { 0, 10 * MINUTE },	    { 2 * HOUR, 2 * HOUR },
		{ 25 * HOUR, 24 * HOUR }, { INT64_MAX, 24 * HOUR },
	};
	int64_t until;

	(void)state;
	for (int i = 0; i < N(rows); i++) {
		struct robots_cache_answer a = status(200);
		struct robots_cache c = { 0 };

		assert_true(robots_cache_wants(&c, NOW));
		assert_int_equal(at(&c, NOW), ROBOTS_CACHE_UNKNOWN);
		a.max_age_ms = rows[i].max_age_ms;
		assert_true(robots_cache_answered(&c, &a, NOW));
		assert_string_equal(c.why, "HTTP status 200");
		assert_false(robots_cache_wants(&c, NOW + rows[i].lasts_ms / 2));
		assert_true(robots_cache_wants(&c, NOW + rows[i].lasts_ms * 3 / 4));
		assert_int_equal(robots_cache_at(&c, NOW + rows[i].lasts_ms - 1, &until),
				 ROBOTS_CACHE_RULES);
		assert_int_equal(until, NOW + rows[i].lasts_ms);
		assert_int_equal(robots_cache_at(&c, until, &until), ROBOTS_CACHE_UNKNOWN);
		assert_int_equal(until, 0);
	}
}

static void asks_again(void **state)
{
	static const int64_t minutes[] = { 1, 2, 4, 8, 16, 32, 60, 60 };
	struct robots_cache_answer a = ended(FETCH_UNREACHABLE, 0);
	struct robots_cache c = { 0 };
	int64_t now = NOW;

	(void)state;
	for (int i = 0; i < N(minutes); i++) {
		assert_false(robots_cache_answered(&c, &a, now));
		assert_string_equal(c.why, "unreachable: for a reason");
		assert_false(robots_cache_wants(&c, now + minutes[i] * MINUTE - 1));
		assert_true(robots_cache_wants(&c, now + minutes[i] * MINUTE));
		now += minutes[i] * MINUTE;
		assert_int_equal(at(&c, now), ROBOTS_CACHE_DISALLOW);
	}
	/* as the host says, within reason */
	a = status(503);
	a.retry_after_ms = 5 * HOUR;
	robots_cache_answered(&c, &a, now);
	assert_int_equal(c.ask_ms, now + 5 * HOUR);
	a.retry_after_ms = 500 * HOUR;
	robots_cache_answered(&c, &a, now);
	assert_int_equal(c.ask_ms, now + 24 * HOUR);
	a.retry_after_ms = 0;
	robots_cache_answered(&c, &a, now);
	assert_int_equal(c.ask_ms, now + HOUR);
	/* and all is well again */
	a = status(404);
	robots_cache_answered(&c, &a, now);
	assert_int_equal(at(&c, now), ROBOTS_CACHE_ALLOW);
	assert_int_equal(c.failures, 0);
}

/* Trouble does not undo what is known, but does not make it last longer. */
static void trouble_after_rules(void **state)
{
	struct robots_cache_answer good = status(200), bad = status(500), same = status(304);
	struct robots_cache c = { 0 };

	(void)state;
	robots_cache_answered(&c, &good, NOW);
	assert_false(robots_cache_answered(&c, &bad, NOW + 20 * HOUR));
	assert_int_equal(at(&c, NOW + 20 * HOUR), ROBOTS_CACHE_RULES);
	assert_int_equal(c.ask_ms, NOW + 20 * HOUR + MINUTE);
	assert_int_equal(at(&c, NOW + 24 * HOUR), ROBOTS_CACHE_DISALLOW);
	/* not modified: the body we had, for another day */
	assert_false(robots_cache_answered(&c, &same, NOW + 30 * HOUR));
	assert_int_equal(at(&c, NOW + 53 * HOUR), ROBOTS_CACHE_RULES);
	assert_int_equal(at(&c, NOW + 54 * HOUR), ROBOTS_CACHE_UNKNOWN);
}

static void clock_set_back(void **state)
{
	struct robots_cache_answer good = status(404), bad = status(500);
	struct robots_cache c = { 0 };

	(void)state;
	robots_cache_answered(&c, &good, NOW);
	assert_int_equal(at(&c, NOW - HOUR), ROBOTS_CACHE_UNKNOWN);
	assert_true(robots_cache_wants(&c, NOW - HOUR));
	robots_cache_answered(&c, &bad, NOW - HOUR);
	assert_int_equal(at(&c, NOW - HOUR), ROBOTS_CACHE_DISALLOW);
	assert_false(robots_cache_wants(&c, NOW - HOUR));
}

/* As it was, unless its time is over or the clock is another. */
static void is_remembered(void **state)
{
	struct robots_cache_answer good = status(200), bad = status(503);
	struct robots_cache c = { 0 }, back = { 0 };
	struct site_robots s;

	(void)state;
	robots_cache_answered(&c, &good, NOW);
	robots_cache_answered(&c, &bad, NOW + 20 * HOUR);
	robots_cache_save(&c, &s);
	s.body = STR("User-agent: *\n");
	assert_int_equal(robots_cache_recall(&back, &s, NOW + 21 * HOUR), ROBOTS_CACHE_RULES);
	assert_int_equal(back.until_ms, c.until_ms);
	assert_int_equal(back.ask_ms, c.ask_ms);
	assert_int_equal(back.failures, 1);
	assert_string_equal(back.why, c.why);
	/* rules that cannot be read count for nothing */
	s.body = (struct str){ 0 };
	assert_int_equal(robots_cache_recall(&back, &s, NOW + 20 * HOUR), ROBOTS_CACHE_UNKNOWN);
	assert_int_equal(at(&back, NOW + 20 * HOUR), ROBOTS_CACHE_DISALLOW);
	s.body = STR("#\n");
	back = (struct robots_cache){ 0 };
	assert_int_equal(robots_cache_recall(&back, &s, NOW - HOUR), ROBOTS_CACHE_UNKNOWN);
	assert_true(robots_cache_wants(&back, NOW - HOUR));
	assert_int_equal(robots_cache_recall(&back, &s, NOW + 25 * HOUR), ROBOTS_CACHE_UNKNOWN);
	assert_true(robots_cache_wants(&back, NOW + 25 * HOUR));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_answers_mean), cmocka_unit_test(counts_for_a_day),
		cmocka_unit_test(asks_again),	     cmocka_unit_test(trouble_after_rules),
		cmocka_unit_test(clock_set_back),    cmocka_unit_test(is_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
