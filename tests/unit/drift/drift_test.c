#include "drift_pages.h"

#include "base/mem.h"
#include "tests/long.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define PAGES_PER_ALARM 1e6

struct kind {
	const char *name;
	int per_page;
	bool mixed, known;
};
static const struct kind kinds[] = {
	{ "lists by category", 30, false, false },     { "searches", 40, true, false },
	{ "pages about one thing", 1, false, false },  { "lists, read again", 30, false, true },
	{ "things, looked at again", 1, false, true },
};
#define KINDS 5

/* Pages until an alarm; -1: none within `most`. */
static int until(struct drift *d, struct shop *s, enum fault f, int most, uint64_t *ret_news)
{
	struct arena *a = arena_new(8 << 10);
	struct drift_page *p = mem_zero(sizeof(*p));
	int n = -1;

	for (int i = 1; i <= most && n < 0; i++) {
		shop_page(s, f, p, a);
		*ret_news = drift_add(d, p, d->pages + 1, 0, PAGES_PER_ALARM);
		if (*ret_news)
			n = i;
	}
	mem_free(p);
	arena_free(a);
	return n;
}

/* ---- false alarms ---- */

static void no_alarm_in_ten_thousand_pages(void **state)
{
	struct drift *d = mem_zero(sizeof(*d));
	int alarms = 0;
	uint64_t news;

	(void)state;
	for (int run = 0; run < long_run(1, 3); run++) {
		for (int k = 0; k < KINDS; k++) {
			struct shop s = { .rng = { (uint64_t)run * 77 + 5 },
					  .per_page = kinds[k].per_page,
					  .mixed = kinds[k].mixed,
					  .known = kinds[k].known };
			int at;

			drift_reset(d, 1);
			at = until(d, &s, FAULT_NOTHING, 10000, &news);
			if (at > 0)
				printf("%s, run %d: alarm %llx at page %d\n", kinds[k].name, run,
				       (unsigned long long)news, at);
			alarms += at > 0;
		}
	}
	mem_free(d);
	assert_int_equal(alarms, 0);
}

/* The stated rate, where its assumption is all but used up: every fourth page is odd. */
static void rate_holds_at_the_edge(void **state)
{
	struct drift_look look = { .tests = 1u << DRIFT_BELOW_ALL | 1u << DRIFT_BELOW_TENTH };
	const double least = 4000; /* pages per alarm, and wealth of four bets */
	struct rng rng = { 9 };
	struct drift_ref r = { 0 };
	struct drift_bets b = { 0 };
	int alarms = 0, pages = 400000;

	(void)state;
	for (int i = 0; i < DRIFT_SAMPLE; i++)
		drift_ref_add(&r, 1 + rng_unit(&rng));
	drift_bets_set(&b, &r, &look);
	for (int i = 0; i < pages; i++) {
		double x = rng_unit(&rng) < b.p0[DRIFT_BELOW_ALL] ? 0 : 1.5;

		drift_bets_add(&b, &look, x);
		if (drift_bets_wealth(&b) / 4 < least)
			continue;
		alarms++;
		drift_bets_end(&b);
	}
	printf("a chance of %.3f at most is claimed and true: %d alarms in %d pages, %.0f are "
	       "allowed\n",
	       b.p0[DRIFT_BELOW_ALL], alarms, pages, pages / least);
	assert_true(alarms <= pages / least);
}

/* ---- delays ---- */

struct delay {
	enum fault fault;
	int most[KINDS]; /* pages at most; 0: cannot be seen in such pages; -1: as in those before */
};
static const struct delay delays[] = {
	{ FAULT_NO_LISTINGS, { 30, 30, 30, -1, -1 } },
	{ FAULT_HALF_THE_LISTINGS, { 30, 30, 0, -1, -1 } },
	{ FAULT_NO_PRICE, { 30, 30, 30, -1, -1 } },
	{ FAULT_HALF_THE_PRICES, { 30, 30, 0, -1, -1 } },
	{ FAULT_DEAR, { 30, 30, 40, -1, -1 } },
	{ FAULT_SAME_PRICE, { 30, 30, 0, -1, -1 } },
	{ FAULT_OTHER_CATEGORIES, { 30, 30, 30, 30, 30 } },
	{ FAULT_NO_CATEGORY, { 30, 30, 30, -1, -1 } },
	/* lists of just that category are as they were */
	{ FAULT_ONE_CATEGORY, { 0, 30, 0, 60, 60 } },
	{ FAULT_RENUMBERED, { 0, 0, 0, 30, 30 } },
	{ FAULT_REJECTED, { 30, 30, 0, -1, -1 } },
	{ FAULT_NO_LINKS, { 30, 30, 40, -1, -1 } },
	{ FAULT_NO_BRAND, { 40, 40, 0, -1, -1 } },
};
#define DELAYS (sizeof(delays) / sizeof(*delays))

