/* scenario.h: a world for the real pipeline: its network answers from a list,
 * its clock moves when told. One line of text is one step: each is told above the function
 * that takes it, in scenario_main.c, scenario_net.c and scenario_expect.c. */
#ifndef PIPED_SCENARIO_H
#define PIPED_SCENARIO_H

#include "daemon/archive.h"
#include "daemon/crawl.h"
#include "daemon/reread.h"
#include "daemon/retain.h"
#include "daemon/sweep.h"

#define SCENARIO_START_MS 1740000000000 /* 2025-02-19T21:20:00Z */
#define SCENARIO_MOST_REPLIES 400
#define SCENARIO_MOST_ASKED 4000

struct reply {
	char url[512], when[128]; /* when: what the request's body must hold */
	int status;
	enum fetch_end end;
	int64_t retry_after_ms;
	char encoding[32], type[64];
	char *body;
	size_t body_bytes;
	char headers[1024]; /* of the answer, as lines */
	int times;	    /* how often it is given before the next one for the URL */
};

struct asked {
	char url[512], host[128], body[512];
	char headers[1024]; /* of the request itself, "; " between them */
	int64_t at_ms;
};

struct world {
	const char *file; /* the scenario */
	int line;
	char folder[256];  /* state */
	char config[1024]; /* piped.yaml */
	char archive_dir[512];
	int64_t now_ms;	  /* monotonic */
	int64_t ahead_ms; /* by how much the wall clock was set ahead */
	struct clock clock;
	uv_loop_t loop;
	uv_async_t wake;
	struct reply replies[SCENARIO_MOST_REPLIES];
	int n_replies;
	struct asked asked[SCENARIO_MOST_ASKED];
	int n_asked;
	struct fetch_request *pending[256];
	int n_pending;
	char held[8][512]; /* URLs that are not answered yet; * at an end: any */
	int n_held;
	size_t robots_bytes; /* see crawl_env; 0: as the daemon */
	enum err store_err;  /* of appending to the archive */
	/* running */
	bool running;
	struct view *view;
	struct store *store;
	struct archive *archive;
	struct writer *writer;
	struct crawl *crawl;
	struct sweep *sweep;
	struct reread *reread;
	struct retain *retain;
	struct reader *reader;
};

/* Ends the program with FILE:LINE and the text, exit code 1. */
_Noreturn void scenario_fail(const struct world *w, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Takes the next word off *rest ("..." keeps spaces); {0} at the end. */
struct str scenario_word(struct str *rest);
/* "30s", "2h", "150ms"; fails the scenario otherwise. */
int64_t scenario_span(const struct world *w, struct str s);
int64_t scenario_number(const struct world *w, struct str s);

/* scenario_net.c */
void scenario_net_reply(struct world *w, struct str rest);
void scenario_net_start(void *world, struct fetch_request *q);
/* Requests for `url` are not answered until it is let go. */
void scenario_net_hold(struct world *w, struct str url);
void scenario_net_release(struct world *w, struct str url);
/* How many pending requests are held. */
int scenario_net_held(const struct world *w);
/* Answers what is pending and not held; false when nothing was. */
bool scenario_net_deliver(struct world *w);
void scenario_net_free(struct world *w);

/* scenario_world.c */
void scenario_world_start(struct world *w);
void scenario_world_stop(struct world *w);
/* Runs until nothing moves without the clock. */
void scenario_world_settle(struct world *w);
int64_t scenario_world_wall(const struct world *w);
void scenario_world_pass(struct world *w, int64_t ms);
void scenario_world_reload(struct world *w);
/* A person asks for an address of the one source that has it in its scope. */
void scenario_world_crawl(struct world *w, struct str url);

/* scenario_expect.c */
void scenario_expect(struct world *w, struct str rest);

#endif
