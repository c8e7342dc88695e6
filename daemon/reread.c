#include "daemon/reread.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "daemon/record.h"
#include "daemon/task.h"

#include <string.h>

/* Pages between the read and the commit, and how many rows are looked at for them. */
#define BATCH 16
#define BATCH_BYTES ((int64_t)16 << 20)
#define ROWS_MOST 5000
#define RETRY_MS 5000

struct one {
	struct batch *b;
	struct page page; /* as stored */
	struct task task;
	struct fetch_answer answer;
	enum err err; /* it cannot be read again */
	struct reason why;
};

struct batch {
	struct reread *r;
	struct view *view;
	int pass;
	uv_work_t pool;
	struct arena *arena;
	int64_t after, now_ms;
	int64_t last;  /* the newest page; of the first batch */
	int64_t seen;  /* the last row looked at */
	int64_t bytes; /* of records */
	int rows, n, n_written;
	int64_t unknown, removed;
	struct one one[BATCH];
	enum err err;
	struct reason why;
};

struct reread {
	struct reread_env env;
	struct view *view;
	struct reader *reader;
	struct slot *slot;
	struct write mark; /* WRITE_STALE, with an arena of its own while it is under way */
	uv_timer_t timer;
	struct reread_view look;
	int pass; /* counts them */
	const char *held;
	bool reading, marking, stopping, again;
	bool mark_waits; /* for the timer */
};

static void step(struct reread *r);
static enum err mark_rest(struct reread *r, struct reason *why);

static void on_timer(uv_timer_t *t)
{
	struct reread *r = t->data;

	if (r->mark_waits) {
		r->mark_waits = false;
		writer_put(r->env.writer, &r->mark);
	}
	step(r);
}

static void begin(struct reread *r)
{
	int64_t marked = r->look.marked;

	r->pass++;
	memset(&r->look, 0, offsetof(struct reread_view, cpu_ns));
	r->look.marked = marked;
	r->look.active = true;
	step(r);
}

enum err reread_new(const struct reread_env *env, struct view *view, struct reread **ret,
		    struct reason *why)
{
	struct reread *r = mem_zero(sizeof(*r));
	enum err err;

	r->env = *env;
	err = reader_open(env->store, &r->reader, why);
	if (err) {
		mem_free(r);
		return err;
	}
	r->view = view_keep(view);
	r->slot = slot_new();
	must(uv_timer_init(env->loop, &r->timer) == 0);
	r->timer.data = r;
	*ret = r;
	err = mark_rest(r, why);
	if (!err)
		begin(r);
	return err;
}

void reread_free(struct reread *r)
{
	if (!r)
		return;
	must(!reread_busy(r));
	slot_free(r->slot);
	reader_close(r->reader);
	view_release(r->view);
	mem_free(r);
}

void reread_stop(struct reread *r)
{
	r->stopping = true;
	if (r->mark_waits) { /* it is stored what is left */
		r->mark_waits = r->marking = false;
		arena_free(r->mark.arena);
	}
	if (!uv_is_closing((uv_handle_t *)&r->timer))
		uv_close((uv_handle_t *)&r->timer, NULL);
}

int reread_busy(const struct reread *r)
{
	return r->reading + r->marking;
}

void reread_look(const struct reread *r, struct reread_view *ret)
{
	*ret = r->look;
	ret->active = r->look.active || reread_busy(r);
}

static bool same_kinds(const struct conf *a, const struct conf *b)
{
	for (int i = 0; i < b->n_sources; i++) {
		const struct conf_source *s = conf_source(a, b->sources[i].name);

		for (int k = 0; k < b->sources[i].n_pages; k++) {
			const struct conf_page *now = &b->sources[i].pages[k];
			const struct conf_page *was = s ? conf_page(s, now->name) : NULL;

			if (!was || was->version != now->version)
				return false;
		}
	}
	return true;
}

