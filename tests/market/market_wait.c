#include "market_wait.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/must.h"

#include <microhttpd.h>
#include <pthread.h>
#include <time.h>

struct sleeper {
	struct MHD_Connection *connection;
	int64_t due_ms;
};

struct market_wait {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t thread;
	struct sleeper *sleepers;
	size_t n, room;
	bool closing;
};

/* Resumes those that are due; returns when the next is, or -1. */
static int64_t wake(struct market_wait *w, int64_t now_ms)
{
	int64_t next = -1;
	size_t i = 0;

	while (i < w->n) {
		struct sleeper *s = &w->sleepers[i];

		if (w->closing || s->due_ms <= now_ms) {
			MHD_resume_connection(s->connection);
			*s = w->sleepers[--w->n];
			continue;
		}
		if (next < 0 || s->due_ms < next)
			next = s->due_ms;
		i++;
	}
	return next;
}

static void *run(void *ctx)
{
	struct market_wait *w = ctx;
	struct timespec until;
	int64_t next;

	pthread_mutex_lock(&w->lock);
	for (;;) {
		next = wake(w, clock_mono_ms(&clock_system));
		if (w->closing)
			break;
		if (next < 0) {
			pthread_cond_wait(&w->changed, &w->lock);
			continue;
		}
		until.tv_sec = next / 1000;
		until.tv_nsec = next % 1000 * 1000000;
		pthread_cond_timedwait(&w->changed, &w->lock, &until);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

struct market_wait *market_wait_new(void)
{
	struct market_wait *w = mem_zero(sizeof(*w));
	pthread_condattr_t attr;

	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&w->changed, &attr);
	pthread_condattr_destroy(&attr);
	must(pthread_create(&w->thread, NULL, run, w) == 0);
	return w;
}

bool market_wait_add(struct market_wait *w, struct MHD_Connection *c, int64_t ms)
{
	bool added;

	pthread_mutex_lock(&w->lock);
	added = !w->closing;
	if (added) {
		mem_grow(&w->sleepers, &w->room, w->n + 1, sizeof(*w->sleepers));
		w->sleepers[w->n++] = (struct sleeper){
			.connection = c,
			.due_ms = clock_mono_ms(&clock_system) + ms,
		};
		MHD_suspend_connection(c);
		pthread_cond_signal(&w->changed);
	}
	pthread_mutex_unlock(&w->lock);
	return added;
}

void market_wait_close(struct market_wait *w)
{
	pthread_mutex_lock(&w->lock);
	if (!w->closing) {
		w->closing = true;
		pthread_cond_signal(&w->changed);
		pthread_mutex_unlock(&w->lock);
		pthread_join(w->thread, NULL);
		return;
	}
	pthread_mutex_unlock(&w->lock);
}

void market_wait_free(struct market_wait *w)
{
	if (!w)
		return;
	market_wait_close(w);
	pthread_cond_destroy(&w->changed);
	pthread_mutex_destroy(&w->lock);
	mem_free(w->sleepers);
	mem_free(w);
}
