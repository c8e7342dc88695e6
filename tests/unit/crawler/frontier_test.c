/* The frontier against a toy database and a clock of our own: rates, turns,
 * pauses, and why a host is not being asked. */
#include "crawler/frontier.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* STR() is no constant. */
#define S(text)                                                                                    \
	{                                                                                          \
		text, sizeof(text) - 1                                                             \
	}
#define N(x) (int)(sizeof(x) / sizeof((x)[0]))
#define T0 ((int64_t)1700000000000)

enum { HOSTS = 6, STARTS = 200000 };

static struct str host_names[HOSTS] = { S("a"), S("b"), S("c"), S("d"), S("e"), S("f") };
static struct str other_hosts[] = { S("a") };
static struct conf_source sources[] = {
	{ .name = S("shop"), .enabled = true, .hosts = host_names, .n_hosts = HOSTS },
	{ .name = S("other"), .enabled = true, .hosts = other_hosts, .n_hosts = 1 },
};
static struct conf_host own[1];
static struct conf conf;

/* A job of the toy database. */
struct row {
	struct job job;
	bool done;
};

static struct {
	struct row *rows;
	size_t n, room;
	struct frontier *f;
	int64_t now_ms;
	int64_t latency_ms[HOSTS];
	const char *address[HOSTS];
	/* requests that run */
	struct {
		int64_t id, ends_ms;
		int host;
	} run[64];
	int running, running_of[HOSTS], most_running, most_running_of[HOSTS];
	/* requests that were started */
	struct {
		int64_t at_ms, id;
		int host;
	} start[STARTS];
	int starts;
	int queries;
} w;

static void put(const char *source, int host, int64_t due_ms, int priority)
{
	mem_grow(&w.rows, &w.room, w.n + 1, sizeof(struct row));
	w.rows[w.n] = (struct row){ .job = { .id = (int64_t)w.n + 1,
					     .source = str_of(source),
					     .host = host_names[host],
					     .url = STR("http://x/"),
					     .due_ms = due_ms,
					     .priority = priority } };
	w.n++;
}

static void puts_jobs(const char *source, int host, int n)
{
	for (int i = 0; i < n; i++)
		put(source, host, T0, 5);
	frontier_host(w.f, str_of(source), host_names[host], T0, n);
}

static int setup(void **state)
{
	(void)state;
	conf = (struct conf){ .sources = sources,
			      .n_sources = N(sources),
			      .hosts = own,
			      .concurrency = 16,
			      .backoff_first_ms = 1000,
			      .backoff_max_ms = 60000,
			      .salt = STR("salt") };
	own[0] = (struct conf_host){ 0 };
	for (int i = 0; i < N(sources); i++) {
		sources[i].rate = 1;
		sources[i].concurrency = 2;
		sources[i].enabled = true;
		sources[i].n_hosts = i ? 1 : HOSTS;
	}
	memset(&w, 0, sizeof(w));
	w.now_ms = T0;
	w.f = frontier_new(&conf);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	frontier_free(w.f);
	mem_free(w.rows);
	return 0;
}

static bool skipped(int64_t id, const int64_t *skip, int n)
{
	for (int i = 0; i < n; i++)
		if (skip[i] == id)
			return true;
	return false;
}

static int64_t next_due(struct str source, struct str host)
{
	int64_t ms = JOB_NEVER;

	for (size_t i = 0; i < w.n; i++)
		if (!w.rows[i].done && w.rows[i].job.due_ms > w.now_ms &&
		    w.rows[i].job.due_ms < ms && str_eq(w.rows[i].job.host, host) &&
		    str_eq(w.rows[i].job.source, source))
			ms = w.rows[i].job.due_ms;
	return ms;
}

/* The sources' hosts are not listed: news of them come from the test. */
static void look(void)
{
	struct frontier_look l;

	while (frontier_look(w.f, w.now_ms, &l))
		frontier_look_answer(w.f, NULL, 0, JOB_NEVER);
}

/* Answers all that the frontier wants. */
static void feed(void)
{
	const int64_t *skip;
	struct job found[256];
	struct str source, host;
	int most, n_skip, n;

	look();
	while (frontier_wants(w.f, w.now_ms, &source, &host, &most, &skip, &n_skip)) {
		assert_true(most > 0 && most <= N(found));
		n = 0;
		for (size_t i = 0; i < w.n && n < most; i++) {
			const struct row *r = &w.rows[i];

			if (!r->done && r->job.due_ms <= w.now_ms && str_eq(r->job.host, host) &&
			    str_eq(r->job.source, source) && !skipped(r->job.id, skip, n_skip))
				found[n++] = r->job;
		}
		frontier_fill(w.f, source, host, found, n, next_due(source, host));
		w.queries++;
	}
}

static int host_of(const struct job *j)
{
	return j->host.p[0] - 'a';
}

/* Starts what may start now; returns when to look again, -1 never. */
static int64_t start_all(void)
{
	const struct job *j;
	int64_t wait;
	int h;

	feed();
	while ((j = frontier_next(w.f, w.now_ms, &wait))) {
		h = host_of(j);
		assert_true(w.starts < STARTS && w.running < N(w.run));
		w.start[w.starts].at_ms = w.now_ms;
		w.start[w.starts].id = j->id;
		w.start[w.starts++].host = h;
		w.run[w.running].id = j->id;
		w.run[w.running].host = h;
		w.run[w.running++].ends_ms = w.now_ms + w.latency_ms[h];
		w.running_of[h]++;
		if (w.running > w.most_running)
			w.most_running = w.running;
		if (w.running_of[h] > w.most_running_of[h])
			w.most_running_of[h] = w.running_of[h];
		feed();
	}
	return wait;
}

