/* site.h: a server on loopback for tests of the fetcher, one thread a connection,
 * answering by path; and a fetcher that may ask it. It speaks as an HTTP proxy
 * (addresses in their absolute form, and CONNECT) and as a SOCKS5 one, too. */
#ifndef PIPED_SITE_H
#define PIPED_SITE_H

#include "crawler/fetch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>

#include <cmocka.h>

#define N(x) (int)(sizeof(x) / sizeof((x)[0]))
#define SITE_WIRE_MOST 100000

enum {
	SITE_HOLD = 1,	   /* says no more, and does not hang up */
	SITE_CLOSE = 2,	   /* hangs up after it */
	SITE_ENDLESS = 4,  /* goes on for ever */
	SITE_BIG_HEAD = 8, /* goes on with headers */
	SITE_SAY_BACK = 16 /* answers with the request as it came */
};

struct site_answer {
	const char *path, *bytes;
	size_t n; /* 0: a text */
	int flags;
};

/* Of the test that runs. */
extern struct site {
	/* for the next setup; the first answers what no other does */
	const struct site_answer *answers;
	int n_answers;
	/* of the server */
	int port;
	atomic_int n;	    /* connections so far */
	atomic_int asked;   /* whole requests */
	char socks[256];    /* the host that a SOCKS client wanted last */
	atomic_int n_socks; /* such clients; to be read before `socks` */
	/* CONNECT, whatever the name, leads to this port of loopback; 0: `says` is said */
	int tunnel;
	const char *tunnel_says;
	char connect[2048];   /* the head of the last one */
	atomic_int n_tunnels; /* to be read before `connect` */
	/* of the fetcher; fetch_reconfigure after changes of `conf` */
	struct str hosts[4];
	struct conf_header headers[4];
	struct conf_source source;
	struct str connect_to[4], networks[2];
	struct conf conf;
	uv_loop_t loop;
	struct fetch *f;
} site;

int site_setup(void **state);
int site_teardown(void **state);
/* Ends the fetcher, and starts a new one by site.conf. */
void site_close(void);
void site_renew(void);

struct site_ask {
	struct fetch_request q;
	struct fetch_answer *a;
	char url[512], way[4096];
	bool starting;
};

/* Follows redirects at once. Whatever else `q` asks for; its url, source and done are set here. */
void site_begin_asking(struct site_ask *k, const struct fetch_request *q, const char *url);
void site_begin_url(struct site_ask *k, const char *url);
void site_begin(struct site_ask *k, const char *path);
struct fetch_answer *site_wait(struct site_ask *k);
/* One at a time; the answer is the caller's. */
struct fetch_answer *site_get_url(const char *url);
struct fetch_answer *site_get(const char *path);
struct fetch_answer *site_ask(const struct fetch_request *q, const char *path);
/* Whether the body has it. */
bool site_said(const struct fetch_answer *a, const char *what);
/* A socket that is bound to a free port of loopback, and does not listen. */
int site_listener(int *ret_port);

#endif
