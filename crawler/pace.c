#include "crawler/pace.h"

#include "base/must.h"
#include "crawler/scope.h"

#include <math.h>

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

static int64_t interval_us(double rate)
{
	return (int64_t)ceil(fmin(1e6 / rate, INTERVAL_MOST_US));
}

/* The strictest of its sources; the host's own settings win over them. */
static void strictest(struct meter *m, const struct conf *conf)
{
	const struct conf_source *s;
	const struct conf_host *own;
	bool any = false, images;
	double rate;
	int at_once;

	m->adaptive = false;
	for (const struct window_host *h = m->first; h; h = h->next_user) {
		s = conf_source(conf, h->source->name);
		/* while a reload goes through them, one may yet have to hear of it */
		if (!h->known || !s)
			continue;
		images = scope_image(s, h->name) && !scope_host(s, h->name);
		rate = images ? s->images.rate : s->rate;
		at_once = images ? s->images.concurrency : s->concurrency;
		m->rate = any ? fmin(m->rate, rate) : rate;
		m->concurrency = any && m->concurrency < at_once ? m->concurrency : at_once;
		m->adaptive |= conf->adaptive && s->adaptive;
		any = true;
	}
	if (!any) {
		m->rate = 1;
		m->concurrency = 1;
	}
	for (int i = 0; i < conf->n_hosts; i++) {
		own = &conf->hosts[i];
		if (!str_eq_nocase(own->name, m->name))
			continue;
		m->rate = own->rate > 0 ? own->rate : m->rate;
		m->concurrency = own->concurrency > 0 ? own->concurrency : m->concurrency;
	}
	must(m->rate > 0 && m->concurrency > 0);
}

static void set_rate(struct meter *m, const struct conf *conf)
{
	strictest(m, conf);
	m->interval_us = interval_us(m->rate);
	if (m->delay_us > m->interval_us) {
		m->interval_us = m->delay_us;
		m->rate = 1e6 / (double)m->delay_us;
	}
	if (m->delay_us)
		m->concurrency = 1;
}

void pace_configure(struct window_host *h, const struct conf *conf, int64_t now_ms)
{
	const struct conf_source *s = conf_source(conf, h->source->name);
	struct meter *m = h->meter;

	h->known = s && conf_source_runs(s) && scope_led(s, h->name);
	set_rate(m, conf);
	if (!m->adaptive)
		m->adapt = (struct adapt){ 0 };
	/* what it was promised at another rate does not hold it longer */
	m->ticket_us = 0;
	m->next_us = least(m->next_us, now_ms * 1000 + m->interval_us);
	if (m->asked_us)
		m->next_us = most(m->next_us, m->asked_us + m->delay_us);
}

int64_t pace_start_us(const struct meter *m)
{
	return most(most(m->next_us, m->ticket_us), m->hold_ms * 1000);
}

int64_t pace_interval_us(const struct meter *m)
{
	return (int64_t)ceil((double)m->interval_us / adapt_factor(&m->adapt));
}

int64_t pace_worth_us(const struct meter *m)
{
	int64_t trouble_ms = most(m->hold_ms, m->trouble_ms) + TROUBLE_WORTH_MS;

	return most(pace_start_us(m), m->troubles ? trouble_ms * 1000 : 0);
}

int pace_at_once(const struct meter *m, const struct conf *conf)
{
	return m->troubles || (conf->address_rate > 0 && !m->address) ? 1 : m->concurrency;
}

static int64_t cap(const struct meter *m)
{
	return most(WINDOW_LEAST, (int64_t)16 * m->concurrency);
}

int64_t pace_useful(const struct window_host *h)
{
	const struct meter *m = h->meter;
	double rate = m->rate * adapt_factor(&m->adapt);

	return least(cap(m), 2 + (int64_t)fmin(rate * (double)PACE_SOON_MS / 1000, 1e6));
}

/* What has ended waits for its commit, and may pile up behind the writer. */
int64_t pace_room(const struct window_host *h)
{
	return least(pace_useful(h) - h->n[WINDOW_WAITING] - h->n[WINDOW_RUNNING],
		     4 * cap(h->meter) - window_held(h));
}

/* ---- addresses ---- */

/* When the next may start, if one starts now that might have at `next_us`. */
static int64_t after(int64_t next_us, int64_t each_us, int64_t slack_us, int64_t now_us)
{
	return now_us - least(now_us - next_us, slack_us) + each_us;
}