static void end_one(int i, enum frontier_news news, int64_t retry_after_ms)
{
	int64_t id = w.run[i].id, took = w.latency_ms[w.run[i].host];

	frontier_met(w.f, id, str_of(w.address[w.run[i].host]), news == FRONTIER_FINE ? took : -1);
	w.running_of[w.run[i].host]--;
	w.run[i] = w.run[--w.running];
	frontier_end(w.f, id, news, retry_after_ms, w.now_ms);
	w.rows[id - 1].done = news == FRONTIER_FINE;
	frontier_forget(w.f, id);
}

/* All answers are fine, after the host's latency. */
static void play(int64_t for_ms)
{
	int64_t until = w.now_ms + for_ms, wait, next;

	while (w.now_ms < until) {
		wait = start_all();
		next = wait < 0 ? until : w.now_ms + wait;
		for (int i = 0; i < w.running; i++)
			if (w.run[i].ends_ms < next)
				next = w.run[i].ends_ms;
		assert_true(next > w.now_ms || w.running);
		w.now_ms = next < until ? next : until;
		for (int i = w.running; i-- > 0;)
			if (w.run[i].ends_ms <= w.now_ms)
				end_one(i, FRONTIER_FINE, -1);
	}
}

static struct frontier_host_view view_of(const char *source, int host)
{
	struct arena *a = arena_new(4096);
	struct frontier_host_view got = { 0 };
	struct frontier_view v;

	frontier_view(w.f, w.now_ms, 100, a, &v);
	assert_int_equal(v.n_hosts, v.in_memory);
	for (int i = 0; i < v.n_hosts; i++)
		if (str_is(v.hosts[i].source, source) && str_eq(v.hosts[i].host, host_names[host]))
			got = v.hosts[i];
	arena_free(a);
	return got;
}

static void assert_why(int host, enum frontier_why why, int64_t until_ms)
{
	struct frontier_host_view v = view_of("shop", host);

	assert_string_equal(frontier_why_name(v.why), frontier_why_name(why));
	assert_int_equal(v.until_ms, until_ms);
}

static void rate_is_kept(void **state)
{
	static const struct {
		double rate;
		int concurrency;
		int64_t latency_ms, for_ms;
	} rows[] = {
		{ 0.5, 1, 30, 60000 }, { 1, 2, 0, 30000 },  { 3.7, 4, 100, 20000 },
		{ 40, 8, 5, 10000 },   { 400, 4, 3, 5000 }, { 3000, 8, 0, 2000 },
		{ 2, 1, 2000, 30000 },
	};

	for (int i = 0; i < N(rows); i++) {
		double bound, slack = rows[i].rate * 0.02;
		double reach = rows[i].latency_ms
				       ? rows[i].concurrency * 1000.0 / (double)rows[i].latency_ms
				       : 1e9;

		teardown(state);
		setup(state);
		sources[0].rate = rows[i].rate;
		sources[0].concurrency = rows[i].concurrency;
		w.latency_ms[0] = rows[i].latency_ms;
		puts_jobs("shop", 0, (int)(rows[i].rate * (double)rows[i].for_ms / 1000 * 1.2) + 9);
		play(rows[i].for_ms);
		for (int from = 0; from < w.starts; from++) {
			for (int to = from + 1; to < w.starts && to < from + 300; to++) {
				bound = (double)(w.start[to].at_ms - w.start[from].at_ms) / 1000 *
						rows[i].rate +
					1.001 + slack;
				if (to - from + 1 > bound)
					fail_msg("rate %g: %d requests in %d ms", rows[i].rate,
						 to - from + 1,
						 (int)(w.start[to].at_ms - w.start[from].at_ms));
			}
		}
		/* and made use of, as far as the concurrency lets it */
		bound = rows[i].rate < reach ? rows[i].rate : reach;
		if (w.starts < bound * (double)rows[i].for_ms / 1000 * 0.95 - 1)
			fail_msg("rate %g: only %d requests", rows[i].rate, w.starts);
		assert_true(w.most_running_of[0] <= rows[i].concurrency);
	}
}

static void hosts_take_turns(void **state)
{
	(void)state;
	sources[0].rate = 1000;
	conf.concurrency = 1;
	for (int h = 0; h < HOSTS; h++) {
		w.latency_ms[h] = 7;
		puts_jobs("shop", h, 100);
	}
	play(3000);
	assert_true(w.starts > 400);
	assert_int_equal(w.most_running, 1);
	for (int i = HOSTS; i < w.starts; i++)
		assert_int_equal(w.start[i].host, w.start[i - HOSTS].host);
}

/* One host hangs, the others go on; its requests soon hold no slots. */
static void slow_host_alone_waits(void **state)
{
	int of[HOSTS] = { 0 };

	(void)state;
	sources[0].rate = 100;
	conf.concurrency = 4;
	for (int h = 0; h < HOSTS; h++) {
		w.latency_ms[h] = h ? 10 : 100000;
		puts_jobs("shop", h, 1000);
	}
	play(5000);
	for (int i = 0; i < w.starts; i++)
		of[w.start[i].host]++;
	assert_int_equal(of[0], 2);
	assert_int_equal(w.most_running_of[0], 2);
	for (int h = 1; h < HOSTS; h++)
		assert_true(of[h] > 280); /* two slots for 2 s, then four, 10 ms each */
	assert_int_equal(w.most_running, 4 + 2);
}

