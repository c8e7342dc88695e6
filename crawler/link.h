/* link.h: jobs from the links of a page. Pure. */
#ifndef PIPED_LINK_H
#define PIPED_LINK_H

#include "config/conf.h"
#include "crawler/url.h"
#include "model/job.h"
#include "model/refusal.h"

/* What a page says of a link. */
struct link_found {
	struct str url;	    /* as it stands there */
	struct str page;    /* kind of page that it leads to */
	bool next;	    /* the next page of the list it stands on */
	int priority;	    /* of its configuration; -1: by itself */
	int64_t lastmod_ms; /* of a sitemap or a feed; 0: it does not say */
};

/* Why a link became no job. */
struct link_refused {
	enum refusal kind;
	struct str url; /* absolute where it could be read, else as it stands there */
	struct reason why;
};

/* The job of a link on the page `from`, whose address was `base`: absolute, without
 * fragment, within the source's scope (scope.h), with its key (canon.h), priority
 * (priority.h) and budget. False: `ret_refused` says what is against it. */
bool link_job(const struct conf_source *s, const struct job *from, const struct url *base,
	      const struct link_found *l, int64_t now_ms, struct arena *a, struct job *ret_job,
	      struct link_refused *ret_refused);

#endif
