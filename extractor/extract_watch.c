#include "extractor/extract_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#define LOOK_MS 10

/* glibc has no name for it before 2.38 */
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

/* What the thread runs at the moment. */
static _Thread_local _Atomic(struct extract_watch *) running;

/* Pages of memory that are resident; -1: /proc is not there. For a signal handler. */
static int64_t resident(void)
{
	char text[128];
	int64_t pages = 0;
	ssize_t n, i = 0;
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	n = read(fd, text, sizeof(text));
	close(fd);
	/* the second number */
	while (i < n && text[i] != ' ')
		i++;
	for (i++; i < n && text[i] >= '0' && text[i] <= '9'; i++)
		pages = pages * 10 + (text[i] - '0');
	return n > 0 ? pages : -1;
}

static void look(struct extract_watch *w)
{
	enum extract_watch_end end = WATCH_NOTHING;

	if (w->end)
		return;
	if (++w->looks * LOOK_MS >= w->cpu_ms)
		end = WATCH_CPU;
	else if (resident() * w->page > w->began + w->most)
		end = WATCH_MEMORY;
	if (!end)
		return;
	w->end = end;
	/* by a pointer, as the linker may not be called here */
	w->halt(w->jq, w->nothing, w->nothing);
}

static void on_signal(int number)
{
	struct extract_watch *w = atomic_load_explicit(&running, memory_order_relaxed);
	int was = errno;

	(void)number;
	if (w)
		look(w);
	errno = was;
}

static bool arm(struct extract_watch *w)
{
	struct sigaction act = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	struct sigevent how = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGVTALRM };
	const struct timespec each = { .tv_nsec = LOOK_MS * 1000000L };
	const struct itimerspec when = { .it_interval = each, .it_value = each };
	sigset_t set;

	how.sigev_notify_thread_id = gettid();
	sigemptyset(&act.sa_mask);
	sigemptyset(&set);
	sigaddset(&set, SIGVTALRM);
	if (sigaction(SIGVTALRM, &act, NULL) || pthread_sigmask(SIG_UNBLOCK, &set, NULL) ||
	    timer_create(CLOCK_THREAD_CPUTIME_ID, &how, &w->timer))
		return false;
	if (!timer_settime(w->timer, 0, &when, NULL))
		return true;
	timer_delete(w->timer);
	return false;
}

void extract_watch_start(struct extract_watch *w, jq_state *jq)
{
	extract_watch_stop(w);
	w->jq = jq;
	w->halt = jq_halt;
	w->nothing = jv_null();
	w->page = sysconf(_SC_PAGESIZE);
	w->began = resident() * w->page;
	w->looks = 0;
	w->end = WATCH_NOTHING;
	w->armed = arm(w);
}

void extract_watch_stop(struct extract_watch *w)
{
	if (w->armed)
		timer_delete(w->timer);
	w->armed = false;
}

jv extract_watch_next(struct extract_watch *w)
{
	jv v;

	atomic_store_explicit(&running, w, memory_order_relaxed);
	v = jq_next(w->jq);
	atomic_store_explicit(&running, NULL, memory_order_relaxed);
	return v;
}
