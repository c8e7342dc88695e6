/* robots_cache.h: what the last answers to a host's /robots.txt mean for the
 * host, and for how long (RFC 9309 2.3.1, 2.4). Pure; time is a parameter, wall
 * clock; one thread at a time.
 *
 *   2xx             its rules, for a day or as Cache-Control says, never longer
 *   304             the same again
 *   other 3xx, 4xx  there are no rules: all is allowed, for as long
 *   429, 5xx, no answer, part of one
 *                   not known: nothing is allowed, and it is asked again with
 *                   growing pauses. What was known before counts till it is a
 *                   day old.
 * More than ROBOTS_CACHE_REDIRECTS redirects are as good as a 404; a redirect
 * that could not be followed for another reason leaves the rules unknown. 429 is no
 * 4xx here: a host that wants fewer requests is not one without rules. */
#ifndef PIPED_ROBOTS_CACHE_H
#define PIPED_ROBOTS_CACHE_H

#include "crawler/fetch.h"
#include "model/site.h"

#define ROBOTS_CACHE_REDIRECTS 5
#define ROBOTS_CACHE_LONGEST_MS (INT64_C(24) * 3600 * 1000)
#define ROBOTS_CACHE_SHORTEST_MS (INT64_C(10) * 60 * 1000)
#define ROBOTS_CACHE_FIRST_PAUSE_MS (INT64_C(60) * 1000)
#define ROBOTS_CACHE_LONGEST_PAUSE_MS (INT64_C(3600) * 1000)

enum robots_cache_state {
	ROBOTS_CACHE_UNKNOWN,  /* to be asked first; until then nothing is allowed */
	ROBOTS_CACHE_RULES,    /* as the last good body says */
	ROBOTS_CACHE_ALLOW,    /* no rules: all is allowed */
	ROBOTS_CACHE_DISALLOW, /* not to be had: nothing is allowed */
	ROBOTS_CACHE_STATES
};
const char *robots_cache_name(enum robots_cache_state s);

/* Zeroed: never asked. */
struct robots_cache {
	enum robots_cache_state good; /* RULES or ALLOW; UNKNOWN: there is none */
	int64_t good_ms, until_ms;    /* since when it counts, and till when */
	int64_t asked_ms, ask_ms;     /* last, and when to ask again */
	int failures;		      /* in a row */
	char why[128];		      /* of the last answer: "HTTP status 503" */
};

/* How a request for /robots.txt ended. */
struct robots_cache_answer {
	enum fetch_end end;
	int status;		/* with FETCH_ANSWER */
	int redirects;		/* that were followed */
	int64_t retry_after_ms; /* -1 none */
	int64_t max_age_ms;	/* of Cache-Control; -1 none */
	const char *why;	/* unless FETCH_ANSWER; may be NULL */
};

/* True: the body of the answer holds the rules from now on. A cancelled request
 * changes nothing. */
bool robots_cache_answered(struct robots_cache *c, const struct robots_cache_answer *a,
			   int64_t now_ms);
/* What is to be remembered, but for site and body; text is borrowed. And what
 * counts of what was: RULES wants its body read. */
void robots_cache_save(const struct robots_cache *c, struct site_robots *ret);
enum robots_cache_state robots_cache_recall(struct robots_cache *c, const struct site_robots *s,
					    int64_t now_ms);
/* What counts now, and until when unless it is asked again (0: until then). */
enum robots_cache_state robots_cache_at(const struct robots_cache *c, int64_t now_ms,
					int64_t *ret_until_ms);
/* Whether to ask now; while something good still counts, that is some time
 * before it runs out, so that a host in trouble does not stand still at once. */
bool robots_cache_wants(const struct robots_cache *c, int64_t now_ms);

#endif
