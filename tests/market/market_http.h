/* market_http.h: the server: connections, TLS, threads. */
#ifndef PIPED_MARKET_HTTP_H
#define PIPED_MARKET_HTTP_H

#include "market_fault.h"
#include "market_journal.h"
#include "market_site.h"

struct market_http;

struct market_http_conf {
	const char *listen;		  /* an IPv4 address */
	int port;			  /* 0: a free one */
	const char *cert_file, *key_file; /* PEM; NULL: no TLS */
	int threads;
	const struct market_site *site; /* these three are borrowed */
	struct market_faults *faults;
	struct market_journal *journal;
};

/* Serves from now on, on threads of its own. */
enum err market_http_start(const struct market_http_conf *conf, struct market_http **ret,
			   int *ret_port, struct reason *why);
/* Hangs up on everybody; returns when the last thread has ended. */
void market_http_stop(struct market_http *h);

#endif
