/* priority.h: which jobs come first (job.h says what the numbers mean). Pure. */
#ifndef PIPED_PRIORITY_H
#define PIPED_PRIORITY_H

#include "config/conf.h"
#include "model/job.h"

/* What is known of a link. */
struct priority_link {
	const struct conf_page *from, *to; /* kinds of page; NULL: no longer configured */
	int given;			   /* by the link's configuration; -1: nothing */
	bool next;			   /* the next page of the list it stands on */
	int64_t lastmod_ms;		   /* as the site says; 0: it does not */
};

/* Of the pages of a list behind its first one, which has `seed`. */
int priority_page(const struct conf_page *p, int seed);
/* Of a link on the page of `job`. */
int priority_link(const struct job *job, const struct priority_link *l, int64_t now_ms);

#endif
