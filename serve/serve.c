#include "serve/serve.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "serve/bucket.h"
#include "serve/exchange.h"
#include "serve/request.h"
#include "serve/serve_socket.h"

#include <stdio.h>
#include <unistd.h>

/* How long answers on their way may take once we stop. */
#define GRACE_MS 2000

/* A socket that is listened at. */
struct door {
	struct serve *serve;
	struct exchange_hub hub;
	struct serve_socket socket;
	struct MHD_Daemon *http; /* NULL: not open, or no more */
	uv_poll_t poll;		 /* libmicrohttpd's epoll */
	uv_timer_t timer;	 /* its timeouts, and ours to run it soon */
};

enum { DOOR_API, DOOR_METRICS, DOOR_SUGGEST, DOORS };

struct serve {
	struct serve_ops ops;
	struct desk *desk;
	struct door doors[DOORS];
	struct serve_counts counts;
	struct bucket_set *buckets;
	uv_timer_t grace;
	bool grace_over;
	int handles; /* closing, and one for all that are still open */
	void (*closed)(void *ctx);
	void *closed_ctx;
};

static void turn(struct door *d);

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
	struct door *d = ctx;

	uv_timer_start(&d->timer, on_timer, 0, 0);
}

static void on_closed(uv_handle_t *h)
{
	struct serve *s = h->data;

	if (--s->handles > 0)
		return;
	s->closed(s->closed_ctx);
	bucket_free(s->buckets);
	mem_free(s);
}

static void close_handle(struct serve *s, void *handle)
{
	uv_handle_t *h = handle;

	s->handles++;
	h->data = s;
	uv_close(h, on_closed);
}

/* Steps that run hold readers and views: those are always waited for. */
static bool over(const struct door *d)
{
	return d->hub.stopping && d->hub.busy == 0 && (d->hub.open == 0 || d->serve->grace_over);
}

static void finish(struct door *d)
{
	struct serve *s = d->serve;

	uv_poll_stop(&d->poll);
	MHD_stop_daemon(d->http);
	d->http = NULL;
	must(d->hub.open == 0);
	close_handle(s, &d->poll);
	close_handle(s, &d->timer);
	for (int i = 0; i < DOORS; i++)
		if (s->doors[i].http)
			return;
	desk_close(s->desk);
	close_handle(s, &s->grace);
	s->handles--;
}

static void turn(struct door *d)
{
	unsigned long long ms;

	if (!d->http)
		return;
	MHD_run(d->http);
	if (over(d))
		finish(d);
	else if (MHD_get_timeout(d->http, &ms) == MHD_YES)
		uv_timer_start(&d->timer, on_timer, ms, 0);
	else
		uv_timer_stop(&d->timer);
}

static void on_grace(uv_timer_t *t)
{
	struct serve *s = t->data;

	s->grace_over = true;
	for (int i = 0; i < DOORS; i++)
		turn(&s->doors[i]);
}

static void on_log(void *ctx, const char *fmt, va_list args) __attribute__((format(printf, 2, 0)));

static void on_log(void *ctx, const char *fmt, va_list args)
{
	char text[256];

	(void)ctx;
	vsnprintf(text, sizeof(text), fmt, args);
	log_debug("api libmicrohttpd: %s", text);
}

static struct MHD_Daemon *start_http(struct door *d)
{
	const bool suggest = d->hub.door == ROUTE_SUGGEST;
	const unsigned connections = suggest ? EXCHANGE_SUGGEST_CONNECTIONS : EXCHANGE_CONNECTIONS;
	const unsigned of_address = suggest ? EXCHANGE_ADDRESS_CONNECTIONS : 0; /* 0: any number */

	return MHD_start_daemon(
		MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL,
		exchange_handle, &d->hub, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,
		MHD_OPTION_LISTEN_SOCKET, d->socket.fd, MHD_OPTION_NOTIFY_COMPLETED,
		exchange_completed, NULL, MHD_OPTION_CONNECTION_LIMIT, connections,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT, of_address, MHD_OPTION_CONNECTION_TIMEOUT,
		(unsigned)EXCHANGE_TIMEOUT_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, EXCHANGE_MEMORY,
		MHD_OPTION_END);
}

