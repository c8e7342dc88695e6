#include "crawler/way.h"
#include "daemon/crawl_inner.h"
#include "serve/serve.h"

static struct str held(const struct crawl *c, struct arena *a)
{
	if (c->stopping)
		return STR("the daemon is stopping");
	if (c->told[0])
		return arena_text(a, c->told);
	if (c->failed)
		return arena_fmt(a, "the store cannot commit: %s", c->failure.text);
	if (c->paused)
		return STR("all sources are paused (pipectl resume)");
	return (struct str){ 0 };
}

static void host(const struct crawl *c, const struct job *job, struct arena *a,
		 struct serve_known *ret)
{
	struct frontier_host_view v;

	if (!frontier_view_host(c->frontier, job->source, job->host, ret->now_ms, a, &v))
		return;
	ret->why = frontier_why_name(v.why);
	ret->why_doc = frontier_why_doc(v.why);
	ret->until_ms = v.until_ms;
	ret->running = v.running;
	ret->troubles = v.troubles_in_a_row;
	ret->trouble = v.trouble;
	ret->rate = v.rate * v.factor;
}

void crawl_known(const struct crawl *c, const struct conf_source *source, const struct job *job,
		 struct arena *a, struct serve_known *ret)
{
	const struct crawl_work *w = c->works;

	*ret = (struct serve_known){ .now_ms = clock_wall_ms(c->env.clock), .held = held(c, a) };
	while (w && (!job->id || w->task.job.id != job->id))
		w = w->next;
	if (w) {
		ret->step = crawl_step_name(w->step);
		ret->step_ms = w->since_ms;
	}
	host(c, job, a, ret);
	if (source && source->robots)
		crawl_robots_known(c->sites, way_asked(job), ret->now_ms, a, ret);
}
