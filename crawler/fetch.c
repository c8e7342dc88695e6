#include "crawler/fetch.h"

#include "base/mem.h"
#include "base/must.h"
#include "crawler/cookieset.h"
#include "crawler/curlloop.h"
#include "crawler/httphead.h"
#include "crawler/transfer.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define POOL_MOST 256

struct fetch {
	const struct clock *clock;
	struct transfer_limits *limits;
	struct curlloop *curl;
	struct cookieset *cookies;
	uv_timer_t watch;	       /* looks for transfers where nothing comes */
	uv_timer_t late;	       /* what may not happen within a caller's call */
	struct transfer *first, *over; /* over: ended before they began */
	int running, parts;	       /* parts: timers, curl and cookies, not closed yet */
	CURL *pool[POOL_MOST];
	int pooled;
	bool closing, torn_down;
	void (*closed)(void *ctx);
	void *closed_ctx;
};

const char *fetch_end_name(enum fetch_end e)
{
	static const char *const name[FETCH_ENDS] = {
		[FETCH_ANSWER] = "answer",	     [FETCH_CUT] = "cut",
		[FETCH_TOO_BIG] = "too-big",	     [FETCH_TIMEOUT] = "timeout",
		[FETCH_UNREACHABLE] = "unreachable", [FETCH_REDIRECTS] = "redirects",
		[FETCH_OUTSIDE] = "outside",	     [FETCH_CANCELLED] = "cancelled",
		[FETCH_REFUSED] = "refused",	     [FETCH_MOVED] = "moved",
		[FETCH_DROPPED] = "dropped",
	};

	must(e < FETCH_ENDS);
	return name[e];
}

void fetch_answer_free(struct fetch_answer *a)
{
	if (a)
		arena_free(a->arena);
}

static void list_add(struct transfer **list, struct transfer *t)
{
	t->prev = NULL;
	t->next = *list;
	if (*list)
		(*list)->prev = t;
	*list = t;
}

static void list_drop(struct transfer **list, struct transfer *t)
{
	*(t->prev ? &t->prev->next : list) = t->next;
	if (t->next)
		t->next->prev = t->prev;
}

static CURL *easy_get(struct fetch *f)
{
	CURL *easy = f->pooled ? f->pool[--f->pooled] : curl_easy_init();

	must(easy != NULL);
	return easy;
}

static void easy_clear(CURL *easy)
{
	cookiejar_lend(NULL, easy);
	curl_easy_reset(easy);
}

static void easy_put(struct fetch *f, CURL *easy)
{
	easy_clear(easy);
	if (f->pooled == POOL_MOST) {
		curl_easy_cleanup(easy);
		return;
	}
	f->pool[f->pooled++] = easy;
}

/* Hands the answer over. The transfer is on no list and in no multi. */
static void deliver(struct fetch *f, struct transfer *t)
{
	struct fetch_answer *a = transfer_answer(t);
	struct fetch_request *q = t->q;

	if (t->easy)
		easy_put(f, t->easy);
	transfer_free(t);
	f->running--;
	if (!f->first && !f->closing)
		uv_timer_stop(&f->watch);
	q->done(q, a);
}

static void end_transfer(struct fetch *f, struct transfer *t)
{
	curlloop_remove(f->curl, t->easy);
	list_drop(&f->first, t);
	deliver(f, t);
}

static void begin(struct fetch *f, struct transfer *t, CURL *easy)
{
	transfer_arm(t, easy);
	cookiejar_lend(cookieset_jar(f->cookies, t->q->source), easy);
	curlloop_add(f->curl, easy);
}

static void note_cookies(struct fetch *f, const struct transfer *t)
{
	struct cookiejar *jar = cookieset_jar(f->cookies, t->q->source);

	if (jar && httphead_value(buf_str(&t->head), STR("set-cookie")).p)
		cookieset_heard(f->cookies, jar);
}

/* `done` may start new transfers meanwhile. */
static void on_ended(void *ctx, CURL *easy, CURLcode rc)
{
	struct fetch *f = ctx;
	struct transfer *t;

	must(curl_easy_getinfo(easy, CURLINFO_PRIVATE, &t) == CURLE_OK);
	note_cookies(f, t);
	transfer_done(t, rc);
	end_transfer(f, t);
}

static void on_watch(uv_timer_t *timer)
{
	struct fetch *f = timer->data;
	struct transfer *next;

	for (struct transfer *t = f->first; t; t = next) {
		next = t->next;
		if (!transfer_is_idle(t))
			continue;
		transfer_stop(t, FETCH_TIMEOUT, "nothing came for longer than idle-timeout");
		end_transfer(f, t);
	}
}