#define RUNS 2 /* PIPED_LONG=1: 6 */

static const int learned[] = { 100, 300, 3000 };
#define LEARNED (sizeof(learned) / sizeof(*learned))

struct delays_seen {
	int sum, worst;
};

/* What normal pages taught is the same for every fault, so it is copied. */
static void see_delays(int k, size_t l, struct delays_seen (*ret)[KINDS][LEARNED])
{
	struct drift *taught = mem_zero(sizeof(*taught)), *d = mem_zero(sizeof(*d));
	uint64_t news;

	for (int run = 0; run < long_run(RUNS, 6); run++) {
		struct shop s = { .rng = { (uint64_t)run * 131 + 17 },
				  .per_page = kinds[k].per_page,
				  .mixed = kinds[k].mixed,
				  .known = kinds[k].known };

		drift_reset(taught, 1);
		assert_int_equal(until(taught, &s, FAULT_NOTHING, learned[l], &news), -1);
		for (size_t i = 0; i < DELAYS; i++) {
			struct delays_seen *seen = &ret[i][k][l];
			struct shop now = s;
			int n;

			if (delays[i].most[k] < 0)
				continue;
			*d = *taught;
			n = until(d, &now, delays[i].fault, 1000, &news);
			n = n < 0 ? 1000 : n;
			seen->sum += n;
			seen->worst = n > seen->worst ? n : seen->worst;
		}
	}
	mem_free(taught);
	mem_free(d);
}

static void changes_are_noticed(void **state)
{
	struct delays_seen seen[DELAYS][KINDS][LEARNED] = { 0 };

	(void)state;
	for (int k = 0; k < KINDS; k++)
		for (size_t l = 0; l < LEARNED; l++)
			see_delays(k, l, seen);
	for (size_t i = 0; i < DELAYS; i++) {
		printf("%s\n", fault_names[delays[i].fault]);
		for (size_t x = 0; x < KINDS * LEARNED; x++) {
			size_t k = x / LEARNED, l = x % LEARNED;
			int most = delays[i].most[k];

			if (most < 0)
				continue;
			printf("  %-22s after %4d pages: %3d pages on average, %3d at most%s\n",
			       kinds[k].name, learned[l], seen[i][k][l].sum / long_run(RUNS, 6),
			       seen[i][k][l].worst, most ? "" : " (not asked for)");
			if (most && learned[l] >= 300)
				assert_true(seen[i][k][l].worst <= most);
		}
	}
}

/* ---- the alarm ---- */

static void alarm_says_what_and_ends(void **state)
{
	struct shop s = { .rng = { 3 }, .per_page = 30, .mixed = true };
	struct drift *d = mem_zero(sizeof(*d));
	const struct drift_alarm *alarm = &d->watch[DRIFT_FILL + FIELD_PRICE].alarm;
	struct buf words;
	uint64_t news;
	int n;

	(void)state;
	drift_reset(d, 7);
	assert_int_equal(until(d, &s, FAULT_NOTHING, 500, &news), -1);
	n = until(d, &s, FAULT_NO_PRICE, 40, &news);
	assert_in_range(n, 1, 30);
	assert_int_equal(news, (uint64_t)1 << (DRIFT_FILL + FIELD_PRICE));
	assert_true(alarm->open);
	assert_int_equal(alarm->page, 501);
	assert_int_equal(alarm->side, -1);
	assert_int_equal(alarm->pages, n);
	buf_init(&words, 1000);
	drift_words(DRIFT_FILL + FIELD_PRICE, alarm->was, alarm->now, &words);
	assert_non_null(strstr(words.p, "price was filled in 99"));
	assert_non_null(strstr(words.p, "% of listings, now 0%"));
	buf_done(&words);
	/* it goes on, and is no news; then it is over */
	assert_int_equal(until(d, &s, FAULT_NO_PRICE, 200, &news), -1);
	n = until(d, &s, FAULT_NOTHING, 200, &news);
	assert_in_range(n, 10, 40);
	assert_false(alarm->open);
	assert_int_equal(until(d, &s, FAULT_NOTHING, 500, &news), -1);
	mem_free(d);
}

