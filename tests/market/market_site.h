/* market_site.h: from a request to an answer. Reads only; any thread. */
#ifndef PIPED_MARKET_SITE_H
#define PIPED_MARKET_SITE_H

#include "market_data.h"

#define MARKET_ARGS 24
#define MARKET_ASK_MOST ((size_t)64 << 10) /* bytes of a POST */
#define MARKET_BODY_MOST ((size_t)64 << 20)

struct market_arg {
	struct str key, value; /* decoded */
};

struct market_request {
	struct str path; /* decoded, without the query */
	struct str host; /* as the client wrote it, port and all; may be empty */
	bool tls, post;
	struct str body; /* of a POST */
	struct market_arg args[MARKET_ARGS];
	int n_args;
};

/* Memory: market_answer_done. */
struct market_answer {
	int status;
	const char *type; /* Content-Type; a literal */
	struct buf body;
	char location[128], retry_after[64]; /* "": none */
	int64_t retry_ms;		     /* what that means; -1 none */
	bool etag;			     /* may be asked for again with If-None-Match */
	bool packed;			     /* the body is gzip already */
};

/* What the site shows of its listings; `shop` are those of its HTML side. */
struct market_site {
	const struct market_data *data; /* borrowed */
	uint32_t window;		/* results shown of a query; 0: all */
	int ads_percent;		/* promoted rows in a page of the API */
	const char *robots_folder;	/* HOST.txt: its robots.txt; NULL: all alike */
	uint32_t *shop;			/* indexes of items, by pid */
	uint32_t n_shop;
};

/* `html_most` listings are also sold on the HTML side, spread over its
 * categories, newest first. */
void market_site_init(struct market_site *s, const struct market_data *d, uint32_t html_most);
void market_site_done(struct market_site *s);
/* Fills `a` (market_answer_init'ed). */
void market_site_answer(const struct market_site *s, const struct market_request *q,
			struct market_answer *a);

void market_answer_init(struct market_answer *a);
void market_answer_done(struct market_answer *a);

/* Value of a query parameter; {0}: absent. */
struct str market_request_arg(const struct market_request *q, const char *key);
/* The same as a number within min..max; false when it is present and is not. */
bool market_request_number(const struct market_request *q, const char *key, int64_t min,
			   int64_t max, int64_t otherwise, int64_t *ret_n);

#endif
