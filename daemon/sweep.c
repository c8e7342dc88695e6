#include "daemon/sweep.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "cleaner/cleaner.h"
#include "daemon/judge.h"
#include "daemon/rate.h"
#include "daemon/slot.h"

#include <string.h>

#define BATCH 2000
#define RETRY_MS 5000
/* Batches between the read and the commit: one is read while one is written. */
#define MOST_BATCHES 2

struct batch {
	struct sweep *s;
	struct view *view;
	uv_work_t pool;
	struct write write;
	int64_t after_id, last_id;
	/* Listings whose labels are behind, from the front; and those whose
	 * labels stand and that only want a suggestion, from the back. */
	struct write_listing *listings;
	int n, n_judge;
	bool end; /* nothing is stale behind it */
	enum err err;
	struct reason why;
	int64_t cpu_ns[STAGE_COUNT];
};

struct sweep {
	struct sweep_env env;
	struct view *view;
	struct reader *reader;
	struct labeler_scratch *scratch;
	uv_timer_t timer, stir;
	int64_t cursor, done;
	struct rate rate;
	int64_t cpu_ns[STAGE_COUNT];
	int batches;
	bool reading, active, stopping, again, stirred;
};

static void step(struct sweep *s);

static void on_timer(uv_timer_t *t)
{
	step(t->data);
}

static void on_stir(uv_timer_t *t)
{
	struct sweep *s = t->data;

	s->stirred = false;
	if (s->active) {
		s->again = true;
		return;
	}
	s->active = true;
	s->done = 0;
	step(s);
}

void sweep_stir(struct sweep *s)
{
	if (s->stopping || s->stirred)
		return;
	s->stirred = true;
	must(uv_timer_start(&s->stir, on_stir, (uint64_t)s->env.stir_ms, 0) == 0);
}

enum err sweep_new(const struct sweep_env *env, struct view *view, struct sweep **ret,
		   struct reason *why)
{
	struct sweep *s = mem_zero(sizeof(*s));
	enum err err;

	s->env = *env;
	err = reader_open(env->store, &s->reader, why);
	if (err) {
		mem_free(s);
		return err;
	}
	s->view = view_keep(view);
	s->scratch = labeler_scratch_new();
	must(uv_timer_init(env->loop, &s->timer) == 0);
	s->timer.data = s;
	must(uv_timer_init(env->loop, &s->stir) == 0);
	s->stir.data = s;
	s->active = true;
	step(s);
	*ret = s;
	return ERR_OK;
}

void sweep_free(struct sweep *s)
{
	if (!s)
		return;
	must(s->batches == 0);
	labeler_scratch_free(s->scratch);
	reader_close(s->reader);
	view_release(s->view);
	mem_free(s);
}

void sweep_stop(struct sweep *s)
{
	s->stopping = true;
	s->stirred = false;
	if (uv_is_closing((uv_handle_t *)&s->timer))
		return;
	uv_close((uv_handle_t *)&s->timer, NULL);
	uv_close((uv_handle_t *)&s->stir, NULL);
}

int sweep_busy(const struct sweep *s)
{
	return s->batches + s->stirred;
}

void sweep_look(const struct sweep *s, struct sweep_view *ret)
{
	*ret = (struct sweep_view){ .active = s->active || s->batches || s->stirred,
				    .done = s->done,
				    .cursor = s->cursor,
				    .per_s = rate_now(&s->rate, clock_mono_ms(s->env.clock)) };
	for (int i = 0; i < STAGE_COUNT; i++)
		ret->cpu_ns[i] = s->cpu_ns[i];
}

void sweep_set_view(struct sweep *s, struct view *view)
{
	bool same = labeler_version(view->v.labeler) == labeler_version(s->view->v.labeler) &&
		    cleaner_version(view->v.marks) == cleaner_version(s->view->v.marks) &&
		    view->v.model_id == s->view->v.model_id;

	view_keep(view);
	view_release(s->view);
	s->view = view;
	if (same)
		return;
	if (s->active)
		s->again = true; /* what was done so far is behind already */
	else
		s->done = 0;
	s->active = true;
	step(s);
}

static void batch_free(struct batch *b)
{
	b->s->batches--;
	arena_free(b->write.arena);
	view_release(b->view);
	mem_free(b);
}

static void copy(struct arena *a, const struct listing *from, struct listing *to)
{
	*to = *from;
	to->source = arena_str(a, from->source);
	to->ext_id = arena_str(a, from->ext_id);
	to->url = to->image = to->location = to->description = (struct str){ 0 };
	to->images = to->category_path = to->attributes = (struct str){ 0 };
	to->title = arena_str(a, from->title);
	to->currency = arena_str(a, from->currency);
	to->category = arena_str(a, from->category);
	to->brand = arena_str(a, from->brand);
	to->condition = arena_str(a, from->condition);
	to->title_clean = arena_str(a, from->title_clean);
	to->title_marks = arena_str(a, from->title_marks);
	to->title_core = arena_str(a, from->title_core);
	to->flag_reason = arena_str(a, from->flag_reason);
}

/* Clean form and labels stand: zero versions tell the store to leave them. */
static void keep_label(struct batch *b, const struct listing_view *v, struct write_listing *w)
{
	w->listing.clean_version = 0;
	w->label_version = 0;
	w->labeled = v->labeled;
	w->label = v->label;
	w->label.category = arena_str(b->write.arena, v->label.category);
	w->label.why = arena_str(b->write.arena, v->label.why);
	w->label.who = STR("");
}

