/* crawl_site.h: what is known of one site (scheme and host) and its robots.txt.
 * crawl_site.c finds it, and forgets those that were not needed for longest;
 * crawl_robots.c asks and judges, crawl_recall.c remembers. Loop thread only. */
#ifndef PIPED_CRAWL_SITE_H
#define PIPED_CRAWL_SITE_H

#include "crawler/robots.h"
#include "crawler/robots_cache.h"
#include "daemon/crawl_inner.h"

/* What one site (scheme and host) wants of robots. */
struct site {
	struct site *next; /* of the same bucket */
	struct crawl *c;
	struct str name; /* "https://shop.example"; owned */
	char host[256];
	struct robots_cache cache;
	struct robots *rules;	    /* while the cache says RULES */
	struct site *newer, *older; /* by when it was needed last */
	size_t bytes;		    /* that it takes */
	bool recalled;		    /* what was remembered of it is known */
	bool recalling;
	struct write recall;
	/* by which redirects its robots.txt was led on, which is asked for there in
	 * another turn; owned, {0}: it was not */
	struct str way;
	/* while it is asked */
	bool asking;
	char elsewhere[256];	   /* the host that is asked, if it is another */
	struct crawl_work *parked; /* jobs whose turn the question took */
	struct fetch_request request;
	struct view *view; /* holds the request's source */
	struct arena *arena;
	struct fetch_answer *answer;
	struct robots *fresh; /* made of the answer, on the pool */
	struct buf body;      /* the same, to be remembered: ASCII */
	struct buf member;    /* the answer, for the archive */
	uv_work_t pool;
};

/* Reads what was remembered of the site and its host; the parked jobs go on then. */
void crawl_recall_start(struct site *s);
/* Remembers what the cache says of it now, with s->body and s->member. */
void crawl_recall_keep(struct site *s);
/* "https://shop.example" of "https://shop.example/item/7". */
struct str crawl_site_name(struct str url);
/* NULL: it is not known. */
struct site *crawl_site_find(const struct crawl_sites *all, struct str name);
/* Of what the job asks next; made if new. */
struct site *crawl_site_of(struct crawl *c, const struct job *job);
/* What it takes is another now. */
void crawl_site_weigh(struct site *s);
/* The site's question has begun, has ended: see crawl_site_busy. */
void crawl_site_begun(struct site *s);
void crawl_site_ended(struct site *s);

#endif
