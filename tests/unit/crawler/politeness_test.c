/* 100,000 requests over 50 hosts, by the real frontier, robots.txt rules and
 * cache, against a network and a clock of our own; every request is judged by
 * the market's audit, which shares no code with the crawler. Hosts differ in
 * rate, concurrency, latency, crawl-delay and address; most are asked by two
 * sources; some refuse with Retry-After (seconds, dates), some time out, some
 * grow slow. The loop is late by up to 4 ms, each time. */
#include "base/mem.h"
#include "base/rng.h"
#include "crawler/fetch.h"
#include "crawler/frontier.h"
#include "crawler/robots.h"
#include "crawler/robots_cache.h"
#include "market_audit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define T0 ((int64_t)1700000000000)

enum { HOSTS = 50, SOURCES = 4, REQUESTS = 100000, RUNNING = 200, LATE_MS = 4, TIMEOUT_MS = 3000 };

enum plan { CALM, SECONDS, DATES, TIMEOUTS, GROWS_SLOW, PLANS };

struct host {
	struct str name, address;
	enum plan plan;
	int64_t latency_ms, delay_ms;
	bool disallows;
	int asked;
	struct robots_cache cache;
	struct robots *rules;
	bool asking;
};

struct run {
	int64_t id, started_ms, ends_ms, retry_ms;
	struct host *host;
	struct str source, path;
	int status; /* 0: timed out */
};

static struct world {
	struct arena *arena;
	struct conf conf;
	struct conf_source sources[SOURCES];
	struct str names[SOURCES][HOSTS];
	struct host hosts[HOSTS];
	struct frontier *f;
	struct market_audit *audit;
	struct rng rng;
	struct run run[RUNNING];
	int running, requests, allowed, denied;
	int64_t now_ms, ids;
	int by_plan[PLANS], most_at_once;
} w;

/* ---- the world, and the same as rules for the audit ---- */

static double rate_of(int source)
{
	static const double rates[SOURCES] = { 0.9, 4, 12.5, 30 };

	return rates[source];
}

static int concurrency_of(int source)
{
	return 1 + source;
}

/* Each host belongs to two sources, but for some. */
static bool asks(int source, int host)
{
	return source == host % SOURCES || (host % 5 && source == host / SOURCES % SOURCES);
}

static void add_rule(struct buf *to, int i)
{
	struct host *h = &w.hosts[i];
	double rate = 1e9;
	int concurrency = 64;

	for (int s = 0; s < SOURCES; s++) {
		if (!asks(s, i))
			continue;
		rate = rate_of(s) < rate ? rate_of(s) : rate;
		concurrency = concurrency_of(s) < concurrency ? concurrency_of(s) : concurrency;
	}
	buf_fmt(to, "host %.*s rate %g concurrency %d delay %lld address %.*s%s%s\n",
		STR_ARG(h->name), rate, concurrency, (long long)h->delay_ms, STR_ARG(h->address),
		h->plan >= TIMEOUTS ? " use no" : "", h->disallows ? " disallow /private" : "");
}

static void make_host(int i)
{
	struct host *h = &w.hosts[i];

	h->name = arena_fmt(w.arena, "h%02d.example", i);
	/* the last of the calm ones share two addresses, all others have their own */
	h->plan = i < 30   ? CALM
		  : i < 36 ? SECONDS
		  : i < 42 ? DATES
		  : i < 46 ? TIMEOUTS
			   : GROWS_SLOW;
	h->address = i >= 18 && i < 30 ? arena_fmt(w.arena, "shared%d", i % 2)
				       : arena_fmt(w.arena, "own%d", i);
	h->latency_ms = 3 + i * 7 % 29;
	h->delay_ms = i % 10 == 3 ? 2500 : 0;
	h->disallows = i % 3 == 0;
}

