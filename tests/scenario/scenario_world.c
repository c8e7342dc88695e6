#include "base/file.h"
#include "base/must.h"
#include "daemon/target.h"
#include "tests/scenario/scenario.h"

#include <stdio.h>

/* The clock moves by multiples of this: the pipeline's own timers are coarser. */
#define TICK_MS 50

static void on_wake(uv_async_t *h)
{
	struct world *w = h->data;

	if (w->writer)
		writer_drain(w->writer);
}

static void wake(void *ctx)
{
	struct world *w = ctx;

	uv_async_send(&w->wake);
}

static enum err append(void *ctx, struct write **items, int n, struct reason *why)
{
	struct world *w = ctx;

	if (w->store_err)
		return reason_set(why, w->store_err, "%s, says the scenario",
				  w->store_err == ERR_FULL ? "disk full" : "no such page");
	return archive_append(w->archive, items, n, why);
}

static struct view *load(struct world *w)
{
	struct rule_set *rules;
	struct reason why;
	struct view *v;

	if (rule_set_load(w->config, false, &rules, NULL, NULL, &why))
		scenario_fail(w, "%s", why.text);
	v = view_new(rules, NULL);
	rule_set_release(rules);
	return v;
}

static int64_t first_number(struct world *w)
{
	struct reason why;
	int64_t last;

	if (reader_segment_last(w->reader, &last, &why))
		scenario_fail(w, "%s", why.text);
	return last + 1;
}

static void start_store(struct world *w)
{
	const struct conf *conf = w->view->rules->conf;
	struct writer_opt opt = {
		.batch_items = 8, .near = true, .append = append, .wake = wake, .ctx = w
	};
	struct reason why;
	int64_t least;

	must(uv_async_init(&w->loop, &w->wake, on_wake) == 0);
	w->wake.data = w;
	if (file_folder(conf->archive_dir.p, &why) ||
	    store_open(conf->database.p, &w->store, &why) ||
	    reader_open(w->store, &w->reader, &why))
		scenario_fail(w, "%s", why.text);
	least = first_number(w);
	if (archive_open(conf, &w->clock, least, &w->archive, &why) ||
	    writer_start(w->store, &opt, &w->writer, &why))
		scenario_fail(w, "%s", why.text);
}

static void on_stale(void *ctx)
{
	sweep_stir(((struct world *)ctx)->sweep);
}

static void on_due(void *ctx)
{
	crawl_stir(((struct world *)ctx)->crawl);
}

static void on_values(void *ctx, struct str source)
{
	crawl_seed_again(((struct world *)ctx)->crawl, source);
}

void scenario_world_start(struct world *w)
{
	struct crawl_env crawl = {
		.loop = &w->loop,
		.clock = &w->clock,
		.fetch = scenario_net_start,
		.net = w,
		.nonce = 7,
		.slots = 2,
		.robots_bytes = w->robots_bytes,
		.no_timer = true,
		.stale = on_stale,
		.ctx = w,
	};
	struct sweep_env sweep = { .loop = &w->loop, .clock = &w->clock };
	struct reread_env reread = { .loop = &w->loop,
				     .clock = &w->clock,
				     .archive_dir = w->archive_dir,
				     .stale = on_stale,
				     .due = on_due,
				     .values = on_values,
				     .ctx = w };
	struct retain_env retain = { .loop = &w->loop, .clock = &w->clock };
	struct reason why;

	if (w->running)
		scenario_fail(w, "it runs already");
	must(uv_loop_init(&w->loop) == 0);
	w->view = load(w);
	start_store(w);
	crawl.writer = sweep.writer = reread.writer = w->writer;
	sweep.store = reread.store = retain.store = w->store;
	retain.writer = w->writer;
	retain.archive = w->archive;
	retain.archive_dir = w->archive_dir;
	snprintf(w->archive_dir, sizeof(w->archive_dir), "%.*s",
		 STR_ARG(w->view->rules->conf->archive_dir));
	w->crawl = crawl_new(&crawl, w->view);
	if (sweep_new(&sweep, w->view, &w->sweep, &why) || retain_new(&retain, &w->retain, &why) ||
	    reread_new(&reread, w->view, &w->reread, &why))
		scenario_fail(w, "%s", why.text);
	w->running = true;
	crawl_seed(w->crawl);
	crawl_pump(w->crawl);
	scenario_world_settle(w);
}

