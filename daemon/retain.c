#include "daemon/retain.h"

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Between two looks; one that did something is followed by the next tick's. */
#define LOOK_MS 60000
#define HELD_MS 5000 /* others are at it */
#define SAVE_MS ((int64_t)3600 * 1000)
#define STOP_MOST_MS ((int64_t)24 * 3600 * 1000)

enum step { IDLE, LOOKS, NOTES, MARKS, DELETES, ENDS };

struct retain {
	struct retain_env env;
	struct reader *reader;
	struct segment_totals totals;
	enum step step;
	bool stopping;
	_Atomic int64_t counted_ms;
	int64_t mono_ms, saved_ms; /* when it was counted; what was stored of it; -1: nothing */
	int64_t next_ms;	   /* look: by the monotonic clock */
	struct reason waits;	   /* why what should go stays; "": nothing does */
	uv_work_t pool;
	struct arena *arena; /* of one segment, from the look on */
	struct write write;
	/* of the look */
	struct retain_ask ask;
	struct segment_totals seen;
	struct segment_closed *fresh;
	int n_fresh;
	struct segment_removed segment;
	bool any, marked; /* there is one to remove; that is stored already */
	struct reason stays;
	int64_t deleted_bytes; /* of the segment alone */
	enum err err;
	struct reason why;
};

/* ---- time ---- */

static enum err recall(struct retain *r, struct reason *why)
{
	int64_t wall = clock_wall_ms(r->env.clock), stop;
	struct segment_clock c;
	enum err err = reader_segment_clock(r->reader, &c, why);

	r->mono_ms = clock_mono_ms(r->env.clock);
	r->saved_ms = -1;
	atomic_store(&r->counted_ms, wall);
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	stop = wall > c.wall_ms ? wall - c.wall_ms : 0;
	atomic_store(&r->counted_ms, c.counted_ms + (stop < STOP_MOST_MS ? stop : STOP_MOST_MS));
	return ERR_OK;
}

static void count(struct retain *r)
{
	int64_t mono = clock_mono_ms(r->env.clock);

	atomic_fetch_add(&r->counted_ms, mono - r->mono_ms);
	r->mono_ms = mono;
}

int64_t retain_counted_ms(const struct retain *r)
{
	return atomic_load(&r->counted_ms);
}

/* ---- of others ---- */

enum err retain_new(const struct retain_env *env, struct retain **ret, struct reason *why)
{
	struct retain *r = mem_zero(sizeof(*r));
	enum err err;

	r->env = *env;
	err = reader_open(env->store, &r->reader, why);
	if (!err)
		err = reader_segment_totals(r->reader, &r->totals, why);
	if (!err)
		err = recall(r, why);
	if (err) {
		retain_free(r);
		return err;
	}
	*ret = r;
	return ERR_OK;
}

void retain_free(struct retain *r)
{
	if (!r)
		return;
	must(!retain_busy(r));
	reader_close(r->reader);
	mem_free(r);
}

void retain_stop(struct retain *r)
{
	r->stopping = true;
}

bool retain_busy(const struct retain *r)
{
	return r->step != IDLE;
}

bool retain_removes(const struct retain *r)
{
	return r->step > NOTES;
}

void retain_look(const struct retain *r, struct retain_view *ret)
{
	*ret = (struct retain_view){ .removed = r->totals,
				     .waits = r->waits.text[0] ? r->waits.text : NULL };
}

/* ---- steps ---- */

static void end(struct retain *r, int64_t wait_ms)
{
	r->step = IDLE;
	r->next_ms = clock_mono_ms(r->env.clock) + wait_ms;
	arena_free(r->arena);
	if (r->env.idle)
		r->env.idle(r->env.ctx);
}

static void wait_for(struct retain *r, const struct reason *what)
{
	if (what->text[0] && strcmp(r->waits.text, what->text) != 0)
		log_warn("archive: %s", what->text);
	r->waits = *what;
}

static void failed(struct retain *r, const char *what)
{
	struct reason text;

	reason_set(&text, ERR_IO, "%.*s cannot be removed, is tried again: %s: %s",
		   STR_ARG(r->segment.file), what, r->why.text);
	wait_for(r, &text);
	end(r, LOOK_MS);
}

