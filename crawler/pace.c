#include "crawler/pace.h"

#include "base/must.h"
#include "crawler/url.h"

#include <math.h>

/* Hosts with a shorter interval may catch up so much of a late loop. */
#define SLACK_US 20000
#define INTERVAL_MOST_US 86400e6
#define RETRY_AFTER_MOST_MS ((int64_t)24 * 3600 * 1000)
#define WINDOW_LEAST 8
/* After trouble the next one doubles the pause, if it comes within this time. */
#define TROUBLE_WORTH_MS ((int64_t)3600 * 1000)

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

void pace_configure(struct window_host *h, const struct conf *conf, int64_t now_ms)
{
	const struct conf_source *s = conf_source(conf, h->source->name);
	const struct conf_host *own;

	h->known = s && conf_source_runs(s) && url_in_scope(s, h->name);
	h->rate = s ? s->rate : 1;
	h->concurrency = s ? s->concurrency : 1;
	for (int i = 0; i < conf->n_hosts; i++) {
		own = &conf->hosts[i];
		if (!str_eq_nocase(own->name, h->name))
			continue;
		h->rate = own->rate > 0 ? own->rate : h->rate;
		h->concurrency = own->concurrency > 0 ? own->concurrency : h->concurrency;
	}
	must(h->rate > 0 && h->concurrency > 0);
	h->interval_us = (int64_t)ceil(fmin(1e6 / h->rate, INTERVAL_MOST_US));
	if (h->delay_us > h->interval_us) {
		h->interval_us = h->delay_us;
		h->rate = 1e6 / (double)h->delay_us;
		h->concurrency = 1;
	}
	h->next_us = least(h->next_us, now_ms * 1000 + h->interval_us);
}

int64_t pace_start_us(const struct window_host *h)
{
	return most(h->next_us, h->hold_ms * 1000);
}

int64_t pace_worth_us(const struct window_host *h)
{
	int64_t trouble_ms = most(h->hold_ms, h->trouble_ms) + TROUBLE_WORTH_MS;

	return most(pace_start_us(h), h->troubles ? trouble_ms * 1000 : 0);
}

int pace_at_once(const struct window_host *h)
{
	return h->troubles ? 1 : h->concurrency;
}

static int64_t cap(const struct window_host *h)
{
	return most(WINDOW_LEAST, (int64_t)16 * h->concurrency);
}

int64_t pace_useful(const struct window_host *h)
{
	return least(cap(h), 2 + (int64_t)fmin(h->rate * (double)PACE_SOON_MS / 1000, 1e6));
}

/* What has ended waits for its commit, and may pile up behind the writer. */
int64_t pace_room(const struct window_host *h)
{
	return least(pace_useful(h) - h->n[WINDOW_WAITING] - h->n[WINDOW_RUNNING],
		     4 * cap(h) - window_held(h));
}

static void count(struct window_host *h, int64_t now_ms)
{
	int64_t slot = now_ms / PACE_SLOT_MS;

	for (; h->slot < slot; h->slot++) {
		if (slot - h->slot > WINDOW_SLOTS)
			h->slot = slot - WINDOW_SLOTS;
		h->count[(h->slot + 1) % WINDOW_SLOTS] = 0;
	}
	h->count[slot % WINDOW_SLOTS]++;
	if (!h->started++)
		h->first_ms = now_ms;
}

void pace_started(struct window_host *h, int64_t now_ms)
{
	int64_t slack = h->interval_us < SLACK_US ? SLACK_US : 0;

	h->next_us = most(h->next_us, now_ms * 1000 - slack) + h->interval_us;
	count(h, now_ms);
}

/* Doubles with each trouble in a row; between half of it and the whole, so that
 * hosts that failed together don't come back together. */
static int64_t back_off_ms(const struct window_host *h, const struct conf *conf, struct rng *rng)
{
	int64_t first = most(1, conf->backoff_first_ms);
	int64_t whole =
		most(first, least(conf->backoff_max_ms, first << least(h->troubles - 1, 20)));

	return whole - (int64_t)(rng_unit(rng) * (double)whole / 2);
}

static void hold(struct window_host *h, int64_t until_ms, bool asked)
{
	if (until_ms <= h->hold_ms)
		return;
	h->hold_ms = until_ms;
	h->hold_asked = asked;
}

void pace_ended(struct window_host *h, int64_t started_ms, enum frontier_news news,
		int64_t retry_after_ms, int64_t now_ms, const struct conf *conf, struct rng *rng)
{
	bool told = news == FRONTIER_SLOW_DOWN && retry_after_ms > 0;
	/* several requests that fail at once are one trouble */
	bool fresh = !h->troubles || started_ms > h->trouble_ms;

	if (news == FRONTIER_NOTHING)
		return;
	if (news == FRONTIER_FINE) {
		if (fresh)
			h->troubles = 0;
		return;
	}
	if (fresh) {
		h->troubles++;
		h->trouble_ms = now_ms;
		if (!told)
			hold(h, now_ms + back_off_ms(h, conf, rng), false);
	}
	if (told)
		hold(h, now_ms + least(retry_after_ms, RETRY_AFTER_MOST_MS), true);
}

double pace_used(const struct window_host *h, int64_t now_ms)
{
	int64_t slot = now_ms / PACE_SLOT_MS, age_ms = now_ms - h->first_ms, n = 0;
	int64_t oldest = most(0, most(slot, h->slot) - WINDOW_SLOTS + 1);

	if (!h->started)
		return 0;
	for (int64_t s = h->slot; s >= oldest; s--)
		n += h->count[s % WINDOW_SLOTS];
	if (age_ms > PACE_SLOT_MS * WINDOW_SLOTS)
		age_ms = PACE_SLOT_MS * (WINDOW_SLOTS - 1) + now_ms % PACE_SLOT_MS;
	return (double)n * 1000 / (double)most(age_ms, 1000);
}

void pace_set_back(struct window_host *h, int64_t by_ms)
{
	h->next_us -= by_ms * 1000;
	h->hold_ms -= by_ms;
	h->trouble_ms -= by_ms;
	h->first_ms -= by_ms;
	h->slot = most(0, h->slot - by_ms / PACE_SLOT_MS);
	for (struct window_job *j = h->busy.first; j; j = j->next)
		j->started_ms -= by_ms;
}
