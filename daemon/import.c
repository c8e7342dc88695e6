#include "daemon/import.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "crawler/warcanswer.h"
#include "crawler/warcfile.h"
#include "daemon/page_kind.h"
#include "daemon/task.h"

#include <string.h>
#include <sys/stat.h>

/* Pages between the read and the commit, and what is read for them. */
#define BATCH 16
#define BATCH_BYTES ((size_t)16 << 20)
#define RECORDS_MOST 500
#define HEAD_MOST 65536 /* of HTTP */

/* Why a record is left out. */
enum left {
	LEFT_TYPE,
	LEFT_REVISIT,
	LEFT_STATUS,
	LEFT_CUT,
	LEFT_NO_SOURCE,
	LEFT_NO_KIND,
	LEFT_KNOWN,
	LEFT_TOO_BIG,
	LEFT_BROKEN,
	LEFT_REFUSED,
	LEFT_COUNT
};
static const char *const left_names[] = {
	[LEFT_TYPE] = "no response",
	[LEFT_REVISIT] = "a revisit, whose payload is elsewhere",
	[LEFT_STATUS] = "not of status 200..299",
	[LEFT_CUT] = "truncated",
	[LEFT_NO_SOURCE] = "no configured source has its host",
	[LEFT_NO_KIND] = "no page kind by seeds or links; name one with --page",
	[LEFT_KNOWN] = "already stored",
	[LEFT_TOO_BIG] = "longer than max-wire",
	[LEFT_BROKEN] = "not readable",
	[LEFT_REFUSED] = "refused by the database",
};

struct one {
	struct batch *b;
	struct task task;
	struct fetch_answer answer;
};

struct batch {
	struct import *im;
	uv_work_t pool;
	struct one one[BATCH];
	int n, n_written, records;
	size_t bytes;
	int64_t left[LEFT_COUNT];
	bool end;
	enum err err;
	struct reason why;
};

enum state { IDLE, RUNNING, DONE, FAILED };
static const char *const state_names[] = { "idle", "running", "done", "failed" };

struct import {
	struct import_env env;
	enum state state;
	struct view *view;
	struct reader *reader;
	struct slot *slot;
	struct warcfile *file;
	struct arena *text;
	struct str name, source, page_kind;
	/* A page may be known for what it is only when another has named it: the file is
	 * gone through again while that helps. */
	int64_t pass_pages, known_first;
	int passes;
	int64_t bytes, done_bytes;
	int64_t records, pages, unparsable, listings_new, listings_changed, jobs_new;
	int64_t left[LEFT_COUNT];
	int64_t faults; /* pool thread, within a batch; the loop's between them */
	struct reason fault;
	struct reason why;
	bool reading, stopping;
};

struct import *import_new(const struct import_env *env)
{
	struct import *im = mem_zero(sizeof(*im));

	im->env = *env;
	im->text = arena_new(4096);
	im->slot = slot_new();
	return im;
}

static void let_go(struct import *im)
{
	warcfile_close(im->file);
	im->file = NULL;
	reader_close(im->reader);
	im->reader = NULL;
	view_release(im->view);
	im->view = NULL;
}

void import_free(struct import *im)
{
	if (!im)
		return;
	must(!im->reading);
	if (im->view)
		let_go(im);
	slot_free(im->slot);
	arena_free(im->text);
	mem_free(im);
}

bool import_busy(const struct import *im)
{
	return im->reading;
}

void import_stop(struct import *im)
{
	im->stopping = true;
}

static void on_news(void *ctx, enum warcfile_news kind, int64_t offset, const char *text)
{
	struct import *im = ctx;

	if (!im->faults)
		reason_set(&im->fault, ERR_BAD, "at %lld: %s", (long long)offset, text);
	im->faults += kind == WARCFILE_DAMAGE;
}

static enum err check(const struct import *im, const struct conf *conf, struct str source,
		      struct str page_kind, struct reason *why)
{
	const struct conf_source *s = source.n ? conf_source(conf, source) : NULL;

	if (im->stopping)
		return reason_set(why, ERR_CANCELLED, "the daemon is stopping");
	if (im->state == RUNNING)
		return reason_set(why, ERR_BUSY, "%s is being imported", im->name.p);
	if (source.n && !s)
		return reason_set(why, ERR_NOT_FOUND, "no source '%.*s' in the configuration",
				  STR_ARG(source));
	if (page_kind.n && !s)
		return reason_set(why, ERR_BAD, "a page kind is one of a source: name that, too");
	if (page_kind.n && !conf_page(s, page_kind))
		return reason_set(why, ERR_NOT_FOUND, "source '%.*s' has no page kind '%.*s'",
				  STR_ARG(source), STR_ARG(page_kind));
	return ERR_OK;
}

static void step(struct import *im);

