#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "daemon/import_inner.h"

#include <string.h>
#include <sys/stat.h>

#define RETRY_MS 5000

static const char *const count_names[IMPORT_COUNTS] = {
	[IMPORT_RECORDS] = "records",
	[IMPORT_PAGES] = "pages",
	[IMPORT_UNPARSABLE] = "unparsable",
	[IMPORT_LISTINGS_NEW] = "listings_new",
	[IMPORT_LISTINGS_CHANGED] = "listings_changed",
	[IMPORT_JOBS_NEW] = "jobs_new",
	[IMPORT_FAULTS] = "faults",
	[IMPORT_LEFT_TYPE] = "no response",
	[IMPORT_LEFT_REVISIT] = "a revisit, whose payload is elsewhere",
	[IMPORT_LEFT_STATUS] = "not of status 200..299",
	[IMPORT_LEFT_CUT] = "truncated",
	[IMPORT_LEFT_NO_SOURCE] = "no configured source has its host",
	[IMPORT_LEFT_NO_KIND] = "no page kind by seeds or links; name one with --page",
	[IMPORT_LEFT_KNOWN] = "already stored",
	[IMPORT_LEFT_TOO_BIG] = "longer than max-wire",
	[IMPORT_LEFT_BROKEN] = "not readable",
	[IMPORT_LEFT_REFUSED] = "refused by the database",
};
_Static_assert(IMPORT_COUNTS <= INTAKE_COUNTS, "each count has its row");

static void step(struct import *im);

static void on_timer(uv_timer_t *t)
{
	step(t->data);
}

static void set_state(struct import *im, enum import_state to)
{
	im->now.state = (enum import_state)state_move(STATE_IMPORT, (int)im->now.state, (int)to);
}

bool import_active(const struct import *im)
{
	return im->now.file.n && im->now.state == IMPORT_RUNNING;
}

bool import_busy(const struct import *im)
{
	return im->reading || im->saving;
}

static void let_go(struct import *im)
{
	warcfile_close(im->file);
	im->file = NULL;
	view_release(im->view);
	im->view = NULL;
}

void import_free(struct import *im)
{
	if (!im)
		return;
	must(!import_busy(im));
	let_go(im);
	reader_close(im->reader);
	slot_free(im->slot);
	arena_free(im->text);
	mem_free(im);
}

/* For the world to be better. */
static void wait(struct import *im)
{
	if (!im->stopping)
		uv_timer_start(&im->timer, on_timer, RETRY_MS, 0);
}

static void ended(struct import *im)
{
	if (!import_busy(im) && im->env.idle)
		im->env.idle(im->env.ctx);
}

/* ---- what is stored of it ---- */

static void on_saved(struct write *w)
{
	struct import *im = w->ctx;

	im->saving = false;
	if (w->err) {
		log_warn("import file=%s: how far it is cannot be stored: %s", im->now.file.p,
			 w->why.text);
		im->waits = w->why;
		im->unsaved = true;
		wait(im);
	} else if (!im->now.id) {
		im->now.id = w->ret_intake;
	}
	arena_free(w->arena);
	step(im);
	ended(im);
}

/* As it stands; the import may go on meanwhile. */
static void save(struct import *im)
{
	struct arena *a;
	struct intake *row;

	im->unsaved = im->saving;
	if (im->saving)
		return;
	a = arena_new(4096);
	row = arena_zero(a, sizeof(*row));
	im->now.changed_ms = clock_wall_ms(im->env.clock);
	*row = im->now;
	row->file = arena_str(a, row->file);
	row->source = arena_str(a, row->source);
	row->page_kind = arena_str(a, row->page_kind);
	row->reason = arena_str(a, row->reason);
	row->counts = arena_array(a, IMPORT_COUNTS, sizeof(*row->counts));
	row->n_counts = IMPORT_COUNTS;
	for (int i = 0; i < IMPORT_COUNTS; i++)
		row->counts[i] = (struct intake_count){ str_of(count_names[i]), im->n_of[i] };
	im->save = (struct write){ .kind = WRITE_INTAKE,
				   .arena = a,
				   .done = on_saved,
				   .ctx = im,
				   .now_ms = im->now.changed_ms,
				   .intake = row };
	im->saving = true;
	writer_put(im->env.writer, &im->save);
}

