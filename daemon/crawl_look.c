#include "daemon/crawl_inner.h"

static const char *const step_names[CRAWL_STEPS] = {
	[CRAWL_FETCH] = "fetching",
	[CRAWL_WAIT] = "waiting",
	[CRAWL_TASK] = "extracting",
	[CRAWL_COMMIT] = "committing",
};

const char *crawl_step_name(enum crawl_step s)
{
	return step_names[s];
}

void crawl_look(const struct crawl *c, struct arena *a, struct crawl_view *ret)
{
	int n = 0;

	*ret = (struct crawl_view){
		.fetching = c->n_step[CRAWL_FETCH],
		.waiting = c->n_step[CRAWL_WAIT],
		.extracting = c->n_step[CRAWL_TASK],
		.committing = c->n_step[CRAWL_COMMIT],
		.unprocessed_bytes = c->bytes,
		.requests = c->requests.total,
		.pages = c->pages,
		.listings = c->listings.total,
		.failures = c->failures,
		.requests_per_s = rate_now(&c->requests, crawl_mono(c)),
		.listings_per_s = rate_now(&c->listings, crawl_mono(c)),
		.images_per_s = rate_now(&c->images, crawl_mono(c)),
		.held = c->told[0]  ? c->told
			: c->failed ? c->failure.text
				    : NULL,
	};
	ret->next_due_ms = frontier_due_ms(c->frontier);
	if (ret->next_due_ms == JOB_NEVER)
		ret->next_due_ms = 0;
	for (int i = 0; i < STAGE_COUNT; i++)
		ret->cpu_ns[i] = c->cpu_ns[i];
	for (const struct crawl_work *w = c->works; w; w = w->next)
		n++;
	ret->work = arena_array(a, (size_t)n, sizeof(*ret->work));
	ret->n_work = n;
	for (const struct crawl_work *w = c->works; w; w = w->next)
		ret->work[--n] = (struct crawl_work_view){
			.job = w->task.job.id,
			.since_ms = w->since_ms,
			.source = w->task.job.source,
			.url = w->task.job.url,
			.step = crawl_step_name(w->step),
		};
}

void crawl_look_hosts(const struct crawl *c, int most, struct arena *a, struct frontier_view *ret)
{
	frontier_view(c->frontier, clock_wall_ms(c->env.clock), most, a, ret);
}