enum err import_start(struct import *im, struct view *view, struct str file, struct str source,
		      struct str page_kind, struct reason *why)
{
	struct warcfile *f = NULL;
	struct reader *r = NULL;
	struct reason inner;
	struct stat st;
	enum err err = check(im, view->rules->conf, source, page_kind, why);

	if (err)
		return err;
	arena_reset(im->text);
	im->name = arena_str(im->text, file);
	im->source = arena_str(im->text, source);
	im->page_kind = arena_str(im->text, page_kind);
	im->faults = 0;
	im->fault.text[0] = 0;
	err = warcfile_open(im->name.p, 0, 0, on_news, im, &f, &inner);
	if (err)
		return reason_set(why, err, "%s: %s", im->name.p, inner.text);
	err = reader_open(im->env.store, &r, why);
	if (err) {
		warcfile_close(f);
		return err;
	}
	im->file = f;
	im->reader = r;
	im->view = view_keep(view);
	im->bytes = stat(im->name.p, &st) ? 0 : (int64_t)st.st_size;
	im->done_bytes = im->records = im->pages = im->unparsable = 0;
	im->listings_new = im->listings_changed = im->jobs_new = 0;
	im->pass_pages = im->known_first = 0;
	im->passes = 0;
	memset(im->left, 0, sizeof(im->left));
	im->state = RUNNING;
	log_info("import file=%s begun", im->name.p);
	step(im);
	return ERR_OK;
}

/* ---- on the pool ---- */

/* Whether the record at hand is to become a page; fills o->answer. */
static enum left choose(struct batch *b, struct one *o, const struct warcfile_record *r,
			enum err *ret_err)
{
	struct task *t = &o->task;
	const struct import *im = b->im;
	struct page_kind_of of = { .source = im->source, .page_kind = im->page_kind };
	struct reason why;
	struct page known;
	struct buf block;
	struct str text;

	if (str_is(r->head.type, "revisit"))
		return LEFT_REVISIT;
	if (!str_is(r->head.type, "response"))
		return LEFT_TYPE;
	if (r->head.length > im->view->v.conf->max_wire_bytes + HEAD_MOST)
		return LEFT_TOO_BIG;
	switch (page_kind_find(im->view->v.conf, im->reader, r->head.uri, &of, t->arena, &t->job)) {
	case PAGE_KIND_FOUND:
		break;
	case PAGE_KIND_NO_SOURCE:
		return LEFT_NO_SOURCE;
	case PAGE_KIND_NONE:
		return LEFT_NO_KIND;
	}
	if (t->job.id && !reader_page_at(im->reader, t->job.id, r->head.date_ms, r->head.date_ms,
					 t->arena, &known, &why))
		return LEFT_KNOWN;
	buf_init(&block, (size_t)r->head.length + 1);
	*ret_err = warcfile_block(im->file, &block, &b->why);
	text = arena_str(t->arena, buf_str(&block));
	buf_done(&block);
	b->bytes += text.n;
	if (*ret_err || (int64_t)text.n < r->head.length ||
	    warcanswer_make(&r->head, text, t->arena, &o->answer, &why))
		return LEFT_BROKEN;
	if (o->answer.end != FETCH_ANSWER)
		return LEFT_CUT;
	if (o->answer.status < 200 || o->answer.status > 299)
		return LEFT_STATUS;
	/* The next record takes the place of this one's header. */
	o->answer.url = arena_str(t->arena, o->answer.url);
	return LEFT_COUNT;
}

static void take(struct batch *b, const struct warcfile_record *r)
{
	struct one *o = &b->one[b->n];
	struct import *im = b->im;
	enum left left;

	o->b = b;
	o->task = (struct task){ .view = &im->view->v,
				 .slot = im->slot,
				 .arena = arena_new((size_t)32 << 10),
				 .now_ms = clock_wall_ms(im->env.clock),
				 .nonce = im->env.nonce };
	left = choose(b, o, r, &b->err);
	if (left != LEFT_COUNT) {
		b->left[left]++;
		arena_free(o->task.arena);
		o->task.arena = NULL;
		return;
	}
	task_import(&o->task, &o->answer);
	b->n++;
}

static void on_pool(uv_work_t *pool)
{
	struct batch *b = pool->data;
	struct warcfile_record *r;

	while (!b->err && b->n < BATCH && b->bytes < BATCH_BYTES && b->records < RECORDS_MOST) {
		b->err = warcfile_next(b->im->file, &r, &b->why);
		if (b->err || !r) {
			b->end = !b->err;
			return;
		}
		b->records++;
		take(b, r);
	}
}

/* ---- on the loop ---- */

