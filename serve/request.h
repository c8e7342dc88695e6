/* request.h: one request as its route's steps see it: checked arguments in,
 * JSON out. Handed from loop to pool and back, never shared. */
#ifndef PIPED_REQUEST_H
#define PIPED_REQUEST_H

#include "base/arena.h"
#include "base/json.h"
#include "serve/route.h"
#include "serve/serve.h"

#define REQUEST_OUT_MOST ((size_t)32 << 20)
#define REQUEST_MOST_PAIRS 32

struct request_arg {
	bool given; /* false: not even a default */
	struct str text;
	int64_t n;
	bool yes;
	struct str *texts;
	int n_texts;
};

struct request {
	const struct serve_ops *ops;
	const struct route *route;
	struct arena *arena;
	struct request_arg args[ROUTE_MOST_PARAMS];
	struct str body; /* of a route that takes bytes */
	bool body_read;	 /* before `first`, as there is none or it is short; else before `work` */
	struct serve_view *view; /* from the first step to the last */
	struct reader *reader;	 /* a snapshot; in `work` only */
	/* the answer */
	int status; /* HTTP */
	bool failed;
	bool made;	  /* `first` has made the answer */
	int retry_s;	  /* when to ask again, for Retry-After; 0: not said */
	int64_t cost;	  /* of a limited route: tokens past the first; taken when it is over */
	const char *type; /* content type */
	struct buf out;
	struct json j;
	int fd; /* a file to answer with instead of `out`, or -1 */
	int64_t fd_bytes;
	int64_t next; /* id of the last row of a list */
	char allow[64];
	/* the last step waits: `finish` is called when it is over */
	bool waiting;
	void (*finish)(struct request *rq);
	struct write write;
	void (*written)(struct request *rq); /* the route's, after a write that worked */
	void *kept;			     /* the route's, from step to step; in `arena` */
	struct serve_counts *counts;
};

/* Of all sockets, for /metrics. Loop thread. */
struct serve_counts {
	int64_t answered[6]; /* by hundreds of status */
	int64_t titles;	     /* that suggestions were made for */
	int64_t limited;     /* requests refused by their client's rate */
};

void request_init(struct request *rq, const struct serve_ops *ops);
void request_done(struct request *rq);

struct request_pair {
	struct str name, value;
};
/* Reads the path's and URL's arguments by the route's list; a fault fails `rq`. */
void request_read_url(struct request *rq, const struct str *parts, const struct request_pair *pairs,
		      int n);
/* The same for the body, then defaults and what is required. */
void request_read_body(struct request *rq, struct str body);

/* The argument of the route's list by name. */
const struct request_arg *request_arg(const struct request *rq, const char *name);
struct str request_text(const struct request *rq, const char *name); /* {0}: not given */
int64_t request_int(const struct request *rq, const char *name);     /* 0: not given */
bool request_bool(const struct request *rq, const char *name);

/* The answer becomes an error. `hint` may be NULL. */
void request_fail(struct request *rq, int status, const char *code, const char *hint,
		  const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* By the kind of error: 404 for ERR_NOT_FOUND and so on. */
void request_err(struct request *rq, enum err err, const struct reason *why, const char *hint);

/* Last step: hands `rq->write` over; `written` (may be NULL) makes the answer. */
void request_write(struct request *rq, void (*written)(struct request *rq));

#endif