static void make_world(void)
{
	struct reason why = { "" };
	struct buf rules;

	memset(&w, 0, sizeof(w));
	w.arena = arena_new(1 << 16);
	w.now_ms = T0;
	w.rng.state = 99;
	w.audit = market_audit_new();
	w.conf = (struct conf){ .sources = w.sources,
				.n_sources = SOURCES,
				.concurrency = 100,
				.address_rate = 20,
				.crawl_delay_max_ms = 60000,
				.backoff_first_ms = 500,
				.backoff_max_ms = 20000,
				.adaptive = true,
				.salt = STR("salt") };
	for (int i = 0; i < HOSTS; i++)
		make_host(i);
	for (int s = 0; s < SOURCES; s++) {
		struct conf_source *c = &w.sources[s];

		c->name = arena_fmt(w.arena, "s%d", s);
		c->enabled = c->robots = true;
		c->rate = rate_of(s);
		c->concurrency = concurrency_of(s);
		c->hosts = w.names[s];
		for (int i = 0; i < HOSTS; i++)
			if (asks(s, i))
				c->hosts[c->n_hosts++] = w.hosts[i].name;
	}
	w.f = frontier_new(&w.conf);
	buf_init(&rules, 1 << 16);
	buf_fmt(&rules, "address-rate %g\nslack 20\ntolerance 0\n", w.conf.address_rate);
	for (int i = 0; i < HOSTS; i++)
		add_rule(&rules, i);
	assert_int_equal(market_audit_rules(w.audit, buf_str(&rules), &why), ERR_OK);
	buf_done(&rules);
	for (int s = 0; s < SOURCES; s++)
		for (int i = 0; i < w.sources[s].n_hosts; i++)
			frontier_host(w.f, w.sources[s].name, w.sources[s].hosts[i], T0, 1000000);
}

static void free_world(void)
{
	frontier_free(w.f);
	market_audit_free(w.audit);
	for (int i = 0; i < HOSTS; i++)
		robots_free(w.hosts[i].rules);
	arena_free(w.arena);
}

/* ---- the network ---- */

static int64_t date_after(int64_t ms)
{
	time_t then = (time_t)((w.now_ms + ms) / 1000);
	char text[64];
	struct tm tm;

	gmtime_r(&then, &tm);
	strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &tm);
	return fetch_retry_after(str_of(text), w.now_ms);
}

static void answer_page(struct run *r)
{
	struct host *h = r->host;
	int n = ++h->asked;

	r->status = 200;
	r->retry_ms = -1;
	r->ends_ms = w.now_ms + h->latency_ms;
	if (h->plan == SECONDS && n % 60 == 0) {
		r->status = 429;
		r->retry_ms = fetch_retry_after(STR("7"), w.now_ms);
	} else if (h->plan == DATES && n % 60 == 0) {
		r->status = 503;
		r->retry_ms = date_after(9000);
	} else if (h->plan == TIMEOUTS && n % 40 < 2) {
		r->status = 0;
		r->ends_ms = w.now_ms + TIMEOUT_MS;
	} else if (h->plan == GROWS_SLOW && n % 400 > 300) {
		r->ends_ms = w.now_ms + h->latency_ms + 600;
	}
}

static void start(const struct job *j, struct host *h, struct str path)
{
	struct run *r = &w.run[w.running++];

	assert_true(w.running < RUNNING);
	w.most_at_once = w.running > w.most_at_once ? w.running : w.most_at_once;
	*r = (struct run){ .id = j->id,
			   .started_ms = w.now_ms,
			   .host = h,
			   .source = w.sources[j->source.p[1] - '0'].name,
			   .path = path,
			   .status = 200,
			   .retry_ms = -1,
			   .ends_ms = w.now_ms + h->latency_ms };
	if (!str_is(path, "/robots.txt"))
		answer_page(r);
	w.by_plan[h->plan]++;
	w.requests++;
}

static void hear_robots(struct run *r)
{
	struct robots_cache_answer told = { .status = 200, .retry_after_ms = -1, .max_age_ms = -1 };
	struct host *h = r->host;
	struct str text = arena_fmt(w.arena, "User-agent: *\n%s%s",
				    h->disallows ? "Disallow: /private\n" : "",
				    h->delay_ms ? "Crawl-delay: 2.5\n" : "");

	assert_true(robots_cache_answered(&h->cache, &told, w.now_ms));
	robots_free(h->rules);
	h->rules = robots_new(text, STR("piped"), w.conf.crawl_delay_max_ms);
	h->asking = false;
	frontier_delay(w.f, h->name, h->rules->delay_ms);
}

