#include "crawler/frontier_state.h"

#include "crawler/pace.h"

/* At most so many; each is a few hundred bytes. */
#define HOSTS_MOST 65536

static struct window_host *of_ask(struct turn *t)
{
	return (struct window_host *)((char *)t - offsetof(struct window_host, ask));
}

static bool soon(const struct frontier *f, int64_t due_ms)
{
	return due_ms <= f->now_ms + PACE_SOON_MS;
}

/* ---- where a host stands ---- */

static void leave(struct turn_heap **in, struct turn *t)
{
	if (*in)
		turn_drop(*in, t);
	*in = NULL;
}

static void move(struct turn_heap **in, struct turn *t, struct turn_heap *to, int64_t at_us)
{
	if (*in != to)
		leave(in, t);
	*in = to;
	if (to)
		turn_set(to, t, at_us);
}

static void settle_ready(struct frontier *f, struct window_host *h, bool may)
{
	const struct meter *m = h->meter;
	struct turn_heap *to = &f->ready[m->trust];
	int64_t at = pace_start_us(m);

	if (!may || !h->n[WINDOW_WAITING] || m->running >= pace_at_once(m, f->conf))
		leave(&h->ready_in, &h->ready);
	else if (h->ready_in != to || at > h->ready.at_us)
		move(&h->ready_in, &h->ready, to, frontier_later(at, f->now_ms * 1000));
}

static void settle_ask(struct frontier *f, struct window_host *h, bool may)
{
	bool wants = may && h->more && !h->asked && pace_room(h) > 0 &&
		     (int64_t)2 * h->n[WINDOW_WAITING] <= pace_useful(h);
	bool idle = !window_held(h) && !h->asked;
	int64_t due_us = frontier_us(h->due_ms), now_us = f->now_ms * 1000;
	int64_t pace_us = pace_start_us(h->meter) - frontier_us(PACE_SOON_MS);
	int64_t at = frontier_later(due_us, pace_us);
	struct turn_heap *ask = &f->ask[h->meter->trust];
	bool far = idle && !soon(f, h->due_ms) && f->window.hosts_n > FRONTIER_KEEP;

	if (wants && (h->turn || !f->crowded) && !far) {
		if (at > now_us)
			move(&h->ask_in, &h->ask, &f->later, at);
		else if (h->ask_in != ask)
			move(&h->ask_in, &h->ask, ask, now_us);
		return;
	}
	if (wants && idle)
		frontier_look_outside(f, h->source, h->due_ms);
	if (!idle)
		leave(&h->ask_in, &h->ask);
	else if (!wants || h->meter->trust != METER_PROVEN || far)
		move(&h->ask_in, &h->ask, &f->keep, pace_worth_us(h->meter));
	else if (h->ask_in != &f->parked)
		move(&h->ask_in, &h->ask, &f->parked, now_us);
}

void frontier_hosts_settle(struct frontier *f, struct window_host *h)
{
	bool may = h->known && !h->source->paused;

	settle_ready(f, h, may);
	settle_ask(f, h, may);
}

void frontier_hosts_settle_all(struct frontier *f, struct meter *m, struct window_host *h)
{
	for (struct window_host *u = m->first; u; u = u->next_user) {
		if (u == h)
			leave(&u->ready_in, &u->ready);
		frontier_hosts_settle(f, u);
	}
}

void frontier_hosts_resettle(struct frontier *f, struct window_host *h)
{
	leave(&h->ready_in, &h->ready);
	frontier_hosts_settle(f, h);
}

/* ---- who is in memory ---- */

size_t frontier_hosts_asking(const struct frontier *f)
{
	size_t n = 0;

	for (int i = 0; i < METER_TRUSTS; i++)
		n += f->ask[i].n;
	return n;
}

size_t frontier_hosts_room(const struct frontier *f)
{
	/* those that had us wait do not keep others out */
	size_t silent = f->ask[METER_SILENT].n, share = FRONTIER_ASK / 4;
	size_t n = frontier_hosts_asking(f) - (silent > share ? silent - share : 0);

	return n < FRONTIER_ASK ? FRONTIER_ASK - n : 0;
}

static bool may_come(const struct frontier *f, const struct window_source *s, int64_t due_ms,
		     bool listed)
{
	/* only to be seen */
	if (s->paused || !soon(f, due_ms))
		return f->window.hosts_n < FRONTIER_KEEP;
	return (listed || !f->crowded) && frontier_hosts_room(f);
}

struct window_host *frontier_hosts_admit(struct frontier *f, struct str source, struct str host,
					 int64_t due_ms, bool listed)
{
	struct window_host *h = window_host(&f->window, source, host);
	struct window_source *s;

	if (h)
		return h;
	s = window_source(&f->window, source);
	if (!may_come(f, s, due_ms, listed)) {
		frontier_look_outside(f, s, due_ms);
		return NULL;
	}
	h = window_host_add(&f->window, source, host);
	meter_join(&f->meters, h, f->now_ms);
	h->turn = true;
	pace_configure(h, f->conf, f->now_ms);
	return h;
}

static void forget(struct frontier *f, struct window_host *h)
{
	if (h->more)
		frontier_look_outside(f, h->source, h->due_ms);
	leave(&h->ready_in, &h->ready);
	leave(&h->ask_in, &h->ask);
	meter_leave(&f->meters, h);
	window_host_drop(&f->window, h);
}

/* Those of which there is nothing to remember; then those of which there is
 * nothing to remember soonest. */
static void shrink(struct frontier *f)
{
	struct turn *first;

	while (f->window.hosts_n > FRONTIER_KEEP && (first = turn_first(&f->keep)) &&
	       first->at_us <= f->now_ms * 1000)
		forget(f, of_ask(first));
	while (f->window.hosts_n > FRONTIER_KEEP && (first = turn_first(&f->parked)) &&
	       pace_worth_us(of_ask(first)->meter) <= f->now_ms * 1000)
		forget(f, of_ask(first));
	while (f->window.hosts_n > HOSTS_MOST - FRONTIER_ASK &&
	       ((first = turn_first(&f->keep)) || (first = turn_first(&f->parked))))
		forget(f, of_ask(first));
	while (f->window.hosts_n > HOSTS_MOST - FRONTIER_ASK && (first = turn_first(&f->later))) {
		struct window_host *h = of_ask(first);

		/* what has jobs here is settled when they end */
		if (window_held(h))
			leave(&h->ask_in, &h->ask);
		else
			forget(f, h);
	}
}

void frontier_hosts_wake(struct frontier *f)
{
	struct turn *first;

	while ((first = turn_first(&f->later)) && first->at_us <= f->now_ms * 1000)
		frontier_hosts_settle(f, of_ask(first));
	shrink(f);
}
