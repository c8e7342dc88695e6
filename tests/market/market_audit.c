#include "market_audit.h"

#include "base/mem.h"
#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DISALLOW_MOST 8
#define NEVER INT64_MAX

struct span {
	int64_t from, to;
};

struct host {
	char name[64], address[64];
	double rate;
	int64_t concurrency, delay_ms;
	char disallow[DISALLOW_MOST][64];
	int n_disallow;
	bool no_use;
	int place; /* of its address */
	/* while it is judged */
	int64_t next_us, delay_us, robots_ms, last_ms, first_ms;
	int64_t *ends; /* of requests under way */
	size_t n_ends, ends_room;
	struct span *holds; /* told by Retry-After, in order */
	size_t n_holds, holds_room;
};

struct address {
	char name[64];
	int64_t next_us;
};

struct event {
	int64_t arrived_ms, answered_ms, retry_ms, order;
	int host, status;
	char *path;
};

struct market_audit {
	struct host *hosts;
	size_t n_hosts, hosts_room;
	struct address *addresses;
	size_t n_addresses, addresses_room;
	struct event *events;
	size_t n, room;
	double address_rate;
	int64_t slack_ms, tolerance_ms, timeout_ms;
};

const char *market_audit_name(enum market_audit_kind k)
{
	static const char *const names[AUDIT_KINDS] = {
		[AUDIT_RATE] = "rate",
		[AUDIT_ADDRESS] = "address rate",
		[AUDIT_DELAY] = "crawl-delay",
		[AUDIT_CONCURRENCY] = "concurrency",
		[AUDIT_RETRY_AFTER] = "Retry-After",
		[AUDIT_ROBOTS] = "robots.txt",
		[AUDIT_UNASKED] = "robots.txt not known",
	};

	must(k < AUDIT_KINDS);
	return names[k];
}

struct market_audit *market_audit_new(void)
{
	struct market_audit *a = mem_zero(sizeof(*a));

	a->slack_ms = 20;
	return a;
}

void market_audit_free(struct market_audit *a)
{
	if (!a)
		return;
	for (size_t i = 0; i < a->n_hosts; i++) {
		mem_free(a->hosts[i].ends);
		mem_free(a->hosts[i].holds);
	}
	for (size_t i = 0; i < a->n; i++)
		mem_free(a->events[i].path);
	mem_free(a->hosts);
	mem_free(a->addresses);
	mem_free(a->events);
	mem_free(a);
}

/* ---- rules ---- */

static struct str word(struct str *rest)
{
	struct str s = str_trim(*rest);
	size_t n = 0;

	while (n < s.n && s.p[n] != ' ' && s.p[n] != '\t')
		n++;
	*rest = str_sub(s, n, s.n);
	return str_sub(s, 0, n);
}

static bool number(struct str s, double *ret)
{
	char text[32], *end;

	if (!s.n || s.n >= sizeof(text))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = 0;
	*ret = strtod(text, &end);
	return !*end && *ret >= 0;
}

static bool put_text(char *to, size_t room, struct str s)
{
	if (!s.n || s.n >= room)
		return false;
	memcpy(to, s.p, s.n);
	to[s.n] = 0;
	return true;
}

static int address_of(struct market_audit *a, const char *name)
{
	struct address *fresh;

	for (size_t i = 0; i < a->n_addresses; i++)
		if (strcmp(a->addresses[i].name, name) == 0)
			return (int)i;
	mem_grow(&a->addresses, &a->addresses_room, a->n_addresses + 1, sizeof(*fresh));
	fresh = &a->addresses[a->n_addresses];
	*fresh = (struct address){ 0 };
	snprintf(fresh->name, sizeof(fresh->name), "%s", name);
	return (int)a->n_addresses++;
}

static bool host_word(struct host *h, struct str key, struct str value)
{
	double n = 0;
	bool is = number(value, &n);

	if (str_is(key, "rate")) {
		h->rate = n;
		return is && n > 0;
	}
	if (str_is(key, "concurrency")) {
		h->concurrency = (int64_t)n;
		return is && n >= 1;
	}
	if (str_is(key, "delay")) {
		h->delay_ms = (int64_t)n;
		return is;
	}
	if (str_is(key, "address"))
		return put_text(h->address, sizeof(h->address), value);
	if (str_is(key, "use")) {
		h->no_use = str_is(value, "no");
		return h->no_use;
	}
	return str_is(key, "disallow") && h->n_disallow < DISALLOW_MOST &&
	       put_text(h->disallow[h->n_disallow++], sizeof(h->disallow[0]), value);
}

