#include "base/hash.h"
#include "base/mem.h"
#include "base/must.h"
#include "crawler/frontier_state.h"
#include "crawler/pace.h"

#define BACKWARDS_MS 1000
/* Hosts that have yet to prove that they answer: jobs of each, and how many of
 * them wait to be asked beside two for each request that may run. */
#define DOUBT_JOBS 4
#define DOUBT_READY 32

int frontier_most(const struct conf *conf)
{
	int64_t n = (int64_t)conf->concurrency * 64;

	return n < 1024 ? 1024 : n > 16384 ? 16384 : (int)n;
}

static bool open_to_jobs(const struct frontier *f, const struct window_host *h)
{
	return h->known && !h->source->paused &&
	       pace_start_us(h->meter) / 1000 <= f->now_ms + PACE_SOON_MS;
}

/* Waiting jobs are due in the database all the same: it will give them again. */
static void release(struct frontier *f, struct window_host *h)
{
	if (!h->waiting.first)
		return;
	while (h->waiting.first)
		window_drop(&f->window, h->waiting.first);
	h->more = true;
	h->turn = true;
	h->due_ms = frontier_sooner(h->due_ms, f->now_ms);
}

/* Which sources there are. Each has its hosts listed. */
static void configure(struct frontier *f)
{
	const struct conf_source *c;

	for (int i = 0; i < f->conf->n_sources; i++)
		if (f->conf->sources[i].enabled)
			window_source(&f->window, f->conf->sources[i].name);
	if (f->conf->no_source.name.n)
		window_source(&f->window, f->conf->no_source.name);
	for (struct window_source *s = f->window.sources; s; s = s->next) {
		c = conf_source(f->conf, s->name);
		s->known = c && c->enabled;
	}
	frontier_look_again(f);
}

struct frontier *frontier_new(const struct conf *conf)
{
	struct frontier *f = mem_zero(sizeof(*f));

	window_init(&f->window);
	f->conf = conf;
	f->most = frontier_most(conf);
	f->rng.state = hash64(conf->salt, 0x66726f6e74696572u);
	configure(f);
	return f;
}

void frontier_free(struct frontier *f)
{
	if (!f)
		return;
	window_done(&f->window);
	meter_done(&f->meters);
	for (int i = 0; i < METER_TRUSTS; i++) {
		turn_done(&f->ready[i]);
		turn_done(&f->ask[i]);
		turn_done(&f->hang[i]);
	}
	turn_done(&f->later);
	turn_done(&f->parked);
	turn_done(&f->keep);
	turn_done(&f->look);
	mem_free(f->skip);
	mem_free(f);
}

void frontier_reconfigure(struct frontier *f, const struct conf *conf)
{
	struct window_host *h;

	f->conf = conf;
	f->most = frontier_most(conf);
	for (size_t i = 0; i < f->window.hosts_n; i++) {
		h = f->window.hosts[i];
		pace_configure(h, conf, f->now_ms);
		if (!h->known)
			release(f, h);
		frontier_hosts_resettle(f, h);
	}
	configure(f);
}

/* A wall clock that is set back would leave hosts waiting for so long; one that is set
 * ahead (by_ms below 0), would end their pauses. */
static void set_back(struct frontier *f, int64_t by_ms)
{
	struct window_host *h;

	pace_set_back(&f->meters, by_ms);
	for (size_t i = 0; i < f->window.hosts_n; i++) {
		h = f->window.hosts[i];
		/* whether they still are due, the database says */
		if (h->more && h->due_ms <= f->now_ms)
			h->due_ms = f->now_ms - by_ms;
	}
	f->now_ms -= by_ms;
	for (size_t i = 0; i < f->window.hosts_n; i++)
		frontier_hosts_resettle(f, f->window.hosts[i]);
	frontier_look_again(f);
}

void frontier_clock_set(struct frontier *f, int64_t ahead_ms)
{
	set_back(f, -ahead_ms);
}

void frontier_tick(struct frontier *f, int64_t now_ms)
{
	must(now_ms >= 0);
	if (now_ms < f->now_ms - BACKWARDS_MS)
		set_back(f, f->now_ms - now_ms);
	f->now_ms = frontier_later(f->now_ms, now_ms);
}