void reread_set_view(struct reread *r, struct view *view)
{
	bool same = same_kinds(r->view->rules->conf, view->rules->conf);

	view_keep(view);
	view_release(r->view);
	r->view = view;
	if (same || r->stopping)
		return;
	if (r->look.active)
		r->again = true;
	else
		begin(r);
}

/* A slice of the pages is behind now. What is left is stored with it: a stop ends this,
 * and the next start goes on. */
static void on_marked(struct write *w)
{
	struct reread *r = w->ctx;

	r->look.marked += w->err ? 0 : w->ret_changed;
	if (w->err)
		log_warn("reread: pages could not be marked: %s", w->why.text);
	if (err_is_world(w->err) && !r->stopping) {
		r->mark_waits = true;
		uv_timer_start(&r->timer, on_timer, RETRY_MS, 0);
		return;
	}
	if (!w->err && w->ret_page_from && !r->stopping) {
		w->page_from = w->ret_page_from;
		writer_put(r->env.writer, w);
		return;
	}
	r->marking = false;
	if (r->look.active)
		r->again = true;
	else if (!r->stopping)
		begin(r);
	if (w->err)
		r->look.trouble = w->why;
	arena_free(w->arena);
	if (!reread_busy(r) && r->env.idle)
		r->env.idle(r->env.ctx);
}

static void mark(struct reread *r, const struct reprocess_row *what)
{
	r->mark = (struct write){ .kind = WRITE_STALE,
				  .arena = arena_new(1024),
				  .done = on_marked,
				  .ctx = r,
				  .since_ms = what->since_ms,
				  .page_from = what->page_from,
				  .now_ms = clock_wall_ms(r->env.clock) };
	r->mark.source = arena_str(r->mark.arena, what->source);
	r->mark.page_kind = arena_str(r->mark.arena, what->page_kind);
	r->marking = true;
	writer_put(r->env.writer, &r->mark);
}

/* Goes on marking what an earlier life did not come to. */
static enum err mark_rest(struct reread *r, struct reason *why)
{
	struct arena *a = arena_new(1024);
	struct reprocess_row rest;
	bool any = false;
	enum err err = reader_reprocess(r->reader, a, &rest, &any, why);

	if (!err && any) {
		log_info("reread goes on marking after page=%lld", (long long)rest.page_from);
		mark(r, &rest);
	}
	arena_free(a);
	return err;
}

enum err reread_start(struct reread *r, struct str source, struct str page_kind, int64_t since_ms,
		      struct reason *why)
{
	const struct conf *conf = r->view->rules->conf;
	const struct conf_source *s = source.n ? conf_source(conf, source) : NULL;

	if (r->stopping)
		return reason_set(why, ERR_CANCELLED, "the daemon is stopping");
	if (source.n && !s)
		return reason_set(why, ERR_NOT_FOUND, "no source '%.*s' in the configuration",
				  STR_ARG(source));
	if (s && page_kind.n && !conf_page(s, page_kind))
		return reason_set(why, ERR_NOT_FOUND, "source '%.*s' has no page kind '%.*s'",
				  STR_ARG(source), STR_ARG(page_kind));
	if (r->marking)
		return reason_set(why, ERR_BUSY, "the pages are being looked for already");
	log_info("reread asked source=%.*s page=%.*s", STR_ARG(source.n ? source : STR("all")),
		 STR_ARG(page_kind.n ? page_kind : STR("all")));
	mark(r, &(struct reprocess_row){
			.source = source, .page_kind = page_kind, .since_ms = since_ms });
	return ERR_OK;
}

/* ---- on the pool ---- */

static bool wanted(struct batch *b, const struct page *p)
{
	const struct conf_source *s = conf_source(b->view->v.conf, p->source);
	const struct conf_page *kind = s ? conf_page(s, p->page_kind) : NULL;

	if (p->state == PAGE_ERROR || p->state == PAGE_UNCHANGED || !p->record.file.n)
		return false;
	if (!kind) {
		b->unknown++;
		return false;
	}
	if (p->extract_version == kind->version)
		return false;
	b->removed += p->removed_ms != 0;
	return !p->removed_ms;
}

