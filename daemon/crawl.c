#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "daemon/crawl_inner.h"

#include <stdio.h>

/* After a failed commit: wait, then longer. */
#define HELD_FIRST_MS 2000
#define HELD_MOST_MS 60000
/* A wall clock that moves so much more than the monotonic one was set. */
#define CLOCK_SET_MS 1000

int64_t crawl_wall(struct crawl *c)
{
	int64_t wall = clock_wall_ms(c->env.clock);
	int64_t by = wall - clock_mono_ms(c->env.clock) - c->ahead_ms;

	if (by > CLOCK_SET_MS || by < -CLOCK_SET_MS) {
		log_warn("the clock was set %s by %lld ms", by > 0 ? "ahead" : "back",
			 (long long)(by > 0 ? by : -by));
		c->ahead_ms += by;
		if (by < 0) {
			c->set_back = true;
			c->mend_from = 0;
		}
		frontier_clock_set(c->frontier, by);
	}
	return wall;
}

int64_t crawl_mono(const struct crawl *c)
{
	return clock_mono_ms(c->env.clock);
}

static void on_timer(uv_timer_t *t)
{
	crawl_pump(t->data);
}

struct crawl *crawl_new(const struct crawl_env *env, struct view *view)
{
	struct crawl *c = mem_zero(sizeof(*c));

	must(env->slots > 0);
	c->env = *env;
	c->ahead_ms = clock_wall_ms(env->clock) - clock_mono_ms(env->clock);
	c->set_back = true; /* perhaps, while nobody looked */
	c->mend_from = -1;
	c->view = view_keep(view);
	c->frontier = frontier_new(view->rules->conf);
	c->sites = crawl_site_open();
	must(uv_timer_init(env->loop, &c->timer) == 0);
	c->timer.data = c;
	for (int i = 0; i < env->slots; i++) {
		struct slot *s = slot_new();

		s->next = c->slots;
		c->slots = s;
	}
	return c;
}

void crawl_free(struct crawl *c)
{
	struct slot *s;

	if (!c)
		return;
	must(crawl_busy(c) == 0);
	while ((s = c->slots)) {
		c->slots = s->next;
		slot_free(s);
	}
	frontier_free(c->frontier);
	crawl_site_close(c->sites);
	crawl_values_drop(c);
	view_release(c->view);
	mem_free(c);
}

void crawl_ended(struct crawl *c)
{
	crawl_pump(c);
	if (c->env.idle)
		c->env.idle(c->env.ctx);
}

/* Many writes fail together: they are one failure. */
void crawl_hold_for_error(struct crawl *c, const struct write *w)
{
	int64_t longer = c->failed_wait_ms * 2;

	c->failures++;
	c->failure = w->why;
	c->failed_image = w->kind == WRITE_IMAGE;
	if (c->failed && crawl_mono(c) < c->failed_until_ms)
		return;
	if (!c->failed) {
		longer = HELD_FIRST_MS;
		log_error("store cannot commit, fetching waits: %s", w->why.text);
	}
	c->failed = true;
	c->failed_wait_ms = longer > HELD_MOST_MS ? HELD_MOST_MS : longer;
	c->failed_until_ms = crawl_mono(c) + c->failed_wait_ms;
}

void crawl_let_go_after_error(struct crawl *c, const struct write *w)
{
	if (!c->failed)
		return;
	/* Of images, those that were written before are committed now; that a page can be
	 * stored, or a picture that is there already, says nothing of them, but none may be
	 * left to try. */
	if (c->failed_image &&
	    crawl_mono(c) < c->failed_until_ms +
				    (w->kind == WRITE_IMAGE && w->image_new ? 0 : HELD_MOST_MS))
		return;
	c->failed = false;
	log_info("store commits again");
}

bool crawl_failed_lately(const struct crawl *c)
{
	return c->failed && crawl_mono(c) < c->failed_until_ms;
}

void crawl_seed(struct crawl *c)
{
	const struct conf *conf = c->view->rules->conf;

	c->unseeded = false;
	for (int i = 0; i < conf->n_sources; i++)
		if (conf_source_runs(&conf->sources[i]) && crawl_values_wanted(&conf->sources[i]))
			crawl_ask_values(c, &conf->sources[i]);
		else if (conf_source_runs(&conf->sources[i]))
			crawl_ask_seeds(c, &conf->sources[i]);
}