/* Adds the ids of a list to those there are; how many there are then. */
static int hold(const struct window_list *l, int64_t *ids, int n)
{
	for (const struct window_job *j = l->first; j; j = j->next)
		ids[n++] = j->job.id;
	return n;
}

/* Hosts that may never answer are not to fill the window: some are enough. While
 * they take their time, those that do answer get more than a turn each, for the
 * slots that are theirs anyway. */
static struct turn *first_ask(const struct frontier *f)
{
	size_t all = (size_t)f->conf->concurrency;
	struct turn *t = turn_first(&f->ask[METER_PROVEN]);

	for (int i = 0; i < METER_TRUSTS; i++)
		if (f->ready[i].n < DOUBT_READY + 2 * all)
			t = turn_sooner(turn_first(&f->ask[i]), t);
	if (!t && f->ready[METER_PROVEN].n + (size_t)f->held[METER_PROVEN] <= all / 4)
		t = turn_first(&f->parked);
	return t;
}

bool frontier_wants(struct frontier *f, int64_t now_ms, struct str *ret_source,
		    struct str *ret_host, int *ret_most, const int64_t **ret_skip, int *ret_n_skip)
{
	struct window_host *h;
	struct turn *first;
	int64_t left, n;

	frontier_tick(f, now_ms);
	frontier_hosts_wake(f);
	first = first_ask(f);
	left = (int64_t)f->most - (int64_t)f->window.jobs_n - f->wanted;
	if (!first)
		return false;
	h = (struct window_host *)((char *)first - offsetof(struct window_host, ask));
	n = frontier_sooner(pace_room(h),
			    h->meter->trust == METER_PROVEN ? f->most / 8 : DOUBT_JOBS);
	if (n > left)
		return false;
	h->asked = true;
	h->again = false;
	h->asked_for = (int)n;
	f->wanted += h->asked_for;
	frontier_hosts_settle(f, h);
	mem_grow(&f->skip, &f->skip_room, (size_t)window_held(h) + 1, sizeof(*f->skip));
	*ret_n_skip = hold(&h->busy, f->skip, hold(&h->waiting, f->skip, 0));
	*ret_source = h->source->name;
	*ret_host = h->name;
	*ret_most = h->asked_for;
	*ret_skip = f->skip;
	return true;
}

void frontier_heard(struct frontier *f, struct window_host *h, int64_t due_ms, int64_t due_jobs)
{
	h->due_jobs = due_jobs;
	/* what waits or runs here is due in the database too */
	if (due_ms != JOB_NEVER &&
	    (due_jobs > h->n[WINDOW_WAITING] + h->n[WINDOW_RUNNING] || due_ms > f->now_ms)) {
		h->due_ms = h->more ? frontier_sooner(h->due_ms, due_ms) : due_ms;
		h->more = true;
		h->again = h->asked;
	}
	frontier_hosts_settle(f, h);
}

void frontier_host(struct frontier *f, struct str source, struct str host, int64_t due_ms,
		   int64_t due_jobs)
{
	struct window_host *h = due_ms == JOB_NEVER
					? window_host(&f->window, source, host)
					: frontier_hosts_admit(f, source, host, due_ms, false);

	if (h)
		frontier_heard(f, h, due_ms, due_jobs);
}

void frontier_stir(struct frontier *f, struct str source, struct str host)
{
	struct window_host *h = frontier_hosts_admit(f, source, host, f->now_ms, false);

	if (!h)
		return;
	h->more = true;
	h->turn = true;
	h->again = h->asked;
	h->due_ms = frontier_sooner(h->due_ms, f->now_ms);
	frontier_hosts_settle(f, h);
}

void frontier_front(struct frontier *f, struct str source, struct str host)
{
	struct window_host *h = window_host(&f->window, source, host);

	if (h)
		release(f, h);
	frontier_stir(f, source, host);
}