static bool add_host(struct market_audit *a, struct str rest)
{
	struct host h = { .concurrency = 1 };
	struct str key;

	if (!put_text(h.name, sizeof(h.name), word(&rest)))
		return false;
	memcpy(h.address, h.name, sizeof(h.address));
	while ((key = word(&rest)).n)
		if (!host_word(&h, key, word(&rest)))
			return false;
	h.place = address_of(a, h.address);
	mem_grow(&a->hosts, &a->hosts_room, a->n_hosts + 1, sizeof(h));
	a->hosts[a->n_hosts++] = h;
	return h.rate > 0;
}

static bool rule(struct market_audit *a, struct str line)
{
	struct str key = word(&line);
	double n;

	if (!key.n || key.p[0] == '#')
		return true;
	if (str_is(key, "host"))
		return add_host(a, line);
	if (!number(word(&line), &n))
		return false;
	if (str_is(key, "address-rate"))
		a->address_rate = n;
	else if (str_is(key, "slack"))
		a->slack_ms = (int64_t)n;
	else if (str_is(key, "tolerance"))
		a->tolerance_ms = (int64_t)n;
	else if (str_is(key, "timeout"))
		a->timeout_ms = (int64_t)n;
	else
		return false;
	return true;
}

enum err market_audit_rules(struct market_audit *a, struct str text, struct reason *why)
{
	struct str line;

	for (int n = 1; str_next(&text, '\n', &line); n++)
		if (!rule(a, line))
			return reason_set(why, ERR_BAD, "line %d of the rules makes no sense: %.*s",
					  n, STR_ARG(line));
	return ERR_OK;
}

/* ---- requests ---- */

enum err market_audit_add(struct market_audit *a, const struct market_audit_event *e)
{
	size_t h = 0;

	while (h < a->n_hosts && !str_is(e->host, a->hosts[h].name))
		h++;
	if (h == a->n_hosts)
		return ERR_NOT_FOUND;
	mem_grow(&a->events, &a->room, a->n + 1, sizeof(*a->events));
	a->events[a->n] = (struct event){
		.arrived_ms = e->arrived_ms,
		.answered_ms = e->answered_ms,
		.retry_ms = e->retry_after_ms,
		.order = (int64_t)a->n,
		.host = (int)h,
		.status = e->status,
		.path = mem_alloc(e->path.n + 1),
	};
	if (e->path.n)
		memcpy(a->events[a->n].path, e->path.p, e->path.n);
	a->events[a->n++].path[e->path.n] = 0;
	return ERR_OK;
}

static bool read_line(struct str line, struct market_audit_event *e)
{
	struct str f[8];
	int64_t status;

	for (int i = 0; i < 8; i++)
		if (!str_next(&line, '\t', &f[i]))
			return false;
	e->host = f[1];
	e->path = f[2];
	e->retry_after_ms = -1;
	if (!str_i64(f[0], &e->arrived_ms) || !str_i64(f[3], &status) ||
	    !str_i64(f[7], &e->answered_ms) ||
	    (!str_is(f[6], "-") && !str_i64(f[6], &e->retry_after_ms)))
		return false;
	e->status = (int)status;
	return true;
}

enum err market_audit_journal(struct market_audit *a, struct str text, struct reason *why)
{
	struct market_audit_event e;
	struct str line;

	for (int n = 1; str_next(&text, '\n', &line); n++) {
		if (!line.n)
			continue;
		if (!read_line(line, &e))
			return reason_set(why, ERR_BAD, "line %d of the journal makes no sense", n);
		if (market_audit_add(a, &e))
			return reason_set(why, ERR_NOT_FOUND, "line %d: no rule for host %.*s", n,
					  STR_ARG(e.host));
	}
	return ERR_OK;
}

/* ---- judging ---- */

static void found(const struct market_audit *a, struct market_audit_result *r,
		  enum market_audit_kind k, const struct event *e, int64_t by_ms)
{
	r->all++;
	if (r->violations[k]++)
		return;
	snprintf(r->first[k], sizeof(r->first[k]), "%s%.80s at %lld ms, %lld ms too early",
		 a->hosts[e->host].name, e->path, (long long)e->arrived_ms, (long long)by_ms);
}

/* One request each 1/rate, a late one caught up within the slack. False: too early. */
static bool in_time(int64_t *next_us, double each_us, int64_t slack_us, int64_t now_us,
		    int64_t *ret_early_ms)
{
	int64_t early_us = *next_us ? *next_us - now_us : 0;

	*next_us = (early_us > 0 ? *next_us : now_us) + (int64_t)each_us;
	*ret_early_ms = (early_us - slack_us + 999) / 1000;
	return early_us <= slack_us;
}