static bool held(struct crawl *c, int64_t *wait_ms)
{
	if (c->told[0])
		*wait_ms = HELD_FIRST_MS;
	else if (crawl_failed_lately(c))
		*wait_ms = c->failed_until_ms - crawl_mono(c);
	else
		return false;
	return true;
}

static void set_timer(struct crawl *c, int64_t wait_ms)
{
	c->next_ms = wait_ms < 0 ? -1 : crawl_mono(c) + wait_ms;
	if (c->env.no_timer || uv_is_closing((uv_handle_t *)&c->timer))
		return;
	if (wait_ms < 0)
		uv_timer_stop(&c->timer);
	else
		uv_timer_start(&c->timer, on_timer, (uint64_t)(wait_ms ? wait_ms : 1), 0);
}

static void turn(struct crawl *c)
{
	int64_t wait_ms = -1;

	crawl_work_run_tasks(c);
	crawl_recall_save(c);
	if (!c->stopping && !held(c, &wait_ms)) {
		if (c->unseeded && !c->n_seeding)
			crawl_seed(c);
		if (c->set_back && !c->mending)
			crawl_ask_clock(c);
		crawl_ask_hosts(c);
		crawl_ask_jobs(c);
		crawl_work_fetch(c, &wait_ms);
		/* what was started has made room */
		crawl_ask_jobs(c);
	}
	set_timer(c, wait_ms);
}

int64_t crawl_next_ms(const struct crawl *c)
{
	return c->next_ms;
}

void crawl_clock(struct crawl *c)
{
	int64_t was = c->ahead_ms;

	crawl_wall(c);
	if (c->ahead_ms != was)
		crawl_pump(c);
}

void crawl_pump(struct crawl *c)
{
	/* A network that answers from within the request comes back here. */
	c->again = true;
	if (c->pumping)
		return;
	c->pumping = true;
	while (c->again) {
		c->again = false;
		turn(c);
	}
	c->pumping = false;
}

void crawl_set_view(struct crawl *c, struct view *view)
{
	bool reloaded = view->rules != c->view->rules;

	view_keep(view);
	view_release(c->view);
	c->view = view;
	if (reloaded) {
		frontier_reconfigure(c->frontier, view->rules->conf);
		if (c->paused)
			crawl_pause(c, (struct str){ 0 }, true);
		crawl_seed(c);
	}
	crawl_pump(c);
}

void crawl_pause(struct crawl *c, struct str source, bool paused)
{
	const struct conf *conf = c->view->rules->conf;

	if (source.n) {
		frontier_pause(c->frontier, source, paused);
		/* All were paused; now not all are, and a reload is to leave it so. */
		c->paused &= paused;
	} else {
		c->paused = paused;
		for (int i = 0; i < conf->n_sources; i++)
			frontier_pause(c->frontier, conf->sources[i].name, paused);
		frontier_pause(c->frontier, conf->no_source.name, paused);
	}
	crawl_pump(c);
}

bool crawl_paused(const struct crawl *c)
{
	return c->paused;
}

void crawl_hold(struct crawl *c, const char *reason)
{
	snprintf(c->told, sizeof(c->told), "%s", reason ? reason : "");
	if (!reason)
		crawl_pump(c);
}

void crawl_stir(struct crawl *c)
{
	frontier_look_again(c->frontier);
	crawl_pump(c);
}

void crawl_front(struct crawl *c, struct str source, struct str host)
{
	frontier_front(c->frontier, source, host);
}

void crawl_stop(struct crawl *c)
{
	c->stopping = true;
	if (!uv_is_closing((uv_handle_t *)&c->timer))
		uv_close((uv_handle_t *)&c->timer, NULL);
}

int crawl_busy(const struct crawl *c)
{
	return c->n_asks + c->n_saves + crawl_work_count(c) + crawl_site_busy(c->sites);
}

bool crawl_idle(const struct crawl *c, int64_t within_ms)
{
	if (crawl_work_count(c) || c->n_asks || c->unseeded || c->told[0] || crawl_failed_lately(c))
		return false;
	return frontier_due_ms(c->frontier) > clock_wall_ms(c->env.clock) + within_ms;
}