static void copy_page(struct arena *a, const struct page *from, struct page *to)
{
	*to = *from;
	to->source = arena_str(a, from->source);
	to->page_kind = arena_str(a, from->page_kind);
	to->url = arena_str(a, from->url);
	to->content_type = arena_str(a, from->content_type);
	to->reason = arena_str(a, from->reason);
	to->record.file = arena_str(a, from->record.file);
}

static bool on_page(void *ctx, const struct page *p)
{
	struct batch *b = ctx;

	if (b->n == BATCH || b->bytes > BATCH_BYTES)
		return false;
	b->rows++;
	b->seen = p->id;
	if (wanted(b, p)) {
		copy_page(b->arena, p, &b->one[b->n++].page);
		b->bytes += p->record.bytes;
	}
	return true;
}

static void run_one(struct one *o)
{
	struct task *t = &o->task;
	struct reread *r = o->b->r;

	t->arena = arena_new((size_t)64 << 10);
	t->view = &o->b->view->v;
	t->slot = r->slot;
	t->now_ms = o->b->now_ms;
	o->err = reader_job(r->reader, o->page.job, t->arena, &t->job, &o->why);
	if (!o->err)
		o->err = record_answer(r->env.archive_dir, r->reader, &o->page, t->arena,
				       &o->answer, &o->why);
	if (!o->err)
		task_reread(t, &o->page, &o->answer);
}

static void on_pool(uv_work_t *pool)
{
	struct batch *b = pool->data;
	struct page_filter f = { .after_id = b->after, .most = ROWS_MOST };

	if (b->after == 0)
		b->err = reader_page_last(b->r->reader, &b->last, &b->why);
	if (!b->err)
		b->err = reader_pages(b->r->reader, &f, b->arena, on_page, b, &b->why);
	for (int i = 0; i < b->n && !b->err; i++)
		run_one(&b->one[i]);
}

/* ---- on the loop ---- */

static void batch_free(struct batch *b)
{
	for (int i = 0; i < b->n; i++)
		arena_free(b->one[i].task.arena);
	arena_free(b->arena);
	view_release(b->view);
	mem_free(b);
}

static void finish_pass(struct reread *r)
{
	const struct reread_view *v = &r->look;

	if (v->pages || v->lost)
		log_info("reread done pages=%lld changed=%lld unparsable=%lld lost=%lld new=%lld",
			 (long long)v->pages, (long long)v->changed, (long long)v->unparsable,
			 (long long)v->lost, (long long)v->listings_new);
	r->look.active = false;
	if (!r->again)
		return;
	r->again = false;
	if (!r->stopping)
		begin(r);
}

static void later(struct reread *r, const struct reason *why)
{
	log_warn("reread after page=%lld failed, tried again in %d s: %s",
		 (long long)r->look.cursor, RETRY_MS / 1000, why->text);
	if (!r->stopping)
		uv_timer_start(&r->timer, on_timer, RETRY_MS, 0);
}

static void end_batch(struct batch *b)
{
	struct reread *r = b->r;

	r->reading = false;
	if (b->err) {
		later(r, &b->why);
	} else if (b->pass == r->pass) {
		r->look.cursor = b->seen > b->after ? b->seen : b->after;
		r->look.unknown += b->unknown;
		r->look.removed += b->removed;
		if (b->after == 0)
			r->look.last = b->last;
		if (b->rows == 0)
			finish_pass(r);
	}
	batch_free(b);
	step(r);
	if (!reread_busy(r) && r->env.idle)
		r->env.idle(r->env.ctx);
}