/* Something moves without the clock, and without what is held: each request that is
 * held keeps one job under way. */
static bool moves(const struct world *w)
{
	int held = scenario_net_held(w);

	return w->n_pending > held || crawl_busy(w->crawl) > held || sweep_busy(w->sweep) ||
	       reread_busy(w->reread) || retain_busy(w->retain);
}

void scenario_world_settle(struct world *w)
{
	while (moves(w)) {
		scenario_net_deliver(w);
		if (moves(w) && w->n_pending == scenario_net_held(w))
			uv_run(&w->loop, UV_RUN_ONCE);
	}
	uv_run(&w->loop, UV_RUN_NOWAIT);
}

int64_t scenario_world_wall(const struct world *w)
{
	return w->now_ms + w->ahead_ms;
}

/* Nothing moves before the timer goes off: what it misses, the daemon misses too. */
static int64_t step(const struct world *w, int64_t end)
{
	int64_t left = end - w->now_ms, next = crawl_next_ms(w->crawl), ms;

	if (next < 0)
		return left;
	ms = next <= w->now_ms ? TICK_MS : (next - w->now_ms + TICK_MS - 1) / TICK_MS * TICK_MS;
	return ms < left ? ms : left;
}

void scenario_world_pass(struct world *w, int64_t ms)
{
	int64_t end = w->now_ms + ms;

	while (w->now_ms < end) {
		w->now_ms += step(w, end);
		crawl_pump(w->crawl);
		retain_tick(w->retain, w->view->rules->conf);
		scenario_world_settle(w);
	}
}

void scenario_world_reload(struct world *w)
{
	struct view *v = load(w);

	view_release(w->view);
	w->view = v;
	crawl_set_view(w->crawl, v);
	sweep_set_view(w->sweep, v);
	reread_set_view(w->reread, v);
	scenario_world_settle(w);
}

static void on_asked(struct write *write)
{
	*(bool *)write->ctx = true;
}

void scenario_world_crawl(struct world *w, struct str url)
{
	struct arena *a = arena_new(4096);
	bool done = false;
	struct write write = { .kind = WRITE_ASK,
			       .arena = a,
			       .done = on_asked,
			       .ctx = &done,
			       .now_ms = scenario_world_wall(w),
			       .n_jobs = 1 };
	struct serve_target *t;
	struct reason why;
	int n;

	if (target_find(w->view->rules->conf, url, (struct str){ 0 }, scenario_world_wall(w), a, &t,
			&n, &why))
		scenario_fail(w, "%s", why.text);
	for (int i = 0; i < n - 1; i++)
		if (t[i].in_scope && t[i].source->enabled)
			write.jobs = &t[i].job;
	if (!write.jobs || !write.jobs->page.n)
		scenario_fail(w, "crawl: no source, or no page kind: %.*s", STR_ARG(url));
	writer_put(w->writer, &write);
	crawl_front(w->crawl, write.jobs->source, write.jobs->host);
	while (!done)
		uv_run(&w->loop, UV_RUN_ONCE);
	if (write.err)
		scenario_fail(w, "%s", write.why.text);
	arena_free(a);
	crawl_stir(w->crawl);
	scenario_world_settle(w);
}

void scenario_world_stop(struct world *w)
{
	if (!w->running)
		return;
	w->n_held = 0; /* what is under way is finished */
	crawl_stop(w->crawl);
	sweep_stop(w->sweep);
	reread_stop(w->reread);
	retain_stop(w->retain);
	scenario_world_settle(w);
	writer_stop(w->writer);
	uv_close((uv_handle_t *)&w->wake, NULL);
	uv_run(&w->loop, UV_RUN_DEFAULT);
	crawl_free(w->crawl);
	sweep_free(w->sweep);
	reread_free(w->reread);
	retain_free(w->retain);
	reader_close(w->reader);
	archive_close(w->archive);
	store_close(w->store);
	view_release(w->view);
	must(uv_loop_close(&w->loop) == 0);
	w->writer = NULL;
	w->running = false;
}