static void put(struct retain *r, enum step step, struct write_segment what,
		void (*done)(struct write *w))
{
	int64_t wall = clock_wall_ms(r->env.clock);

	what.clock = (struct segment_clock){ retain_counted_ms(r), wall };
	r->saved_ms = what.clock.counted_ms;
	r->step = step;
	r->write = (struct write){ .kind = WRITE_SEGMENT,
				   .arena = r->arena,
				   .done = done,
				   .ctx = r,
				   .now_ms = wall,
				   .segment = what };
	writer_put(r->env.writer, &r->write);
}

/* ---- 4: it is done ---- */

static void on_ended(struct write *w)
{
	struct retain *r = w->ctx;

	r->why = w->why;
	if (w->err)
		failed(r, "its end could not be stored");
	else
		end(r, 0);
}

/* ---- 3: the files ---- */

static enum err delete_one(const struct retain *r, const char *ending, int64_t *ret_bytes,
			   struct reason *why)
{
	char path[PATH_MAX];
	struct stat st;

	if (snprintf(path, sizeof(path), "%s/%.*s%s", r->env.archive_dir, STR_ARG(r->segment.file),
		     ending) >= (int)sizeof(path))
		return reason_set(why, ERR_TOO_BIG, "path too long");
	if (lstat(path, &st))
		st.st_size = 0;
	if (unlink(path) && errno != ENOENT)
		return reason_set(why, err_errno(errno), "%s: %s", path, strerror(errno));
	*ret_bytes = (int64_t)st.st_size;
	return file_sync_folder(path, why);
}

/* The segment last: nothing finds what belongs to it without it. */
static void on_delete(uv_work_t *pool)
{
	static const char *const endings[] = { ".cdxj.tmp", ".cdxj", "" };
	struct retain *r = pool->data;

	r->deleted_bytes = 0;
	r->err = ERR_OK;
	for (size_t i = 0; !r->err && i < sizeof(endings) / sizeof(*endings); i++)
		r->err = delete_one(r, endings[i], &r->deleted_bytes, &r->why);
}

static void on_deleted(uv_work_t *pool, int status)
{
	struct retain *r = pool->data;

	must(status == 0);
	if (r->err) {
		failed(r, "its file stays");
		return;
	}
	archive_removed(r->env.archive, r->deleted_bytes);
	log_info("archive=%.*s removed by=%.*s bytes=%lld", STR_ARG(r->segment.file),
		 STR_ARG(r->segment.by), (long long)r->segment.bytes);
	put(r, ENDS, (struct write_segment){ .done = r->segment.number }, on_ended);
}

static void start_delete(struct retain *r)
{
	r->step = DELETES;
	must(uv_queue_work(r->env.loop, &r->pool, on_delete, on_deleted) == 0);
}

/* ---- 2: that it goes is stored ---- */

static void on_marked(struct write *w)
{
	struct retain *r = w->ctx;

	r->why = w->why;
	if (w->err) {
		failed(r, "that could not be stored");
		return;
	}
	start_delete(r);
}

static void mark(struct retain *r)
{
	r->segment.removed_ms = clock_wall_ms(r->env.clock);
	put(r, MARKS, (struct write_segment){ .removed = &r->segment }, on_marked);
}

/* ---- 1: which are closed is stored, and what time it is ---- */

static void on_noted(struct write *w)
{
	struct retain *r = w->ctx;

	if (w->err) {
		log_warn("archive: closed segments could not be stored: %s", w->why.text);
		r->saved_ms = -1;
	}
	end(r, w->err ? LOOK_MS : 0);
}

/* ---- 0: a look ---- */

