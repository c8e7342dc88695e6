#include "crawler/frontier_state.h"

#include "base/mem.h"
#include "base/must.h"
#include "crawler/pace.h"

#define LOOK_LEAST (FRONTIER_ASK / 4)
/* A source is listed again after this, if hosts are outside; and anyway. */
#define LOOK_SOON_MS 250
#define LOOK_ANYWAY_MS 60000

static struct window_source *of_look(struct turn *t)
{
	return (struct window_source *)((char *)t - offsetof(struct window_source, look));
}

/* A source's turn to have its hosts listed. */
static void settle_look(struct frontier *f, struct window_source *s)
{
	int64_t at = s->began_ms + LOOK_ANYWAY_MS;

	if (!s->known || f->looking == s) {
		turn_drop(&f->look, &s->look);
		return;
	}
	if (s->walking)
		at = f->now_ms;
	else if (!s->paused)
		at = frontier_sooner(at, frontier_later(s->outside_ms, s->began_ms + LOOK_SOON_MS));
	at = frontier_us(at);
	if (!s->look.place || s->look.at_us != at)
		turn_set(&f->look, &s->look, at);
}

void frontier_look_outside(struct frontier *f, struct window_source *s, int64_t due_ms)
{
	if (due_ms >= s->outside_ms)
		return;
	s->outside_ms = due_ms;
	settle_look(f, s);
}

void frontier_look_source(struct frontier *f, struct window_source *s)
{
	if (f->looking == s)
		s->again = true;
	s->walking = false;
	s->outside_ms = 0;
	s->began_ms = f->now_ms - LOOK_ANYWAY_MS;
	settle_look(f, s);
}

static void begin(struct frontier *f, struct window_source *s)
{
	s->walking = true;
	s->after_ms = INT64_MIN;
	mem_free((char *)(uintptr_t)s->after.p);
	s->after = (struct str){ 0 };
	s->began_ms = f->now_ms;
	/* from here on it is told what changes */
	s->outside_ms = JOB_NEVER;
}

bool frontier_look(struct frontier *f, int64_t now_ms, struct frontier_look *ret)
{
	struct window_source *s;
	struct turn *first;
	size_t room;

	frontier_tick(f, now_ms);
	frontier_hosts_wake(f);
	first = turn_first(&f->look);
	if (f->looking)
		return false;
	if (!first || first->at_us > f->now_ms * 1000) {
		f->crowded = false;
		return false;
	}
	room = frontier_hosts_room(f);
	if (room < LOOK_LEAST) {
		f->crowded = true;
		return false;
	}
	s = of_look(first);
	if (!s->walking)
		begin(f, s);
	f->looking = s;
	f->looked_for = (int)room;
	settle_look(f, s);
	*ret = (struct frontier_look){
		.source = s->name,
		.after_ms = s->after_ms,
		.after = s->after,
		.until_ms =
			f->window.hosts_n < FRONTIER_KEEP ? JOB_NEVER : f->now_ms + PACE_SOON_MS,
		.most = f->looked_for,
	};
	return true;
}

static void listed(struct frontier *f, const struct frontier_due *d)
{
	struct window_host *h = frontier_hosts_admit(f, d->source, d->host, d->due_ms, true);

	if (!h)
		return;
	h->turn = true;
	frontier_heard(f, h, d->due_ms, d->due_jobs);
}

void frontier_look_answer(struct frontier *f, const struct frontier_due *hosts, int n,
			  int64_t next_ms)
{
	struct window_source *s = f->looking;

	must(s && n <= f->looked_for);
	f->looking = NULL;
	for (int i = 0; i < n; i++)
		listed(f, &hosts[i]);
	if (s->again) {
		s->again = false;
	} else if (n == f->looked_for && !(s->paused && f->window.hosts_n >= FRONTIER_KEEP)) {
		mem_free((char *)(uintptr_t)s->after.p);
		s->after = (struct str){ mem_dup(hosts[n - 1].host.p, hosts[n - 1].host.n),
					 hosts[n - 1].host.n };
		s->after_ms = hosts[n - 1].due_ms;
	} else {
		s->walking = false;
		s->outside_ms = frontier_sooner(s->outside_ms, next_ms);
	}
	settle_look(f, s);
}

void frontier_look_failed(struct frontier *f)
{
	struct window_source *s = f->looking;

	must(s);
	f->looking = NULL;
	s->again = false;
	frontier_look_source(f, s);
}

void frontier_look_again(struct frontier *f)
{
	for (struct window_source *s = f->window.sources; s; s = s->next)
		frontier_look_source(f, s);
}