static int64_t address_interval_us(const struct conf *conf)
{
	return conf->address_rate > 0 ? interval_us(conf->address_rate) : 0;
}

/* Who comes while others wait gets a ticket for the end of the line. A ticket
 * that is not used costs the address one turn; it is never asked twice for it. */
int64_t pace_address_us(struct meter *m, const struct conf *conf, int64_t now_ms)
{
	struct meter_address *a = m->address;
	int64_t each = address_interval_us(conf), now_us = now_ms * 1000;

	if (!a || !each)
		return 0;
	if (!m->ticket_us && most(a->next_us, a->line_us) > now_us) {
		m->ticket_us = most(a->next_us, a->line_us);
		a->line_us = m->ticket_us + each;
		return m->ticket_us;
	}
	return a->next_us > now_us ? a->next_us : 0;
}

static void use_address(struct meter_address *a, const struct conf *conf, int64_t now_ms)
{
	int64_t each = address_interval_us(conf);

	a->next_us = after(a->next_us, each, PACE_SLACK_US, now_ms * 1000);
	a->line_us = most(a->line_us, a->next_us);
}

void pace_reached(struct meter *m, const struct conf *conf, int64_t started_ms)
{
	if (conf->address_rate > 0)
		use_address(m->address, conf, started_ms);
}

/* ---- requests ---- */

static void count(struct meter *m, int64_t now_ms)
{
	int64_t slot = now_ms / PACE_SLOT_MS;

	for (; m->slot < slot; m->slot++) {
		if (slot - m->slot > METER_SLOTS)
			m->slot = slot - METER_SLOTS;
		m->count[(m->slot + 1) % METER_SLOTS] = 0;
	}
	m->count[slot % METER_SLOTS]++;
	if (!m->started) {
		m->started = true;
		m->first_ms = now_ms;
	}
}

static void start(struct meter *m, const struct conf *conf, int64_t now_ms)
{
	bool strict = m->delay_us || (!m->asked_us && m->interval_us >= PACE_SLACK_US);
	int64_t slack = strict ? 0 : PACE_SLACK_US;

	m->next_us = after(m->next_us, pace_interval_us(m), slack, now_ms * 1000);
	m->asked_us = now_ms * 1000;
	m->ticket_us = 0;
	if (m->address)
		use_address(m->address, conf, now_ms);
	if (m->breaker == BREAKER_OPEN)
		m->breaker = (enum breaker_state)state_move(STATE_BREAKER, BREAKER_OPEN,
							    BREAKER_HALF_OPEN);
	m->running++;
	count(m, now_ms);
}

void pace_started(struct window_job *j, const struct conf *conf, int64_t now_ms)
{
	struct meter *m = j->host->meter;

	j->started_ms = now_ms;
	j->asked_was_us = m->asked_us;
	j->next_was_us = m->next_us;
	start(m, conf, now_ms);
	j->host->started++;
}

int64_t pace_visit_ms(struct meter *m, const struct conf *conf, int64_t now_ms)
{
	int64_t at_us = pace_start_us(m), now_us = now_ms * 1000;

	if (!m->first)
		set_rate(m, conf);
	if (m->running >= pace_at_once(m, conf))
		at_us = most(at_us, now_us + m->interval_us);
	if (at_us <= now_us)
		at_us = pace_address_us(m, conf, now_ms);
	if (at_us > now_us)
		return (at_us - now_us + 999) / 1000;
	start(m, conf, now_ms);
	return 0;
}

void pace_unsent(struct window_job *j, const struct conf *conf)
{
	struct meter *m = j->host->meter;

	m->running--;
	j->host->started--;
	m->count[m->slot % METER_SLOTS]--;
	/* nobody started after it */
	if (m->asked_us == j->started_ms * 1000) {
		m->asked_us = j->asked_was_us;
		m->next_us = j->next_was_us;
	}
	if (m->address) {
		m->address->next_us -= address_interval_us(conf);
		m->ticket_us = j->started_ms * 1000;
	}
}

/* Doubles with each trouble in a row; between half of it and the whole, so that
 * hosts that failed together don't come back together. */
