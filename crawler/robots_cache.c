#include "crawler/robots_cache.h"

#include "base/must.h"

#include <stdio.h>

const char *robots_cache_name(enum robots_cache_state s)
{
	static const char *const name[ROBOTS_CACHE_STATES] = {
		[ROBOTS_CACHE_UNKNOWN] = "unknown",
		[ROBOTS_CACHE_RULES] = "rules",
		[ROBOTS_CACHE_ALLOW] = "allow",
		[ROBOTS_CACHE_DISALLOW] = "disallow",
	};

	must(s < ROBOTS_CACHE_STATES);
	return name[s];
}

/* RULES, ALLOW, or DISALLOW for what says nothing about the rules. */
static enum robots_cache_state meaning(const struct robots_cache *c,
				       const struct robots_cache_answer *a)
{
	if (a->end == FETCH_REDIRECTS)
		return a->redirects >= ROBOTS_CACHE_REDIRECTS ? ROBOTS_CACHE_ALLOW
							      : ROBOTS_CACHE_DISALLOW;
	if (a->end != FETCH_ANSWER)
		return ROBOTS_CACHE_DISALLOW;
	if (a->status >= 200 && a->status <= 299)
		return ROBOTS_CACHE_RULES;
	if (a->status == 304)
		return c->good ? c->good : ROBOTS_CACHE_DISALLOW;
	if (a->status >= 300 && a->status <= 499 && a->status != 429)
		return ROBOTS_CACHE_ALLOW;
	return ROBOTS_CACHE_DISALLOW;
}

static int64_t between(int64_t least, int64_t x, int64_t most)
{
	return x < least ? least : x > most ? most : x;
}

static int64_t pause_ms(const struct robots_cache *c, int64_t retry_after_ms)
{
	int64_t wait = ROBOTS_CACHE_FIRST_PAUSE_MS;

	for (int i = 1; i < c->failures && wait < ROBOTS_CACHE_LONGEST_PAUSE_MS; i++)
		wait *= 2;
	if (wait > ROBOTS_CACHE_LONGEST_PAUSE_MS)
		wait = ROBOTS_CACHE_LONGEST_PAUSE_MS;
	return between(wait, retry_after_ms, ROBOTS_CACHE_LONGEST_MS);
}

static void say(struct robots_cache *c, const struct robots_cache_answer *a)
{
	if (a->end == FETCH_ANSWER)
		snprintf(c->why, sizeof(c->why), "HTTP status %d", a->status);
	else
		snprintf(c->why, sizeof(c->why), "%s%s%.90s", fetch_end_name(a->end),
			 a->why ? ": " : "", a->why ? a->why : "");
}

bool robots_cache_answered(struct robots_cache *c, const struct robots_cache_answer *a,
			   int64_t now_ms)
{
	enum robots_cache_state to = meaning(c, a);
	int64_t age = a->max_age_ms < 0 ? ROBOTS_CACHE_LONGEST_MS : a->max_age_ms;

	if (a->end == FETCH_CANCELLED)
		return false;
	say(c, a);
	c->asked_ms = now_ms;
	if (to == ROBOTS_CACHE_DISALLOW) {
		if (c->failures < 1000)
			c->failures++;
		c->ask_ms = now_ms + pause_ms(c, a->retry_after_ms);
		return false;
	}
	age = between(ROBOTS_CACHE_SHORTEST_MS, age, ROBOTS_CACHE_LONGEST_MS);
	c->failures = 0;
	c->good = to;
	c->good_ms = now_ms;
	c->until_ms = now_ms + age;
	c->ask_ms = now_ms + age / 4 * 3;
	return to == ROBOTS_CACHE_RULES && a->status != 304;
}

void robots_cache_save(const struct robots_cache *c, struct site_robots *ret)
{
	*ret = (struct site_robots){
		.known = c->good != ROBOTS_CACHE_UNKNOWN,
		.rules = c->good == ROBOTS_CACHE_RULES,
		.good_ms = c->good_ms,
		.until_ms = c->until_ms,
		.asked_ms = c->asked_ms,
		.ask_ms = c->ask_ms,
		.failures = c->failures,
		.why = str_of(c->why),
	};
}

enum robots_cache_state robots_cache_recall(struct robots_cache *c, const struct site_robots *s,
					    int64_t now_ms)
{
	bool counts = s->known && now_ms < s->until_ms && (!s->rules || s->body.n);

	/* a clock that was set back makes nothing of it certain */
	if (now_ms < s->asked_ms || (!counts && now_ms >= s->ask_ms))
		return ROBOTS_CACHE_UNKNOWN;
	*c = (struct robots_cache){
		.good = !counts	   ? ROBOTS_CACHE_UNKNOWN
			: s->rules ? ROBOTS_CACHE_RULES
				   : ROBOTS_CACHE_ALLOW,
		.good_ms = s->good_ms,
		.until_ms = s->until_ms,
		.asked_ms = s->asked_ms,
		.ask_ms = s->ask_ms,
		.failures = s->failures,
	};
	snprintf(c->why, sizeof(c->why), "%.*s", (int)s->why.n, s->why.p ? s->why.p : "");
	return c->good;
}

enum robots_cache_state robots_cache_at(const struct robots_cache *c, int64_t now_ms,
					int64_t *ret_until_ms)
{
	/* a clock that was set back does not make it last longer */
	if (c->good && now_ms >= c->good_ms && now_ms < c->until_ms) {
		*ret_until_ms = c->until_ms;
		return c->good;
	}
	*ret_until_ms = 0;
	return c->failures ? ROBOTS_CACHE_DISALLOW : ROBOTS_CACHE_UNKNOWN;
}

bool robots_cache_wants(const struct robots_cache *c, int64_t now_ms)
{
	return now_ms >= c->ask_ms || now_ms < c->asked_ms;
}