void frontier_fill(struct frontier *f, struct str source, struct str host, const struct job *jobs,
		   int n, int64_t next_ms)
{
	struct window_host *h = window_host(&f->window, source, host);
	bool full;

	must(h && h->asked && n <= h->asked_for);
	full = n > 0 && n == h->asked_for;
	h->asked = false;
	h->turn = false;
	f->wanted -= h->asked_for;
	for (int i = 0; i < n; i++) {
		if (window_job(&f->window, jobs[i].id))
			continue;
		if (jobs[i].due_ms > f->now_ms)
			next_ms = frontier_sooner(next_ms, jobs[i].due_ms);
		else
			window_add(&f->window, h, &jobs[i]);
	}
	h->due_ms = full || h->again ? f->now_ms : next_ms;
	h->more = h->due_ms != JOB_NEVER;
	h->again = false;
	/* meanwhile it may have been paused, or have told us to go away */
	if (!open_to_jobs(f, h))
		release(f, h);
	frontier_hosts_settle(f, h);
}

static const struct job *start(struct frontier *f, struct window_host *h)
{
	struct window_job *j = window_pick(h);

	window_move(j, WINDOW_RUNNING);
	frontier_slots_take(f, j);
	pace_started(j, f->conf, f->now_ms);
	if (pace_is_slow(h->meter))
		meter_changed(&f->meters, h->meter);
	/* behind the other sources of the host, which take turns */
	meter_had_turn(h);
	frontier_hosts_settle_all(f, h->meter, h);
	return &j->job;
}

/* The host's address, or another source's request, may have it wait after all. */
static bool may_start(struct frontier *f, struct window_host *h)
{
	int64_t at;

	frontier_hosts_resettle(f, h);
	if (!h->ready_in || h->ready.at_us > f->now_ms * 1000)
		return false;
	at = pace_address_us(h->meter, f->conf, f->now_ms);
	if (!at)
		return true;
	if (at > frontier_us(f->now_ms + PACE_SOON_MS))
		release(f, h);
	frontier_hosts_resettle(f, h);
	if (h->ready_in)
		turn_set(h->ready_in, &h->ready, at);
	return false;
}

const struct job *frontier_next(struct frontier *f, int64_t now_ms, int64_t *ret_wait_ms)
{
	const struct turn *later, *look;
	int64_t soonest, now_us;
	struct window_host *h;
	struct turn *ready;

	frontier_tick(f, now_ms);
	now_us = f->now_ms * 1000;
	soonest = frontier_slots_wait_us(f);
	while ((ready = frontier_slots_first(f)) && ready->at_us <= now_us) {
		h = (struct window_host *)((char *)ready - offsetof(struct window_host, ready));
		if (may_start(f, h))
			return start(f, h);
	}
	if (ready)
		soonest = frontier_sooner(soonest, ready->at_us);
	/* what is to be asked of the database already, frontier_wants and
	 * frontier_look have seen */
	later = turn_first(&f->later);
	if (later)
		soonest = frontier_sooner(soonest, later->at_us);
	look = turn_first(&f->look);
	if (look && look->at_us > now_us)
		soonest = frontier_sooner(soonest, look->at_us);
	if (soonest == INT64_MAX)
		*ret_wait_ms = -1;
	else
		*ret_wait_ms = soonest > now_us ? (soonest - now_us + 999) / 1000 : 0;
	return NULL;
}

void frontier_blame(struct frontier *f, int64_t job, struct str what)
{
	struct window_job *j = window_job(&f->window, job);

	must(j && j->stage == WINDOW_RUNNING);
	meter_blame(j->host->meter, what);
}

void frontier_met(struct frontier *f, int64_t job, struct str address, int64_t took_ms)
{
	struct window_job *j = window_job(&f->window, job);
	struct meter *m;

	must(j && j->stage == WINDOW_RUNNING);
	m = j->host->meter;
	if (meter_reached(&f->meters, m, address))
		pace_reached(m, f->conf, j->started_ms);
	if (took_ms >= 0 && pace_took(m, took_ms, f->now_ms))
		meter_changed(&f->meters, m);
}

