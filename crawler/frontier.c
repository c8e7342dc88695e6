#include "base/hash.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/utf8.h"
#include "crawler/frontier_state.h"
#include "crawler/pace.h"

#include <stdio.h>

#define BACKWARDS_MS 1000

static struct window_host *of_ready(struct turn *t)
{
	return (struct window_host *)((char *)t - offsetof(struct window_host, ready));
}

static struct window_host *of_ask(struct turn *t)
{
	return (struct window_host *)((char *)t - offsetof(struct window_host, ask));
}

int frontier_most(const struct conf *conf)
{
	int64_t n = (int64_t)conf->concurrency * 16;

	return n < 256 ? 256 : n > 16384 ? 16384 : (int)n;
}

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t us(int64_t ms)
{
	return least(most(ms, 0), INT64_MAX / 2000) * 1000;
}

static bool open_to_jobs(const struct frontier *f, const struct window_host *h)
{
	return h->known && !h->source->paused &&
	       pace_start_us(h) / 1000 <= f->now_ms + PACE_SOON_MS;
}

/* Puts the host where its state says in both heaps. A host that is ready keeps
 * its place among the others, so that they take turns. */
static void settle(struct frontier *f, struct window_host *h)
{
	bool may = h->known && !h->source->paused;
	int64_t at = pace_start_us(h);

	if (!may || !h->n[WINDOW_WAITING] || h->n[WINDOW_RUNNING] >= pace_at_once(h))
		turn_drop(&f->ready, &h->ready);
	else if (!h->ready.place)
		turn_set(&f->ready, &h->ready, most(at, f->now_ms * 1000));
	else if (at > h->ready.at_us)
		turn_set(&f->ready, &h->ready, at);

	if (may && h->more && !h->asked && pace_room(h) > 0 &&
	    (int64_t)2 * h->n[WINDOW_WAITING] <= pace_useful(h))
		turn_set(&f->ask, &h->ask, most(us(h->due_ms), at - us(PACE_SOON_MS)));
	else
		turn_drop(&f->ask, &h->ask);
}

/* Waiting jobs are due in the database all the same: it will give them again. */
static void release(struct frontier *f, struct window_host *h)
{
	struct window_job *next;

	for (struct window_job *j = h->first; j; j = next) {
		next = j->next;
		if (j->stage != WINDOW_WAITING)
			continue;
		window_drop(&f->window, j);
		h->more = true;
		h->due_ms = least(h->due_ms, f->now_ms);
	}
}

struct frontier *frontier_new(const struct conf *conf)
{
	struct frontier *f = mem_zero(sizeof(*f));

	window_init(&f->window);
	f->conf = conf;
	f->most = frontier_most(conf);
	f->rng.state = hash64(conf->salt, 0x66726f6e74696572u);
	return f;
}

void frontier_free(struct frontier *f)
{
	if (!f)
		return;
	window_done(&f->window);
	turn_done(&f->ready);
	turn_done(&f->ask);
	mem_free(f->skip);
	mem_free(f);
}

/* As if the host was new to both heaps: times may have come closer. */
static void resettle(struct frontier *f, struct window_host *h)
{
	turn_drop(&f->ready, &h->ready);
	settle(f, h);
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
		resettle(f, h);
	}
}

/* A wall clock that is set back would leave hosts waiting for so long. */
static void set_back(struct frontier *f, int64_t by_ms)
{
	for (size_t i = 0; i < f->window.hosts_n; i++)
		pace_set_back(f->window.hosts[i], by_ms);
	f->now_ms -= by_ms;
	for (size_t i = 0; i < f->window.hosts_n; i++)
		resettle(f, f->window.hosts[i]);
}

static void tick(struct frontier *f, int64_t now_ms)
{
	must(now_ms >= 0);
	if (now_ms < f->now_ms - BACKWARDS_MS)
		set_back(f, f->now_ms - now_ms);
	f->now_ms = most(f->now_ms, now_ms);
}

/* A source that comes later finds what the host wants of all. */
static int64_t delay_of(const struct frontier *f, struct str host)
{
	const struct window_host *h;

	for (const struct window_source *s = f->window.sources; s; s = s->next) {
		h = window_host(&f->window, s->name, host);
		if (h && h->delay_us)
			return h->delay_us;
	}
	return 0;
}

static struct window_host *host_of(struct frontier *f, struct str source, struct str host)
{
	struct window_host *h = window_host(&f->window, source, host);

	if (!h) {
		h = window_host_add(&f->window, source, host);
		h->delay_us = delay_of(f, host);
		pace_configure(h, f->conf, f->now_ms);
	}
	return h;
}

bool frontier_wants(struct frontier *f, int64_t now_ms, struct str *ret_source,
		    struct str *ret_host, int *ret_most, const int64_t **ret_skip, int *ret_n_skip)
{
	struct window_host *h;
	struct turn *first;
	size_t n = 0;
	int64_t left;

	tick(f, now_ms);
	first = turn_first(&f->ask);
	left = (int64_t)f->most - (int64_t)f->window.jobs_n - f->wanted;
	if (!first || first->at_us > f->now_ms * 1000 || left <= 0)
		return false;
	h = of_ask(first);
	h->asked = true;
	h->again = false;
	h->asked_for = (int)least(pace_room(h), left);
	f->wanted += h->asked_for;
	settle(f, h);
	mem_grow(&f->skip, &f->skip_room, (size_t)window_held(h) + 1, sizeof(*f->skip));
	for (struct window_job *j = h->first; j; j = j->next)
		f->skip[n++] = j->job.id;
	*ret_source = h->source->name;
	*ret_host = h->name;
	*ret_most = h->asked_for;
	*ret_skip = f->skip;
	*ret_n_skip = (int)n;
	return true;
}