/* Hosts that answered and get slow have all slots; not for long. */
static void slow_hosts_leave_slots(void **state)
{
	int before, of = 0;

	(void)state;
	sources[0].rate = 100;
	conf.concurrency = 2;
	for (int h = 0; h < 3; h++) {
		w.latency_ms[h] = 10;
		puts_jobs("shop", h, 5000);
	}
	play(1000);
	w.latency_ms[0] = w.latency_ms[1] = 60000;
	before = w.starts;
	play(40000);
	for (int i = before; i < w.starts; i++)
		of += w.start[i].host == 2;
	assert_true(of > 1000);
	assert_int_equal(w.most_running_of[0], 2);
}

/* Two sources take turns at the one rate of a host, the stricter. */
static void sources_share_a_host(void **state)
{
	int of[2] = { 0 };

	(void)state;
	sources[0].rate = 10;
	sources[1].rate = 2;
	w.latency_ms[0] = 5;
	puts_jobs("shop", 0, 100);
	puts_jobs("other", 0, 100);
	puts_jobs("shop", 1, 200);
	assert_true(view_of("shop", 0).rate == 2);
	play(10001);
	for (int i = 0; i < w.starts; i++)
		if (w.start[i].host == 0)
			of[str_is(w.rows[w.start[i].id - 1].job.source, "other")]++;
	assert_in_range(of[0], 10, 11);
	assert_in_range(of[1], 10, 11);
	assert_int_equal(view_of("shop", 1).asked, 101);
	assert_int_equal(w.most_running_of[0], 1);
	/* who is switched off is no longer asked for its opinion */
	sources[1].enabled = false;
	frontier_reconfigure(w.f, &conf);
	assert_true(view_of("shop", 0).rate == 10);
}

/* Trouble of one source's request is the host's, and so are its slots. */
static void sources_share_trouble(void **state)
{
	(void)state;
	sources[0].concurrency = sources[1].concurrency = 3;
	sources[0].rate = sources[1].rate = 100;
	w.latency_ms[0] = 1000;
	puts_jobs("shop", 0, 50);
	puts_jobs("other", 0, 50);
	play(500);
	assert_int_equal(w.running, 3);
	end_one(0, FRONTIER_SLOW_DOWN, 30000);
	assert_why(0, WHY_RETRY_AFTER, w.now_ms + 30001);
	assert_int_equal(view_of("other", 0).until_ms, w.now_ms + 30001);
	assert_int_equal(view_of("other", 0).window, view_of("other", 0).running);
}

/* For sources that are there, and for those that come later. */
static void delay_is_the_hosts(void **state)
{
	(void)state;
	puts_jobs("shop", 0, 3);
	puts_jobs("shop", 1, 3);
	frontier_delay(w.f, host_names[0], 4000);
	puts_jobs("other", 0, 3);
	assert_true(view_of("shop", 0).rate == 0.25);
	assert_true(view_of("shop", 1).rate == 1);
	assert_true(view_of("other", 0).rate == 0.25);
	frontier_delay(w.f, host_names[0], 0);
	assert_true(view_of("shop", 0).rate == 1);
	assert_true(view_of("other", 0).rate == 1);
}

static void own_rate_wins(void **state)
{
	(void)state;
	own[0] = (struct conf_host){ .name = STR("B"), .rate = 5 };
	conf.n_hosts = 1;
	puts_jobs("shop", 0, 100);
	puts_jobs("shop", 1, 100);
	play(10001);
	assert_int_equal(view_of("shop", 0).asked, 11);
	assert_int_equal(view_of("shop", 1).asked, 51);
	assert_true(view_of("shop", 1).rate == 5);
	assert_true(view_of("shop", 1).rate_used > 4.8 && view_of("shop", 1).rate_used < 5.2);
}

static void first_priority_first(void **state)
{
	static const int priority[] = { 5, 9, 0, 5, 3 };
	static const int64_t order[] = { 3, 5, 1, 4, 2 };

	(void)state;
	for (int i = 0; i < N(priority); i++)
		put("shop", 0, T0, priority[i]);
	frontier_host(w.f, STR("shop"), STR("a"), T0, N(priority));
	play(6000);
	assert_int_equal(w.starts, N(order));
	for (int i = 0; i < N(order); i++)
		assert_int_equal(w.start[i].id, order[i]);
}

static void retry_after_is_kept(void **state)
{
	(void)state;
	puts_jobs("shop", 0, 50);
	puts_jobs("shop", 1, 50);
	start_all();
	assert_int_equal(w.running, 2);
	end_one(w.run[0].host == 0 ? 0 : 1, FRONTIER_SLOW_DOWN, 30000);
	assert_why(0, WHY_RETRY_AFTER, T0 + 30001);
	assert_int_equal(view_of("shop", 0).window, 0); /* its room is for others */
	play(60500);
	assert_why(1, WHY_EMPTY, 0);
	for (int i = 2; i < w.starts; i++)
		if (w.start[i].host == 0) {
			assert_int_equal(w.start[i].at_ms, T0 + 30001);
			break;
		}
	assert_int_equal(view_of("shop", 1).asked, 50);
	assert_int_equal(view_of("shop", 0).asked, 1 + 31);
}

static void retry_after_is_bounded(void **state)
{
	(void)state;
	puts_jobs("shop", 0, 5);
	start_all();
	end_one(0, FRONTIER_SLOW_DOWN, INT64_MAX);
	assert_why(0, WHY_RETRY_AFTER, T0 + (int64_t)24 * 3600 * 1000 + 1);
}

