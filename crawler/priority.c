#include "crawler/priority.h"

#define DAY_MS 86400000LL
#define RECENT_MS (7 * DAY_MS)
#define OLD_MS (90 * DAY_MS)

static int later(int priority, int by)
{
	return priority + by < JOB_PRIORITY_LAST ? priority + by : JOB_PRIORITY_LAST;
}

int priority_page(const struct conf_page *p, int seed)
{
	return p->priority >= 0 ? p->priority : later(seed, 2);
}

/* Entries of a sitemap or a feed by their age: what has stood for long can wait. */
static int by_age(int from, int64_t age_ms)
{
	if (age_ms <= RECENT_MS)
		return later(from, 1);
	return age_ms <= OLD_MS ? later(from, 2) : JOB_PRIORITY_LAST;
}

int priority_link(const struct job *job, const struct priority_link *l, int64_t now_ms)
{
	if (l->given >= 0)
		return l->given;
	if (l->to && l->to->priority >= 0)
		return l->to->priority;
	/* The first page's two steps, once. */
	if (l->next)
		return job->parent ? job->priority : later(job->priority, 2);
	/* The files of an index, whose times say little of what they hold. */
	if (l->to && conf_format_links(l->to->format))
		return later(job->priority, 1);
	if (l->lastmod_ms)
		return by_age(job->priority, now_ms - l->lastmod_ms);
	return later(job->priority, 1);
}
