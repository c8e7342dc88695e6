/* job.h: a URL due at a time. All text is borrowed from the arena or the row
 * that the job came with. */
#ifndef PIPED_JOB_H
#define PIPED_JOB_H

#include "base/str.h"
#include "model/state.h"

#define JOB_NEVER INT64_MAX /* a due time that does not come */

struct job {
	int64_t id;	   /* row; 0 before it is stored */
	struct str source; /* name of the source's configuration */
	struct str page;   /* name of the page kind in that source: "search" */
	struct str url;	   /* absolute; what is asked for */
	struct str key;	   /* what makes it one job: (source, key) is unique */
	struct str host;   /* lower case, with :port unless the scheme's own */
	struct str vars;   /* seed variables, form-encoded: "category=320&page=3" */
	int64_t seed;	   /* index of its seed in the source, or -1 (a link) */
	int64_t parent;	   /* the job whose page named it; 0 for seeds */
	int depth;	   /* links from a seed; paging does not count */
	int priority;	   /* lower is sooner: 0 first pages .. 9 backlog */
	enum job_state state;
	int64_t due_ms;	   /* wall clock */
	int attempts;	   /* failed tries in a row */
	struct str reason; /* of the last failure or refusal */
};

struct arena;
/* `to` becomes the same job with its text in `a`. */
void job_copy(struct arena *a, const struct job *from, struct job *to);

#endif
