/* way.h: where redirects have led a request, as text that a job keeps, so that
 * each hop is asked in the turn of its host, as its robots.txt allows. A line for
 * each answer on the way, then what is to be asked:
 *	301 http://shop.example/7
 *	https://shop.example/7
 * Empty: no redirect yet. No secret is in it. Pure. */
#ifndef PIPED_WAY_H
#define PIPED_WAY_H

#include "crawler/fetch.h"
#include "model/job.h"

/* What is to be asked. Borrowed from `way`, which is not empty. */
struct str way_next(struct str way);
/* What a job asks next: its address, or where it was led. Borrowed. */
struct str way_asked(const struct job *j);
/* The host of a job that was not led anywhere, or is to start anew. */
struct str way_home(const struct job *j, struct arena *a);
/* The answers on the way, in order; how many. Texts are borrowed from `way`. */
int way_hops(struct str way, struct arena *a, struct fetch_hop **ret);
/* Whether a request that began as a POST still is one (RFC 9110 15.4: a 301, 302 or
 * 303 makes it a GET). */
bool way_posts(struct str way);

/* What the answer to `asked`, the end of `way`, means: FETCH_ANSWER where it is no
 * redirect, FETCH_MOVED with *ret_way that goes on, FETCH_REDIRECTS past `most` of
 * them or to what is no address, FETCH_OUTSIDE. The last two with a reason. */
struct way_answer {
	const struct conf_source *source;
	struct str way, asked;
	int status;
	struct str response_head;
	int most;
};
enum fetch_end way_on(const struct way_answer *in, struct arena *a, struct str *ret_way,
		      struct reason *why);

#endif
