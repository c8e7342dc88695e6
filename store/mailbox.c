#include "store/mailbox.h"

#include "base/clock.h"
#include "base/must.h"

#include <string.h>
#include <time.h>

void mailbox_add(struct mailbox_list *l, struct write *w)
{
	w->next = NULL;
	if (l->last)
		l->last->next = w;
	else
		l->first = w;
	l->last = w;
}

struct write *mailbox_next(struct mailbox_list *l)
{
	struct write *w = l->first;

	if (!w)
		return NULL;
	l->first = w->next;
	if (!l->first)
		l->last = NULL;
	w->next = NULL;
	return w;
}

void mailbox_init(struct mailbox *m, int most, int64_t wait_ms)
{
	pthread_condattr_t attr;

	must(most > 0 && wait_ms >= 0);
	memset(m, 0, sizeof(*m));
	m->most = most;
	m->wait_ms = wait_ms;
	pthread_mutex_init(&m->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&m->come, &attr);
	pthread_condattr_destroy(&attr);
}

void mailbox_done(struct mailbox *m)
{
	must(!m->list.first);
	pthread_cond_destroy(&m->come);
	pthread_mutex_destroy(&m->lock);
}

static void put(struct mailbox *m, struct write *w)
{
	if (!m->n++)
		m->since_ms = clock_mono_ms(&clock_system);
	m->n_urgent += !w->may_wait;
	mailbox_add(&m->list, w);
	pthread_cond_signal(&m->come);
}

void mailbox_put(struct mailbox *m, struct write *w)
{
	pthread_mutex_lock(&m->lock);
	must(!m->closed);
	put(m, w);
	pthread_mutex_unlock(&m->lock);
}

void mailbox_again(struct mailbox *m, struct write *w)
{
	pthread_mutex_lock(&m->lock);
	put(m, w);
	pthread_mutex_unlock(&m->lock);
}

void mailbox_close(struct mailbox *m)
{
	pthread_mutex_lock(&m->lock);
	m->closed = true;
	pthread_cond_signal(&m->come);
	pthread_mutex_unlock(&m->lock);
}

static bool is_time(const struct mailbox *m)
{
	if (m->closed || m->n_urgent || m->n >= m->most)
		return true;
	return m->n && clock_mono_ms(&clock_system) >= m->since_ms + m->wait_ms;
}

static void sleep_on(struct mailbox *m)
{
	int64_t until = m->since_ms + m->wait_ms;
	struct timespec at = { .tv_sec = (time_t)(until / 1000),
			       .tv_nsec = (long)(until % 1000) * 1000000 };

	if (m->n)
		pthread_cond_timedwait(&m->come, &m->lock, &at);
	else
		pthread_cond_wait(&m->come, &m->lock);
}

int mailbox_take(struct mailbox *m, struct write **to)
{
	int n = 0;

	pthread_mutex_lock(&m->lock);
	while (!is_time(m))
		sleep_on(m);
	while (n < m->most && (to[n] = mailbox_next(&m->list)))
		m->n_urgent -= !to[n++]->may_wait;
	m->n -= n;
	pthread_mutex_unlock(&m->lock);
	return n;
}
