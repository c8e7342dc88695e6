#include "crawler/fetch.h"

#include "base/mem.h"
#include "base/must.h"
#include "crawler/transfer.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define POOL_MOST 256

struct fetch {
	uv_loop_t *loop;
	const struct clock *clock;
	struct transfer_limits *limits;
	CURLM *multi;
	uv_timer_t timer;	       /* libcurl's */
	uv_timer_t watch;	       /* looks for transfers where nothing comes */
	uv_timer_t late;	       /* what may not happen within a caller's call */
	struct transfer *first, *over; /* over: ended before they began */
	int running, handles;	       /* handles: of libuv, still open */
	CURL *pool[POOL_MOST];
	int pooled;
	bool closing, torn_down;
	void (*closed)(void *ctx);
	void *closed_ctx;
};

/* A socket that libcurl wants to hear of. */
struct sock {
	uv_poll_t poll;
	struct fetch *f;
	curl_socket_t fd;
};

const char *fetch_end_name(enum fetch_end e)
{
	static const char *const name[FETCH_ENDS] = {
		[FETCH_ANSWER] = "answer",	     [FETCH_CUT] = "cut",
		[FETCH_TOO_BIG] = "too-big",	     [FETCH_TIMEOUT] = "timeout",
		[FETCH_UNREACHABLE] = "unreachable", [FETCH_REDIRECTS] = "redirects",
		[FETCH_CANCELLED] = "cancelled",
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

static void easy_put(struct fetch *f, CURL *easy)
{
	if (f->pooled == POOL_MOST) {
		curl_easy_cleanup(easy);
		return;
	}
	curl_easy_reset(easy);
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
	curl_multi_remove_handle(f->multi, t->easy);
	list_drop(&f->first, t);
	deliver(f, t);
}

static void begin(struct fetch *f, struct transfer *t, CURL *easy)
{
	transfer_arm(t, easy);
	must(curl_multi_add_handle(f->multi, easy) == CURLM_OK);
}

/* All that libcurl has finished. `done` may start new transfers meanwhile. */
static void drain(struct fetch *f)
{
	struct transfer *t;
	CURLMsg *m;
	CURLcode rc;
	CURL *easy;
	int left;

	while ((m = curl_multi_info_read(f->multi, &left))) {
		if (m->msg != CURLMSG_DONE)
			continue;
		easy = m->easy_handle;
		rc = m->data.result;
		must(curl_easy_getinfo(easy, CURLINFO_PRIVATE, &t) == CURLE_OK);
		if (transfer_done(t, rc)) {
			curl_multi_remove_handle(f->multi, easy);
			begin(f, t, easy);
		} else {
			end_transfer(f, t);
		}
	}
}

static void act(struct fetch *f, curl_socket_t fd, int events)
{
	int running;

	must(curl_multi_socket_action(f->multi, fd, events, &running) == CURLM_OK);
	drain(f);
}

static void on_timer(uv_timer_t *timer)
{
	struct fetch *f = timer->data;

	act(f, CURL_SOCKET_TIMEOUT, 0);
}

static int on_wants_timer(CURLM *multi, long ms, void *ctx)
{
	struct fetch *f = ctx;

	(void)multi;
	if (f->torn_down)
		return 0;
	if (ms < 0)
		uv_timer_stop(&f->timer);
	else
		uv_timer_start(&f->timer, on_timer, (uint64_t)ms, 0);
	return 0;
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct sock *s = poll->data;
	int flags = status < 0 ? CURL_CSELECT_ERR : 0;

	if (events & UV_READABLE)
		flags |= CURL_CSELECT_IN;
	if (events & UV_WRITABLE)
		flags |= CURL_CSELECT_OUT;
	act(s->f, s->fd, flags);
}

static void handle_closed(struct fetch *f)
{
	void (*closed)(void *ctx) = f->closed;
	void *ctx = f->closed_ctx;

	if (--f->handles || !f->torn_down)
		return;
	transfer_limits_drop(f->limits);
	mem_free(f);
	curl_global_cleanup();
	if (closed)
		closed(ctx);
}

static void sock_closed(uv_handle_t *h)
{
	struct sock *s = h->data;
	struct fetch *f = s->f;

	mem_free(s);
	handle_closed(f);
}

static struct sock *sock_new(struct fetch *f, curl_socket_t fd)
{
	struct sock *s = mem_zero(sizeof(*s));

	s->f = f;
	s->fd = fd;
	s->poll.data = s;
	must(uv_poll_init_socket(f->loop, &s->poll, fd) == 0);
	f->handles++;
	curl_multi_assign(f->multi, fd, s);
	return s;
}

static int on_wants_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *sock)
{
	struct fetch *f = ctx;
	struct sock *s = sock;
	int events = 0;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (s) {
			curl_multi_assign(f->multi, fd, NULL);
			uv_poll_stop(&s->poll);
			uv_close((uv_handle_t *)&s->poll, sock_closed);
		}
		return 0;
	}
	if (!s)
		s = sock_new(f, fd);
	if (what & CURL_POLL_IN)
		events |= UV_READABLE;
	if (what & CURL_POLL_OUT)
		events |= UV_WRITABLE;
	must(uv_poll_start(&s->poll, events, on_poll) == 0);
	return 0;
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

static void timer_closed(uv_handle_t *h)
{
	handle_closed(h->data);
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
	uv_timer_t *timers[] = { &f->timer, &f->watch, &f->late };

	while (f->first) {
		transfer_stop(f->first, FETCH_CANCELLED, "cancelled");
		end_transfer(f, f->first);
		deliver_over(f); /* what `done` asked for meanwhile */
	}
	while (f->pooled)
		curl_easy_cleanup(f->pool[--f->pooled]);
	curl_multi_cleanup(f->multi);
	f->torn_down = true;
	for (size_t i = 0; i < sizeof(timers) / sizeof(timers[0]); i++)
		uv_close((uv_handle_t *)timers[i], timer_closed);
}

static void on_late(uv_timer_t *timer)
{
	struct fetch *f = timer->data;

	deliver_over(f);
	if (f->closing)
		tear_down(f);
}

static enum err make_multi(struct fetch *f, const struct conf *conf, struct reason *why)
{
	long kept = conf->concurrency > 32 ? 2L * conf->concurrency : 64;

	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		return reason_set(why, ERR_UNSUPPORTED, "libcurl cannot start");
	f->multi = curl_multi_init();
	must(f->multi != NULL);
	curl_multi_setopt(f->multi, CURLMOPT_SOCKETFUNCTION, on_wants_socket);
	curl_multi_setopt(f->multi, CURLMOPT_SOCKETDATA, f);
	curl_multi_setopt(f->multi, CURLMOPT_TIMERFUNCTION, on_wants_timer);
	curl_multi_setopt(f->multi, CURLMOPT_TIMERDATA, f);
	curl_multi_setopt(f->multi, CURLMOPT_MAXCONNECTS, kept);
	return ERR_OK;
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

enum err fetch_new(uv_loop_t *loop, const struct conf *conf, const struct clock *clock,
		   struct fetch **ret, struct reason *why)
{
	uv_timer_t *timers[3];
	struct fetch *f;
	enum err err;

	err = ca_readable(conf->ca_file, why);
	if (err)
		return err;
	f = mem_zero(sizeof(*f));
	err = make_multi(f, conf, why);
	if (err) {
		mem_free(f);
		return err;
	}
	/* OpenSSL writes to sockets that the other side may have closed */
	signal(SIGPIPE, SIG_IGN);
	f->loop = loop;
	f->clock = clock;
	f->limits = transfer_limits_new(conf);
	timers[0] = &f->timer;
	timers[1] = &f->watch;
	timers[2] = &f->late;
	for (int i = 0; i < 3; i++) {
		must(uv_timer_init(loop, timers[i]) == 0);
		timers[i]->data = f;
		f->handles++;
	}
	*ret = f;
	return ERR_OK;
}

void fetch_reconfigure(struct fetch *f, const struct conf *conf)
{
	transfer_limits_drop(f->limits);
	f->limits = transfer_limits_new(conf);
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