void frontier_recount(struct frontier *f)
{
	for (size_t i = 0; i < f->window.hosts_n; i++)
		f->window.hosts[i]->due_jobs = 0;
}

void frontier_host(struct frontier *f, struct str source, struct str host, int64_t due_ms,
		   int64_t due_jobs)
{
	struct window_host *h = host_of(f, source, host);

	h->due_jobs = due_jobs;
	/* what waits or runs here is due in the database too */
	if (due_jobs > h->n[WINDOW_WAITING] + h->n[WINDOW_RUNNING] || due_ms > f->now_ms) {
		h->due_ms = h->more ? least(h->due_ms, due_ms) : due_ms;
		h->more = true;
		h->again = h->asked;
	}
	settle(f, h);
}

void frontier_stir(struct frontier *f, struct str source, struct str host)
{
	struct window_host *h = host_of(f, source, host);

	h->more = true;
	h->again = h->asked;
	h->due_ms = least(h->due_ms, f->now_ms);
	settle(f, h);
}

void frontier_fill(struct frontier *f, struct str source, struct str host, const struct job *jobs,
		   int n)
{
	struct window_host *h = window_host(&f->window, source, host);
	bool full, later = false;

	must(h && h->asked && n <= h->asked_for);
	full = n > 0 && n == h->asked_for;
	h->asked = false;
	f->wanted -= h->asked_for;
	for (int i = 0; i < n; i++) {
		if (window_job(&f->window, jobs[i].id))
			continue;
		if (jobs[i].due_ms > f->now_ms) {
			h->due_ms = later ? least(h->due_ms, jobs[i].due_ms) : jobs[i].due_ms;
			later = true;
		} else {
			window_add(&f->window, h, &jobs[i]);
		}
	}
	if (full || h->again)
		h->due_ms = least(h->due_ms, f->now_ms);
	h->more = full || h->again || h->due_ms > f->now_ms;
	h->again = false;
	/* meanwhile it may have been paused, or have told us to go away */
	if (!open_to_jobs(f, h))
		release(f, h);
	settle(f, h);
}

static const struct job *start(struct frontier *f, struct window_host *h)
{
	struct window_job *j = window_pick(h);

	window_move(j, WINDOW_RUNNING);
	j->started_ms = f->now_ms;
	f->running++;
	pace_started(h, f->now_ms);
	resettle(f, h);
	return &j->job;
}

const struct job *frontier_next(struct frontier *f, int64_t now_ms, int64_t *ret_wait_ms)
{
	struct turn *ready, *ask;
	int64_t soonest = INT64_MAX, now_us;

	tick(f, now_ms);
	now_us = f->now_ms * 1000;
	ready = turn_first(&f->ready);
	if (f->running < f->conf->concurrency && ready) {
		if (ready->at_us <= now_us)
			return start(f, of_ready(ready));
		soonest = ready->at_us;
	}
	/* what may be asked of the database already, frontier_wants has seen */
	ask = turn_first(&f->ask);
	if (ask && ask->at_us > now_us)
		soonest = least(soonest, ask->at_us);
	*ret_wait_ms = soonest == INT64_MAX ? -1 : (soonest - now_us + 999) / 1000;
	return NULL;
}

void frontier_blame(struct frontier *f, int64_t job, struct str what)
{
	struct window_job *j = window_job(&f->window, job);

	must(j && j->stage == WINDOW_RUNNING);
	what = utf8_cut(what, sizeof(j->host->trouble) - 1);
	snprintf(j->host->trouble, sizeof(j->host->trouble), "%.*s", STR_ARG(what));
}

void frontier_end(struct frontier *f, int64_t job, enum frontier_news news, int64_t retry_after_ms,
		  int64_t now_ms)
{
	struct window_job *j = window_job(&f->window, job);
	struct window_host *h;

	must(j && j->stage == WINDOW_RUNNING);
	tick(f, now_ms);
	h = j->host;
	window_move(j, WINDOW_ENDED);
	f->running--;
	pace_ended(h, j->started_ms, news, retry_after_ms, f->now_ms, f->conf, &f->rng);
	if (h->hold_ms > f->now_ms + PACE_SOON_MS)
		release(f, h);
	settle(f, h);
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
	settle(f, h);
}

int64_t frontier_held_ms(const struct frontier *f, struct str source, struct str host)
{
	const struct window_host *h = window_host(&f->window, source, host);

	return h && h->hold_ms > f->now_ms ? h->hold_ms : 0;
}

void frontier_delay(struct frontier *f, struct str host, int64_t delay_ms)
{
	for (size_t i = 0; i < f->window.hosts_n; i++) {
		struct window_host *h = f->window.hosts[i];

		if (!str_eq(h->name, host))
			continue;
		h->delay_us = delay_ms > 0 ? delay_ms * 1000 : 0;
		pace_configure(h, f->conf, f->now_ms);
		settle(f, h);
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
		settle(f, h);
	}
}

bool frontier_asks(const struct frontier *f, struct str source, struct str host)
{
	const struct window_host *h = window_host(&f->window, source, host);

	return h && h->known && !h->source->paused;
}