static void kept_text_goes_on(void **state)
{
	struct shop s = { .rng = { 4 }, .per_page = 20 }, again;
	struct drift *d = mem_zero(sizeof(*d)), *e = mem_zero(sizeof(*e));
	struct buf text, other;
	uint64_t news, x;

	(void)state;
	drift_reset(d, 0xfedcba9876543210u);
	until(d, &s, FAULT_NOTHING, 700, &news);
	until(d, &s, FAULT_NO_PRICE, 6, &news);
	buf_init(&text, DRIFT_TEXT_BYTES);
	buf_init(&other, DRIFT_TEXT_BYTES);
	drift_write(d, &text);
	assert_false(text.full);
	printf("%zu bytes in memory, %zu as text\n", sizeof(*d), text.n);
	assert_int_equal(drift_read(e, buf_str(&text)), ERR_OK);
	assert_int_equal(e->version, d->version);
	drift_write(e, &other);
	assert_true(str_eq(buf_str(&text), buf_str(&other)));
	again = s;
	assert_int_equal(until(d, &s, FAULT_NO_PRICE, 40, &news),
			 until(e, &again, FAULT_NO_PRICE, 40, &x));
	assert_int_equal(news, x);
	buf_done(&text);
	buf_done(&other);
	mem_free(d);
	mem_free(e);
}

static void other_text_is_none(void **state)
{
	static const char *const bad[] = {
		"",
		"drift 2 0000000000000000 1\n",
		"drift 1 00 1\n",
		"drift 1 0000000000000000 1\nwatch items 1 0\n",
		"drift 1 0000000000000000 1\nwatch items 999 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 "
		"0 "
		"0 0 0 0 0 0 0 0 0 0\n",
		"drift 1 0000000000000000 1\nforms 1 2\n",
		"drift 1 0000000000000000 1\nforms 1 2 3 4 5 -1\n",
		"drift 1 0000000000000000 1\nwhatever\n",
	};
	struct drift *d = mem_zero(sizeof(*d));

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(drift_read(d, str_of(bad[i])), ERR_BAD);
		assert_int_equal(d->pages, 0);
	}
	/* of a field that is no more */
	assert_int_equal(drift_read(d, STR("drift 1 0000000000000000 5\nwatch fill-smell 3\n")),
			 ERR_OK);
	assert_int_equal(d->pages, 5);
	mem_free(d);
}

static void sample_is_sorted_and_forgets(void **state)
{
	struct drift_ref r = { 0 };
	struct rng rng = { 1 };
	float last[DRIFT_SAMPLE];

	(void)state;
	for (int i = 0; i < 1000; i++) {
		double x = (double)rng_below(&rng, 50);

		last[i % DRIFT_SAMPLE] = (float)x;
		drift_ref_add(&r, x);
		for (int k = 1; k < r.n; k++)
			assert_true(r.sorted[k - 1] <= r.sorted[k]);
	}
	assert_int_equal(r.n, DRIFT_SAMPLE);
	for (int x = 0; x < 50; x++) {
		int below = 0, above = 0;

		for (int i = 0; i < DRIFT_SAMPLE; i++) {
			below += last[i] < (float)x;
			above += last[i] > (float)x;
		}
		assert_int_equal(drift_ref_below(&r, x), below);
		assert_int_equal(drift_ref_above(&r, x), above);
	}
	assert_true(drift_ref_most(0, 30) > 0.2 && drift_ref_most(0, 30) < 0.3);
	assert_true(drift_ref_most(12, 128) > 0.18 && drift_ref_most(12, 128) < 0.27);
	assert_true(drift_ref_most(5, 5) >= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sample_is_sorted_and_forgets),
		cmocka_unit_test(no_alarm_in_ten_thousand_pages),
		cmocka_unit_test(rate_holds_at_the_edge),
		cmocka_unit_test(changes_are_noticed),
		cmocka_unit_test(alarm_says_what_and_ends),
		cmocka_unit_test(kept_text_goes_on),
		cmocka_unit_test(other_text_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
