#include "crawler/revisit.h"

#include "base/hash.h"

/* What is asked for the first time comes before these: a seed has 5 unless it says
 * otherwise, what a page names one more than the page. */
#define PRIORITY_ON_SALE 8
#define PRIORITY_SOLD 9

uint64_t revisit_version(const struct conf_source *s, const struct conf_page *p,
			 struct str user_agent)
{
	uint64_t v = hash64(user_agent, p->version);

	for (int i = 0; i < s->n_headers; i++)
		v = hash64(s->headers[i].value, hash64(s->headers[i].name, v));
	return v;
}

int revisit_headers(const struct visit *v, struct conf_header to[REVISIT_HEADERS])
{
	int n = 0;

	if (v->etag.n)
		to[n++] = (struct conf_header){ STR("If-None-Match"), v->etag };
	if (v->last_modified.n)
		to[n++] = (struct conf_header){ STR("If-Modified-Since"), v->last_modified };
	return n;
}

int64_t revisit_interval_ms(const struct conf_page *p, int64_t was_ms, bool changed)
{
	int64_t ms = changed ? was_ms / 2 : was_ms + was_ms / 2;

	if (was_ms <= 0)
		return p->revisit_ms;
	/* Nothing is new of what is sold. */
	if (!changed && was_ms > p->revisit_max_ms && was_ms == p->revisit_sold_ms)
		return was_ms;
	if (ms < p->revisit_min_ms)
		return p->revisit_min_ms;
	return ms > p->revisit_max_ms ? p->revisit_max_ms : ms;
}

int64_t revisit_due_ms(const struct conf_page *p, int64_t interval_ms, int64_t fresh_ms,
		       int64_t now_ms)
{
	int64_t most = p->revisit_max_ms > interval_ms ? p->revisit_max_ms : interval_ms;

	if (fresh_ms > most)
		fresh_ms = most;
	return now_ms + (fresh_ms > interval_ms ? fresh_ms : interval_ms);
}

int revisit_priority(int priority, enum listing_state state)
{
	int least = state == LISTING_SOLD ? PRIORITY_SOLD : PRIORITY_ON_SALE;

	return priority > least ? priority : least;
}
