#include "base/clock.h"

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