static int64_t back_off_ms(const struct meter *m, const struct conf *conf, struct rng *rng)
{
	int64_t first = most(1, conf->backoff_first_ms);
	int64_t whole =
		most(first, least(conf->backoff_max_ms, first << least(m->troubles - 1, 20)));

	return whole - (int64_t)(rng_unit(rng) * (double)whole / 2);
}

static void hold(struct meter *m, int64_t until_ms, bool asked)
{
	if (until_ms <= m->hold_ms)
		return;
	m->hold_ms = until_ms;
	m->hold_asked = asked;
}

void pace_hold(struct meter *m, int64_t until_ms)
{
	hold(m, until_ms, false);
}

static void trip(struct meter *m)
{
	bool open = m->breaker != BREAKER_CLOSED || m->troubles >= PACE_BREAKER_TROUBLES;

	if (open)
		m->breaker = (enum breaker_state)state_move(STATE_BREAKER, (int)m->breaker,
							    BREAKER_OPEN);
}

static void fine(struct meter *m)
{
	m->troubles = 0;
	if (m->breaker == BREAKER_HALF_OPEN)
		m->breaker = (enum breaker_state)state_move(STATE_BREAKER, BREAKER_HALF_OPEN,
							    BREAKER_CLOSED);
}

void pace_ended(struct meter *m, int64_t started_ms, enum frontier_news news,
		int64_t retry_after_ms, int64_t now_ms, const struct conf *conf, struct rng *rng)
{
	bool told = news == FRONTIER_SLOW_DOWN && retry_after_ms > 0;
	/* several requests that fail at once are one trouble */
	bool fresh = !m->troubles || started_ms > m->trouble_ms;

	m->running--;
	if (news == FRONTIER_NOTHING)
		return;
	if (news == FRONTIER_FINE) {
		if (fresh)
			fine(m);
		return;
	}
	if (fresh) {
		m->troubles++;
		m->trouble_ms = now_ms;
		if (!told)
			hold(m, now_ms + back_off_ms(m, conf, rng), false);
		if (m->adaptive)
			adapt_troubled(&m->adapt,
				       news == FRONTIER_SLOW_DOWN ? ADAPT_SLOW_DOWN : ADAPT_TROUBLE,
				       now_ms);
		trip(m);
	}
	if (told)
		/* now_ms may be behind by a part of a millisecond */
		hold(m, now_ms + least(retry_after_ms, RETRY_AFTER_MOST_MS) + 1, true);
}

bool pace_took(struct meter *m, int64_t took_ms, int64_t now_ms)
{
	return m->adaptive && adapt_answered(&m->adapt, took_ms, now_ms);
}

double pace_used(const struct meter *m, int64_t now_ms)
{
	int64_t slot = now_ms / PACE_SLOT_MS, age_ms = now_ms - m->first_ms, n = 0;
	int64_t oldest = most(0, most(slot, m->slot) - METER_SLOTS + 1);

	if (!m->started)
		return 0;
	for (int64_t s = m->slot; s >= oldest; s--)
		n += m->count[s % METER_SLOTS];
	if (age_ms > PACE_SLOT_MS * METER_SLOTS)
		age_ms = PACE_SLOT_MS * (METER_SLOTS - 1) + now_ms % PACE_SLOT_MS;
	return (double)n * 1000 / (double)most(age_ms, 1000);
}

static void set_back(struct meter *m, int64_t by_ms)
{
	m->next_us -= by_ms * 1000;
	m->asked_us = m->asked_us ? most(1, m->asked_us - by_ms * 1000) : 0;
	m->ticket_us = 0;
	m->hold_ms -= by_ms;
	m->trouble_ms -= by_ms;
	m->first_ms -= by_ms;
	m->adapt.changed_ms -= by_ms;
	m->slot = most(0, m->slot - by_ms / PACE_SLOT_MS);
	for (struct window_host *h = m->first; h; h = h->next_user)
		for (struct window_job *j = h->busy.first; j; j = j->next)
			j->started_ms -= by_ms;
}

void pace_set_back(struct meter_table *t, int64_t by_ms)
{
	for (size_t i = 0; i < t->room; i++)
		for (struct meter *m = t->meters[i]; m; m = m->in_bucket)
			set_back(m, by_ms);
	for (size_t i = 0; i < t->addresses_room; i++) {
		for (struct meter_address *a = t->addresses[i]; a; a = a->in_bucket) {
			a->next_us -= by_ms * 1000;
			a->line_us -= by_ms * 1000;
		}
	}
}
