/* trial_show.h: what a trial found, beside what is stored, as JSON. Pool thread. */
#ifndef PIPED_TRIAL_SHOW_H
#define PIPED_TRIAL_SHOW_H

#include "serve/request.h"

struct trial_show {
	struct request *rq;
	struct trial_in in;
	struct trial trial;
	struct str config;	    /* the file whose rules were used; {0}: those of the daemon */
	bool posted;		    /* the page came with the request */
	const struct page *page;    /* of the archive, that was read; or NULL */
	const struct page *last;    /* the newest of its address that gave something; or NULL */
	const struct page *removed; /* the newest of its address that the archive has no more */
	const struct listing_view *only; /* that is asked for; NULL: all of the page */
};

/* Members of the object that is open, and its end. */
void trial_show(struct trial_show *t);

#endif