static void finish(struct import *im, enum import_state to, const char *why)
{
	set_state(im, to);
	im->now.reason = why ? arena_text(im->text, why) : STR("");
	log_info("import file=%s %s records=%lld pages=%lld new=%lld faults=%lld", im->now.file.p,
		 why ? why : "done", (long long)im->n_of[IMPORT_RECORDS],
		 (long long)im->n_of[IMPORT_PAGES], (long long)im->n_of[IMPORT_LISTINGS_NEW],
		 (long long)im->n_of[IMPORT_FAULTS]);
	im->waits.text[0] = 0;
	let_go(im);
	save(im);
}

/* ---- the file ---- */

static void on_news(void *ctx, enum warcfile_news kind, int64_t offset, const char *text)
{
	struct import *im = ctx;

	if (kind != WARCFILE_DAMAGE)
		return;
	if (!im->fault.text[0])
		reason_set(&im->fault, ERR_BAD, "at %lld: %s", (long long)offset, text);
	im->news++;
}

/* Opens it where it is to go on. One that is another by now is read from its start: what
 * is stored of it is known by its pages. */
static enum err open_file(struct import *im, struct reason *why)
{
	const char *path = im->now.file.p;
	struct warcfile *f = NULL;
	struct reason inner;
	struct stat st;
	enum err err;

	if (stat(path, &st) == 0 && (int64_t)st.st_size != im->now.bytes) {
		im->now.bytes = (int64_t)st.st_size;
		im->now.done_bytes = 0;
	}
	err = warcfile_open(path, im->now.done_bytes, 0, on_news, im, &f, &inner);
	if (err && im->now.done_bytes) {
		im->now.done_bytes = 0;
		err = warcfile_open(path, 0, 0, on_news, im, &f, &inner);
	}
	if (err)
		return reason_set(why, err, "%s: %s", path, inner.text);
	warcfile_close(im->file);
	im->file = f;
	return ERR_OK;
}

/* ---- beginning ---- */

static void take_row(struct import *im, struct intake *row)
{
	im->now = *row;
	im->now.counts = NULL;
	im->now.n_counts = 0;
	memset(im->n_of, 0, sizeof(im->n_of));
	for (int i = 0; i < row->n_counts; i++)
		for (int k = 0; k < IMPORT_COUNTS; k++)
			if (str_is(row->counts[i].name, count_names[k]))
				im->n_of[k] = row->counts[i].n;
}

static void resume(struct import *im, struct view *view)
{
	struct reason why;

	im->view = view_keep(view);
	im->recount = true;
	if (open_file(im, &why)) {
		finish(im, IMPORT_FAILED, why.text);
		return;
	}
	log_info("import file=%s goes on at=%lld", im->now.file.p, (long long)im->now.done_bytes);
	step(im);
}

enum err import_new(const struct import_env *env, struct view *view, struct import **ret,
		    struct reason *why)
{
	struct import *im = mem_zero(sizeof(*im));
	struct intake row = { .id = 0 };
	enum err err;

	im->env = *env;
	im->text = arena_new(4096);
	im->slot = slot_new();
	err = reader_open(env->store, &im->reader, why);
	if (!err)
		err = reader_intake(im->reader, im->text, &row, why);
	if (err && err != ERR_NOT_FOUND) {
		import_free(im);
		return err;
	}
	must(uv_timer_init(env->loop, &im->timer) == 0);
	im->timer.data = im;
	take_row(im, &row);
	*ret = im;
	if (import_active(im))
		resume(im, view);
	return ERR_OK;
}

static enum err check(const struct import *im, const struct conf *conf, struct str source,
		      struct str page_kind, struct reason *why)
{
	const struct conf_source *s = source.n ? conf_source(conf, source) : NULL;

