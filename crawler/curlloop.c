#include "crawler/curlloop.h"

#include "base/mem.h"
#include "base/must.h"

struct curlloop {
	uv_loop_t *loop;
	CURLM *multi;
	uv_timer_t timer;
	int handles; /* of libuv, still open */
	bool closing;
	void (*done)(void *ctx, CURL *easy, CURLcode rc);
	void (*closed)(void *ctx);
	void *ctx;
};

/* A socket that libcurl wants to hear of. */
struct sock {
	uv_poll_t poll;
	struct curlloop *c;
	curl_socket_t fd;
};

/* Whenever libcurl has been called, on timeouts too, some may have ended. */
static void act(struct curlloop *c, curl_socket_t fd, int events)
{
	CURLMsg *m;
	CURLcode rc;
	CURL *easy;
	int n;

	must(curl_multi_socket_action(c->multi, fd, events, &n) == CURLM_OK);
	while ((m = curl_multi_info_read(c->multi, &n))) {
		if (m->msg != CURLMSG_DONE)
			continue;
		/* `m` goes when the handle is removed */
		easy = m->easy_handle;
		rc = m->data.result;
		c->done(c->ctx, easy, rc);
	}
}

static void on_timer(uv_timer_t *timer)
{
	act(timer->data, CURL_SOCKET_TIMEOUT, 0);
}

static int on_wants_timer(CURLM *multi, long ms, void *ctx)
{
	struct curlloop *c = ctx;

	(void)multi;
	if (c->closing)
		return 0;
	if (ms < 0)
		uv_timer_stop(&c->timer);
	else
		uv_timer_start(&c->timer, on_timer, (uint64_t)ms, 0);
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
	act(s->c, s->fd, flags);
}

static void handle_closed(struct curlloop *c)
{
	void (*closed)(void *ctx) = c->closed;
	void *ctx = c->ctx;

	if (--c->handles)
		return;
	mem_free(c);
	curl_global_cleanup();
	closed(ctx);
}

static void sock_closed(uv_handle_t *h)
{
	struct sock *s = h->data;
	struct curlloop *c = s->c;

	mem_free(s);
	handle_closed(c);
}

static void timer_closed(uv_handle_t *h)
{
	handle_closed(h->data);
}

static struct sock *sock_new(struct curlloop *c, curl_socket_t fd)
{
	struct sock *s = mem_zero(sizeof(*s));

	s->c = c;
	s->fd = fd;
	s->poll.data = s;
	must(uv_poll_init_socket(c->loop, &s->poll, fd) == 0);
	c->handles++;
	curl_multi_assign(c->multi, fd, s);
	return s;
}

static int on_wants_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *sock)
{
	struct curlloop *c = ctx;
	struct sock *s = sock;
	int events = 0;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (s) {
			curl_multi_assign(c->multi, fd, NULL);
			uv_poll_stop(&s->poll);
			uv_close((uv_handle_t *)&s->poll, sock_closed);
		}
		return 0;
	}
	if (!s)
		s = sock_new(c, fd);
	if (what & CURL_POLL_IN)
		events |= UV_READABLE;
	if (what & CURL_POLL_OUT)
		events |= UV_WRITABLE;
	must(uv_poll_start(&s->poll, events, on_poll) == 0);
	return 0;
}

struct curlloop *curlloop_new(uv_loop_t *loop, long kept,
			      void (*done)(void *ctx, CURL *easy, CURLcode rc), void *ctx)
{
	struct curlloop *c;

	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		return NULL;
	c = mem_zero(sizeof(*c));
	c->loop = loop;
	c->done = done;
	c->ctx = ctx;
	c->multi = curl_multi_init();
	must(c->multi != NULL);
	curl_multi_setopt(c->multi, CURLMOPT_SOCKETFUNCTION, on_wants_socket);
	curl_multi_setopt(c->multi, CURLMOPT_SOCKETDATA, c);
	curl_multi_setopt(c->multi, CURLMOPT_TIMERFUNCTION, on_wants_timer);
	curl_multi_setopt(c->multi, CURLMOPT_TIMERDATA, c);
	curl_multi_setopt(c->multi, CURLMOPT_MAXCONNECTS, kept);
	must(uv_timer_init(loop, &c->timer) == 0);
	c->timer.data = c;
	c->handles++;
	return c;
}

void curlloop_add(struct curlloop *c, CURL *easy)
{
	must(curl_multi_add_handle(c->multi, easy) == CURLM_OK);
}

void curlloop_remove(struct curlloop *c, CURL *easy)
{
	must(curl_multi_remove_handle(c->multi, easy) == CURLM_OK);
}

void curlloop_close(struct curlloop *c, void (*closed)(void *ctx))
{
	c->closed = closed;
	c->closing = true;
	curl_multi_cleanup(c->multi);
	uv_close((uv_handle_t *)&c->timer, timer_closed);
}