static void back_off_grows(void **state)
{
	int64_t whole = 1000, wait, at;
	bool jitter = false;

	(void)state;
	sources[0].rate = 1000;
	puts_jobs("shop", 0, 50);
	for (int i = 1; i <= 10; i++) {
		start_all();
		if (w.running == 0) { /* the window was given up during the pause */
			feed();
			start_all();
		}
		assert_int_equal(w.running, i == 1 ? 2 : 1); /* one at a time while in trouble */
		while (w.running)
			end_one(0, FRONTIER_TROUBLE, -1);
		assert_int_equal(view_of("shop", 0).troubles_in_a_row, i);
		at = view_of("shop", 0).until_ms;
		assert_why(0, i < 3 ? WHY_BACK_OFF : WHY_BREAKER, at);
		assert_int_equal(view_of("shop", 0).breaker, i < 3 ? BREAKER_CLOSED : BREAKER_OPEN);
		wait = at - w.now_ms;
		assert_in_range(wait, whole / 2, whole);
		jitter |= wait != whole && wait != whole / 2;
		w.now_ms = at - 1;
		start_all();
		assert_int_equal(w.running, 0);
		w.now_ms = at;
		whole = whole * 2 < conf.backoff_max_ms ? whole * 2 : conf.backoff_max_ms;
	}
	assert_true(jitter);
	start_all();
	assert_int_equal(w.running, 1); /* the probe */
	assert_int_equal(view_of("shop", 0).breaker, BREAKER_HALF_OPEN);
	w.now_ms += 5000;
	start_all();
	assert_int_equal(w.running, 1);
	end_one(0, FRONTIER_FINE, -1);
	assert_int_equal(view_of("shop", 0).troubles_in_a_row, 0);
	assert_int_equal(view_of("shop", 0).breaker, BREAKER_CLOSED);
	w.now_ms++;
	start_all();
	w.now_ms++;
	start_all();
	assert_int_equal(w.running, 2);
}

/* Other hosts of the address wait for their turn, and all of it is used. */
static void address_is_shared(void **state)
{
	int of[HOSTS] = { 0 };
	double rate = 4;

	(void)state;
	conf.address_rate = rate;
	sources[0].rate = 3;
	sources[0].concurrency = 2;
	for (int h = 0; h < HOSTS; h++) {
		w.latency_ms[h] = 100 + 10 * h;
		w.address[h] = h < 4 ? "192.0.2.1" : "192.0.2.2";
		puts_jobs("shop", h, 200);
	}
	play(20000); /* after the first requests the addresses are known */
	w.starts = 0;
	play(60000);
	for (int i = 0; i < w.starts; i++)
		of[w.start[i].host]++;
	assert_in_range(of[0] + of[1] + of[2] + of[3], 239, 241);
	assert_in_range(of[4] + of[5], 239, 241);
	for (int h = 0; h < HOSTS; h++)
		assert_in_range(of[h], h < 4 ? 58 : 118, h < 4 ? 62 : 122);
	for (int k = 0; k < 2; k++) {
		int64_t last = 0;

		for (int i = 0; i < w.starts; i++) {
			if ((w.start[i].host >= 4) != k)
				continue;
			assert_true(w.start[i].at_ms - last >= 249);
			last = w.start[i].at_ms;
		}
	}
}

/* A host whose turn is far off holds no room in the window, and says why. */
static void long_line_holds_no_room(void **state)
{
	int waiting = 0, window = 0;

	(void)state;
	conf.address_rate = 0.2;
	for (int h = 0; h < HOSTS; h++) {
		w.address[h] = "192.0.2.1";
		puts_jobs("shop", h, 20);
	}
	play(60000);
	for (int h = 0; h < HOSTS; h++) {
		struct frontier_host_view v = view_of("shop", h);

		waiting += v.why == WHY_ADDRESS;
		window += v.window;
		assert_string_equal(v.address.n ? "known" : "", "known");
	}
	assert_true(waiting >= HOSTS - 1);
	assert_true(window <= 3 * 7);
	w.starts = 0;
	play(60000);
	assert_in_range(w.starts, 11, 13);
}

static void slow_answers_slow_down(void **state)
{
	struct frontier_host_view v;

	(void)state;
	conf.adaptive = sources[0].adaptive = true;
	sources[0].rate = 5;
	puts_jobs("shop", 0, 5000);
	w.latency_ms[0] = 40;
	play(60000);
	v = view_of("shop", 0);
	assert_true(v.factor == 1 && v.factor_why == ADAPT_FULL);
	/* one slow answer is no reason */
	w.latency_ms[0] = 3000;
	play(1000);
	w.latency_ms[0] = 40;
	play(20000);
	assert_true(view_of("shop", 0).factor == 1);
	w.latency_ms[0] = 400;
	play(20000);
	v = view_of("shop", 0);
	assert_true(v.factor < 0.7 && v.factor >= ADAPT_LEAST);
	assert_int_equal(v.factor_why, ADAPT_LATENCY);
	assert_true(v.rate == 5);
	w.starts = 0;
	w.latency_ms[0] = 40;
	play(10000);
	assert_true(w.starts < 40);
	play(240000);
	assert_true(view_of("shop", 0).factor == 1);
	w.starts = 0;
	play(10000);
	assert_in_range(w.starts, 49, 51);
}