static void watch(struct fetch *f)
{
	int64_t each = f->limits->idle_ms / 4;

	each = each < 10 ? 10 : each > 1000 ? 1000 : each;
	uv_timer_start(&f->watch, on_watch, (uint64_t)each, (uint64_t)each);
}

static void part_closed(void *ctx)
{
	struct fetch *f = ctx;
	void (*closed)(void *ctx) = f->closed;
	void *closed_ctx = f->closed_ctx;

	if (--f->parts)
		return;
	transfer_limits_drop(f->limits);
	mem_free(f);
	if (closed)
		closed(closed_ctx);
}

static void timer_closed(uv_handle_t *h)
{
	part_closed(h->data);
}

static void deliver_over(struct fetch *f)
{
	struct transfer *t;

	while ((t = f->over)) {
		list_drop(&f->over, t);
		deliver(f, t);
	}
}

static void tear_down(struct fetch *f)
{
	while (f->first) {
		transfer_stop(f->first, FETCH_CANCELLED, "cancelled");
		end_transfer(f, f->first);
		deliver_over(f); /* what `done` asked for meanwhile */
	}
	while (f->pooled)
		curl_easy_cleanup(f->pool[--f->pooled]);
	f->torn_down = true;
	curlloop_close(f->curl, part_closed);
	cookieset_close(f->cookies, part_closed, f);
	uv_close((uv_handle_t *)&f->watch, timer_closed);
	uv_close((uv_handle_t *)&f->late, timer_closed);
}

static void on_late(uv_timer_t *timer)
{
	struct fetch *f = timer->data;

	deliver_over(f);
	if (f->closing)
		tear_down(f);
}

static enum err ca_readable(struct str file, struct reason *why)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%.*s", STR_ARG(file));
	if (!file.n || access(path, R_OK) == 0)
		return ERR_OK;
	return reason_set(why, err_errno(errno), "cannot read ca-file %s: %s", path,
			  strerror(errno));
}

/* Without a state folder nothing is kept. */
static struct str cookie_folder(const struct conf *conf, char to[PATH_MAX])
{
	if (!conf->state_dir.n)
		return (struct str){ 0 };
	snprintf(to, PATH_MAX, "%.*s/cookies", STR_ARG(conf->state_dir));
	return str_of(to);
}

enum err fetch_new(uv_loop_t *loop, const struct conf *conf, const struct clock *clock,
		   struct fetch **ret, struct reason *why)
{
	long kept = conf->concurrency > 32 ? 2L * conf->concurrency : 64;
	char folder[PATH_MAX];
	struct fetch *f;
	enum err err;

	err = ca_readable(conf->ca_file, why);
	if (err)
		return err;
	f = mem_zero(sizeof(*f));
	f->curl = curlloop_new(loop, kept, on_ended, f);
	if (!f->curl) {
		mem_free(f);
		return reason_set(why, ERR_UNSUPPORTED, "libcurl cannot start");
	}
	/* OpenSSL writes to sockets that the other side may have closed */
	signal(SIGPIPE, SIG_IGN);
	f->clock = clock;
	f->limits = transfer_limits_new(conf);
	f->cookies = cookieset_new(loop, cookie_folder(conf, folder));
	cookieset_configure(f->cookies, conf);
	must(uv_timer_init(loop, &f->watch) == 0);
	must(uv_timer_init(loop, &f->late) == 0);
	f->watch.data = f->late.data = f;
	f->parts = 4;
	*ret = f;
	return ERR_OK;
}

void fetch_reconfigure(struct fetch *f, const struct conf *conf)
{
	transfer_limits_drop(f->limits);
	f->limits = transfer_limits_new(conf);
	cookieset_configure(f->cookies, conf);
}

void fetch_start(struct fetch *f, struct fetch_request *q)
{
	struct transfer *t;

	must(!f->torn_down);
	t = transfer_new(q, f->limits, f->clock);
	f->running++;
	if (f->closing && t->end == FETCH_ENDS)
		transfer_stop(t, FETCH_CANCELLED, "cancelled");
	if (t->end != FETCH_ENDS) {
		list_add(&f->over, t);
		uv_timer_start(&f->late, on_late, 0, 0);
		return;
	}
	if (!f->first)
		watch(f);
	list_add(&f->first, t);
	begin(f, t, easy_get(f));
}

int fetch_running(const struct fetch *f)
{
	return f->running;
}

void fetch_close(struct fetch *f, void (*closed)(void *ctx), void *ctx)
{
	must(!f->closing);
	f->closing = true;
	f->closed = closed;
	f->closed_ctx = ctx;
	uv_timer_start(&f->late, on_late, 0, 0);
}
