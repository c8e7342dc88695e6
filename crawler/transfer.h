/* transfer.h: one request on its way through libcurl: what is asked, what came
 * so far, and the answer that results. Knows
 * nothing of the loop: fetch.c drives it. */
#ifndef PIPED_TRANSFER_H
#define PIPED_TRANSFER_H

#include "base/buf.h"
#include "config/conf_net.h"
#include "crawler/fetch.h"

#include <curl/curl.h>

/* Limits of the configuration. Each transfer keeps those it began with. */
struct transfer_limits {
	int users;
	char *user_agent, *ca_file; /* ca_file NULL: the system's */
	struct arena *arena;	    /* holds the next three */
	struct str proxy;	    /* {0}: none */
	struct str *no_proxy;
	int n_no_proxy;
	struct curl_slist *connect_to;
	struct conf_net *networks; /* that the guard lets pass */
	int n_networks;
	int64_t wire_bytes, head_bytes, timeout_ms, connect_ms, idle_ms;
	int redirects;
};

/* With one user; conf is copied. */
struct transfer_limits *transfer_limits_new(const struct conf *conf);
void transfer_limits_drop(struct transfer_limits *l); /* one user less */

struct transfer {
	struct transfer *prev, *next; /* for fetch.c */
	struct fetch_request *q;
	CURL *easy; /* owned by fetch.c */
	struct transfer_limits *limits;
	const struct clock *clock;
	struct arena *arena; /* URLs */
	struct curl_slist *headers;
	struct str asked_url; /* with credentials, where they may go */
	struct str cookie;    /* of the configuration, beside the jar's; {0} */
	struct str proxy;     /* "" none, without its credential */
	struct str url;	      /* that is being asked, without credentials */
	bool began_https;
	bool tells;	/* credentials go with it */
	bool posts;	/* the request's body goes with it */
	struct str way; /* that goes on from here; {0} */

	int64_t began_wall_ms, began_ms, heard_ms; /* heard: of the monotonic clock */
	bool connected;
	int sent;	     /* times that libcurl was about to send it */
	bool tried, refused; /* some address; what the guard says of the last refused */
	struct reason guard;
	struct buf asked, head, body;
	size_t head_bytes; /* interim responses and trailers too */
	bool head_ended;
	char error[CURL_ERROR_SIZE];

	enum fetch_end end; /* FETCH_ENDS: not over */
	struct reason why;
};

/* A URL or header that can't be asked makes a transfer that is over at once. */
struct transfer *transfer_new(struct fetch_request *q, struct transfer_limits *l,
			      const struct clock *clock);
void transfer_free(struct transfer *t);
/* Sets `easy`, which is fresh, up for the request of `t`. */
void transfer_arm(struct transfer *t, CURL *easy);
/* Whether nothing came for too long. */
bool transfer_is_idle(const struct transfer *t);
/* Ends it for a reason that libcurl does not know. */
void transfer_stop(struct transfer *t, enum fetch_end end, const char *why);
/* libcurl is through with it. */
void transfer_done(struct transfer *t, CURLcode rc);
/* Gives. */
struct fetch_answer *transfer_answer(struct transfer *t);

#endif
