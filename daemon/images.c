#include "daemon/images.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "crawler/cas.h"
#include "crawler/picture.h"
#include "daemon/image_look.h"

#include <string.h>

#define BATCH 500
/* New listings are looked at together. */
#define STIR_MS 2000
#define RETRY_MS 10000
/* Listings whose image changed stand among those that were looked at already. */
#define ALL_AGAIN_MS ((int64_t)3600 * 1000)
#define COLLECT_MS ((int64_t)24 * 3600 * 1000)
#define COLLECT_FIRST_MS ((int64_t)10 * 60 * 1000)
/* A file may be about to get its row: only older ones are nobody's. */
#define FILE_AGE_MS ((int64_t)3600 * 1000)
/* Decoding takes a quarter of one processor's time at most. */
#define LOOKS_REST 3

enum images_part {
	PART_LINK,    /* listings without a job for their image */
	PART_REFUSED, /* images that another configuration would have */
	PART_ORPHANS, /* image jobs that no listing shows */
	PART_LOST,    /* images without a file */
	PART_FILES,   /* files without an image */
	PART_LOOKS    /* images of which it is not known what they look like */
};

struct work {
	struct images *i;
	struct view *view;
	uv_work_t pool;
	struct write write;
	enum images_part part;
	int64_t after, last; /* ids */
	int n;		     /* rows that were read; files that were removed */
	int64_t before_ms;   /* PART_FILES */
	int64_t unseen;	     /* PART_LOOKS: of all, at the first batch */
	int64_t began_mono_ms;
	enum err err;
	struct reason why;
};

struct images {
	struct images_env env;
	struct view *view;
	struct reader *reader;
	uv_timer_t timer;
	bool wanted, stopping, working;
	bool look;  /* listings behind `cursor` may want an image */
	bool again; /* more of them came while they were read */
	int64_t cursor, all_mono_ms;
	bool reconsider; /* refused ones behind `refused_after`: the configuration is new */
	int64_t refused_after;
	bool collecting;
	enum images_part part; /* of the collection */
	int64_t collect_after, collect_mono_ms;
	int64_t collected;
	bool seeing; /* images behind `seen_after` */
	int64_t seen_after, unseen;
};

static void step(struct images *i);

static bool wants(const struct conf *c)
{
	for (int k = 0; k < c->n_sources; k++)
		if (c->sources[k].enabled && c->sources[k].images.wanted)
			return true;
	return false;
}

/* ---- on the pool ---- */

static void read_unlinked(struct work *k)
{
	const struct conf *conf = k->view->rules->conf;
	struct write *w = &k->write;
	struct image_wanted *rows = NULL;
	int n = 0;

	k->err =
		reader_images_unlinked(k->i->reader, k->after, BATCH, w->arena, &rows, &n, &k->why);
	if (k->err)
		return;
	w->kind = WRITE_IMAGE_LINKS;
	w->links = arena_array(w->arena, (size_t)n, sizeof(*w->links));
	for (int i = 0; i < n; i++) {
		const struct conf_source *s = conf_source(conf, rows[i].source);
		struct write_image_link *l = &w->links[w->n_links];

		if (!s || !s->enabled || !s->images.wanted)
			continue;
		l->listing = rows[i].listing;
		l->address = rows[i].address;
		picture_job(s, rows[i].address, rows[i].job, w->now_ms, w->arena, &l->job);
		w->n_links++;
	}
	k->n = n;
	k->last = n ? rows[n - 1].listing : k->after;
}

static void read_refused(struct work *k)
{
	const struct conf *conf = k->view->rules->conf;
	struct write *w = &k->write;
	struct image_refused *rows = NULL;
	int64_t *ids;

	k->err = reader_images_refused(k->i->reader, k->after, BATCH, w->arena, &rows, &k->n,
				       &k->why);
	if (k->err)
		return;
	ids = arena_array(w->arena, (size_t)k->n, sizeof(*ids));
	for (int i = 0; i < k->n; i++) {
		const struct conf_source *s = conf_source(conf, rows[i].source);

		if (s && picture_allowed(s, rows[i].host, rows[i].reason))
			ids[w->n_ids++] = rows[i].job;
	}
	w->kind = WRITE_IMAGE_AGAIN;
	w->ids = ids;
	k->last = k->n ? rows[k->n - 1].job : k->after;
}

static void read_orphans(struct work *k)
{
	struct write *w = &k->write;
	int64_t *ids = NULL;

	k->err = reader_images_orphaned(k->i->reader, k->after, BATCH, w->arena, &ids, &k->n,
					&k->why);
	if (k->err)
		return;
	w->kind = WRITE_IMAGE_DROP;
	w->ids = ids;
	w->n_ids = k->n;
	k->last = k->n ? ids[k->n - 1] : k->after;
}