static void count(struct reread *r, const struct one *o)
{
	const struct write *w = &o->task.write;
	struct reread_view *v = &r->look;

	v->pages++;
	v->unparsable += w->page.state == PAGE_UNPARSABLE;
	v->changed += w->ret_changed || w->ret_new_listings || w->ret_new_jobs ||
		      w->page.items != o->page.items || w->page.state != o->page.state;
	v->listings_new += w->ret_new_listings;
	v->listings_changed += w->ret_changed;
	v->jobs_new += w->ret_new_jobs;
	for (int i = 0; i < STAGE_COUNT; i++)
		v->cpu_ns[i] += o->task.cpu_ns[i];
	if (r->env.stale && w->ret_stale)
		r->env.stale(r->env.ctx);
	if (r->env.due && (w->ret_new_jobs || w->ret_due_again))
		r->env.due(r->env.ctx);
	if (r->env.values && w->ret_values_changed)
		r->env.values(r->env.ctx, w->job.source);
}

static void lose(struct reread *r, const struct one *o, const struct reason *why)
{
	log_warn("page=%lld cannot be read again: %s", (long long)o->page.id, why->text);
	r->look.lost++;
	r->look.trouble = *why;
}

static void on_written(struct write *w)
{
	struct one *o = w->ctx;
	struct batch *b = o->b;

	if (!w->err) {
		count(b->r, o);
	} else if (err_is_world(w->err)) {
		b->err = w->err;
		b->why = w->why;
	} else {
		lose(b->r, o, &w->why);
	}
	if (--b->n_written == 0)
		end_batch(b);
}

static void on_pool_done(uv_work_t *pool, int status)
{
	struct batch *b = pool->data;
	struct write *put[BATCH];
	int n = 0;

	must(status == 0);
	for (int i = 0; i < b->n && !b->err; i++) {
		struct one *o = &b->one[i];

		if (o->err) {
			lose(b->r, o, &o->why);
			continue;
		}
		o->task.write.done = on_written;
		o->task.write.ctx = o;
		put[n++] = &o->task.write;
	}
	b->n_written = n;
	if (!n)
		end_batch(b);
	for (int i = 0; i < n; i++)
		writer_put(b->r->env.writer, put[i]);
}

static void step(struct reread *r)
{
	struct batch *b;

	if (r->stopping || !r->look.active || r->reading || r->held ||
	    uv_is_active((uv_handle_t *)&r->timer))
		return;
	b = mem_zero(sizeof(*b));
	b->r = r;
	b->view = view_keep(r->view);
	b->arena = arena_new((size_t)16 << 10);
	b->pass = r->pass;
	b->after = r->look.cursor;
	b->now_ms = clock_wall_ms(r->env.clock);
	b->pool.data = b;
	for (int i = 0; i < BATCH; i++)
		b->one[i].b = b;
	slot_fit(r->slot, r->view->rules);
	r->reading = true;
	must(uv_queue_work(r->env.loop, &b->pool, on_pool, on_pool_done) == 0);
}

void reread_hold(struct reread *r, const char *why)
{
	r->held = why;
	step(r);
}

void reread_json(const struct reread *r, struct json *j)
{
	struct reread_view v;

	reread_look(r, &v);
	json_text(j, "state", v.active ? "running" : "idle");
	json_int(j, "marked", v.marked);
	json_int(j, "cursor", v.cursor);
	json_int(j, "last", v.last);
	json_text(j, "waits", v.active ? r->held : NULL);
	json_int(j, "pages", v.pages);
	json_int(j, "changed", v.changed);
	json_int(j, "unparsable", v.unparsable);
	json_int(j, "lost", v.lost);
	json_int(j, "unknown", v.unknown);
	json_int(j, "removed", v.removed);
	json_int(j, "listings_new", v.listings_new);
	json_int(j, "listings_changed", v.listings_changed);
	json_int(j, "jobs_new", v.jobs_new);
	json_text(j, "trouble", v.trouble.text[0] ? v.trouble.text : NULL);
}
