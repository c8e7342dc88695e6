/* crawl_inner.h: what the parts of the wheel share. crawl.c turns it and holds
 * it, crawl_work.c has the jobs under way, crawl_written.c what the writer says
 * of them, crawl_ask.c the questions to the writer, crawl_values.c what pages gave for
 * seeds, crawl_look.c the figures, crawl_known.c what is known of one job.
 * Loop thread only. */
#ifndef PIPED_CRAWL_INNER_H
#define PIPED_CRAWL_INNER_H

#include "crawler/revisit.h"
#include "daemon/crawl.h"

enum crawl_step { CRAWL_FETCH, CRAWL_WAIT, CRAWL_TASK, CRAWL_COMMIT, CRAWL_STEPS };

/* One job under way. */
struct crawl_work {
	struct crawl_work *next, *prev; /* of all */
	struct crawl_work *queued;	/* next that waits for a slot */
	struct crawl *c;
	struct view *view;
	struct crawl_values *values; /* or NULL */
	struct task task;
	struct fetch_request request;
	struct conf_header ask[REVISIT_HEADERS]; /* whether the job's visit still holds */
	uv_work_t pool;
	enum crawl_step step;
	int64_t since_ms;
	int64_t bytes;
};

struct crawl {
	struct crawl_env env;
	struct view *view;
	struct frontier *frontier;
	struct crawl_sites *sites;
	struct crawl_values *values; /* of every source that has some */
	uv_timer_t timer;
	int64_t next_ms;	  /* when it goes off, of the monotonic clock; -1: never */
	struct slot *slots;	  /* free ones */
	struct crawl_work *works; /* all under way, newest first */
	struct crawl_work *wait_first, *wait_last;
	int n_step[CRAWL_STEPS], n_asks, n_seeding, n_saves;
	int64_t ahead_ms;  /* the wall clock, of the monotonic one */
	bool set_back;	   /* jobs may be due by a clock that was ahead */
	bool mending;	   /* that is being asked */
	int64_t mend_from; /* of WRITE_CLOCK */
	bool unseeded;	   /* seeds that could not be stored are to come again */
	int64_t bytes;
	bool paused, stopping, pumping, again;
	/* why fetching waits: what we were told, and a failed commit */
	char told[200];
	bool failed;
	bool failed_image; /* an image's file, which may lie on a disk of its own */
	struct reason failure;
	int64_t failed_until_ms, failed_wait_ms;
	/* figures */
	struct rate requests, listings, images;
	int64_t pages, failures;
	int64_t cpu_ns[STAGE_COUNT];
};

const char *crawl_step_name(enum crawl_step s);
/* The time of its clock. Sees that the clock was set, and tells the frontier first. */
int64_t crawl_wall(struct crawl *c);
int64_t crawl_mono(const struct crawl *c);
/* Something ended: whatever waited for it moves. */
void crawl_ended(struct crawl *c);
/* A failed write: fetching waits a while, longer each time. */
void crawl_hold_for_error(struct crawl *c, const struct write *w);
/* One that did not fail. */
void crawl_let_go_after_error(struct crawl *c, const struct write *w);
bool crawl_failed_lately(const struct crawl *c);

/* Starts requests while there is room. *ret_wait_ms: until a host may be asked
 * again; -1: none waits. */
void crawl_work_fetch(struct crawl *c, int64_t *ret_wait_ms);
/* Gives answers that wait to the pool while slots are free. */
void crawl_work_run_tasks(struct crawl *c);
/* All under way, at any step. */
int crawl_work_count(const struct crawl *c);
/* Takes it off and frees it. */
void crawl_work_end(struct crawl_work *w);

/* robots.txt of every site, asked in place of the first job and now and then. */
enum crawl_robots_says {
	CRAWL_ROBOTS_ALLOW,
	CRAWL_ROBOTS_DENY,  /* the job's reason says by which line */
	CRAWL_ROBOTS_WAIT,  /* it took the job, which ends with the question */
	CRAWL_ROBOTS_LATER, /* cannot be had, so nothing may be asked for *ret_ms; a reason, too */
};
/* All sites that are known of (crawl_site.c). */
struct crawl_sites *crawl_site_open(void);
void crawl_site_close(struct crawl_sites *all);
/* Questions that are under way. */
int crawl_site_busy(const struct crawl_sites *all);
/* Tells the frontier of the host's crawl-delay, where its robots.txt is known. */
void crawl_robots_tell(struct crawl *c, struct str host);
/* What is known of an address: members robots_* of `ret`. */
void crawl_robots_known(const struct crawl_sites *r, struct str url, int64_t now_ms,
			struct arena *a, struct serve_known *ret);
/* `w` has its request's source. */
enum crawl_robots_says crawl_robots_check(struct crawl *c, struct crawl_work *w, int64_t *ret_ms);

/* Its request, or what stands in its way. */
void crawl_work_start(struct crawl_work *w);
/* Hands what the frontier wants to be remembered to the writer. */
void crawl_recall_save(struct crawl *c);
/* Tells the frontier of a request's address: behind a proxy it is not known, and
 * each host counts as one of its own. */
void crawl_work_met(struct crawl_work *w, const struct fetch_answer *a, int64_t took_ms);

/* What an answer is to its host; and tells the frontier, a job's request being over. */
enum frontier_news crawl_work_news(const struct fetch_answer *a);
void crawl_work_ended(struct crawl_work *w, const struct fetch_answer *a);

/* The writer's answer to what a task made; its context is the struct crawl_work. */
void crawl_written(struct write *write);
/* A failure by what was to be written, not by the machine: it would come again
 * with every try. */
bool crawl_written_is_to_blame(const struct write *w);

/* Jobs for the hosts whose window of the frontier runs low. */
void crawl_ask_jobs(struct crawl *c);
/* Which hosts have due jobs, a slice at a time. */
void crawl_ask_hosts(struct crawl *c);
/* What a write says of hosts whose due jobs it changed. */
void crawl_ask_told(struct crawl *c, const struct write *w);
/* Jobs that were made due by a clock that was ahead get their times by that of now. */
void crawl_ask_clock(struct crawl *c);
/* What pages gave for seeds of a source, as a set with its users. */
bool crawl_values_wanted(const struct conf_source *s);
struct crawl_values *crawl_values_keep(struct crawl *c, struct str source); /* NULL: none */
void crawl_values_release(struct crawl_values *v);
const struct values *crawl_values_set(const struct crawl_values *v);
/* The newest; what is under way keeps the one it began with. */
void crawl_values_take(struct crawl *c, struct str source, const struct value *rows, int n);
void crawl_values_drop(struct crawl *c);
/* Reads them, then stores the seeds, of which they may make more. */
void crawl_ask_values(struct crawl *c, const struct conf_source *s);

/* Stores the seeds of a source. */
void crawl_ask_seeds(struct crawl *c, const struct conf_source *s);

#endif