static void trouble_slows_down(void **state)
{
	(void)state;
	conf.adaptive = sources[0].adaptive = true;
	puts_jobs("shop", 0, 500);
	start_all();
	end_one(0, FRONTIER_SLOW_DOWN, 5000);
	assert_true(view_of("shop", 0).factor == 0.5);
	assert_int_equal(view_of("shop", 0).factor_why, ADAPT_SLOW_DOWN);
	w.starts = 0;
	play(20000);
	assert_in_range(w.starts, 7, 8);
	sources[0].adaptive = false;
	frontier_reconfigure(w.f, &conf);
	assert_true(view_of("shop", 0).factor == 1);
}

/* What was asked before the trouble says nothing of what came after. */
static void late_answers_count_once(void **state)
{
	(void)state;
	sources[0].rate = 1000;
	sources[0].concurrency = 4;
	puts_jobs("shop", 0, 50);
	for (int i = 0; i < 4; i++, w.now_ms += 5)
		start_all();
	assert_int_equal(w.running, 4);
	end_one(0, FRONTIER_TROUBLE, -1);
	w.now_ms += 10;
	end_one(0, FRONTIER_TROUBLE, -1);
	end_one(0, FRONTIER_FINE, -1);
	end_one(0, FRONTIER_NOTHING, -1);
	assert_int_equal(view_of("shop", 0).troubles_in_a_row, 1);
}

static void pauses(void **state)
{
	(void)state;
	w.latency_ms[0] = 300;
	puts_jobs("shop", 0, 20);
	puts_jobs("other", 0, 20);
	play(2100);
	frontier_pause(w.f, STR("shop"), true);
	assert_int_equal(view_of("shop", 0).asked, 2);
	assert_why(0, WHY_PAUSED, 0);
	play(5000);
	assert_int_equal(view_of("shop", 0).asked, 2);
	assert_int_equal(view_of("shop", 0).window, 0);
	assert_int_equal(view_of("other", 0).asked, 6);
	frontier_pause(w.f, STR("shop"), false);
	play(2500);
	assert_int_equal(view_of("shop", 0).asked, 3);
}

static void pause_while_asking(void **state)
{
	struct job j = { .id = 1, .source = STR("shop"), .host = STR("a") };
	struct str source, host;
	const int64_t *skip;
	int64_t wait;
	int most, n;

	(void)state;
	frontier_host(w.f, STR("shop"), STR("a"), T0, 1);
	assert_true(frontier_wants(w.f, T0, &source, &host, &most, &skip, &n));
	frontier_pause(w.f, STR("shop"), true);
	frontier_fill(w.f, STR("shop"), STR("a"), &j, 1, JOB_NEVER);
	assert_null(frontier_next(w.f, T0, &wait));
	assert_int_equal(wait, -1);
	frontier_pause(w.f, STR("shop"), false);
	assert_true(frontier_wants(w.f, T0, &source, &host, &most, &skip, &n));
	frontier_fill(w.f, STR("shop"), STR("a"), &j, 1, JOB_NEVER);
	assert_non_null(frontier_next(w.f, T0, &wait));
}

static void says_why(void **state)
{
	(void)state;
	conf.concurrency = 1;
	puts_jobs("shop", 0, 5);
	frontier_host(w.f, STR("shop"), STR("b"), T0 + 9000, 0);
	frontier_host(w.f, STR("shop"), STR("c"), 0, 0);
	puts_jobs("shop", 3, 5);
	frontier_host(w.f, STR("shop"), STR("nowhere"), T0, 5);
	start_all();
	assert_why(0, WHY_RUNNING, 0);
	assert_why(1, WHY_NOT_DUE, T0 + 9000);
	assert_why(2, WHY_EMPTY, 0);
	assert_why(3, WHY_FULL, 0);
	end_one(0, FRONTIER_FINE, -1);
	assert_why(0, WHY_RATE, T0 + 1000);
	sources[0].n_hosts = 3;
	frontier_reconfigure(w.f, &conf);
	assert_why(3, WHY_DISABLED, 0);
	sources[0].n_hosts = HOSTS;
	sources[0].enabled = false;
	frontier_reconfigure(w.f, &conf);
	assert_why(0, WHY_DISABLED, 0);
	for (int i = 0; i < WHY_COUNT; i++) {
		assert_true(strlen(frontier_why_name((enum frontier_why)i)) > 3);
		assert_true(strlen(frontier_why_doc((enum frontier_why)i)) > 10);
	}
}

static void waits_for_due_times(void **state)
{
	int64_t wait;

	(void)state;
	put("shop", 0, T0 + 7500, 5);
	frontier_host(w.f, STR("shop"), STR("a"), T0 + 7500, 0);
	feed();
	assert_int_equal(w.queries, 0);
	assert_null(frontier_next(w.f, T0, &wait));
	assert_int_equal(wait, 7500);
	play(8000);
	assert_int_equal(w.starts, 1);
	assert_int_equal(w.start[0].at_ms, T0 + 7500);
	/* a job that the database gives too early is left to its time */
	put("shop", 0, T0 + 20000, 5);
	frontier_stir(w.f, STR("shop"), STR("a"));
	struct str source, host;
	const int64_t *skip;
	int most, n;
	assert_true(frontier_wants(w.f, w.now_ms, &source, &host, &most, &skip, &n));
	frontier_fill(w.f, STR("shop"), STR("a"), &w.rows[1].job, 1, JOB_NEVER);
	assert_null(frontier_next(w.f, w.now_ms, &wait));
	assert_int_equal(w.now_ms + wait, T0 + 20000);
	play(20000);
	assert_int_equal(w.start[1].at_ms, T0 + 20000);
}

