/* crawl.h: the turning wheel: due jobs from the database into the frontier's
 * window, their requests onto the network, answers through a pool task into
 * the writer. Loop thread only. The network and the clock are parameters: the
 * scenario tests give others. */
#ifndef PIPED_CRAWL_H
#define PIPED_CRAWL_H

#include "crawler/frontier.h"
#include "daemon/rate.h"
#include "daemon/task.h"

struct crawl;
struct serve_known;

struct crawl_env {
	uv_loop_t *loop;
	const struct clock *clock;
	struct writer *writer;
	/* Starts a request: fetch_start with its first argument as `net`. */
	void (*fetch)(void *net, struct fetch_request *q);
	void *net;
	uint64_t nonce;
	int slots;		 /* tasks on the pool at once */
	size_t robots_bytes;	 /* for what is known of robots.txt; 0: enough for most */
	const char *image_dir;	 /* where images go; NULL: nowhere */
	bool no_timer;		 /* the caller pumps, at crawl_next_ms at the latest */
	void (*idle)(void *ctx); /* something ended: see crawl_busy; may be NULL */
	/* Listings were stored that are new or changed; may be NULL. */
	void (*stored)(void *ctx);
	/* A page was stored and read, and showed this; may be NULL. */
	void (*shown)(void *ctx, const struct write *w, const struct drift_page *shown);
	/* Rows were stored that rules or model have yet to judge again; may be NULL. */
	void (*stale)(void *ctx);
	void *ctx;
};

/* Keeps `view`. */
struct crawl *crawl_new(const struct crawl_env *env, struct view *view);
/* Only when crawl_busy is 0; its handles are closed by then. */
void crawl_free(struct crawl *c);
/* A reload or a new model. Seeds of a new configuration are stored. */
void crawl_set_view(struct crawl *c, struct view *view);
/* Hands the seeds of every enabled source to the writer. */
void crawl_seed(struct crawl *c);
/* Those of one, of which values may make more. */
void crawl_seed_again(struct crawl *c, struct str source);
/* Moves what waits for the wall clock, if that was set. */
void crawl_clock(struct crawl *c);
/* Moves whatever can move now. */
void crawl_pump(struct crawl *c);
/* When that is wanted next, of the monotonic clock; -1: not before something ends. */
int64_t crawl_next_ms(const struct crawl *c);
/* No new requests, for all sources or one (none: all). */
void crawl_pause(struct crawl *c, struct str source, bool paused);
bool crawl_paused(const struct crawl *c);
/* Fetching waits until told otherwise; NULL lets it go on. Shown in status. */
void crawl_hold(struct crawl *c, const char *reason);
/* The database changed behind the frontier's back: ask it again. */
void crawl_stir(struct crawl *c);
/* A job of the host was put before all others, or is about to be, by a write that was
 * handed over: those in memory are to let it pass. Then crawl_stir. */
void crawl_front(struct crawl *c, struct str source, struct str host);
/* No more requests; what is under way is still finished. Closes the timer. */
void crawl_stop(struct crawl *c);

/* Requests, tasks, writes and picks under way. */
int crawl_busy(const struct crawl *c);
/* Nothing under way and nothing due within `within_ms`, as the database last
 * said and nothing was committed since. */
bool crawl_idle(const struct crawl *c, int64_t within_ms);

struct crawl_work_view {
	int64_t job, since_ms;
	struct str source, url;
	const char *step; /* "fetching", "waiting", "extracting", "committing" */
};

struct crawl_view {
	int fetching, waiting, extracting, committing;
	int64_t unprocessed_bytes, requests, pages, listings, failures;
	double requests_per_s, listings_per_s, images_per_s;
	const char *held; /* reason, or NULL */
	int64_t cpu_ns[STAGE_COUNT];
	struct crawl_work_view *work; /* what is under way, oldest first, in the arena */
	int n_work;
	int64_t next_due_ms; /* not before this is there anything to do; 0: nothing known */
};
void crawl_look(const struct crawl *c, struct arena *a, struct crawl_view *ret);
/* As many as a person looks through. */
#define CRAWL_HOSTS_SHOWN 200
/* At most `most` hosts, those that matter most, and how many there are. */
/* What is known of one job, or address: for `pipectl why`; serve.h says more. */
void crawl_known(const struct crawl *c, const struct conf_source *source, const struct job *job,
		 struct arena *a, struct serve_known *ret);
void crawl_look_hosts(const struct crawl *c, int most, struct arena *a, struct frontier_view *ret);

#endif
