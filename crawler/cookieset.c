#include "crawler/cookieset.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* What the pool writes. */
struct save {
	const char *path;
	struct buf text;
	enum err err;
	struct reason why;
};

struct cookieset {
	uv_loop_t *loop;
	uv_timer_t timer;
	uv_work_t pool;
	struct arena *arena; /* paths */
	struct str folder;
	struct cookiejar **jars;
	size_t n, room;
	struct save *saves;
	int n_saves;
	bool waiting, saving, closing, timer_closed;
	void (*closed)(void *ctx);
	void *ctx;
};

struct cookieset *cookieset_new(uv_loop_t *loop, struct str folder)
{
	struct cookieset *c = mem_zero(sizeof(*c));

	c->loop = loop;
	c->arena = arena_new(1024);
	c->folder = folder.n ? arena_str(c->arena, folder) : (struct str){ 0 };
	must(uv_timer_init(loop, &c->timer) == 0);
	c->timer.data = c->pool.data = c;
	return c;
}

static struct cookiejar *find(const struct cookieset *c, struct str source)
{
	for (size_t i = 0; i < c->n; i++)
		if (str_eq(cookiejar_source(c->jars[i]), source))
			return c->jars[i];
	return NULL;
}

static void open_jar(struct cookieset *c, struct str source)
{
	const char *path = NULL;
	struct reason why = { "" };

	if (c->folder.n)
		path = arena_fmt(c->arena, "%.*s/%.*s.txt", STR_ARG(c->folder), STR_ARG(source)).p;
	mem_grow(&c->jars, &c->room, c->n + 1, sizeof(struct cookiejar *));
	c->jars[c->n++] = cookiejar_new(source, path, &why);
	if (why.text[0])
		log_warn("source=%.*s starts without its cookies: %s", STR_ARG(source), why.text);
}

void cookieset_configure(struct cookieset *c, const struct conf *conf)
{
	for (int i = 0; i < conf->n_sources; i++)
		if (conf->sources[i].cookies && !find(c, conf->sources[i].name))
			open_jar(c, conf->sources[i].name);
}

struct cookiejar *cookieset_jar(const struct cookieset *c, const struct conf_source *s)
{
	return s->cookies ? find(c, s->name) : NULL;
}

/* ---- saving ---- */

static void save(struct cookieset *c);

static void finish(struct cookieset *c)
{
	void (*closed)(void *ctx) = c->closed;
	void *ctx = c->ctx;

	if (c->saving || !c->timer_closed)
		return;
	for (size_t i = 0; i < c->n; i++)
		cookiejar_free(c->jars[i]);
	mem_free(c->jars);
	arena_free(c->arena);
	mem_free(c);
	closed(ctx);
}

static void on_pool(uv_work_t *pool)
{
	struct cookieset *c = pool->data;

	/* a folder that cannot be made shows in the files that cannot be written */
	if (mkdir(c->folder.p, 0700) != 0 && errno != EEXIST)
		errno = 0;
	for (int i = 0; i < c->n_saves; i++)
		c->saves[i].err = cookiejar_write(c->saves[i].path, buf_str(&c->saves[i].text),
						  &c->saves[i].why);
}

static void on_pool_done(uv_work_t *pool, int status)
{
	struct cookieset *c = pool->data;

	must(status == 0);
	for (int i = 0; i < c->n_saves; i++) {
		if (c->saves[i].err)
			log_warn("cookies are not saved: %s", c->saves[i].why.text);
		buf_done(&c->saves[i].text);
	}
	mem_free(c->saves);
	c->saves = NULL;
	c->n_saves = 0;
	c->saving = false;
	if (c->closing) {
		save(c); /* what changed meanwhile */
		finish(c);
	}
}

static void save(struct cookieset *c)
{
	if (c->saving || !c->folder.n)
		return;
	c->waiting = false;
	c->saves = mem_array(c->n + 1, sizeof(*c->saves));
	for (size_t i = 0; i < c->n; i++) {
		struct save *s = &c->saves[c->n_saves];

		if (!cookiejar_changed(c->jars[i]))
			continue;
		s->path = cookiejar_path(c->jars[i]);
		buf_init(&s->text, 2 * COOKIEJAR_BYTES);
		cookiejar_text(c->jars[i], &s->text);
		c->n_saves++;
	}
	if (c->n_saves == 0) {
		mem_free(c->saves);
		c->saves = NULL;
		return;
	}
	c->saving = true;
	must(uv_queue_work(c->loop, &c->pool, on_pool, on_pool_done) == 0);
}

static void on_timer(uv_timer_t *timer)
{
	struct cookieset *c = timer->data;

	if (c->saving)
		uv_timer_start(timer, on_timer, COOKIESET_SAVE_MS, 0);
	else
		save(c);
}

void cookieset_heard(struct cookieset *c, struct cookiejar *j)
{
	cookiejar_heard(j);
	if (c->waiting || c->closing || !c->folder.n)
		return;
	c->waiting = true;
	uv_timer_start(&c->timer, on_timer, COOKIESET_SAVE_MS, 0);
}

static void on_timer_closed(uv_handle_t *h)
{
	struct cookieset *c = h->data;

	c->timer_closed = true;
	finish(c);
}

void cookieset_close(struct cookieset *c, void (*closed)(void *ctx), void *ctx)
{
	c->closing = true;
	c->closed = closed;
	c->ctx = ctx;
	save(c);
	uv_close((uv_handle_t *)&c->timer, on_timer_closed);
}
