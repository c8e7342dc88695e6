/* extract_watch.h: stops a jq program that takes too long or too much memory: a timer of the
 * thread's CPU time has a signal (SIGVTALRM) look at both, a hundred times a second, and tell libjq
 * to halt, which it does before its next instruction. extract_bound.h sees to it that an
 * instruction is short. CPU time, not the clock's: a busy machine stops nothing. Memory is the
 * process's, so that other threads' counts, too; the bound is far from what pages need. One thread
 * at a time. */
#ifndef PIPED_EXTRACT_WATCH_H
#define PIPED_EXTRACT_WATCH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include <jq.h>

/* Of one page. */
#define EXTRACT_WATCH_CPU_MS 5000
#define EXTRACT_WATCH_BYTES ((int64_t)512 << 20)

enum extract_watch_end { WATCH_NOTHING, WATCH_CPU, WATCH_MEMORY };

struct extract_watch {
	int cpu_ms;   /* most; set before it starts */
	int64_t most; /* bytes that may come */
	/* its own */
	jq_state *jq;
	void (*halt)(jq_state *, jv, jv);
	jv nothing;
	timer_t timer;
	bool armed;
	int64_t page, began; /* bytes: of a page of memory, resident at the beginning */
	int looks;
	_Atomic(enum extract_watch_end) end;
};

/* Watches what the calling thread does in extract_watch_next, up to the next start or stop. Where the
 * system gives no timer, nothing is watched. */
void extract_watch_start(struct extract_watch *w, jq_state *jq);
/* Does nothing where it did not start. */
void extract_watch_stop(struct extract_watch *w);
/* jq_next; w->end says whether, and why, it was halted. */
jv extract_watch_next(struct extract_watch *w);

#endif