static void start_handles(struct door *d, uv_loop_t *loop)
{
	const union MHD_DaemonInfo *info;

	info = MHD_get_daemon_info(d->http, MHD_DAEMON_INFO_EPOLL_FD);
	must(info);
	must(uv_poll_init(loop, &d->poll, info->epoll_fd) == 0);
	must(uv_timer_init(loop, &d->timer) == 0);
	d->poll.data = d->timer.data = d;
	must(uv_poll_start(&d->poll, UV_READABLE, on_poll) == 0);
}

static void init_door(struct serve *s, int i, unsigned door)
{
	s->doors[i] = (struct door){
		.serve = s,
		.socket = { .fd = -1 },
		.hub = { .ops = &s->ops,
			 .desk = s->desk,
			 .door = door,
			 .buckets = s->buckets,
			 .counts = &s->counts,
			 .kick = kick,
			 .ctx = &s->doors[i] },
	};
}

static enum err open_tcp(struct door *d, const char *key, struct str address, struct reason *why)
{
	struct conf_net net;
	int port = 0;

	if (!address.n)
		return ERR_OK;
	if (conf_net_endpoint(address, &net, &port))
		return reason_set(why, ERR_BAD, "%s is no ADDRESS:PORT", key);
	return serve_socket_tcp(&net, port, key, &d->socket, why);
}

enum err serve_start(uv_loop_t *loop, const struct serve_at *at, struct store *store,
		     const struct serve_ops *ops, struct serve **ret, struct reason *why)
{
	struct serve *s = mem_zero(sizeof(*s));
	enum err err;

	s->ops = *ops;
	err = desk_open(loop, store, &s->desk, why);
	s->buckets = bucket_new();
	init_door(s, DOOR_API, 0);
	init_door(s, DOOR_METRICS, ROUTE_METRICS);
	init_door(s, DOOR_SUGGEST, ROUTE_SUGGEST);
	if (!err)
		err = serve_socket_open(at->socket, &s->doors[DOOR_API].socket, why);
	if (!err)
		err = open_tcp(&s->doors[DOOR_METRICS], "metrics-address", at->metrics, why);
	if (!err)
		err = open_tcp(&s->doors[DOOR_SUGGEST], "suggest-address", at->suggest, why);
	for (int i = 0; i < DOORS && !err; i++) {
		struct door *d = &s->doors[i];

		d->http = d->socket.fd >= 0 ? start_http(d) : NULL;
		if (d->socket.fd >= 0 && !d->http)
			err = reason_set(why, ERR_IO, "libmicrohttpd does not start");
	}
	if (err)
		goto out;
	must(uv_timer_init(loop, &s->grace) == 0);
	s->grace.data = s;
	for (int i = 0; i < DOORS; i++) {
		if (!s->doors[i].http)
			continue;
		start_handles(&s->doors[i], loop);
		kick(&s->doors[i]);
	}
	*ret = s;
	return ERR_OK;
out:
	for (int i = 0; i < DOORS; i++) {
		if (s->doors[i].http) {
			MHD_quiesce_daemon(s->doors[i].http);
			MHD_stop_daemon(s->doors[i].http);
		}
		serve_socket_close(&s->doors[i].socket);
	}
	if (s->desk)
		desk_close(s->desk);
	bucket_free(s->buckets);
	mem_free(s);
	return err;
}

void serve_stop(struct serve *s, void (*closed)(void *ctx), void *ctx)
{
	must(!s->closed);
	s->closed = closed;
	s->closed_ctx = ctx;
	s->handles = 1;
	for (int i = 0; i < DOORS; i++) {
		struct door *d = &s->doors[i];

		if (!d->http)
			continue;
		d->hub.stopping = true;
		/* libmicrohttpd forgets the listening socket; the file goes with it. */
		must(MHD_quiesce_daemon(d->http) == d->socket.fd);
		serve_socket_close(&d->socket);
		kick(d);
	}
	uv_timer_start(&s->grace, on_grace, GRACE_MS, 0);
}