static void read_lost(struct work *k)
{
	struct write *w = &k->write;
	struct image *images = NULL;
	int64_t *ids;

	k->err = reader_images(k->i->reader, k->after, BATCH, w->arena, &images, &k->n, &k->why);
	if (k->err)
		return;
	ids = arena_array(w->arena, (size_t)k->n, sizeof(*ids));
	for (int i = 0; i < k->n; i++)
		if (!cas_has(k->i->env.folder, images[i].file.p))
			ids[w->n_ids++] = images[i].id;
	w->kind = WRITE_IMAGE_LOST;
	w->ids = ids;
	k->last = k->n ? images[k->n - 1].id : k->after;
}

/* ab/ab12....jpg */
static struct str hash_in(struct str name)
{
	struct str hash = str_sub(name, 3, name.n);
	ptrdiff_t dot = str_find_char(hash, '.');

	return dot < 0 ? hash : str_sub(hash, 0, (size_t)dot);
}

static bool check_file(void *ctx, const struct cas_entry *e)
{
	struct work *k = ctx;
	struct str name = str_of(e->name);
	bool known = false;

	if (e->changed_ms >= k->before_ms)
		return true;
	k->err = reader_image_known(k->i->reader, hash_in(name), name, &known, &k->why);
	if (!k->err && !known)
		k->err = cas_drop(k->i->env.folder, e->name, &k->why);
	k->n += !k->err && !known;
	return !k->err;
}

/* One part of the folder a time. */
static void check_files(struct work *k)
{
	struct reason why;
	enum err err;

	err = cas_each(k->i->env.folder, (int)k->after, k->before_ms, check_file, k, &why);
	if (!k->err && err) {
		k->err = err;
		k->why = why;
	}
	k->last = k->after + 1;
}

static void read_looks(struct work *k)
{
	if (k->after == 0)
		k->err = reader_images_unseen_count(k->i->reader, &k->unseen, &k->why);
	if (!k->err)
		k->err = image_look_read(k->i->reader, k->i->env.folder, k->after, &k->write, &k->n,
					 &k->last, &k->why);
}

static void on_pool(uv_work_t *pool)
{
	static void (*const parts[])(struct work * k) = {
		[PART_LINK] = read_unlinked,   [PART_REFUSED] = read_refused,
		[PART_ORPHANS] = read_orphans, [PART_LOST] = read_lost,
		[PART_FILES] = check_files,    [PART_LOOKS] = read_looks,
	};
	struct work *k = pool->data;

	parts[k->part](k);
}

/* ---- on the loop ---- */

static void on_timer(uv_timer_t *t)
{
	step(t->data);
}

static void again_in(struct images *i, int64_t ms)
{
	if (!i->stopping)
		uv_timer_start(&i->timer, on_timer, (uint64_t)ms, 0);
}

static void end_collection(struct images *i)
{
	i->collecting = false;
	i->collect_mono_ms = clock_mono_ms(i->env.clock) + COLLECT_MS;
	log_info("images collected=%lld", (long long)i->collected);
}

static void advance_looks(struct images *i, const struct work *k)
{
	int64_t took = clock_mono_ms(i->env.clock) - k->began_mono_ms;

	i->unseen = (k->after == 0 ? k->unseen : i->unseen) - k->n;
	i->seen_after = k->last;
	i->seeing = k->n == IMAGE_LOOK_BATCH;
	if (i->seeing)
		again_in(i, LOOKS_REST * took);
	else
		i->unseen = 0;
}

/* What a batch was about is done: on to what is behind it. */
static void advance(struct images *i, const struct work *k)
{
	bool end = k->part == PART_FILES ? k->last == CAS_PARTS : k->n < BATCH;

	if (k->part == PART_LINK) {
		i->cursor = k->last;
		i->look = !end || i->again;
		i->again = false;
		return;
	}
	if (k->part == PART_LOOKS) {
		advance_looks(i, k);
		return;
	}
	if (k->part == PART_REFUSED) {
		/* by the configuration of before, it is all to be done again */
		if (k->view->rules != i->view->rules)
			return;
		i->refused_after = k->last;
		i->reconsider = !end;
		return;
	}
	i->collect_after = end ? 0 : k->last;
	if (end && k->part == PART_FILES)
		end_collection(i);
	else if (end)
		i->part = k->part + 1;
}

static void work_end(struct work *k)
{
	struct images *i = k->i;

	i->working = false;
	if (k->err) {
		log_warn("images: %s; tried again in %d s", k->why.text, RETRY_MS / 1000);
		again_in(i, RETRY_MS);
	} else {
		advance(i, k);
	}
	if (!k->err && k->write.ret_new_jobs && i->env.due)
		i->env.due(i->env.ctx);
	view_release(k->view);
	arena_free(k->write.arena);
	mem_free(k);
	step(i);
	if (!i->working && i->env.idle)
		i->env.idle(i->env.ctx);
}

