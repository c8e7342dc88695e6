/* job.h: a URL due at a time. All text is borrowed from the arena or the row
 * that the job came with. */
#ifndef PIPED_JOB_H
#define PIPED_JOB_H

#include "base/str.h"
#include "model/state.h"
#include "model/visit.h"

#define JOB_NEVER INT64_MAX /* a due time that does not come */

/* Priorities, for links and further pages of a seed that has 5 itself (priority.h); the
 * configuration may say otherwise for a seed, a kind of page or a link.
 * 0     what a person asked for
 * 1..4  what the configuration puts before the ordinary
 * 5     seeds: first pages of lists, sitemaps, feeds
 * 6     what stands on first pages; entries that changed within a week
 * 7     further pages of lists; entries that changed within a quarter
 * 8     what stands on those
 * 9     backlog: older entries, and whatever can wait
 * Within one, jobs come by their due time. A change of value moves a job within these. */
#define JOB_PRIORITY_LAST 9

/* A list that has more results than can be read is parted: its parts are asked instead
 * of its further pages, or besides them. */
enum job_part { JOB_WHOLE, JOB_PARTED, JOB_PARTED_READ };

struct job {
	int64_t id;	      /* row; 0 before it is stored */
	struct str source;    /* name of the source's configuration */
	struct str page;      /* name of the page kind in that source: "search" */
	struct str url;	      /* absolute; what is asked for */
	struct str key;	      /* what makes it one job: (source, key) is unique */
	struct str host;      /* lower case, with :port unless the scheme's own */
	struct str body;      /* sent by POST; empty: a GET */
	struct str body_type; /* its Content-Type */
	struct str vars;      /* seed variables, form-encoded: "category=320&page=3" */
	int64_t seed;	      /* index of its seed in the source, or -1 (a link) */
	int64_t parent;	      /* the job whose page named it; 0 for seeds */
	int depth;	      /* links from a seed; paging does not count */
	int priority;	      /* lower is sooner: 0 .. JOB_PRIORITY_LAST */
	enum job_state state;
	int64_t due_ms;	   /* wall clock */
	int attempts;	   /* failed tries in a row */
	struct str reason; /* of the last failure or refusal */
	enum job_part part;
	/* Of a page that another page of its list names: how many come before it, and the
	 * job of the first (0: not stored yet). 0: it is a first page, or of no list. */
	int64_t list;
	int64_t nth;
	int repeats;	/* pages of the list in a row, up to it, that showed nothing new */
	struct str way; /* by which redirects led it on (crawler/way.h); `host` is where to */
	/* Of a further page that has no visits of its own: it is asked in each pass over its
	 * list that names it. Not stored. */
	bool again;
	/* Of a new job: the folder of its host that it counts in, and how many jobs that
	 * may have. {0}: it is not counted. Not stored with the job. */
	struct str prefix;
	int64_t prefix_most;
	/* Of a link to a page that is asked again: when that changed last, as a sitemap says
	 * (0: it does not), and how long after a visit this may bring the next. Not stored. */
	int64_t changed_ms, least_ms;
	/* Its last good answer, where it is asked again and picked; NULL otherwise. */
	const struct visit *visit;
};

struct arena;
/* `to` becomes the same job with its text in `a`. */
void job_copy(struct arena *a, const struct job *from, struct job *to);

#endif