	if (im->stopping)
		return reason_set(why, ERR_CANCELLED, "the daemon is stopping");
	if (import_active(im) || import_busy(im))
		return reason_set(why, ERR_BUSY, "%s is being imported", im->now.file.p);
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

enum err import_start(struct import *im, struct view *view, struct str file, struct str source,
		      struct str page_kind, struct reason *why)
{
	struct intake was = im->now;
	struct arena *old = im->text, *text;
	enum err err = check(im, view->rules->conf, source, page_kind, why);

	if (err)
		return err;
	text = arena_new(4096);
	im->now = (struct intake){ .file = arena_str(text, file),
				   .source = arena_str(text, source),
				   .page_kind = arena_str(text, page_kind),
				   .began_ms = clock_wall_ms(im->env.clock) };
	im->fault.text[0] = 0;
	err = open_file(im, why);
	if (err) {
		im->now = was;
		arena_free(text);
		return err;
	}
	arena_free(old);
	im->text = text;
	im->view = view_keep(view);
	im->cancelled = im->recount = false;
	memset(im->n_of, 0, sizeof(im->n_of));
	log_info("import file=%s begun", im->now.file.p);
	/* pages name its row */
	save(im);
	return ERR_OK;
}

/* ---- batches ---- */

/* Whether the file is worth another pass, which has begun then. */
static bool pass_again(struct import *im)
{
	struct reason why;

	if (im->n_of[IMPORT_LEFT_NO_KIND] && im->n_of[IMPORT_PAGES] != im->now.pass_pages) {
		im->now.done_bytes = 0;
		if (!open_file(im, &why)) {
			im->now.passes++;
			im->now.pass_pages = im->n_of[IMPORT_PAGES];
			im->n_of[IMPORT_RECORDS] = im->n_of[IMPORT_FAULTS] = 0;
			for (int i = IMPORT_LEFT_FIRST; i < IMPORT_COUNTS; i++)
				im->n_of[i] = 0;
			return true;
		}
	}
	return false;
}

/* The batch is read once more, when the world is better. */
static void later(struct import *im, const struct import_batch *b)
{
	struct reason why;

	im->waits = b->why;
	im->recount = true;
	log_warn("import file=%s waits, tried again in %d s: %s", im->now.file.p, RETRY_MS / 1000,
		 b->why.text);
	if (open_file(im, &why))
		finish(im, IMPORT_FAILED, why.text);
	else
		wait(im);
}

static void counted(struct import *im, const struct import_batch *b)
{
	im->waits.text[0] = 0;
	im->now.done_bytes = b->at;
	if (b->pages_before >= 0)
		im->n_of[IMPORT_PAGES] = b->pages_before;
	im->recount = false;
	for (int i = 0; i < IMPORT_COUNTS; i++)
		im->n_of[i] += b->n_of[i];
}

static void end_batch(struct import_batch *b)
{
	struct import *im = b->im;

	im->reading = false;
	for (int i = 0; i < b->n; i++) {
		buf_done(&b->one[i].task.member);
		arena_free(b->one[i].task.arena);
	}
	if (b->waits) {
		later(im, b);
	} else if (b->err) {
		finish(im, IMPORT_FAILED, b->why.text);
	} else {
		counted(im, b);
		if (b->end && !pass_again(im))
			finish(im, IMPORT_DONE, NULL);
		else if (im->stopping)
			save(im);
	}
	mem_free(b);
	step(im);
	ended(im);
}

static void count(struct import_batch *b, const struct write *w)
{
	struct import *im = b->im;

	if (w->ret_known) {
		b->n_of[IMPORT_LEFT_KNOWN]++;
		return;
	}
	b->n_of[IMPORT_PAGES]++;
	b->n_of[IMPORT_UNPARSABLE] += w->page.state == PAGE_UNPARSABLE;
	b->n_of[IMPORT_LISTINGS_NEW] += w->ret_new_listings;
	b->n_of[IMPORT_LISTINGS_CHANGED] += w->ret_changed;
	b->n_of[IMPORT_JOBS_NEW] += w->ret_new_jobs;
	if (w->ret_new_jobs && im->env.due)
		im->env.due(im->env.ctx);
	if (w->ret_stale && im->env.stale)
		im->env.stale(im->env.ctx);
	if (w->ret_values_changed && im->env.values)
		im->env.values(im->env.ctx, w->job.source);
}

static void on_written(struct write *w)
{
	struct import_one *o = w->ctx;
	struct import_batch *b = o->b;

	if (!w->err) {
		count(b, w);
	} else if (err_is_world(w->err)) {
		b->waits = true;
		b->why = w->why;
	} else {
		log_warn("import url=%.*s: %s", STR_ARG(w->page.url), w->why.text);
		b->n_of[IMPORT_LEFT_REFUSED]++;
	}
	if (--b->n_written == 0)
		end_batch(b);
}

static void on_pool(uv_work_t *pool)
{
	import_read(pool->data);
}

static void on_pool_done(uv_work_t *pool, int status)
{
	struct import_batch *b = pool->data;
	struct import *im = b->im;
	int n = b->n;

	must(status == 0);
	b->n_written = n;
	/* How far it was before these pages goes with them, at no cost of its own. */
	if (n)
		save(im);
	if (!n)
		end_batch(b);
	for (int i = 0; i < n; i++) {
		b->one[i].task.write.done = on_written;
		b->one[i].task.write.ctx = &b->one[i];
		writer_put(im->env.writer, &b->one[i].task.write);
	}
}

static void step(struct import *im)
{
	struct import_batch *b;

	if (im->stopping || im->reading || uv_is_active((uv_handle_t *)&im->timer))
		return;
	if (im->unsaved && !im->saving)
		save(im);
	if (!import_active(im) || !im->now.id || im->held)
		return;
	if (im->cancelled) {
		finish(im, IMPORT_FAILED, "stopped by a person");
		return;
	}
	b = mem_zero(sizeof(*b));
	b->im = im;
	b->pool.data = b;
	slot_fit(im->slot, im->view->rules);
	im->reading = true;
	must(uv_queue_work(im->env.loop, &b->pool, on_pool, on_pool_done) == 0);
}

enum err import_cancel(struct import *im, struct reason *why)
{
	if (!import_active(im) || im->stopping)
		return reason_set(why, ERR_NOT_FOUND, "nothing is being imported");
	im->cancelled = true;
	im->held = NULL;
	uv_timer_stop(&im->timer);
	step(im);
	return ERR_OK;
}

void import_hold(struct import *im, const char *why)
{
	im->held = why;
	step(im);
}

void import_stop(struct import *im)
{
	im->stopping = true;
	if (!uv_is_closing((uv_handle_t *)&im->timer))
		uv_close((uv_handle_t *)&im->timer, NULL);
}

void import_json(const struct import *im, struct json *j)
{
	const struct intake *i = &im->now;
	bool failed = i->file.n && i->state == IMPORT_FAILED;

	json_text(j, "state", i->file.n ? state_name(STATE_IMPORT, (int)i->state) : "idle");
	json_str(j, "file", i->file);
	json_text(j, "waits",
		  !import_active(im)  ? NULL
		  : im->held	      ? im->held
		  : im->waits.text[0] ? im->waits.text
				      : NULL);
	json_int(j, "bytes", i->bytes);
	json_int(j, "done_bytes", i->state == IMPORT_DONE ? i->bytes : i->done_bytes);
	for (int k = 0; k < IMPORT_FAULTS; k++)
		json_int(j, count_names[k], im->n_of[k]);
	json_object(j, "left_out");
	for (int k = IMPORT_LEFT_FIRST; k < IMPORT_COUNTS; k++)
		if (im->n_of[k])
			json_int(j, count_names[k], im->n_of[k]);
	json_end_object(j);
	json_int(j, "faults", im->n_of[IMPORT_FAULTS]);
	json_text(j, "fault", !im->reading && im->fault.text[0] ? im->fault.text : NULL);
	json_text(j, "error", failed ? i->reason.p : NULL);
}
