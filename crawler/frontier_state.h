/* frontier_state.h: what frontier.c (jobs), frontier_slots.c (requests at once),
 * frontier_hosts.c (which hosts are in memory), frontier_look.c (which are listed) and
 * frontier_view.c (what people see) share. */
#ifndef PIPED_FRONTIER_STATE_H
#define PIPED_FRONTIER_STATE_H

#include "base/rng.h"
#include "crawler/frontier.h"
#include "crawler/window.h"

/* Below so many hosts in memory none is forgotten, and those that are due some
 * day are there too: a small crawl is seen whole. */
#define FRONTIER_KEEP 2048
/* Hosts from outside come in while fewer than these wait to be asked for. */
#define FRONTIER_ASK 256

struct frontier {
	struct window window;
	struct meter_table meters;
	struct turn_heap ready[METER_TRUSTS]; /* hosts of which a job may start */
	/* A host is in one of these, or has all that it needs. */
	struct turn_heap ask[METER_TRUSTS]; /* worth asking the database for */
	struct turn_heap later;		    /* will be, at its time */
	struct turn_heap parked;	    /* would be, but had its turn; proven to answer */
	struct turn_heap keep;		    /* idle; its time: when there is nothing to remember */
	struct turn_heap look;		    /* sources whose hosts are to be listed */
	struct window_source *looking;
	int looked_for; /* hosts at most, in the answer on its way */
	bool crowded;	/* hosts with due jobs wait outside: those inside get one turn each */
	const struct conf *conf;
	struct rng rng;
	int64_t now_ms;	  /* newest time that was given */
	int most, wanted; /* jobs held at most; jobs asked for, on their way */
	/* Requests that hold a slot, those of them by trust, and those that are under way
	 * for so long that they hold none. */
	int running, held[METER_TRUSTS], hanging[METER_TRUSTS];
	struct turn_heap hang[METER_TRUSTS]; /* which held one, and till when */
	int64_t *skip;
	size_t skip_room;
};

/* Time goes on; it may have been set back. */
void frontier_tick(struct frontier *f, int64_t now_ms);
/* The host whose turn it is first, among those that may have a slot now. */
struct turn *frontier_slots_first(const struct frontier *f);
/* A job that starts takes a slot, and its end gives it back if it still has it. */
void frontier_slots_take(struct frontier *f, struct window_job *j);
void frontier_slots_give(struct frontier *f, struct window_job *j, enum frontier_news news);
/* Takes slots from requests that take long; when there are more such; JOB_NEVER. */
int64_t frontier_slots_wait_us(struct frontier *f);
/* The database is said to have jobs for the host. */
void frontier_heard(struct frontier *f, struct window_host *h, int64_t due_ms, int64_t due_jobs);
/* The host, which is made if it may be; NULL: it may not, and stays outside.
 * `listed`: it is its turn among those outside. */
struct window_host *frontier_hosts_admit(struct frontier *f, struct str source, struct str host,
					 int64_t due_ms, bool listed);
/* So many hosts are worth asking the database for. */
size_t frontier_hosts_asking(const struct frontier *f);
/* So many hosts from outside may come in. */
size_t frontier_hosts_room(const struct frontier *f);
/* Puts the host where its state says, in all heaps. A host that is ready keeps
 * its place among the others, so that they take turns. */
void frontier_hosts_settle(struct frontier *f, struct window_host *h);
/* What a source's request does to a host, all of them feel. `h`: as if it was new. */
void frontier_hosts_settle_all(struct frontier *f, struct meter *m, struct window_host *h);
/* As if it was new to the heaps: times may have come closer. */
void frontier_hosts_resettle(struct frontier *f, struct window_host *h);
/* Its time has come, for all whose time has come; and memory is bounded. */
void frontier_hosts_wake(struct frontier *f);
/* All of a source's hosts are to be listed, from the first on. */
void frontier_look_source(struct frontier *f, struct window_source *s);
/* A host with jobs in the database is not in memory, or not to stay there. */
void frontier_look_outside(struct frontier *f, struct window_source *s, int64_t due_ms);

static inline int64_t frontier_later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static inline int64_t frontier_sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static inline int64_t frontier_us(int64_t ms)
{
	return frontier_sooner(frontier_later(ms, 0), INT64_MAX / 2000) * 1000;
}

#endif
