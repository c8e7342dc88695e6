/* window.h: the jobs that the frontier holds and the hosts they belong to,
 * found by id and by name. Keeps no rules: those are frontier.c's. */
#ifndef PIPED_WINDOW_H
#define PIPED_WINDOW_H

#include "crawler/meter.h"
#include "crawler/turn.h"
#include "model/job.h"

enum window_stage { WINDOW_WAITING, WINDOW_RUNNING, WINDOW_ENDED, WINDOW_STAGES };

struct window_job {
	struct job job; /* text owned */
	struct window_host *host;
	struct window_job *in_bucket;	/* next of the same hash */
	struct window_job *prev, *next; /* of the same list */
	enum window_stage stage;
	enum meter_trust trust; /* in its host, when it started */
	struct turn hang;	/* till when it holds a slot; see frontier_slots.c */
	int64_t started_ms;
	int64_t asked_was_us, next_was_us; /* of its host, before it started */
};

struct window_list {
	struct window_job *first, *last;
};

/* Of a source, and how far its hosts with due jobs are known: they are listed
 * from the database in slices, from the first to the last; till the next time
 * news of them are enough. */
struct window_source {
	struct str name; /* owned */
	struct window_source *next, *in_bucket;
	bool known, paused;
	struct turn look;   /* when they are listed, or go on being listed */
	bool walking;	    /* some are listed */
	bool again;	    /* and that is to begin anew */
	int64_t after_ms;   /* the last that was listed */
	struct str after;   /* owned */
	int64_t began_ms;   /* the first slice was asked for */
	int64_t outside_ms; /* soonest due time of those that are not in memory */
};

struct window_host {
	struct str name; /* owned, as is everything below */
	struct window_source *source;
	struct window_host *in_bucket;
	struct window_list waiting; /* by priority, then as they came */
	struct window_list busy;    /* running or ended */
	int n[WINDOW_STAGES];
	size_t place; /* among window.hosts */

	struct meter *meter;			   /* of its name, shared (meter.h) */
	struct window_host *prev_user, *next_user; /* of the meter */
	bool known;				   /* by the configuration */
	struct turn ready;			   /* when the next of its jobs may start */
	struct turn_heap *ready_in;

	struct turn ask; /* when something is done about it: see frontier_hosts.c */
	struct turn_heap *ask_in;
	bool more;  /* the database may have jobs for it, from due_ms on */
	bool asked; /* it is being asked, for asked_for jobs */
	bool again; /* news came meanwhile */
	bool turn;  /* it may be asked for although others have to wait */
	int asked_for;
	int64_t due_ms, due_jobs;

	int64_t started; /* requests since start */
};

#define WINDOW_SOURCES 256

struct window {
	struct window_job **jobs; /* by hash of the id */
	size_t jobs_n, jobs_room;
	struct window_host **hosts_by_name;
	size_t hosts_room;
	struct window_host **hosts; /* in no order */
	size_t hosts_n, hosts_list_room;
	struct window_source *sources, *sources_by_name[WINDOW_SOURCES];
};

void window_init(struct window *w);
void window_done(struct window *w);

struct window_source *window_source(struct window *w, struct str name); /* made if new */
/* NULL: not there. */
struct window_host *window_host(const struct window *w, struct str source, struct str host);
struct window_host *window_host_add(struct window *w, struct str source, struct str host);
/* Of the same name, whatever the source: NULL after the last. `h` NULL: the first. */
struct window_host *window_host_named(const struct window *w, struct str host,
				      const struct window_host *h);
/* It holds no jobs. */
void window_host_drop(struct window *w, struct window_host *h);
struct window_job *window_job(const struct window *w, int64_t id);
/* Copies `j`, which is not there yet, as waiting. */
void window_add(struct window *w, struct window_host *h, const struct job *j);
void window_move(struct window_job *j, enum window_stage to);
void window_drop(struct window *w, struct window_job *j);
/* The waiting job of the lowest priority number that came first; NULL. */
struct window_job *window_pick(const struct window_host *h);
int window_held(const struct window_host *h);

#endif