/* News that come while the database is being asked are not lost. */
static void stir_while_asking(void **state)
{
	struct str source, host;
	const int64_t *skip;
	int most, n;

	(void)state;
	frontier_stir(w.f, STR("shop"), STR("a"));
	assert_true(frontier_wants(w.f, T0, &source, &host, &most, &skip, &n));
	assert_false(frontier_wants(w.f, T0, &source, &host, &most, &skip, &n));
	frontier_stir(w.f, STR("shop"), STR("a"));
	frontier_fill(w.f, STR("shop"), STR("a"), NULL, 0, JOB_NEVER);
	assert_true(frontier_wants(w.f, T0, &source, &host, &most, &skip, &n));
	frontier_fill(w.f, STR("shop"), STR("a"), NULL, 0, JOB_NEVER);
	assert_false(frontier_wants(w.f, T0, &source, &host, &most, &skip, &n));
}

/* A job is not given twice between its end and its commit. */
static void ended_jobs_are_skipped(void **state)
{
	struct str source, host;
	const int64_t *skip;
	int most, n;
	int64_t id;

	(void)state;
	puts_jobs("shop", 0, 1);
	start_all();
	id = w.run[0].id;
	frontier_end(w.f, id, FRONTIER_FINE, -1, w.now_ms);
	frontier_stir(w.f, STR("shop"), STR("a"));
	assert_true(frontier_wants(w.f, T0, &source, &host, &most, &skip, &n));
	assert_int_equal(n, 1);
	assert_int_equal(skip[0], id);
	frontier_fill(w.f, STR("shop"), STR("a"), &w.rows[0].job, 1, JOB_NEVER);
	assert_int_equal(view_of("shop", 0).window, 1);
	frontier_forget(w.f, id);
	assert_int_equal(view_of("shop", 0).window, 0);
	frontier_forget(w.f, id); /* twice is fine: the window may have dropped it */
	w.running = 0;
}

static void windows_are_bounded(void **state)
{
	struct frontier_host_view v;

	(void)state;
	conf.concurrency = 1;
	puts_jobs("shop", 0, 500);
	sources[0].rate = 100;
	frontier_reconfigure(w.f, &conf);
	puts_jobs("shop", 1, 500);
	w.latency_ms[0] = w.latency_ms[1] = 1000;
	play(5000);
	for (int h = 0; h < 2; h++) {
		v = view_of("shop", h);
		assert_in_range(v.window, 1, 16 * sources[0].concurrency);
		assert_int_equal(v.due_jobs, 500);
	}
	assert_int_equal(frontier_most(&conf), 1024);
}

static void reconfigures(void **state)
{
	(void)state;
	sources[0].rate = 0.01;
	puts_jobs("shop", 0, 50);
	play(1000);
	assert_int_equal(w.starts, 1);
	sources[0].rate = 10;
	frontier_reconfigure(w.f, &conf);
	play(1001);
	assert_in_range(w.starts, 10, 12);
	sources[0].enabled = false;
	frontier_reconfigure(w.f, &conf);
	assert_int_equal(view_of("shop", 0).window, 0);
	play(5000);
	assert_in_range(w.starts, 10, 12);
	sources[0].enabled = true;
	frontier_reconfigure(w.f, &conf);
	play(1000);
	assert_in_range(w.starts, 19, 23);
}

static void clock_is_set_back(void **state)
{
	(void)state;
	puts_jobs("shop", 0, 50);
	for (size_t i = 0; i < w.n; i++)
		w.rows[i].job.due_ms = 0;
	frontier_host(w.f, STR("shop"), STR("a"), 0, 50);
	play(10000);
	w.now_ms -= (int64_t)3600 * 1000;
	w.starts = 0;
	play(10000);
	assert_in_range(w.starts, 9, 11);
}

/* A database of many hosts, each with more jobs than will be asked, in its order. */
enum { MANY = 7000, A_STEP = 40, NAME = 16 };
static struct {
	char names[MANY][NAME]; /* "h00000.x", in order */
	struct str hosts[MANY];
	int asked[MANY], listed, n; /* n: of the hosts, those that have jobs */
	int64_t id;
} many;

static int many_index(struct str host)
{
	return (host.p[1] - '0') * 10000 + (host.p[2] - '0') * 1000 + (host.p[3] - '0') * 100 +
	       (host.p[4] - '0') * 10 + host.p[5] - '0';
}

/* All are due since T0: they come by name. */
static void many_list(int64_t now_ms)
{
	struct frontier_due due[256];
	struct frontier_look l;
	int n, at;

	while (frontier_look(w.f, now_ms, &l)) {
		assert_true(l.most <= N(due));
		if (str_is(l.source, "shop")) {
			frontier_look_answer(w.f, NULL, 0, JOB_NEVER);
			continue;
		}
		at = l.after_ms == T0 ? many_index(l.after) + 1 : 0;
		for (n = 0; n < l.most && at < many.n; n++, at++)
			due[n] = (struct frontier_due){ l.source, many.hosts[at], T0, 1000 };
		many.listed += n;
		frontier_look_answer(w.f, due, n, JOB_NEVER);
	}
}

static void many_feed(int64_t now_ms)
{
	struct str source, host;
	const int64_t *skip;
	int most, n;

	while (frontier_wants(w.f, now_ms, &source, &host, &most, &skip, &n)) {
		struct job jobs[64] = { 0 };

		assert_in_range(most, 1, 64);
		for (int i = 0; i < most; i++)
			jobs[i] = (struct job){ .id = ++many.id, .host = host };
		frontier_fill(w.f, source, host, jobs, most, JOB_NEVER);
	}
}

