/* fetch.h: HTTP(S) requests by libcurl's multi interface on a libuv loop.
 * Loop thread only. Bodies are kept as they came off the wire (not decoded).
 * One call is one request, as the server counts them. A redirect is an answer,
 * too: bounded, http and https only, within the source's hosts and those that it
 * lets redirects lead to, it says by which way (way.h) to go on, in another call.
 * What is connected to is judged by its address (guard.h), each time, after names
 * are resolved. */
#ifndef PIPED_FETCH_H
#define PIPED_FETCH_H

#include "base/arena.h"
#include "base/clock.h"
#include "config/conf.h"

#include <uv.h>

struct fetch;

enum fetch_end {
	FETCH_ANSWER,	   /* a whole HTTP response, whatever its status */
	FETCH_CUT,	   /* the body ended early (length wrong, connection lost) */
	FETCH_TOO_BIG,	   /* body over max_wire_bytes, head over max_header_bytes: stopped */
	FETCH_TIMEOUT,	   /* connect, total or idle */
	FETCH_UNREACHABLE, /* DNS, refused, TLS, protocol */
	FETCH_REDIRECTS,   /* too many, or to what is no address */
	FETCH_OUTSIDE,	   /* a redirect that leads out of the source's scope */
	FETCH_CANCELLED,
	FETCH_REFUSED, /* the guard: no address that it leads to may be connected to */
	FETCH_MOVED,   /* a redirect that may be followed */
	FETCH_DROPPED, /* a kept connection was closed before an answer came: it may have
			  been too old, the server need not have seen the request */
	FETCH_ENDS
};
const char *fetch_end_name(enum fetch_end e);

struct fetch_answer;

/* Longest head of a request that is kept. */
#define FETCH_ASKED_MOST ((size_t)64 << 10)

/* Text is borrowed until done. */
struct fetch_request {
	struct str url;
	struct str way; /* of the redirects so far, for what is to be asked now; {0} */
	/* A body makes it a POST, of this Content-Type, until a redirect makes it a GET
	 * (way.h). {0}: a GET. */
	struct str body, body_type;
	/* Besides the source's, and in place of those of the same name. */
	const struct conf_header *headers;
	int n_headers;
	bool anonymous;			  /* without the source's credentials */
	bool fresh;			  /* by a connection of its own */
	const struct conf_source *source; /* borrowed until done: headers, hosts */
	void (*done)(struct fetch_request *q, struct fetch_answer *a);
	void *ctx;
};

/* A redirect on the way. */
struct fetch_hop {
	struct str url; /* that was asked */
	int status;
};

/* Gives: the one who gets it frees it (fetch_answer_free), on any thread. */
struct fetch_answer {
	struct arena *arena; /* holds everything below */
	enum fetch_end end;
	struct reason why;  /* unless FETCH_ANSWER; without secrets, as all that is said of us */
	int64_t started_ms; /* wall clock */
	int64_t took_ms;
	int status;
	struct str url;		  /* that was asked; {credential:NAME} for what it stands for */
	struct str request_head;  /* bytes sent, without secrets */
	struct str request_body;  /* that went with it */
	struct str response_head; /* status line and headers as received */
	struct str content_type, content_encoding; /* values; {0} absent */
	int64_t retry_after_ms;			   /* from Retry-After in either form; -1 absent */
	struct str body; /* wire bytes, content-encoding kept, chunking removed */
	struct str ip;	 /* that was connected to */
	bool proxied;	 /* and that is the proxy's */
	bool http2;
	struct fetch_hop *hops; /* of its way, in order; the answer itself is none */
	int n_hops;
	struct str way; /* FETCH_MOVED: by which it goes on */
};
void fetch_answer_free(struct fetch_answer *a);

/* Value of a Retry-After header (RFC 9110 10.2.3), in seconds or as a date, as
 * milliseconds from `now_ms`: 0 for a date that is past, at most a year; -1
 * when it is neither. Pure. */
int64_t fetch_retry_after(struct str value, int64_t now_ms);

/* Cookies are kept below the state folder. Proxies of the environment are not used. Ignores SIGPIPE in the process. */
enum err fetch_new(uv_loop_t *loop, const struct conf *conf, const struct clock *clock,
		   struct fetch **ret, struct reason *why);
/* Takes new limits and headers at a reload. */
void fetch_reconfigure(struct fetch *f, const struct conf *conf);
/* `q` is borrowed till `done`, which is never called from within this. */
void fetch_start(struct fetch *f, struct fetch_request *q);
int fetch_running(const struct fetch *f);
/* Cancels what runs (done is called with FETCH_CANCELLED), closes handles,
 * calls `closed` when none is left. */
void fetch_close(struct fetch *f, void (*closed)(void *ctx), void *ctx);

#endif
