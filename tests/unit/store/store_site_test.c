/* What is remembered of hosts and their robots.txt comes back as it was. */
#include "store_fixture.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)

static struct site_host host = {
	.host = { "a.example", 9 },
	.breaker = BREAKER_OPEN,
	.troubles = 4,
	.trouble = { "HTTP status 503", 15 },
	.trouble_ms = FX_NOW - 5,
	.asked_ms = FX_NOW - 7,
	.hold_ms = FX_NOW + 60000,
	.hold_asked = true,
	.delay_ms = 2000,
	.factor = 0.25,
	.factor_why = { "slow-down", 9 },
};
static struct site_robots robots = {
	.site = { "https://a.example", 17 },
	.known = true,
	.rules = true,
	.good_ms = FX_NOW,
	.until_ms = FX_NOW + DAY_MS,
	.asked_ms = FX_NOW,
	.ask_ms = FX_NOW + DAY_MS / 2,
	.why = { "HTTP status 200", 15 },
	.body = { "User-agent: *\nDisallow: /x%FF\n", 29 },
};

static void put(struct fx *f, struct site_host *h, struct site_robots *r, int64_t now_ms)
{
	struct write *w = fx_write(f, WRITE_SITE);

	w->site = h;
	w->robots = r;
	w->now_ms = now_ms;
	fx_ok(f, w);
}

static struct write recall(struct fx *f)
{
	struct write *w = fx_write(f, WRITE_RECALL);

	w->host = host.host;
	w->site_name = robots.site;
	fx_ok(f, w);
	return *w;
}

static void test_comes_back(void **state)
{
	struct write w = recall(*state);

	assert_null(w.site);
	assert_null(w.robots);
	put(*state, &host, &robots, FX_NOW);
	w = recall(*state);
	assert_non_null(w.site);
	assert_non_null(w.robots);
	assert_int_equal(w.site->breaker, BREAKER_OPEN);
	assert_int_equal(w.site->troubles, 4);
	assert_true(str_eq(w.site->trouble, host.trouble));
	assert_int_equal(w.site->hold_ms, host.hold_ms);
	assert_true(w.site->hold_asked);
	assert_int_equal(w.site->asked_ms, host.asked_ms);
	assert_int_equal(w.site->delay_ms, 2000);
	assert_true(w.site->factor == 0.25);
	assert_true(str_is(w.site->factor_why, "slow-down"));
	assert_true(w.robots->known && w.robots->rules);
	assert_int_equal(w.robots->until_ms, robots.until_ms);
	assert_int_equal(w.robots->ask_ms, robots.ask_ms);
	assert_true(str_eq(w.robots->body, robots.body));
}

/* A failure to ask again does not lose the rules that still count. */
static void test_body_is_kept(void **state)
{
	struct site_robots again = robots;
	struct write w;

	put(*state, &host, &robots, FX_NOW);
	again.failures = 1;
	again.body = (struct str){ 0 };
	put(*state, NULL, &again, FX_NOW + 1000);
	w = recall(*state);
	assert_int_equal(w.robots->failures, 1);
	assert_true(str_eq(w.robots->body, robots.body));
	again.known = again.rules = false;
	put(*state, NULL, &again, FX_NOW + 2000);
	w = recall(*state);
	assert_int_equal(w.robots->body.n, 0);
}

static void test_old_ones_go(void **state)
{
	struct site_robots other = robots;
	struct write w;

	put(*state, &host, &robots, FX_NOW);
	other.site = STR("https://b.example");
	put(*state, NULL, &other, FX_NOW + 29 * DAY_MS);
	w = recall(*state);
	assert_non_null(w.site);
	put(*state, NULL, &other, FX_NOW + 31 * DAY_MS);
	w = recall(*state);
	assert_null(w.site);
	assert_null(w.robots);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_comes_back, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_body_is_kept, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_old_ones_go, fx_setup_open, fx_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