/* One by one they would be compared with each of the others. */
static struct str many_hosts[] = { S("*.x") };

static int many_setup(void **state)
{
	setup(state);
	memset(&many, 0, sizeof(many));
	many.n = MANY;
	for (int i = 0; i < MANY; i++) {
		snprintf(many.names[i], NAME, "h%05d.x", i);
		many.hosts[i] = str_of(many.names[i]);
	}
	conf.concurrency = 16;
	sources[1].hosts = many_hosts;
	sources[1].rate = 0.5;
	frontier_reconfigure(w.f, &conf);
	return 0;
}

static int many_teardown(void **state)
{
	sources[1].hosts = other_hosts;
	return teardown(state);
}

/* Far more hosts than memory is to hold: all get their turns, none more often
 * than another. */
static void many_hosts_take_turns(void **state)
{
	struct arena *a = arena_new(1 << 16);
	const struct job *j;
	struct frontier_view v;
	int64_t wait, now = T0;
	int least = 0, most = 0, in_memory = 0, started;

	(void)state;
	while (least < 8) {
		many_list(now);
		many_feed(now);
		started = 0;
		while (started++ < A_STEP && (j = frontier_next(w.f, now, &wait))) {
			many.asked[many_index(j->host)]++;
			frontier_end(w.f, j->id, FRONTIER_FINE, -1, now);
			frontier_forget(w.f, j->id);
			many_feed(now);
		}
		arena_reset(a);
		frontier_view(w.f, now, 10, a, &v);
		assert_int_equal(v.n_hosts, 10);
		in_memory = v.in_memory > in_memory ? v.in_memory : in_memory;
		least = most = many.asked[0];
		for (int i = 1; i < MANY; i++) {
			least = many.asked[i] < least ? many.asked[i] : least;
			most = many.asked[i] > most ? many.asked[i] : most;
		}
		/* a turn is four jobs at half a job a second */
		assert_true(most <= least + 2 * 4);
		now += 100;
		assert_true(now < T0 + 3000100);
	}
	assert_in_range(in_memory, 256, 4000);
	/* each turn of a host is a row or two that are read */
	assert_true(many.listed < MANY * (most / 4 + 2) * 2);
	arena_free(a);
}

/* A host that was forgotten comes back with the database's next list; news of
 * one that is outside bring it forward. */
static void forgotten_hosts_come_back(void **state)
{
	struct frontier_due due = { STR("other"), many.hosts[7], T0 + 600000, 1 };
	struct str source, host;
	struct frontier_look l;
	const int64_t *skip;
	int most, n;

	(void)state;
	while (frontier_look(w.f, T0, &l))
		frontier_look_answer(w.f, NULL, 0, JOB_NEVER);
	assert_true(frontier_due_ms(w.f) == JOB_NEVER);
	for (int i = 0; i < 3000; i++)
		frontier_host(w.f, STR("other"), many.hosts[i], T0 + 500000 + i, 1);
	assert_false(frontier_wants(w.f, T0, &source, &host, &most, &skip, &n));
	assert_int_equal(frontier_due_ms(w.f), T0 + 500000);
	/* the list says that all but one are due later still */
	n = 0;
	while (frontier_look(w.f, T0 + 61000, &l)) {
		bool other = str_is(l.source, "other");

		n += other;
		frontier_look_answer(w.f, other ? &due : NULL, other, JOB_NEVER);
	}
	assert_int_equal(n, 1);
	frontier_host(w.f, STR("other"), many.hosts[2999], T0 + 100000, 1);
	assert_int_equal(frontier_due_ms(w.f), T0 + 100000);
	assert_true(frontier_look(w.f, T0 + 100000, &l));
	while (str_is(l.source, "shop")) {
		frontier_look_answer(w.f, NULL, 0, JOB_NEVER);
		assert_true(frontier_look(w.f, T0 + 100000, &l));
	}
	due = (struct frontier_due){ l.source, many.hosts[2999], T0 + 100000, 1 };
	frontier_look_answer(w.f, &due, 1, JOB_NEVER);
	assert_true(frontier_wants(w.f, T0 + 100000, &source, &host, &most, &skip, &n));
	assert_true(str_eq(host, many.hosts[2999]));
	frontier_fill(w.f, source, host, NULL, 0, JOB_NEVER);
}

/* The first of very many are those that people look for; all are counted. */
static void view_shows_what_matters(void **state)
{
	struct arena *a = arena_new(4096);
	struct frontier_view v;

	(void)state;
	for (int i = 0; i < 1000; i++)
		frontier_host(w.f, STR("other"), many.hosts[i], T0 + 9000, 1 + i % 7);
	puts_jobs("shop", 0, 3);
	puts_jobs("shop", 1, 3);
	start_all();
	end_one(w.run[0].host == 0 ? 0 : 1, FRONTIER_TROUBLE, -1);
	frontier_view(w.f, w.now_ms, 5, a, &v);
	assert_int_equal(v.in_memory, 1002);
	assert_int_equal(v.n_hosts, 5);
	assert_int_equal(v.hosts[0].why, WHY_RUNNING);
	assert_true(str_is(v.hosts[0].host, "b"));
	assert_true(str_is(v.hosts[1].host, "a"));
	assert_int_equal(v.hosts[1].troubles_in_a_row, 1);
	for (int i = 2; i < 5; i++)
		assert_int_equal(v.hosts[i].due_jobs, 7);
	assert_int_equal(v.why[WHY_NOT_DUE], 1000);
	arena_free(a);
}

