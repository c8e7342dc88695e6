#include "crawler/frontier_state.h"
#include "crawler/pace.h"

#include <stdlib.h>

static enum frontier_why why(const struct window_host *h, int64_t now_ms, int64_t *ret_until_ms)
{
	const struct meter *m = h->meter;
	bool work = h->n[WINDOW_WAITING] || h->asked || (h->more && h->due_ms <= now_ms);

	*ret_until_ms = 0;
	if (!h->known)
		return WHY_DISABLED;
	if (h->source->paused)
		return WHY_PAUSED;
	if (m->hold_ms > now_ms) {
		*ret_until_ms = m->hold_ms;
		return m->hold_asked		    ? WHY_RETRY_AFTER
		       : m->breaker == BREAKER_OPEN ? WHY_BREAKER
						    : WHY_BACK_OFF;
	}
	if (h->n[WINDOW_RUNNING])
		return WHY_RUNNING;
	if (work && m->next_us > now_ms * 1000) {
		*ret_until_ms = (m->next_us + 999) / 1000;
		return WHY_RATE;
	}
	if (work && m->ticket_us > now_ms * 1000) {
		*ret_until_ms = (m->ticket_us + 999) / 1000;
		return WHY_ADDRESS;
	}
	if (work)
		return WHY_FULL;
	if (h->more) {
		*ret_until_ms = h->due_ms;
		return WHY_NOT_DUE;
	}
	return WHY_EMPTY;
}

/* What people look for first: what goes on, what is wrong, what waits. */
static const int rank[WHY_COUNT] = {
	[WHY_RUNNING] = 0, [WHY_RETRY_AFTER] = 1, [WHY_BACK_OFF] = 1, [WHY_BREAKER] = 1,
	[WHY_RATE] = 2,	   [WHY_ADDRESS] = 2,	  [WHY_FULL] = 3,     [WHY_PAUSED] = 4,
	[WHY_NOT_DUE] = 5, [WHY_DISABLED] = 6,	  [WHY_EMPTY] = 7,
};

struct pick {
	const struct window_host *host;
	enum frontier_why why;
	int64_t until_ms;
};

static int by_interest(const void *a, const void *b)
{
	const struct pick *x = a, *y = b;
	int d = rank[x->why] - rank[y->why];

	if (!d)
		d = (x->host->due_jobs < y->host->due_jobs) -
		    (x->host->due_jobs > y->host->due_jobs);
	if (!d)
		d = str_cmp(x->host->source->name, y->host->source->name);
	return d ? d : str_cmp(x->host->name, y->host->name);
}

/* Keeps the first of them in a heap whose root is the last. */
static void sift(struct pick *p, int n, int at)
{
	struct pick down = p[at];
	int child;

	while ((child = 2 * at + 1) < n) {
		if (child + 1 < n && by_interest(&p[child + 1], &p[child]) > 0)
			child++;
		if (by_interest(&p[child], &down) <= 0)
			break;
		p[at] = p[child];
		at = child;
	}
	p[at] = down;
}

static void add(struct pick *p, int *n, int most, const struct pick *one)
{
	if (*n < most) {
		p[(*n)++] = *one;
		for (int i = *n / 2; *n == most && i-- > 0;)
			sift(p, *n, i);
	} else if (by_interest(one, &p[0]) < 0) {
		p[0] = *one;
		sift(p, *n, 0);
	}
}

static void show(const struct pick *p, int64_t now_ms, struct arena *a,
		 struct frontier_host_view *v)
{
	const struct window_host *h = p->host;
	const struct meter *m = h->meter;

	v->source = arena_str(a, h->source->name);
	v->host = arena_str(a, h->name);
	v->why = p->why;
	v->until_ms = p->until_ms;
	v->running = h->n[WINDOW_RUNNING];
	v->window = window_held(h);
	v->troubles_in_a_row = m->troubles;
	v->trouble = (m->troubles || m->hold_ms > now_ms) && m->trouble ? arena_text(a, m->trouble)
									: (struct str){ 0 };
	v->due_jobs = h->due_jobs;
	v->asked = h->started;
	v->rate = m->rate;
	v->rate_used = pace_used(m, now_ms);
	v->factor = adapt_factor(&m->adapt);
	v->factor_why = m->adapt.why;
	v->breaker = m->breaker;
	if (m->address)
		v->address = arena_str(a, m->address->name);
}

void frontier_view(const struct frontier *f, int64_t now_ms, int most, struct arena *a,
		   struct frontier_view *ret)
{
	struct pick *picks = arena_array(a, (size_t)most + 1, sizeof(*picks)), one;
	int n = 0;

	*ret = (struct frontier_view){ .in_memory = (int)f->window.hosts_n };
	for (size_t i = 0; i < f->window.hosts_n; i++) {
		one.host = f->window.hosts[i];
		one.why = why(one.host, now_ms, &one.until_ms);
		ret->why[one.why]++;
		if (most > 0)
			add(picks, &n, most, &one);
	}
	qsort(picks, (size_t)n, sizeof(*picks), by_interest);
	ret->hosts = arena_array(a, (size_t)n, sizeof(*ret->hosts));
	ret->n_hosts = n;
	for (int i = 0; i < n; i++)
		show(&picks[i], now_ms, a, &ret->hosts[i]);
}

bool frontier_view_host(const struct frontier *f, struct str source, struct str host,
			int64_t now_ms, struct arena *a, struct frontier_host_view *ret)
{
	struct pick one = { .host = window_host(&f->window, source, host) };

	if (!one.host)
		return false;
	one.why = why(one.host, now_ms, &one.until_ms);
	show(&one, now_ms, a, ret);
	return true;
}