static void on_written(struct write *w)
{
	struct work *k = w->ctx;

	k->err = w->err;
	k->why = w->why;
	k->i->collected += w->err ? 0 : w->ret_changed;
	work_end(k);
}

static void on_pool_done(uv_work_t *pool, int status)
{
	struct work *k = pool->data;

	must(status == 0);
	if (k->part == PART_FILES && !k->err)
		k->i->collected += k->n;
	if (k->err || (!k->write.n_links && !k->write.n_ids && !k->write.n_looks))
		work_end(k);
	else
		writer_put(k->i->env.writer, &k->write);
}

static void start(struct images *i, enum images_part part, int64_t after)
{
	struct work *k = mem_zero(sizeof(*k));
	int64_t now = clock_wall_ms(i->env.clock);

	k->i = i;
	k->view = view_keep(i->view);
	k->part = part;
	k->after = after;
	k->before_ms = now - FILE_AGE_MS;
	k->began_mono_ms = clock_mono_ms(i->env.clock);
	k->pool.data = k;
	k->write.arena = arena_new(64 << 10);
	k->write.now_ms = now;
	k->write.done = on_written;
	k->write.ctx = k;
	i->working = true;
	must(uv_queue_work(i->env.loop, &k->pool, on_pool, on_pool_done) == 0);
}

static void step(struct images *i)
{
	int64_t now = clock_mono_ms(i->env.clock);

	if (i->stopping || i->working || uv_is_active((uv_handle_t *)&i->timer))
		return;
	if (!i->wanted) {
		i->look = false;
	} else if (now >= i->all_mono_ms) {
		i->all_mono_ms = now + ALL_AGAIN_MS;
		i->cursor = 0;
		i->look = true;
	}
	if (!i->collecting && now >= i->collect_mono_ms)
		images_collect(i);
	else if (i->reconsider && i->wanted)
		start(i, PART_REFUSED, i->refused_after);
	else if (i->look)
		start(i, PART_LINK, i->cursor);
	else if (i->collecting)
		start(i, i->part, i->collect_after);
	else if (i->seeing)
		start(i, PART_LOOKS, i->seen_after);
	else
		again_in(i, i->wanted ? ALL_AGAIN_MS : COLLECT_MS);
}

enum err images_new(const struct images_env *env, struct view *view, struct images **ret,
		    struct reason *why)
{
	struct images *i = mem_zero(sizeof(*i));
	int64_t now = clock_mono_ms(env->clock);
	enum err err;

	i->env = *env;
	err = reader_open(env->store, &i->reader, why);
	if (err) {
		mem_free(i);
		return err;
	}
	i->view = view_keep(view);
	i->wanted = wants(view->rules->conf);
	i->all_mono_ms = now;
	i->reconsider = true;
	i->seeing = true;
	i->collect_mono_ms = now + COLLECT_FIRST_MS;
	must(uv_timer_init(env->loop, &i->timer) == 0);
	i->timer.data = i;
	*ret = i;
	step(i);
	return ERR_OK;
}

void images_free(struct images *i)
{
	if (!i)
		return;
	must(!i->working);
	reader_close(i->reader);
	view_release(i->view);
	mem_free(i);
}

void images_set_view(struct images *i, struct view *view)
{
	bool reloaded = view->rules != i->view->rules;

	view_keep(view);
	view_release(i->view);
	i->view = view;
	if (!reloaded)
		return;
	i->wanted = wants(view->rules->conf);
	i->all_mono_ms = clock_mono_ms(i->env.clock);
	i->reconsider = true;
	i->refused_after = 0;
	uv_timer_stop(&i->timer);
	step(i);
}

void images_stir(struct images *i)
{
	if (!i->wanted || i->stopping)
		return;
	i->again |= i->working;
	if (!i->look && !i->working)
		again_in(i, STIR_MS);
	i->look = true;
}

void images_collect(struct images *i)
{
	if (i->collecting || i->stopping)
		return;
	i->collecting = true;
	i->part = PART_ORPHANS;
	i->collect_after = 0;
	uv_timer_stop(&i->timer);
	step(i);
}

void images_stop(struct images *i)
{
	i->stopping = true;
	if (!uv_is_closing((uv_handle_t *)&i->timer))
		uv_close((uv_handle_t *)&i->timer, NULL);
}

int images_busy(const struct images *i)
{
	return i->working;
}

void images_look(const struct images *i, struct images_view *ret)
{
	int64_t wait = i->collect_mono_ms - clock_mono_ms(i->env.clock);

	*ret = (struct images_view){
		.wanted = i->wanted,
		.looking = i->look,
		.collecting = i->collecting,
		.collected = i->collected,
		.unseen = i->unseen,
		.collect_ms = clock_wall_ms(i->env.clock) + (wait > 0 ? wait : 0),
	};
}