/* Hosts that never answer leave slots to those that do, however many they are. */
static void dead_hosts_leave_slots(void **state)
{
	const struct job *j;
	int64_t wait, now = T0;
	int alive = 0, dead = 0;

	(void)state;
	sources[1].rate = 1000;
	frontier_reconfigure(w.f, &conf);
	/* ten that answer */
	for (int i = 0; i < 10; i++)
		frontier_host(w.f, STR("other"), many.hosts[i], T0, 1000);
	many_feed(now);
	while (alive < 100 && (j = frontier_next(w.f, now, &wait))) {
		alive++;
		frontier_end(w.f, j->id, FRONTIER_FINE, -1, now);
		frontier_forget(w.f, j->id);
		many_feed(now);
		now++;
	}
	for (int i = 10; i < 200; i++)
		frontier_host(w.f, STR("other"), many.hosts[i], T0, 1000);
	alive = 0;
	for (int step = 0; step < 200; step++, now++) {
		many_feed(now);
		while ((j = frontier_next(w.f, now, &wait))) {
			if (many_index(j->host) >= 10) {
				dead++; /* and never ends */
				continue;
			}
			alive++;
			frontier_end(w.f, j->id, FRONTIER_FINE, -1, now);
			frontier_forget(w.f, j->id);
			many_feed(now);
		}
	}
	assert_int_equal(dead, 12);
	assert_true(alive > 1000);
}

static bool many_hangs(struct str host)
{
	return many_index(host) % 11 == 0;
}

/* One job for each host; those that hang have it again and again. */
static void many_feed_one(int64_t now_ms)
{
	struct str source, host;
	const int64_t *skip;
	int most, n;

	many_list(now_ms);
	while (frontier_wants(w.f, now_ms, &source, &host, &most, &skip, &n)) {
		struct job j = { .id = ++many.id, .host = host };
		bool has = !n && (many_hangs(host) || !many.asked[many_index(host)]);

		frontier_fill(w.f, source, host, &j, has, JOB_NEVER);
	}
}

static struct {
	int64_t id, ends_ms;
	struct str host;
} many_run[256];

static void many_end(int i, int64_t now)
{
	bool hangs = many_hangs(many_run[i].host);

	frontier_end(w.f, many_run[i].id, hangs ? FRONTIER_TROUBLE : FRONTIER_FINE, -1, now);
	frontier_forget(w.f, many_run[i].id);
	if (hangs)
		frontier_stir(w.f, STR("other"), many_run[i].host);
}

/* A hundred hosts hang, fail, and hang again; of the thousand others none waits for them. */
static void hanging_hosts_hold_no_slots(void **state)
{
	int64_t wait, now = T0, last = T0;
	int n = 0, most = 0, alive = 0, hung = 0, at;
	const struct job *j;

	(void)state;
	many.n = 1100;
	conf.backoff_max_ms = 5000;
	frontier_reconfigure(w.f, &conf);
	for (; now < T0 + 200000; now += 10) {
		for (int i = n; i-- > 0;) {
			if (many_run[i].ends_ms > now)
				continue;
			many_end(i, now);
			many_run[i] = many_run[--n];
		}
		many_feed_one(now);
		while ((j = frontier_next(w.f, now, &wait))) {
			at = many_index(j->host);
			assert_true(n < N(many_run));
			many_run[n].id = j->id;
			many_run[n].host = many.hosts[at];
			many_run[n].ends_ms = now + (many_hangs(j->host) ? 30000 : 50);
			most = ++n > most ? n : most;
			hung += many_hangs(j->host);
			if (!many.asked[at]++ && !many_hangs(j->host)) {
				alive++;
				last = now;
			}
			many_feed_one(now);
		}
		assert_true(wait != 0);
	}
	assert_int_equal(alive, 1000);
	assert_true(hung > 200);
	/* their 30 s each, on 12 slots, would be 250 s */
	if (last - T0 > 25000)
		fail_msg("the last after %lld ms", (long long)(last - T0));
	assert_in_range(most, 100, 16 + 2 * 160);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(rate_is_kept),
		TEST(hosts_take_turns),
		TEST(slow_host_alone_waits),
		TEST(slow_hosts_leave_slots),
		TEST(sources_share_a_host),
		TEST(sources_share_trouble),
		TEST(delay_is_the_hosts),
		TEST(own_rate_wins),
		TEST(first_priority_first),
		TEST(retry_after_is_kept),
		TEST(retry_after_is_bounded),
		TEST(back_off_grows),
		TEST(late_answers_count_once),
		TEST(address_is_shared),
		TEST(long_line_holds_no_room),
		TEST(slow_answers_slow_down),
		TEST(trouble_slows_down),
		TEST(pauses),
		TEST(pause_while_asking),
		TEST(says_why),
		TEST(waits_for_due_times),
		TEST(stir_while_asking),
		TEST(ended_jobs_are_skipped),
		TEST(windows_are_bounded),
		TEST(reconfigures),
		TEST(clock_is_set_back),
		cmocka_unit_test_setup_teardown(many_hosts_take_turns, many_setup, many_teardown),
		cmocka_unit_test_setup_teardown(forgotten_hosts_come_back, many_setup,
						many_teardown),
		cmocka_unit_test_setup_teardown(view_shows_what_matters, many_setup, many_teardown),
		cmocka_unit_test_setup_teardown(dead_hosts_leave_slots, many_setup, many_teardown),
		cmocka_unit_test_setup_teardown(hanging_hosts_hold_no_slots, many_setup,
						many_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
