#include "crawler/frontier_state.h"
#include "crawler/pace.h"

#include <stdlib.h>

static enum frontier_why why(const struct window_host *h, int64_t now_ms, int64_t *ret_until_ms)
{
	bool work = h->n[WINDOW_WAITING] || h->asked || (h->more && h->due_ms <= now_ms);

	*ret_until_ms = 0;
	if (!h->known)
		return WHY_DISABLED;
	if (h->source->paused)
		return WHY_PAUSED;
	if (h->hold_ms > now_ms) {
		*ret_until_ms = h->hold_ms;
		return h->hold_asked ? WHY_RETRY_AFTER : WHY_BACK_OFF;
	}
	if (h->n[WINDOW_RUNNING])
		return WHY_RUNNING;
	if (work && h->next_us > now_ms * 1000) {
		*ret_until_ms = (h->next_us + 999) / 1000;
		return WHY_RATE;
	}
	if (work)
		return WHY_FULL;
	if (h->more) {
		*ret_until_ms = h->due_ms;
		return WHY_NOT_DUE;
	}
	return WHY_EMPTY;
}

static int by_name(const void *a, const void *b)
{
	const struct frontier_host_view *x = a, *y = b;
	int d = str_cmp(x->source, y->source);

	return d ? d : str_cmp(x->host, y->host);
}

void frontier_view(const struct frontier *f, int64_t now_ms, struct arena *a,
		   struct frontier_host_view **ret, int *ret_n)
{
	struct frontier_host_view *all = arena_array(a, f->window.hosts_n, sizeof(*all)), *v;
	const struct window_host *h;

	for (size_t i = 0; i < f->window.hosts_n; i++) {
		h = f->window.hosts[i];
		v = &all[i];
		v->source = arena_str(a, h->source->name);
		v->host = arena_str(a, h->name);
		v->why = why(h, now_ms, &v->until_ms);
		v->running = h->n[WINDOW_RUNNING];
		v->window = window_held(h);
		v->troubles_in_a_row = h->troubles;
		v->trouble = h->troubles ? arena_text(a, h->trouble) : (struct str){ 0 };
		v->due_jobs = h->due_jobs;
		v->asked = h->started;
		v->rate = h->rate;
		v->rate_used = pace_used(h, now_ms);
	}
	qsort(all, f->window.hosts_n, sizeof(*all), by_name);
	*ret = all;
	*ret_n = (int)f->window.hosts_n;
}