static void judge_pace(struct market_audit *a, struct market_audit_result *r, const struct event *e)
{
	struct host *h = &a->hosts[e->host];
	int64_t now_us = e->arrived_ms * 1000, slack_us, early_ms;

	/* times are whole milliseconds: two of them may seem one nearer than they were */
	slack_us = (a->slack_ms + a->tolerance_ms + 1) * 1000;
	if (!in_time(&h->next_us, 1e6 / h->rate, slack_us, now_us, &early_ms))
		found(a, r, AUDIT_RATE, e, early_ms);
	/* where a host's first request leads to can't be known before */
	if (a->address_rate > 0 &&
	    !in_time(&a->addresses[h->place].next_us, 1e6 / a->address_rate, slack_us, now_us,
		     &early_ms) &&
	    h->first_ms >= 0)
		found(a, r, AUDIT_ADDRESS, e, early_ms);
	/* of a delay nothing is caught up */
	early_ms = h->delay_us / 1000 - e->arrived_ms - a->tolerance_ms;
	if (h->delay_ms && h->delay_us && early_ms > 0)
		found(a, r, AUDIT_DELAY, e, early_ms);
	h->delay_us = now_us + h->delay_ms * 1000;
}

static void judge_concurrency(struct market_audit *a, struct market_audit_result *r,
			      const struct event *e)
{
	struct host *h = &a->hosts[e->host];
	int64_t end = e->answered_ms;
	size_t n = 0;

	for (size_t i = 0; i < h->n_ends; i++)
		if (h->ends[i] > e->arrived_ms)
			h->ends[n++] = h->ends[i];
	if ((int64_t)n >= h->concurrency)
		found(a, r, AUDIT_CONCURRENCY, e, 0);
	if (a->timeout_ms && end > e->arrived_ms + a->timeout_ms)
		end = e->arrived_ms + a->timeout_ms;
	h->n_ends = n;
	mem_grow(&h->ends, &h->ends_room, n + 1, sizeof(*h->ends));
	h->ends[h->n_ends++] = end;
}

static void judge_holds(struct market_audit *a, struct market_audit_result *r,
			const struct event *e)
{
	struct host *h = &a->hosts[e->host];
	const struct span *s;

	for (size_t i = h->n_holds; i-- > 0;) {
		s = &h->holds[i];
		/* what was under way when the host spoke is not to blame */
		if (e->arrived_ms > s->from + a->tolerance_ms && e->arrived_ms < s->to) {
			found(a, r, AUDIT_RETRY_AFTER, e, s->to - e->arrived_ms);
			break;
		}
	}
	if (e->retry_ms < 0)
		return;
	mem_grow(&h->holds, &h->holds_room, h->n_holds + 1, sizeof(*h->holds));
	h->holds[h->n_holds++] = (struct span){ e->answered_ms, e->answered_ms + e->retry_ms };
}

static void judge_robots(struct market_audit *a, struct market_audit_result *r,
			 const struct event *e)
{
	struct host *h = &a->hosts[e->host];
	bool fine = e->status >= 200 && e->status < 500 && e->status != 429;

	if (strcmp(e->path, "/robots.txt") == 0) {
		if (fine && h->robots_ms == NEVER)
			h->robots_ms = e->answered_ms;
		return;
	}
	if (e->arrived_ms < h->robots_ms)
		found(a, r, AUDIT_UNASKED, e, 0);
	for (int i = 0; i < h->n_disallow; i++)
		if (strncmp(e->path, h->disallow[i], strlen(h->disallow[i])) == 0)
			found(a, r, AUDIT_ROBOTS, e, 0);
}