/* One that stays though it should go, or the archive is too large without it. */
static void say_stays(struct retain *r, const struct retain_plan *p)
{
	for (int i = 0; p->n_kept && i < p->n; i++)
		if (p->all[i].page) {
			reason_set(&r->stays, ERR_BUSY,
				   "%.*s is kept past %s: page %lld shows an open drift warning "
				   "(pipectl drift)%s",
				   STR_ARG(p->all[i].file), p->all[i].by, (long long)p->all[i].page,
				   p->n_kept > 1 ? "; others are, too" : "");
			return;
		}
	if (p->over_bytes)
		reason_set(&r->stays, ERR_BUSY,
			   "%lld bytes more than archive-max: the segment that is written to stays",
			   (long long)p->over_bytes);
}

static void take(struct retain *r, const struct retain_plan *p)
{
	const struct retain_segment *s = p->all;

	r->fresh = arena_array(r->arena, (size_t)p->n_fresh + 1, sizeof(*r->fresh));
	for (int i = 0; i < p->n; i++)
		if (s[i].fresh)
			r->fresh[r->n_fresh++] =
				(struct segment_closed){ s[i].number, s[i].file, s[i].closed_ms };
	r->any = p->n_removed > 0;
	if (!r->any) {
		say_stays(r, p);
		return;
	}
	while (!s->by || s->page)
		s++;
	r->segment = (struct segment_removed){
		.number = s->number, .file = s->file, .bytes = s->bytes, .by = str_of(s->by)
	};
}

static enum err look(struct retain *r, struct reason *why)
{
	struct retain_plan plan;
	enum err err = reader_segment_totals(r->reader, &r->seen, why);

	if (err)
		return err;
	err = reader_segment_unfinished(r->reader, r->arena, &r->segment, why);
	r->any = r->marked = !err;
	if (err == ERR_NOT_FOUND)
		err = retain_plan(&r->ask, r->reader, r->arena, &plan, why);
	if (!err && !r->marked)
		take(r, &plan);
	return err;
}

static void on_look(uv_work_t *pool)
{
	struct retain *r = pool->data;

	r->n_fresh = 0;
	r->stays.text[0] = '\0';
	r->err = look(r, &r->why);
}

static void on_looked(uv_work_t *pool, int status)
{
	struct retain *r = pool->data;
	const char *held = r->env.held ? r->env.held(r->env.ctx) : NULL;

	must(status == 0);
	if (!r->err)
		r->totals = r->seen;
	if (r->err) {
		reason_set(&r->stays, ERR_BUSY, "what is to be removed is not known: %s",
			   r->why.text);
		wait_for(r, &r->stays);
		end(r, LOOK_MS);
	} else if (r->stopping) {
		end(r, LOOK_MS);
	} else if (r->n_fresh || r->saved_ms < 0 || r->ask.counted_ms >= r->saved_ms + SAVE_MS) {
		put(r, NOTES, (struct write_segment){ .closed = r->fresh, .n_closed = r->n_fresh },
		    on_noted);
	} else if (!r->any) {
		wait_for(r, &r->stays);
		end(r, r->ask.keep_ms || r->ask.max_bytes ? LOOK_MS : SAVE_MS);
	} else if (held) {
		reason_set(&r->waits, ERR_BUSY, "%.*s is to be removed by %.*s; waits: %s",
			   STR_ARG(r->segment.file), STR_ARG(r->segment.by), held);
		end(r, HELD_MS);
	} else {
		wait_for(r, &r->stays);
		if (r->marked)
			start_delete(r);
		else
			mark(r);
	}
}

void retain_tick(struct retain *r, const struct conf *conf)
{
	struct retain_ask ask = { .folder = r->env.archive_dir,
				  .keep_ms = conf->archive_keep_ms,
				  .max_bytes = conf->archive_max_bytes };
	int64_t size;

	count(r);
	archive_place(r->env.archive, &ask.open, &size);
	if (retain_busy(r) || r->stopping ||
	    (r->ask.keep_ms == ask.keep_ms && r->ask.max_bytes == ask.max_bytes &&
	     r->ask.open == ask.open && r->mono_ms < r->next_ms))
		return;
	ask.counted_ms = retain_counted_ms(r);
	r->ask = ask;
	r->arena = arena_new(4096);
	r->pool.data = r;
	r->step = LOOKS;
	must(uv_queue_work(r->env.loop, &r->pool, on_look, on_looked) == 0);
}
