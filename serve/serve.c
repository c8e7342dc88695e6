#include "serve/serve.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "serve/exchange.h"
#include "serve/serve_socket.h"

#include <stdio.h>
#include <unistd.h>

/* How long answers on their way may take once we stop. */
#define GRACE_MS 2000

struct serve {
	struct exchange_hub hub;
	struct serve_ops ops;
	struct serve_socket socket;
	struct MHD_Daemon *http;
	uv_poll_t poll;	  /* libmicrohttpd's epoll */
	uv_timer_t timer; /* its timeouts, and ours to run it soon */
	uv_timer_t grace;
	bool grace_over;
	int handles; /* open */
	void (*closed)(void *ctx);
	void *closed_ctx;
};

static void turn(struct serve *s);

static void on_timer(uv_timer_t *t)
{
	turn(t->data);
}

static void on_poll(uv_poll_t *p, int status, int events)
{
	(void)status;
	(void)events;
	turn(p->data);
}

static void kick(void *ctx)
{
	struct serve *s = ctx;

	uv_timer_start(&s->timer, on_timer, 0, 0);
}

static void on_closed(uv_handle_t *h)
{
	struct serve *s = h->data;

	if (--s->handles > 0)
		return;
	s->closed(s->closed_ctx);
	mem_free(s);
}

static void close_handles(struct serve *s)
{
	s->handles = 3;
	uv_close((uv_handle_t *)&s->poll, on_closed);
	uv_close((uv_handle_t *)&s->timer, on_closed);
	uv_close((uv_handle_t *)&s->grace, on_closed);
}

/* Steps that run hold readers and views: those are always waited for. */
static bool over(const struct serve *s)
{
	return s->hub.stopping && s->hub.busy == 0 && (s->hub.open == 0 || s->grace_over);
}

static void finish(struct serve *s)
{
	uv_poll_stop(&s->poll);
	MHD_stop_daemon(s->http);
	s->http = NULL;
	must(s->hub.open == 0);
	desk_close(s->hub.desk);
	close_handles(s);
}

static void turn(struct serve *s)
{
	unsigned long long ms;

	if (!s->http)
		return;
	MHD_run(s->http);
	if (over(s))
		finish(s);
	else if (MHD_get_timeout(s->http, &ms) == MHD_YES)
		uv_timer_start(&s->timer, on_timer, ms, 0);
	else
		uv_timer_stop(&s->timer);
}

static void on_grace(uv_timer_t *t)
{
	struct serve *s = t->data;

	s->grace_over = true;
	turn(s);
}

static void on_log(void *ctx, const char *fmt, va_list args) __attribute__((format(printf, 2, 0)));

static void on_log(void *ctx, const char *fmt, va_list args)
{
	char text[256];

	(void)ctx;
	vsnprintf(text, sizeof(text), fmt, args);
	log_debug("api libmicrohttpd: %s", text);
}

static struct MHD_Daemon *start_http(struct serve *s)
{
	return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0,
				NULL, NULL, exchange_handle, &s->hub, MHD_OPTION_EXTERNAL_LOGGER,
				on_log, NULL, MHD_OPTION_LISTEN_SOCKET, s->socket.fd,
				MHD_OPTION_NOTIFY_COMPLETED, exchange_completed, NULL,
				MHD_OPTION_CONNECTION_LIMIT, (unsigned)EXCHANGE_CONNECTIONS,
				MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)EXCHANGE_TIMEOUT_S,
				MHD_OPTION_CONNECTION_MEMORY_LIMIT, EXCHANGE_MEMORY,
				MHD_OPTION_END);
}

static void start_handles(struct serve *s, uv_loop_t *loop)
{
	const union MHD_DaemonInfo *info;

	info = MHD_get_daemon_info(s->http, MHD_DAEMON_INFO_EPOLL_FD);
	must(info);
	must(uv_poll_init(loop, &s->poll, info->epoll_fd) == 0);
	must(uv_timer_init(loop, &s->timer) == 0);
	must(uv_timer_init(loop, &s->grace) == 0);
	s->poll.data = s->timer.data = s->grace.data = s;
	must(uv_poll_start(&s->poll, UV_READABLE, on_poll) == 0);
}

enum err serve_start(uv_loop_t *loop, const char *socket_path, struct store *store,
		     const struct serve_ops *ops, struct serve **ret, struct reason *why)
{
	struct serve *s = mem_zero(sizeof(*s));
	enum err err;

	s->ops = *ops;
	s->socket.fd = -1;
	s->hub.ops = &s->ops;
	s->hub.kick = kick;
	s->hub.ctx = s;
	err = desk_open(loop, store, &s->hub.desk, why);
	if (!err)
		err = serve_socket_open(socket_path, &s->socket, why);
	if (err)
		goto out;
	s->http = start_http(s);
	if (!s->http) {
		err = reason_set(why, ERR_IO, "libmicrohttpd does not start at %s", socket_path);
		goto out;
	}
	start_handles(s, loop);
	kick(s);
	*ret = s;
	return ERR_OK;
out:
	serve_socket_close(&s->socket);
	if (s->hub.desk)
		desk_close(s->hub.desk);
	mem_free(s);
	return err;
}

void serve_stop(struct serve *s, void (*closed)(void *ctx), void *ctx)
{
	must(!s->hub.stopping);
	s->closed = closed;
	s->closed_ctx = ctx;
	s->hub.stopping = true;
	/* libmicrohttpd forgets the listening socket; the file goes with it. */
	must(MHD_quiesce_daemon(s->http) == s->socket.fd);
	serve_socket_close(&s->socket);
	uv_timer_start(&s->grace, on_grace, GRACE_MS, 0);
	kick(s);
}
