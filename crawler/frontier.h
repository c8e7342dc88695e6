/* frontier.h: the window of jobs in memory, and whose turn it is. Per host: a
 * rate, a number of requests at once, a pause after trouble. Hosts take turns;
 * a waiting host never holds a slot of another. No I/O; time is a parameter;
 * loop thread only. The database stays the queue: the window is refilled from
 * it (frontier_wants) and forgets a job when it is answered and committed. */
#ifndef PIPED_FRONTIER_H
#define PIPED_FRONTIER_H

#include "base/arena.h"
#include "config/conf.h"
#include "model/job.h"

struct frontier;

/* `conf` is borrowed until frontier_reconfigure or frontier_free. Times are
 * wall-clock; a clock that is set back is made up for. Intervals are exact;
 * hosts with one below 20 ms may catch up 20 ms of a late loop. */
struct frontier *frontier_new(const struct conf *conf);
void frontier_free(struct frontier *f);
void frontier_reconfigure(struct frontier *f, const struct conf *conf);
/* Most jobs that the window holds: waiting, running, and ended but not yet
 * forgotten. For sizing what comes after. */
int frontier_most(const struct conf *conf);

/* Which (source, host) has room and is worth asking the database for.
 * *ret_skip (borrowed until the next call) are the ids it holds already.
 * False: none now. Marks the host as asked until frontier_fill. */
bool frontier_wants(struct frontier *f, int64_t now_ms, struct str *ret_source,
		    struct str *ret_host, int *ret_most, const int64_t **ret_skip, int *ret_n_skip);
/* All hosts that the database has due jobs for are named anew: the others have none. */
void frontier_recount(struct frontier *f);
/* Hosts that the database has due jobs for, with their soonest due time. */
void frontier_host(struct frontier *f, struct str source, struct str host, int64_t due_ms,
		   int64_t due_jobs);
/* The answer to frontier_wants, even if empty; jobs are copied. Fewer than
 * asked for: the database has no more due now, and the host is not asked for
 * again until frontier_stir, or until the due time that frontier_host names. */
void frontier_fill(struct frontier *f, struct str source, struct str host, const struct job *jobs,
		   int n);
/* New due jobs were committed for the host: ask again. */
void frontier_stir(struct frontier *f, struct str source, struct str host);

/* The next job that may be asked now; it counts as running until
 * frontier_end. NULL: none; look again, at frontier_wants first, in
 * *ret_wait_ms (-1: only after a fill, an end or news of a host). The job is
 * borrowed until frontier_forget. */
const struct job *frontier_next(struct frontier *f, int64_t now_ms, int64_t *ret_wait_ms);

enum frontier_news {
	FRONTIER_FINE,	    /* an answer */
	FRONTIER_SLOW_DOWN, /* 429, 503: pause for retry_after_ms, or back off */
	FRONTIER_TROUBLE,   /* timeout, unreachable, 5xx: back off; one request at a
			       time until the host answers */
	FRONTIER_NOTHING,   /* cancelled: says nothing of the host */
};
/* What went wrong with a running job's request, for people; before frontier_end.
 * Cut to some 200 bytes. */
void frontier_blame(struct frontier *f, int64_t job, struct str what);
/* The request has ended: frees the host's slot. The job stays in the window
 * (not picked again) until frontier_forget. */
void frontier_end(struct frontier *f, int64_t job, enum frontier_news news, int64_t retry_after_ms,
		  int64_t now_ms);
/* The job's new state is committed: it may come again from the database. */
void frontier_forget(struct frontier *f, int64_t job);

/* Till when a host is left alone after trouble; 0: it is not. */
int64_t frontier_held_ms(const struct frontier *f, struct str source, struct str host);
/* Least time between two requests to a host, whatever its sources allow
 * (crawl-delay); 0: none. */
void frontier_delay(struct frontier *f, struct str host, int64_t delay_ms);

void frontier_pause(struct frontier *f, struct str source, bool paused);
/* Whether a host is asked at all: configured, enabled, not paused. */
bool frontier_asks(const struct frontier *f, struct str source, struct str host);
/* Jobs of hosts that configuration no longer knows are dropped from the window. */

/* Why a host is not being asked right now. */
enum frontier_why {
	WHY_RUNNING,
	WHY_RATE,
	WHY_RETRY_AFTER,
	WHY_BACK_OFF,
	WHY_PAUSED,
	WHY_NOT_DUE,
	WHY_EMPTY,
	WHY_FULL,
	WHY_DISABLED,
	WHY_COUNT
};
const char *frontier_why_name(enum frontier_why w); /* "retry-after" */
const char *frontier_why_doc(enum frontier_why w);

struct frontier_host_view {
	struct str source, host;
	enum frontier_why why;
	int64_t until_ms; /* wall clock; 0 not known */
	int running, window, troubles_in_a_row;
	struct str trouble;	/* the last of them; {0} when there is none */
	int64_t due_jobs;	/* as last heard from the database */
	int64_t asked;		/* requests since start */
	double rate, rate_used; /* allowed; over the last minute */
};
/* In order of source and host; *ret is in `a`. */
void frontier_view(const struct frontier *f, int64_t now_ms, struct arena *a,
		   struct frontier_host_view **ret, int *ret_n);

#endif