static int by_arrival(const void *x, const void *y)
{
	const struct event *a = x, *b = y;

	if (a->arrived_ms != b->arrived_ms)
		return a->arrived_ms < b->arrived_ms ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

/* ---- use ---- */

/* What the host may be asked at a time, requests a second. */
static double rate_at(const struct host *h, int64_t at_ms)
{
	double rate = h->rate;

	for (size_t i = 0; i < h->n_holds; i++)
		if (at_ms >= h->holds[i].from && at_ms < h->holds[i].to)
			return 0;
	return h->delay_ms && 1000.0 / (double)h->delay_ms < rate ? 1000.0 / (double)h->delay_ms
								  : rate;
}

/* While all hosts of the address were asked. False: never, or not to be used. */
static bool together(const struct market_audit *a, int place, struct span *ret)
{
	bool any = false;

	*ret = (struct span){ 0, NEVER };
	for (size_t i = 0; i < a->n_hosts; i++) {
		const struct host *h = &a->hosts[i];

		if (h->place != place)
			continue;
		if (h->no_use || h->first_ms < 0)
			return false;
		ret->from = h->first_ms > ret->from ? h->first_ms : ret->from;
		ret->to = h->last_ms < ret->to ? h->last_ms : ret->to;
		any = true;
	}
	return any && ret->to > ret->from;
}

static int by_time(const void *x, const void *y)
{
	const int64_t *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

static double rate_of_address(const struct market_audit *a, int place, int64_t at_ms)
{
	double sum = 0;

	for (size_t i = 0; i < a->n_hosts; i++)
		if (a->hosts[i].place == place)
			sum += rate_at(&a->hosts[i], at_ms);
	return a->address_rate > 0 && sum > a->address_rate ? a->address_rate : sum;
}

/* Between two ends of holds the rate is one. */
static double allowed(const struct market_audit *a, int place, const struct span *s)
{
	int64_t *at = NULL, from = s->from;
	size_t n = 0, room = 0;
	double sum = 0;

	for (size_t i = 0; i < a->n_hosts; i++) {
		const struct host *h = &a->hosts[i];

		for (size_t k = 0; h->place == place && k < h->n_holds; k++) {
			mem_grow(&at, &room, n + 2, sizeof(*at));
			at[n++] = h->holds[k].from;
			at[n++] = h->holds[k].to;
		}
	}
	mem_grow(&at, &room, n + 1, sizeof(*at));
	at[n++] = s->to;
	qsort(at, n, sizeof(*at), by_time);
	for (size_t i = 0; i < n; i++) {
		if (at[i] <= from || at[i] > s->to)
			continue;
		sum += rate_of_address(a, place, from) * (double)(at[i] - from) / 1000;
		from = at[i];
	}
	mem_free(at);
	return sum;
}

/* After a hold a request may start at once, so that a host can be a little ahead
 * of its rate: that is not to make up for another. */
static void measure_use(const struct market_audit *a, struct market_audit_result *r)
{
	double may, used;
	struct span s;

	for (size_t place = 0; place < a->n_addresses; place++) {
		if (!together(a, (int)place, &s))
			continue;
		may = allowed(a, (int)place, &s);
		used = 0;
		for (size_t i = 0; i < a->n; i++) {
			const struct event *e = &a->events[i];

			used += a->hosts[e->host].place == (int)place && e->arrived_ms >= s.from &&
				e->arrived_ms < s.to;
		}
		r->allowed += may;
		r->used += used < may ? used : may;
	}
}

void market_audit_judge(struct market_audit *a, struct market_audit_result *ret)
{
	*ret = (struct market_audit_result){ .requests = (int64_t)a->n };
	for (size_t i = 0; i < a->n_hosts; i++) {
		a->hosts[i].robots_ms = NEVER;
		a->hosts[i].first_ms = -1;
	}
	if (a->n)
		qsort(a->events, a->n, sizeof(*a->events), by_arrival);
	for (size_t i = 0; i < a->n; i++) {
		const struct event *e = &a->events[i];
		struct host *h = &a->hosts[e->host];

		judge_pace(a, ret, e);
		judge_concurrency(a, ret, e);
		judge_holds(a, ret, e);
		judge_robots(a, ret, e);
		if (h->first_ms < 0) {
			h->first_ms = e->arrived_ms;
			ret->hosts++;
		}
		h->last_ms = e->arrived_ms;
	}
	measure_use(a, ret);
	if (a->n)
		ret->span_s =
			(double)(a->events[a->n - 1].arrived_ms - a->events[0].arrived_ms) / 1000;
}

void market_audit_print(const struct market_audit_result *r, struct buf *to)
{
	buf_fmt(to, "requests %lld\nhosts %lld\nseconds %.1f\nviolations %lld\n",
		(long long)r->requests, (long long)r->hosts, r->span_s, (long long)r->all);
	for (int k = 0; k < AUDIT_KINDS; k++)
		if (r->violations[k])
			buf_fmt(to, "  %s %lld, the first: %s\n",
				market_audit_name((enum market_audit_kind)k),
				(long long)r->violations[k], r->first[k]);
	if (r->allowed > 0)
		buf_fmt(to, "allowed %.0f\nused %.0f\nuse %.2f%%\n", r->allowed, r->used,
			r->used / r->allowed * 100);
}
