#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "daemon/crawl_site.h"

/* Remembering goes on beside the pages; more of it waits its turn. */
#define SAVES_MOST 64

/* ---- what was remembered ---- */

/* The jobs whose start asked: they go on, or back, where the host has to wait. */
static void unpark(struct site *s, bool go_on)
{
	struct crawl_work *w = s->parked, *next;
	struct crawl *c = s->c;

	s->parked = NULL;
	for (; w; w = next) {
		next = w->queued;
		if (go_on) {
			crawl_work_start(w);
			continue;
		}
		frontier_end(c->frontier, w->task.job.id, FRONTIER_UNSENT, -1, crawl_wall(c));
		frontier_forget(c->frontier, w->task.job.id);
		frontier_stir(c->frontier, w->task.job.source, w->task.job.host);
		crawl_work_end(w);
	}
}

static void end(struct site *s, bool go_on)
{
	s->recalling = false;
	unpark(s, go_on);
	arena_free(s->recall.arena);
	s->recall = (struct write){ 0 };
	crawl_site_ended(s);
}

static void settle(struct site *s)
{
	struct crawl *c = s->c;
	bool go_on;

	s->recalled = true;
	go_on = frontier_recall(c->frontier, str_of(s->host), s->recall.site);
	crawl_site_weigh(s);
	crawl_robots_tell(c, str_of(s->host));
	end(s, go_on);
}

static void on_pool(uv_work_t *pool)
{
	struct site *s = pool->data;
	const struct conf *conf = s->view->rules->conf;

	s->fresh = robots_new(s->recall.robots->body, robots_token(conf->user_agent),
			      conf->crawl_delay_max_ms);
}

static void on_pool_done(uv_work_t *pool, int status)
{
	struct site *s = pool->data;

	(void)status;
	s->rules = s->fresh;
	s->fresh = NULL;
	view_release(s->view);
	s->view = NULL;
	settle(s);
}

static void on_recalled(struct write *w)
{
	struct site *s = w->ctx;
	struct crawl *c = s->c;

	if (w->err) {
		crawl_hold_for_error(c, w);
		end(s, false);
		return;
	}
	if (!s->recalled && w->robots &&
	    robots_cache_recall(&s->cache, w->robots, crawl_wall(c)) == ROBOTS_CACHE_RULES) {
		s->view = view_keep(c->view);
		s->pool.data = s;
		must(uv_queue_work(c->env.loop, &s->pool, on_pool, on_pool_done) == 0);
		return;
	}
	settle(s);
}

void crawl_recall_start(struct site *s)
{
	struct crawl *c = s->c;

	s->recalling = true;
	crawl_site_begun(s);
	s->recall = (struct write){
		.kind = WRITE_RECALL,
		.arena = arena_new(2048),
		.done = on_recalled,
		.ctx = s,
		.now_ms = crawl_wall(c),
		.host = str_of(s->host),
		.site_name = s->name,
	};
	writer_put(c->env.writer, &s->recall);
}

/* ---- what is to be remembered ---- */

struct save {
	struct crawl *c;
	struct write write;
	struct site_host host;
	struct site_robots robots;
};

static void on_saved(struct write *w)
{
	struct save *v = w->ctx;
	struct crawl *c = v->c;

	c->n_saves--;
	if (w->err) {
		log_warn("host=%.*s cannot be remembered: %s",
			 STR_ARG(w->site ? w->site->host : w->robots->site), w->why.text);
		if (!crawl_written_is_to_blame(w))
			crawl_hold_for_error(c, w);
		if (w->site && !crawl_written_is_to_blame(w))
			frontier_forgot(c->frontier, w->site->host);
	} else {
		crawl_let_go_after_error(c, w);
	}
	arena_free(w->arena);
	mem_free(v);
	crawl_ended(c);
}

static struct save *save_new(struct crawl *c)
{
	struct save *v = mem_zero(sizeof(*v));

	v->c = c;
	v->write = (struct write){
		.kind = WRITE_SITE,
		.arena = arena_new(1024),
		.done = on_saved,
		.ctx = v,
		.now_ms = crawl_wall(c),
		.may_wait = true,
	};
	c->n_saves++;
	return v;
}

void crawl_recall_keep(struct site *s)
{
	struct save *v = save_new(s->c);
	struct arena *a = v->write.arena;

	robots_cache_save(&s->cache, &v->robots);
	v->robots.site = arena_str(a, s->name);
	v->robots.why = arena_str(a, v->robots.why);
	v->robots.body = arena_str(a, buf_str(&s->body));
	v->write.robots = &v->robots;
	v->write.member = arena_str(a, buf_str(&s->member));
	writer_put(s->c->env.writer, &v->write);
}

void crawl_recall_save(struct crawl *c)
{
	struct site_host h;
	struct save *v;

	while (c->n_saves < SAVES_MOST && !c->failed && frontier_unsaved(c->frontier, &h)) {
		v = save_new(c);
		v->host = h;
		v->host.host = arena_str(v->write.arena, h.host);
		v->host.trouble = arena_str(v->write.arena, h.trouble);
		v->write.site = &v->host;
		/* a death must not forget what the host asked for */
		v->write.may_wait = !h.hold_asked || h.hold_ms <= v->write.now_ms;
		writer_put(c->env.writer, &v->write);
	}
}