/* Whether the file is worth another pass, which has begun then. */
static bool pass_again(struct import *im)
{
	struct warcfile *f = NULL;
	struct reason why;

	if (im->passes == 0)
		im->known_first = im->left[LEFT_KNOWN];
	if (!im->left[LEFT_NO_KIND] || im->pages == im->pass_pages || im->stopping ||
	    warcfile_open(im->name.p, 0, 0, on_news, im, &f, &why)) {
		im->left[LEFT_KNOWN] = im->known_first;
		return false;
	}
	warcfile_close(im->file);
	im->file = f;
	im->passes++;
	im->pass_pages = im->pages;
	im->records = im->faults = 0;
	memset(im->left, 0, sizeof(im->left));
	return true;
}

static void finish(struct import *im, const struct batch *b)
{
	if (b->err)
		im->why = b->why;
	else if (im->stopping && !b->end)
		reason_set(&im->why, ERR_CANCELLED, "the daemon was stopped; import it again");
	im->state = b->end ? DONE : FAILED;
	log_info("import file=%s %s records=%lld pages=%lld new=%lld faults=%lld", im->name.p,
		 b->end ? "done" : im->why.text, (long long)im->records, (long long)im->pages,
		 (long long)im->listings_new, (long long)im->faults);
	let_go(im);
}

static void end_batch(struct batch *b)
{
	struct import *im = b->im;

	im->reading = false;
	im->records += b->records;
	im->done_bytes = warcfile_at(im->file);
	for (int i = 0; i < LEFT_COUNT; i++)
		im->left[i] += b->left[i];
	for (int i = 0; i < b->n; i++) {
		buf_done(&b->one[i].task.member);
		arena_free(b->one[i].task.arena);
	}
	if (b->err || im->stopping || (b->end && !pass_again(im)))
		finish(im, b);
	mem_free(b);
	step(im);
	if (!im->reading && im->env.idle)
		im->env.idle(im->env.ctx);
}

static void count(struct import *im, const struct write *w)
{
	if (w->ret_known) {
		im->left[LEFT_KNOWN]++;
		return;
	}
	im->pages++;
	im->unparsable += w->page.state == PAGE_UNPARSABLE;
	im->listings_new += w->ret_new_listings;
	im->listings_changed += w->ret_changed;
	im->jobs_new += w->ret_new_jobs;
	if (w->ret_new_jobs && im->env.due)
		im->env.due(im->env.ctx);
	if (w->ret_stale && im->env.stale)
		im->env.stale(im->env.ctx);
}

static void on_written(struct write *w)
{
	struct one *o = w->ctx;
	struct batch *b = o->b;

	if (!w->err) {
		count(b->im, w);
	} else if (w->err == ERR_FULL || w->err == ERR_IO || w->err == ERR_BUSY ||
		   w->err == ERR_DENIED) {
		b->err = w->err;
		b->why = w->why;
	} else {
		log_warn("import url=%.*s: %s", STR_ARG(w->page.url), w->why.text);
		b->left[LEFT_REFUSED]++;
	}
	if (--b->n_written == 0)
		end_batch(b);
}

static void on_pool_done(uv_work_t *pool, int status)
{
	struct batch *b = pool->data;
	int n = b->n;

	must(status == 0);
	b->n_written = n;
	if (!n)
		end_batch(b);
	for (int i = 0; i < n; i++) {
		b->one[i].task.write.done = on_written;
		b->one[i].task.write.ctx = &b->one[i];
		writer_put(b->im->env.writer, &b->one[i].task.write);
	}
}

static void step(struct import *im)
{
	struct batch *b;

	if (im->state != RUNNING || im->reading)
		return;
	b = mem_zero(sizeof(*b));
	b->im = im;
	b->pool.data = b;
	slot_fit(im->slot, im->view->rules);
	im->reading = true;
	must(uv_queue_work(im->env.loop, &b->pool, on_pool, on_pool_done) == 0);
}

void import_json(const struct import *im, struct json *j)
{
	json_text(j, "state", state_names[im->state]);
	json_str(j, "file", im->name);
	json_int(j, "bytes", im->bytes);
	json_int(j, "done_bytes", im->state == DONE ? im->bytes : im->done_bytes);
	json_int(j, "records", im->records);
	json_int(j, "pages", im->pages);
	json_int(j, "unparsable", im->unparsable);
	json_int(j, "listings_new", im->listings_new);
	json_int(j, "listings_changed", im->listings_changed);
	json_int(j, "jobs_new", im->jobs_new);
	json_object(j, "left_out");
	for (int i = 0; i < LEFT_COUNT; i++)
		if (im->left[i])
			json_int(j, left_names[i], im->left[i]);
	json_end_object(j);
	/* Told while a batch runs, too: the count of the batches before. */
	json_int(j, "faults", im->reading ? 0 : im->faults);
	json_text(j, "fault", !im->reading && im->fault.text[0] ? im->fault.text : NULL);
	json_text(j, "error", im->state == FAILED ? im->why.text : NULL);
}
