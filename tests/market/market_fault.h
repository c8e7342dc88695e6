/* market_fault.h: which requests go wrong, and how. What is chosen depends on
 * the requests alone: on their number, or on their URLs. Any thread. */
#ifndef PIPED_MARKET_FAULT_H
#define PIPED_MARKET_FAULT_H

#include "base/buf.h"

enum market_fault_does {
	FAULT_NONE,
	FAULT_STATUS,	/* an error status, perhaps with Retry-After */
	FAULT_SLOW,	/* right, but late */
	FAULT_TRICKLE,	/* right, but a few bytes at a time */
	FAULT_TRUNCATE, /* the connection ends within the body */
	FAULT_RESET,	/* it is reset there (TCP RST) */
	FAULT_LENGTH,	/* Content-Length says something else */
	FAULT_REDIRECT, /* without end */
	FAULT_HUGE,	/* white space follows the body */
	FAULT_BOMB,	/* a little gzip, a lot of white space */
	FAULT_EUCKR,	/* HTML in EUC-KR (CP949), and said to be */
	FAULT_BADJSON,	/* JSON that is none; in HTML, the JSON-LD */
	FAULT_MARKUP,	/* classes and field names have changed */
	FAULT_CATEGORY, /* every thing is of one category */
	FAULT_EMPTY,	/* status 200, no bytes */
	FAULT_CLOSE,	/* hangs up before an answer */
	FAULT_ENDLESS,	/* HTML: there is a next page, whatever the list shows */
	FAULT_SESSION,	/* HTML: links have a session's id that is new each time */
	FAULT_TRACKED,	/* likewise, but in a parameter of no known name */
};

struct market_fault {
	enum market_fault_does does;
	const char *name;			  /* in SPEC: a literal */
	char path[128], host[64];		  /* prefix, whole name; "": any */
	char to[128];				  /* where a redirect leads; "": on and on */
	int64_t every, burst, first, each, share; /* which */
	int64_t code, after, date, ms, bytes, at, by, mb; /* how */
	int64_t asked, hit;				  /* counted */
};

struct market_faults;

struct market_faults *market_faults_new(void);
void market_faults_free(struct market_faults *f);

/* Adds SPEC, see market_spec.h. ERR_BAD with `why`. */
enum err market_fault_add(struct market_faults *f, struct str spec, struct reason *why);
void market_fault_clear(struct market_faults *f);
/* Counts the request and says what befalls it: the first fault that fits, or
 * FAULT_NONE. `path` has the query; `host` has no port. */
struct market_fault market_fault_pick(struct market_faults *f, struct str host, struct str path);

/* All faults with their counts as a JSON array. */
void market_fault_json(struct market_faults *f, struct buf *to);

#endif
