/* Lists parted until each fits its window: every listing is in exactly one of the lists
 * that are read, or is counted as out of reach; whatever the prices are. */
#include "base/mem.h"
#include "base/rng.h"
#include "crawler/expand.h"
#include "crawler/split.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define S(text)                                                                                    \
	{                                                                                          \
		text, sizeof(text) - 1                                                             \
	}
#define N(x) (int)(sizeof(x) / sizeof((x)[0]))
#define MOST 20000
#define SHOWN 100 /* on a page */

static struct arena *a;

static int setup(void **state)
{
	(void)state;
	a = arena_new(1 << 16);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

/* ---- cuts ---- */

static void cuts(void **state)
{
	static const struct {
		int64_t lo, hi, step, total, window;
		int n;
		int64_t prices[8];
		const char *want;
	} rows[] = {
		/* nothing is known: half the figure, then half the way */
		{ 0, 1000000, 1, 200, 100, 0, { 0 }, "1000 " },
		{ 100, 200, 1, 200, 100, 0, { 0 }, "150 " },
		{ 7, 8, 1, 200, 100, 0, { 0 }, "8 " },
		{ 0, 99, 50, 200, 100, 0, { 0 }, "50 " },
		{ -50, 50, 10, 200, 100, 0, { 0 }, "0 " },
		/* one step wide */
		{ 7, 7, 1, 200, 100, 0, { 0 }, "" },
		{ 0, 49, 50, 200, 100, 1, { 3 }, "" },
		/* as the prices are */
		{ 0, 1000, 1, 140, 100, 8, { 1, 2, 3, 4, 5, 6, 7, 8 }, "5 " },
		{ 0, 1000, 10, 140, 100, 8, { 1, 12, 23, 34, 45, 56, 67, 78 }, "40 " },
		/* a price of its own weight is cut on both sides */
		{ 0, 1000, 1, 140, 100, 8, { 1, 5, 5, 5, 5, 5, 5, 9 }, "5 6 " },
		{ 5, 1000, 1, 140, 100, 8, { 5, 5, 5, 5, 5, 5, 5, 5 }, "6 " },
		{ 0, 5, 1, 140, 100, 8, { 5, 5, 5, 5, 5, 5, 5, 5 }, "5 " },
	};

	(void)state;
	for (int i = 0; i < N(rows); i++) {
		int64_t at[SPLIT_BANDS];
		char got[256] = "";
		int n = split_cuts(rows[i].lo, rows[i].hi, rows[i].step, rows[i].total,
				   rows[i].window, rows[i].prices, rows[i].n, at);

		for (int k = 0; k < n; k++)
			snprintf(got + strlen(got), sizeof(got) - strlen(got), "%lld ",
				 (long long)at[k]);
		if (strcmp(got, rows[i].want) != 0)
			fail_msg("row %d: `%s`, not `%s`", i, got, rows[i].want);
	}
}

/* ---- a market ---- */

struct item {
	int64_t price; /* -1: none */
	int group, sub;
	int read; /* in so many lists that are read */
};

struct market {
	struct item items[MOST];
	int n, window;
	bool deaf; /* to prices */
	const struct conf_seed *seed;
	struct values *values;
	int lists, cut, pages;
};

/* What a list's variables ask for. */
struct asked {
	bool has_c, has_min, has_max;
	int64_t c, min, max;
};

static bool has(struct str vars, const char *name, int64_t *ret)
{
	struct str text;

	return expand_value(vars, str_of(name), a, &text) && str_i64(text, ret);
}

static struct asked asked_of(struct str vars)
{
	struct asked q = { 0 };

	q.has_c = has(vars, "c", &q.c);
	q.has_min = has(vars, "min", &q.min);
	q.has_max = has(vars, "max", &q.max);
	return q;
}

/* "c" is a group g, or one of its parts as 10 g + part; part 0 is the group's own. */
static bool fits(const struct market *m, const struct item *it, const struct asked *q)
{
	if (q->has_c && q->c != it->group && (!it->sub || q->c != it->group * 10 + it->sub))
		return false;
	if (m->deaf)
		return true;
	if (q->has_min && (it->price < 0 || it->price < q->min))
		return false;
	return !q->has_max || (it->price >= 0 && it->price <= q->max);
}

/* In order, or from the other end; items are in no order of prices. */
static int ask(struct market *m, struct str vars, bool read, int64_t *prices, struct split_in *in)
{
	const struct asked q = asked_of(vars);
	struct str order = { 0 };
	int total = 0, shown = 0;

	expand_value(vars, STR("order"), a, &order);
	for (int i = 0; i < m->n; i++) {
		struct item *it = &m->items[str_is(order, "down") ? m->n - 1 - i : i];

		if (!fits(m, it, &q))
			continue;
		total++;
		if (read && total <= m->window)
			it->read++;
		if (shown++ >= SHOWN)
			continue;
		if (it->price < 0)
			in->n_unpriced++;
		else
			prices[in->n_prices++] = it->price;
	}
	return total;
}

/* What is lost by the lists below, as part_add_up would have it. */
static int walk(struct market *m, struct str vars, struct part *parts, int *n, int64_t parent)
{
	int64_t prices[SHOWN], sum = 0;
	struct split_in in = { .seed = m->seed,
			       .values = m->values,
			       .vars = vars,
			       .window = m->window,
			       .prices = prices };
	struct split_out out;
	struct part *p = &parts[*n];
	int at = ++*n;

	assert_true(*n < MOST);
	in.total = ask(m, vars, false, prices, &in);
	split_run(&in, a, &out);
	*p = (struct part){ .job = at,
			    .parent = parent,
			    .total = in.total,
			    .window = m->window,
			    .says = out.says,
			    .covers = out.covers,
			    .parts = out.n_parts,
			    .own = out.own };
	m->lists++;
	if (out.says != PART_SPLIT) {
		m->cut += out.says == PART_CUT;
		m->pages +=
			in.total
				? (int)((in.total < m->window ? in.total : m->window) + SHOWN - 1) /
					  SHOWN
				: 1;
		assert_int_equal(out.says == PART_CUT, in.total > m->window);
		assert_int_equal(out.why.n > 0, out.says == PART_CUT);
		ask(m, vars, true, prices, &(struct split_in){ 0 });
		return (int)in.total;
	}
	m->pages++;
	assert_true(out.n_parts > 0);
	for (int i = 0; i < out.n_parts; i++)
		sum += walk(m, out.parts[i], parts, n, at);
	/* as the store does when the parts are in */
	if (out.covers == PART_ALL && sum < in.total)
		p->own = true;
	if (p->own)
		ask(m, vars, true, prices, &(struct split_in){ 0 });
	return (int)in.total;
}

static const struct conf_split by_price = {
	.min = S("min"), .max = S("max"), .to = 1000000000, .step = 1
};

static struct market *market_new(const struct conf_seed *seed, int n, int window)
{
	struct market *m = mem_zero(sizeof(*m));

	m->seed = seed;
	m->n = n;
	m->window = window;
	return m;
}

static int64_t price_of(struct rng *r, int shape)
{
	double u = rng_unit(r);

	switch (shape) {
	case 0: /* all alike */
		return (int64_t)rng_below(r, 1000000);
	case 1: /* as prices are: log-normal, round */
		return (int64_t)(exp(11 + 2 * (u + rng_unit(r) + rng_unit(r) - 1.5))) / 1000 * 1000;
	case 2: /* a few prices only */
		return (int64_t[]){ 0, 1, 10000, 10001, 999999999, 1000000000 }[rng_below(r, 6)];
	case 3: /* half at one price */
		return u < 0.5 ? 50000 : (int64_t)rng_below(r, 2000000);
	default: /* past the greatest that is told apart */
		return (int64_t)(u * 4e9);
	}
}

static void prices_tile(void **state)
{
	struct part *parts = mem_array(MOST, sizeof(*parts));
	const struct conf_seed seed = { .splits = (struct conf_split *)(uintptr_t)&by_price,
					.n_splits = 1 };
	struct rng r = { 42 };

	(void)state;
	for (int round = 0; round < 60; round++) {
		/* apart: compilers differ in which argument comes first */
		const int window = 20 + (int)rng_below(&r, 400);
		const int items = 500 + (int)rng_below(&r, 4000);
		struct market *m = market_new(&seed, items, window);
		int n = 0, unread = 0, twice = 0;
		struct part_sum sum;

		for (int i = 0; i < m->n; i++)
			m->items[i].price = price_of(&r, round % 5);
		walk(m, STR("page=0"), parts, &n, 0);
		for (int i = 0; i < m->n; i++) {
			unread += !m->items[i].read;
			twice += m->items[i].read > 1;
		}
		part_add_up(parts, n, &sum, NULL);
		assert_int_equal(twice, 0);
		assert_int_equal(sum.total, m->n);
		assert_int_equal(sum.unreachable, unread);
		assert_int_equal(sum.waiting, 0);
		/* only where one price has more than a window */
		if (round % 5 < 2)
			assert_int_equal(unread, 0);
		/* not many more lists than there are windows to fill */
		assert_in_range(m->lists, 1, 12 + 6 * m->n / m->window);
		mem_free(m);
		arena_reset(a);
	}
	mem_free(parts);
}

/* What has no price is read with the list that it is in. */
static void unpriced(void **state)
{
	struct part *parts = mem_array(MOST, sizeof(*parts));
	const struct conf_seed seed = { .splits = (struct conf_split *)(uintptr_t)&by_price,
					.n_splits = 1 };
	struct market *m = market_new(&seed, 1000, 300);
	struct rng r = { 1 };
	struct part_sum sum;
	int n = 0, unread = 0;

	(void)state;
	for (int i = 0; i < m->n; i++)
		m->items[i].price = i % 10 == 0 ? -1 : (int64_t)rng_below(&r, 100000);
	walk(m, STR(""), parts, &n, 0);
	for (int i = 0; i < m->n; i++) {
		if (m->items[i].price >= 0)
			assert_true(m->items[i].read > 0);
		unread += !m->items[i].read;
	}
	part_add_up(parts, n, &sum, NULL);
	assert_true(parts[0].own && unread > 0);
	assert_true(sum.unreachable >= unread);
	mem_free(m);
	mem_free(parts);
}

/* Groups, then prices, then both ends of what is left. */
static void several_ways(void **state)
{
	static const struct value found[] = {
		{ S("group"), S("1"), S("") },
		{ S("group"), S("2"), S("") },
		{ S("group"), S("11"), S("1") },
		{ S("group"), S("12"), S("1") },
	};
	static struct str orders[] = { S("up"), S("down") };
	struct conf_split splits[] = {
		{ .var = { .name = S("c"), .found = S("group") } },
		by_price,
		{ .var = { .name = S("order"), .values = orders, .n = 2 }, .covers = PART_ENDS },
	};
	const struct conf_seed seed = { .splits = splits, .n_splits = N(splits) };
	struct part *parts = mem_array(MOST, sizeof(*parts));
	struct rng r = { 9 };

	(void)state;
	for (int round = 0; round < 20; round++) {
		struct market *m = market_new(&seed, 3000, 100 + round * 20);
		int n = 0, unread = 0;
		struct part_sum sum;

		m->values = values_new(found, N(found));
		for (int i = 0; i < m->n; i++)
			m->items[i] = (struct item){
				.group = 1 + (int)rng_below(&r, 2),
				.sub = (int)rng_below(&r, 3),
				.price = rng_unit(&r) < 0.2 ? 777 : (int64_t)rng_below(&r, 90000)
			};
		for (int i = 0; i < m->n; i++)
			if (m->items[i].group == 1 && !m->items[i].sub)
				m->items[i].sub = 1;
		walk(m, STR(""), parts, &n, 0);
		for (int i = 0; i < m->n; i++)
			unread += !m->items[i].read;
		part_add_up(parts, n, &sum, NULL);
		assert_int_equal(sum.unreachable, unread);
		values_free(m->values);
		mem_free(m);
		arena_reset(a);
	}
	mem_free(parts);
}

/* An interface that does not heed the prices would be asked for ever. */
static void deaf(void **state)
{
	struct part *parts = mem_array(MOST, sizeof(*parts));
	const struct conf_seed seed = { .splits = (struct conf_split *)(uintptr_t)&by_price,
					.n_splits = 1 };
	struct market *m = market_new(&seed, 2000, 300);
	struct rng r = { 5 };
	int n = 0;

	(void)state;
	m->deaf = true;
	for (int i = 0; i < m->n; i++)
		m->items[i].price = (int64_t)rng_below(&r, 1000000);
	walk(m, STR(""), parts, &n, 0);
	assert_in_range(m->lists, 2, SPLIT_BANDS + 1);
	assert_int_equal(m->cut, m->lists - 1);
	mem_free(m);
	mem_free(parts);
}

static void no_way(void **state)
{
	const struct conf_seed seed = { 0 };
	struct split_in in = { .seed = &seed, .vars = STR(""), .total = 10, .window = 10 };
	struct split_out out;

	(void)state;
	split_run(&in, a, &out);
	assert_int_equal(out.says, PART_FITS);
	in.total = 11;
	split_run(&in, a, &out);
	assert_int_equal(out.says, PART_CUT);
	assert_int_equal(out.n_parts, 0);
}

/* A seed's own value is read by the list itself. */
static void own_value(void **state)
{
	static struct str orders[] = { S("date"), S("score") };
	struct conf_split split = { .var = { .name = S("order"), .values = orders, .n = 2 },
				    .covers = PART_ENDS };
	struct conf_var own = { .name = S("order"), .values = orders, .n = 1 };
	const struct conf_seed seed = {
		.splits = &split, .n_splits = 1, .vars = &own, .n_vars = 1
	};
	struct split_in in = {
		.seed = &seed, .vars = STR("order=date"), .total = 11, .window = 10
	};
	struct split_out out;

	(void)state;
	split_run(&in, a, &out);
	assert_int_equal(out.says, PART_SPLIT);
	assert_true(out.own && out.n_parts == 1 && str_is(out.parts[0], "order=score"));
	in.vars = STR("order=score");
	split_run(&in, a, &out);
	assert_int_equal(out.says, PART_CUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(cuts, setup, teardown),
		cmocka_unit_test_setup_teardown(prices_tile, setup, teardown),
		cmocka_unit_test_setup_teardown(unpriced, setup, teardown),
		cmocka_unit_test_setup_teardown(several_ways, setup, teardown),
		cmocka_unit_test_setup_teardown(deaf, setup, teardown),
		cmocka_unit_test_setup_teardown(no_way, setup, teardown),
		cmocka_unit_test_setup_teardown(own_value, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
