/* frontier.h: the window of jobs in memory, and whose turn it is. Per host name,
 * whatever the source: a rate, a number of requests at once, a pause after
 * trouble; per address a rate over all its host names. Hosts take turns;
 * a waiting host never holds a slot of another. No I/O; time is a parameter;
 * loop thread only. The database stays the queue: the window is refilled from
 * it (frontier_wants) and forgets a job when it is answered and committed. */
#ifndef PIPED_FRONTIER_H
#define PIPED_FRONTIER_H

#include "base/arena.h"
#include "config/conf.h"
#include "crawler/adapt.h"
#include "model/job.h"
#include "model/site.h"

struct frontier;

/* `conf` is borrowed until frontier_reconfigure or frontier_free. Times are
 * wall-clock; a clock that is set back is made up for, one that is set ahead if
 * frontier_clock_set says so. A crawl-delay is exact;
 * else a host may catch up 20 ms of a late loop. */
struct frontier *frontier_new(const struct conf *conf);
void frontier_free(struct frontier *f);
/* The wall clock was set ahead by so much, or back if that is negative: pauses last
 * as long as they would have. Before the next call with a time of it. */
void frontier_clock_set(struct frontier *f, int64_t ahead_ms);
void frontier_reconfigure(struct frontier *f, const struct conf *conf);
/* Most jobs that the window holds: waiting, running, and ended but not yet
 * forgotten. For sizing what comes after. */
int frontier_most(const struct conf *conf);

/* Which (source, host) has room and is worth asking the database for.
 * *ret_skip (borrowed until the next call) are the ids it holds already.
 * False: none now. Marks the host as asked until frontier_fill. */
bool frontier_wants(struct frontier *f, int64_t now_ms, struct str *ret_source,
		    struct str *ret_host, int *ret_most, const int64_t **ret_skip, int *ret_n_skip);
/* The answer to frontier_wants, even if empty; jobs are copied. Fewer than
 * asked for: the database has no more due now; it has at next_ms (JOB_NEVER:
 * at no known time), and the host is not asked for again before. */
void frontier_fill(struct frontier *f, struct str source, struct str host, const struct job *jobs,
		   int n, int64_t next_ms);

/* Hosts come into memory while there is room, and are forgotten when they are
 * idle and it is needed: then they are listed from the database again, in its
 * order, so that each has its turn. Which source's hosts with due jobs are to be
 * listed: `most`, in order of due time and name, behind (after_ms, after), due
 * until until_ms. False: none now; one question at a time. Texts are borrowed
 * until the answer. */
struct frontier_look {
	struct str source, after;
	int64_t after_ms, until_ms;
	int most;
};
bool frontier_look(struct frontier *f, int64_t now_ms, struct frontier_look *ret);
/* The answer. Fewer than asked for: there are no more of them; the next is due
 * at next_ms (JOB_NEVER: none is). Due times may be too early, not too late. */
struct frontier_due {
	struct str source, host;
	int64_t due_ms, due_jobs;
};
void frontier_look_answer(struct frontier *f, const struct frontier_due *hosts, int n,
			  int64_t next_ms);
void frontier_look_failed(struct frontier *f);
/* Something else than what frontier_host tells has changed: all are listed again. */
void frontier_look_again(struct frontier *f);
/* News of a host: so many of its jobs are due, and one that was not before is at
 * due_ms (JOB_NEVER: no such one). */
void frontier_host(struct frontier *f, struct str source, struct str host, int64_t due_ms,
		   int64_t due_jobs);
/* Due jobs of the host that it had are no longer in the window: ask again. */
void frontier_stir(struct frontier *f, struct str source, struct str host);
/* One of its jobs now comes before all others: those that wait are asked for again. */
void frontier_front(struct frontier *f, struct str source, struct str host);
/* Not before this is there anything to do; what is paused or not configured does
 * not count, a host that is left alone does from the end of that. JOB_NEVER. */
int64_t frontier_due_ms(const struct frontier *f);

/* The next job that may be asked now; it counts as running until
 * frontier_end. NULL: none; look again, at frontier_wants and frontier_look first, in
 * *ret_wait_ms (-1: only after a fill, an end or news of a host). The job is
 * borrowed until frontier_forget. */
