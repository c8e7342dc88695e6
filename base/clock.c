#include "base/clock.h"

#include "base/civil.h"

#include <stdio.h>
#include <time.h>

static int64_t read_ms(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t system_wall(void *ctx)
{
	(void)ctx;
	return read_ms(CLOCK_REALTIME);
}

static int64_t system_mono(void *ctx)
{
	(void)ctx;
	return read_ms(CLOCK_MONOTONIC);
}

const struct clock clock_system = {
	.wall_ms = system_wall,
	.mono_ms = system_mono,
};

int64_t clock_wall_ms(const struct clock *c)
{
	return c->wall_ms(c->ctx);
}

int64_t clock_mono_ms(const struct clock *c)
{
	return c->mono_ms(c->ctx);
}

int64_t clock_thread_cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void clock_iso(int64_t wall_ms, char to[32])
{
	time_t s = (time_t)(wall_ms / 1000 - (wall_ms % 1000 < 0));
	struct tm tm;

	if (!gmtime_r(&s, &tm) || tm.tm_year > 8099 || !strftime(to, 32, "%Y-%m-%dT%H:%M:%SZ", &tm))
		snprintf(to, 32, "out of range");
}

/* Takes `n` digits off, of a number that is `most` at most. */
static bool digits(struct str *s, size_t n, int64_t most, int64_t *ret)
{
	int64_t x = 0;

	if (s->n < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
		x = x * 10 + (s->p[i] - '0');
	}
	*s = str_sub(*s, n, s->n);
	*ret = x;
	return x <= most;
}

static bool mark(struct str *s, char c)
{
	if (!s->n || s->p[0] != c)
		return false;
	*s = str_sub(*s, 1, s->n);
	return true;
}

/* ".250": thousandths; what is finer is left out. */
static bool fraction(struct str *s, int64_t *ret_ms)
{
	int64_t scale = 100, x = 0;
	size_t n = 0;

	while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9') {
		x += (s->p[n++] - '0') * scale;
		scale /= 10;
	}
	*s = str_sub(*s, n, s->n);
	*ret_ms = x;
	return n > 0;
}

/* "+09:00", "-0330", "+09" */
static bool offset(struct str *s, int64_t *ret_ms)
{
	bool minus = s->n && s->p[0] == '-';
	int64_t h = 0, m = 0;

	if (!mark(s, '+') && !mark(s, '-'))
		return s->n == 0;
	if (!digits(s, 2, 23, &h))
		return false;
	if ((mark(s, ':') || s->n) && !digits(s, 2, 59, &m))
		return false;
	*ret_ms = (h * 60 + m) * (minus ? -60000 : 60000);
	return s->n == 0;
}

static bool time_of_day(struct str *s, int64_t *ret_ms)
{
	int64_t h, m, sec, ms = 0, off = 0;

	if (!digits(s, 2, 23, &h) || !mark(s, ':') || !digits(s, 2, 59, &m) || !mark(s, ':') ||
	    !digits(s, 2, 59, &sec))
		return false;
	if (mark(s, '.') && !fraction(s, &ms))
		return false;
	if (!(mark(s, 'Z') && s->n == 0) && !offset(s, &off))
		return false;
	*ret_ms = ((h * 60 + m) * 60 + sec) * 1000 + ms - off;
	return true;
}

bool clock_read(struct str s, int64_t *ret_ms)
{
	int64_t y, m, d, ms = 0;

	if (!digits(&s, 4, 9999, &y) || !mark(&s, '-') || !digits(&s, 2, 12, &m) ||
	    !mark(&s, '-') || !digits(&s, 2, 31, &d) || !civil_exists(y, m, d))
		return false;
	if (s.n && ((!mark(&s, 'T') && !mark(&s, ' ')) || !time_of_day(&s, &ms)))
		return false;
	ms += civil_days(y, m, d) * CIVIL_DAY_MS;
	if (ms < 0)
		return false;
	*ret_ms = ms;
	return true;
}

void clock_span(int64_t ms, char to[32])
{
	int64_t s = ms / 1000;

	if (ms < 1000)
		snprintf(to, 32, "%lld ms", (long long)ms);
	else if (s < 60)
		snprintf(to, 32, "%lld s", (long long)s);
	else if (s < 3600)
		snprintf(to, 32, "%lld min", (long long)(s / 60));
	else if (s < 86400)
		snprintf(to, 32, "%lldh %lldmin", (long long)(s / 3600),
			 (long long)(s % 3600 / 60));
	else
		snprintf(to, 32, "%lldd %lldh", (long long)(s / 86400),
			 (long long)(s % 86400 / 3600));
}