void frontier_end(struct frontier *f, int64_t job, enum frontier_news news, int64_t retry_after_ms,
		  int64_t now_ms)
{
	struct window_job *j = window_job(&f->window, job);
	struct window_host *h;
	struct meter *m;

	must(j && j->stage == WINDOW_RUNNING);
	frontier_tick(f, now_ms);
	h = j->host;
	window_move(j, WINDOW_ENDED);
	frontier_slots_give(f, j, news);
	m = h->meter;
	if (m->troubles || news == FRONTIER_SLOW_DOWN || news == FRONTIER_TROUBLE)
		meter_changed(&f->meters, m);
	if (news == FRONTIER_UNSENT || news == FRONTIER_WAIT)
		pace_unsent(j, f->conf);
	else
		pace_ended(m, j->started_ms, news, retry_after_ms, f->now_ms, f->conf, &f->rng);
	if (news == FRONTIER_WAIT)
		pace_hold(m, f->now_ms + retry_after_ms);
	for (h = m->first; h; h = h->next_user) {
		if (m->hold_ms > f->now_ms + PACE_SOON_MS)
			release(f, h);
		if (news == FRONTIER_UNSENT || news == FRONTIER_WAIT)
			frontier_hosts_resettle(f, h);
		else
			frontier_hosts_settle(f, h);
	}
}

void frontier_forget(struct frontier *f, int64_t job)
{
	struct window_job *j = window_job(&f->window, job);
	struct window_host *h;

	if (!j)
		return;
	must(j->stage == WINDOW_ENDED);
	h = j->host;
	window_drop(&f->window, j);
	frontier_hosts_settle(f, h);
}

static void resettle_all(struct frontier *f, struct meter *m)
{
	for (struct window_host *h = m->first; h; h = h->next_user)
		frontier_hosts_resettle(f, h);
}

int64_t frontier_visit_ms(struct frontier *f, struct str host, int64_t now_ms)
{
	struct meter *m;
	int64_t wait_ms;

	frontier_tick(f, now_ms);
	m = meter_need(&f->meters, host, f->now_ms);
	wait_ms = pace_visit_ms(m, f->conf, f->now_ms);
	if (!wait_ms)
		resettle_all(f, m);
	return wait_ms;
}

void frontier_visited(struct frontier *f, struct str host, enum frontier_news news,
		      int64_t retry_after_ms, int64_t now_ms)
{
	struct meter *m = meter_find(&f->meters, host);

	must(m && m->running > 0);
	frontier_tick(f, now_ms);
	if (m->troubles || news == FRONTIER_SLOW_DOWN || news == FRONTIER_TROUBLE)
		meter_changed(&f->meters, m);
	pace_ended(m, m->asked_us / 1000, news, retry_after_ms, f->now_ms, f->conf, &f->rng);
	resettle_all(f, m);
}

void frontier_delay(struct frontier *f, struct str host, int64_t delay_ms)
{
	struct meter *m = meter_find(&f->meters, host);
	int64_t delay_us = frontier_us(delay_ms);

	if (!m || m->delay_us == delay_us)
		return;
	m->delay_us = delay_us;
	meter_changed(&f->meters, m);
	for (struct window_host *h = m->first; h; h = h->next_user) {
		pace_configure(h, f->conf, f->now_ms);
		frontier_hosts_settle(f, h);
	}
}

void frontier_pause(struct frontier *f, struct str source, bool paused)
{
	struct window_source *s = window_source(&f->window, source);
	struct window_host *h;

	s->paused = paused;
	for (size_t i = 0; i < f->window.hosts_n; i++) {
		h = f->window.hosts[i];
		if (h->source != s)
			continue;
		if (paused)
			release(f, h);
		frontier_hosts_settle(f, h);
	}
	frontier_look_source(f, s);
}

int64_t frontier_due_ms(const struct frontier *f)
{
	const struct turn *first = turn_first(&f->later);
	int64_t ms = first ? first->at_us / 1000 : JOB_NEVER;

	if (f->looking || f->window.jobs_n || f->wanted || frontier_hosts_asking(f))
		return f->now_ms;
	for (const struct window_source *s = f->window.sources; s; s = s->next) {
		if (!s->known || s->paused)
			continue;
		if (s->walking)
			return f->now_ms;
		ms = frontier_sooner(ms, s->outside_ms);
	}
	return ms;
}