static void end(int i)
{
	struct run r = w.run[i];
	enum frontier_news news = r.status == 200 ? FRONTIER_FINE
				  : r.status	  ? FRONTIER_SLOW_DOWN
						  : FRONTIER_TROUBLE;
	struct market_audit_event e = { .arrived_ms = r.started_ms,
					.answered_ms = r.ends_ms,
					.host = r.host->name,
					.path = r.path,
					.status = r.status,
					.retry_after_ms = r.retry_ms };

	w.run[i] = w.run[--w.running];
	assert_int_equal(market_audit_add(w.audit, &e), ERR_OK);
	if (str_is(r.path, "/robots.txt"))
		hear_robots(&r);
	frontier_met(w.f, r.id, r.host->address,
		     news == FRONTIER_FINE ? r.ends_ms - r.started_ms : -1);
	frontier_end(w.f, r.id, news, r.retry_ms, w.now_ms);
	frontier_forget(w.f, r.id);
	frontier_stir(w.f, r.source, r.host->name);
}

/* ---- the wheel ---- */

static void feed(void)
{
	struct str source, host;
	const int64_t *skip;
	int most, n_skip;

	while (frontier_wants(w.f, w.now_ms, &source, &host, &most, &skip, &n_skip)) {
		struct job *jobs = mem_array((size_t)most, sizeof(*jobs));

		for (int i = 0; i < most; i++)
			jobs[i] = (struct job){ .id = ++w.ids,
						.source = source,
						.host = host,
						.url = w.ids % 10 ? STR("/item/1")
								  : STR("/private/1") };
		frontier_fill(w.f, source, host, jobs, most, JOB_NEVER);
		mem_free(jobs);
	}
}

/* What a job's turn is used for: its page, robots.txt in its place, or nothing. */
static void take(const struct job *j)
{
	struct host *h = &w.hosts[(j->host.p[1] - '0') * 10 + j->host.p[2] - '0'];
	struct str url = j->url;
	int64_t id = j->id, until;

	if (robots_cache_wants(&h->cache, w.now_ms) && !h->asking) {
		h->asking = true;
		start(j, h, STR("/robots.txt"));
		return;
	}
	if (robots_cache_at(&h->cache, w.now_ms, &until) == ROBOTS_CACHE_RULES &&
	    robots_judge(h->rules, url, w.arena).allowed) {
		start(j, h, url.n == 7 ? STR("/item/1") : STR("/private/1"));
		return;
	}
	w.denied++;
	frontier_end(w.f, id, FRONTIER_UNSENT, -1, w.now_ms);
	frontier_forget(w.f, id);
}

static void turn(void)
{
	const struct job *j;
	int64_t wait = -1, next;

	feed();
	while (w.requests < REQUESTS && (j = frontier_next(w.f, w.now_ms, &wait))) {
		take(j);
		feed();
	}
	if (w.requests == REQUESTS)
		wait = -1;
	next = wait < 0 ? INT64_MAX : w.now_ms + wait + (int64_t)(rng_unit(&w.rng) * LATE_MS);
	for (int i = 0; i < w.running; i++)
		next = w.run[i].ends_ms < next ? w.run[i].ends_ms : next;
	assert_true(next < INT64_MAX && next >= w.now_ms);
	w.now_ms = next;
	for (int i = w.running; i-- > 0;)
		if (w.run[i].ends_ms <= w.now_ms)
			end(i);
}

static void nobody_is_bothered(void **state)
{
	struct market_audit_result r;
	struct buf text;

	(void)state;
	make_world();
	while (w.requests < REQUESTS || w.running)
		turn();
	market_audit_judge(w.audit, &r);
	buf_init(&text, 1 << 16);
	market_audit_print(&r, &text);
	print_message("%s", buf_str(&text).p);
	buf_done(&text);
	assert_int_equal(r.requests, REQUESTS);
	assert_int_equal(r.hosts, HOSTS);
	assert_int_equal(r.all, 0);
	assert_true(r.used >= r.allowed * 0.98);
	/* all of it was put to the test */
	for (int p = 0; p < PLANS; p++)
		assert_true(w.by_plan[p] > 3000);
	assert_true(w.denied > 1000);
	assert_true(r.allowed > 0.7 * REQUESTS);
	free_world();
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(nobody_is_bothered) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