const struct job *frontier_next(struct frontier *f, int64_t now_ms, int64_t *ret_wait_ms);

enum frontier_news {
	FRONTIER_FINE,	    /* an answer */
	FRONTIER_SLOW_DOWN, /* 429, 503: pause for retry_after_ms, or back off */
	FRONTIER_TROUBLE,   /* timeout, unreachable, 5xx: back off; one request at a
			       time until the host answers */
	FRONTIER_NOTHING,   /* cancelled, dropped: says nothing of the host */
	FRONTIER_UNSENT,    /* there was no request: its turn goes to another job */
	FRONTIER_WAIT,	    /* there was none, and is to be none for retry_after_ms */
};
/* What went wrong with a running job's request, for people; before frontier_end.
 * Cut to some 200 bytes. */
void frontier_blame(struct frontier *f, int64_t job, struct str what);
/* What a running job's request was connected to ({0}: not known) and how long a
 * fine answer took (-1: it was none); before frontier_end. */
void frontier_met(struct frontier *f, int64_t job, struct str address, int64_t took_ms);
/* The request has ended: frees the host's slot. The job stays in the window
 * (not picked again) until frontier_forget. */
void frontier_end(struct frontier *f, int64_t job, enum frontier_news news, int64_t retry_after_ms,
		  int64_t now_ms);
/* The job's new state is committed: it may come again from the database. */
void frontier_forget(struct frontier *f, int64_t job);

/* A request that is no job's, as to where a robots.txt leads. 0: it may be sent now,
 * and counts as one of the host until frontier_visited. Else so long later. */
int64_t frontier_visit_ms(struct frontier *f, struct str host, int64_t now_ms);
void frontier_visited(struct frontier *f, struct str host, enum frontier_news news,
		      int64_t retry_after_ms, int64_t now_ms);

/* Least time between two requests to a host, whatever its sources allow
 * (crawl-delay); 0: none. */
void frontier_delay(struct frontier *f, struct str host, int64_t delay_ms);

/* What is remembered of a host (model/site.h). Until it is known, its jobs wait
 * where they start: a start asks, and goes on when frontier_recall returned true.
 * NULL: nothing is remembered. False: the host has to wait, see FRONTIER_UNSENT. */
bool frontier_recalled(const struct frontier *f, struct str host);
bool frontier_recall(struct frontier *f, struct str host, const struct site_host *s);
/* The next host of which something is to be remembered; borrowed until the next
 * call. Again, where it could not be: frontier_forgot. */
bool frontier_unsaved(struct frontier *f, struct site_host *ret);
void frontier_forgot(struct frontier *f, struct str host);

void frontier_pause(struct frontier *f, struct str source, bool paused);
/* Jobs of hosts that configuration no longer knows are dropped from the window. */

/* Why a host is not being asked right now. */
enum frontier_why {
	WHY_RUNNING,
	WHY_RATE,
	WHY_RETRY_AFTER,
	WHY_BACK_OFF,
	WHY_BREAKER,
	WHY_ADDRESS,
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
	struct str trouble; /* the last of them; {0} when there is none */
	int64_t due_jobs;   /* as last heard from the database */
	int64_t asked;	    /* requests since start */
	/* of the host, over all its sources */
	double rate, rate_used; /* allowed at most; over the last minute */
	double factor;		/* of the rate that is used just now */
	enum adapt_why factor_why;
	enum breaker_state breaker;
	struct str address; /* {0} not known */
};
struct frontier_view {
	struct frontier_host_view *hosts; /* those that matter most come first */
	int n_hosts;
	int in_memory;
	int why[WHY_COUNT]; /* of all that are in memory */
};
/* At most `most` hosts, in `a`. */
void frontier_view(const struct frontier *f, int64_t now_ms, int most, struct arena *a,
		   struct frontier_view *ret);
/* One host of a source; false: it is not in memory. */
bool frontier_view_host(const struct frontier *f, struct str source, struct str host,
			int64_t now_ms, struct arena *a, struct frontier_host_view *ret);

#endif