static bool on_listing(void *ctx, const struct listing_view *v)
{
	struct batch *b = ctx;
	bool judge = v->listing.clean_version != cleaner_version(b->view->v.marks) ||
		     v->label_version != labeler_version(b->view->v.labeler);
	struct write_listing *w;

	if (b->n == BATCH)
		return false;
	w = &b->listings[judge ? b->n_judge++ : BATCH - 1 - (b->n - b->n_judge)];
	b->n++;
	copy(b->write.arena, &v->listing, &w->listing);
	if (!judge)
		keep_label(b, v, w);
	b->last_id = v->listing.id;
	return true;
}

static void read_batch(struct batch *b)
{
	const struct serve_view *v = &b->view->v;
	struct listing_filter f = {
		.after_id = b->after_id,
		.most = BATCH,
		.stale = true,
		.label_version = labeler_version(v->labeler),
		.clean_version = cleaner_version(v->marks),
		.model = v->model_id,
	};
	struct arena *a = arena_new(16 << 10);

	b->listings = arena_array(b->write.arena, BATCH, sizeof(*b->listings));
	b->err = reader_listings(b->s->reader, &f, a, on_listing, b, &b->why);
	b->end = b->n < BATCH;
	arena_free(a);
}

static void judge(struct batch *b)
{
	const struct serve_view *view = &b->view->v;
	struct write_listing *l = b->listings, *kept;
	int64_t from = clock_thread_cpu_ns();
	int n_kept = b->n - b->n_judge;

	/* Those whose clean form stands, too: flags of rules that no longer say so
	 * have to go. */
	for (int i = 0; i < b->n_judge; i++)
		cleaner_again(view->marks, b->write.arena, &l[i].listing);
	stage_spent(&b->cpu_ns[STAGE_CLEAN], &from);
	judge_listings(view, b->s->scratch, b->write.arena, b->write.now_ms, l, b->n_judge,
		       b->cpu_ns);
	kept = l + BATCH - n_kept;
	judge_suggest(view, b->write.arena, kept, n_kept, b->cpu_ns);
	/* The label was there for the review score; it is no news to the store. */
	for (int i = 0; i < n_kept; i++)
		kept[i].labeled = false;
}

static void on_pool(uv_work_t *pool)
{
	struct batch *b = pool->data;
	struct write_listing *l;

	int64_t from = clock_thread_cpu_ns();

	read_batch(b);
	stage_spent(&b->cpu_ns[STAGE_REREAD], &from);
	if (b->err)
		return;
	judge(b);
	/* Side by side: the writer takes one run. */
	l = b->listings;
	memmove(l + b->n_judge, l + BATCH - (b->n - b->n_judge),
		(size_t)(b->n - b->n_judge) * sizeof(*l));
	b->write.listings = l;
	b->write.n_listings = b->n;
}

/* Something failed: from this batch on, later. */
static void go_back(struct sweep *s, const struct batch *b, const struct reason *why)
{
	log_warn("sweep after listing=%lld failed, tried again in %d s: %s", (long long)b->after_id,
		 RETRY_MS / 1000, why->text);
	/* A batch behind it may be under way: another pass finds what was left. */
	s->again = true;
	s->active = true;
	if (!s->stopping)
		uv_timer_start(&s->timer, on_timer, RETRY_MS, 0);
}

static void after_batch(struct sweep *s)
{
	step(s);
	if (!s->batches && s->env.idle)
		s->env.idle(s->env.ctx);
}

static void on_written(struct write *w)
{
	struct batch *b = w->ctx;
	struct sweep *s = b->s;

	if (w->err) {
		go_back(s, b, &w->why);
	} else {
		s->done += b->n;
		rate_add(&s->rate, clock_mono_ms(s->env.clock), b->n);
	}
	batch_free(b);
	after_batch(s);
}

static void finish_pass(struct sweep *s)
{
	if (s->again) {
		s->again = false;
		s->cursor = 0;
		s->done = 0;
		return;
	}
	s->active = false;
	s->cursor = 0;
	if (s->done)
		log_info("sweep done listings=%lld", (long long)s->done);
}

static void on_pool_done(uv_work_t *pool, int status)
{
	struct batch *b = pool->data;
	struct sweep *s = b->s;

	must(status == 0);
	s->reading = false;
	for (int i = 0; i < STAGE_COUNT; i++)
		s->cpu_ns[i] += b->cpu_ns[i];
	if (b->err) {
		go_back(s, b, &b->why);
		batch_free(b);
	} else {
		if (b->n)
			s->cursor = b->last_id;
		if (b->end)
			finish_pass(s);
		if (b->n) {
			writer_put(s->env.writer, &b->write);
			step(s);
			return;
		}
		batch_free(b);
	}
	after_batch(s);
}

static void step(struct sweep *s)
{
	struct batch *b;

	if (s->stopping || !s->active || s->reading || s->batches >= MOST_BATCHES ||
	    uv_is_active((uv_handle_t *)&s->timer))
		return;
	b = mem_zero(sizeof(*b));
	b->s = s;
	b->view = view_keep(s->view);
	b->after_id = s->cursor;
	b->pool.data = b;
	b->write.kind = WRITE_DERIVED;
	b->write.arena = arena_new(64 << 10);
	b->write.now_ms = clock_wall_ms(s->env.clock);
	b->write.done = on_written;
	b->write.ctx = b;
	s->batches++;
	s->reading = true;
	must(uv_queue_work(s->env.loop, &b->pool, on_pool, on_pool_done) == 0);
}
