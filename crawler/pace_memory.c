#include "crawler/pace.h"

/* Shorter intervals pass while a daemon starts. */
#define SLOW_US 1000000
#define HOLD_MOST_MS ((int64_t)24 * 3600 * 1000)

void pace_save(const struct meter *m, struct site_host *ret)
{
	*ret = (struct site_host){
		.host = m->name,
		.breaker = m->breaker,
		.troubles = m->troubles,
		.trouble = str_of(m->trouble ? m->trouble : ""),
		.trouble_ms = m->trouble_ms,
		.asked_ms = m->asked_us / 1000,
		.hold_ms = m->hold_ms,
		.hold_asked = m->hold_asked,
		.delay_ms = m->delay_us / 1000,
		.factor = adapt_factor(&m->adapt),
		.factor_why = str_of(adapt_why_name(m->adapt.why)),
	};
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* By a clock that was ahead, what the host said itself lasts as long from now;
 * our own pauses are over. */
static int64_t hold_ms(const struct site_host *s, int64_t now_ms)
{
	int64_t ahead_ms = s->asked_ms - now_ms;

	if (ahead_ms <= 0)
		return least(s->hold_ms, now_ms + HOLD_MOST_MS);
	return s->hold_asked ? least(s->hold_ms - ahead_ms, now_ms + HOLD_MOST_MS) : 0;
}

static void take(struct meter *m, const struct site_host *s, const struct conf *conf,
		 int64_t now_ms)
{
	m->breaker = s->breaker;
	m->troubles = s->troubles;
	m->trouble_ms = least(s->trouble_ms, now_ms);
	if (s->troubles)
		meter_blame(m, s->trouble);
	m->hold_ms = hold_ms(s, now_ms);
	m->hold_asked = s->hold_asked;
	if (!m->delay_us)
		m->delay_us = s->delay_ms * 1000;
	adapt_recall(&m->adapt, s->factor, s->factor_why, now_ms);
	for (struct window_host *h = m->first; h; h = h->next_user)
		pace_configure(h, conf, now_ms);
}

bool pace_recall(struct meter *m, const struct site_host *s, const struct conf *conf,
		 int64_t now_ms)
{
	int64_t now_us = now_ms * 1000, asked_us;

	m->recalled = true;
	if (s)
		take(m, s, conf, now_ms);
	/* a clock that was set back since does not make it wait longer */
	asked_us = s ? least(s->asked_ms, now_ms) * 1000 : 0;
	if (asked_us && asked_us + pace_interval_us(m) > now_us) {
		m->asked_us = asked_us;
		m->next_us = asked_us + pace_interval_us(m);
		return false;
	}
	if (m->hold_ms > now_ms)
		return false;
	m->asked_us = now_us;
	m->next_us = now_us + pace_interval_us(m);
	return true;
}

bool pace_is_slow(const struct meter *m)
{
	return m->interval_us >= SLOW_US;
}
