#include "serve/exchange.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/utf8.h"
#include "serve/body.h"
#include "serve/bucket.h"
#include "serve/request.h"

#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* A body past its bound is read and forgotten up to here, so that the client
 * hears why; then the connection is cut. */
#define SWALLOW_MOST ((size_t)8 << 20)

struct exchange {
	struct request rq;
	struct desk_work work;
	struct exchange_hub *hub;
	struct MHD_Connection *con;
	struct str parts[ROUTE_MOST_PARTS];
	struct buf body;
	size_t held; /* of hub->held */
	size_t swallowed;
	uint8_t client[16]; /* its address, if it is limited */
	bool limited;
	bool ready; /* the answer is made */
	bool suspended;
};

static struct exchange *of_request(struct request *rq)
{
	return (struct exchange *)(void *)((char *)rq - offsetof(struct exchange, rq));
}

static struct exchange *of_work(struct desk_work *w)
{
	return (struct exchange *)(void *)((char *)w - offsetof(struct exchange, work));
}

static void find_route(struct exchange *x, struct str method, struct str path)
{
	struct request *rq = &x->rq;
	char hint[160];

	switch (route_find(method, path, x->hub->door, &rq->route, x->parts, rq->allow)) {
	case ERR_OK:
		break;
	case ERR_DENIED:
		request_fail(rq, 405, "method-not-allowed", NULL, "this path answers to %s",
			     rq->allow);
		break;
	default:
		if (x->hub->door) {
			route_door_paths(x->hub->door, hint, sizeof(hint));
			request_fail(rq, 404, "not-found", NULL, "only %s is answered here", hint);
			break;
		}
		snprintf(hint, sizeof(hint), "Did you mean %s %s? GET /api lists them all.",
			 route_nearest(path)->method, route_nearest(path)->path);
		path = utf8_clean(rq->arena, utf8_cut(path, 200));
		request_fail(rq, 404, "not-found", hint, "no such path: %.*s", STR_ARG(path));
		break;
	}
}

static size_t body_most(const struct exchange *x)
{
	return x->rq.route && x->rq.route->bytes ? x->rq.route->bytes : BODY_BYTES;
}

static struct exchange *begin(struct exchange_hub *hub, struct MHD_Connection *con, const char *url,
			      const char *method)
{
	struct exchange *x = mem_zero(sizeof(*x));

	x->hub = hub;
	x->con = con;
	hub->open++;
	request_init(&x->rq, hub->ops);
	x->rq.counts = hub->counts;
	if (hub->stopping)
		request_fail(&x->rq, 503, "stopping", NULL, "the daemon is stopping");
	else
		/* MHD's text lives as long as the request; parts borrow from it. */
		find_route(x, str_of(method), str_of(url));
	buf_init(&x->body, body_most(x));
	return x;
}

struct pairs {
	struct request_pair list[REQUEST_MOST_PAIRS];
	int n;
	bool many;
};

static enum MHD_Result add_pair(void *cls, enum MHD_ValueKind kind, const char *key, size_t key_n,
				const char *value, size_t value_n)
{
	struct pairs *p = cls;

	(void)kind;
	if (p->n == REQUEST_MOST_PAIRS) {
		p->many = true;
		return MHD_NO;
	}
	p->list[p->n++] = (struct request_pair){ { key, key_n },
						 value ? (struct str){ value, value_n } : STR("") };
	return MHD_YES;
}

static void read_url(struct exchange *x)
{
	struct pairs pairs = { .n = 0 };

	MHD_get_connection_values_n(x->con, MHD_GET_ARGUMENT_KIND, add_pair, &pairs);
	if (pairs.many)
		request_fail(&x->rq, 400, "bad", NULL, "more than %d arguments in the URL",
			     REQUEST_MOST_PAIRS);
	else
		request_read_url(&x->rq, x->parts, pairs.list, pairs.n);
}

/* The address of a client by TCP; who may open the socket's file is trusted. */
static bool find_client(struct exchange *x)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(x->con, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *at = info ? info->client_addr : NULL;
	const uint8_t ipv4[] = { [10] = 0xff, [11] = 0xff };

	if (at && at->sa_family == AF_INET) {
		memcpy(x->client, ipv4, sizeof(ipv4));
		memcpy(x->client + 12, &((const struct sockaddr_in *)(const void *)at)->sin_addr,
		       4);
	} else if (at && at->sa_family == AF_INET6) {
		memcpy(x->client, &((const struct sockaddr_in6 *)(const void *)at)->sin6_addr, 16);
	}
	return at && at->sa_family != AF_UNIX;
}

static int64_t now_us(void)
{
	return clock_mono_ms(&clock_system) * 1000;
}

static void limit(struct exchange *x)
{
	const double rate = x->rq.view->conf->suggest_rate;
	int64_t wait_us;

	x->limited = x->rq.route->limited && find_client(x);
	wait_us = x->limited ? bucket_take(x->hub->buckets, x->client, rate, now_us()) : 0;
	if (wait_us == 0)
		return;
	x->hub->counts->limited++;
	x->rq.retry_s = (int)(wait_us / 1000000) + 1;
	request_fail(&x->rq, 429, "limited", "`suggest-rate` of piped.yaml says how many.",
		     "more than %g titles a second from one address", rate);
	x->limited = false;
}

static void finish(struct request *rq)
{
	struct exchange *x = of_request(rq);

	if (x->limited && rq->cost)
		bucket_owe(x->hub->buckets, x->client, rq->view->conf->suggest_rate, rq->cost,
			   now_us());

	if (rq->out.full)
		request_fail(rq, 500, "too-big", "Ask for less, with `limit`.",
			     "the answer is longer than %zu bytes", rq->out.cap);
	if (rq->view)
		rq->ops->release(rq->ops->ctx, rq->view);
	rq->view = NULL;
	x->hub->busy--;
	x->ready = true;
	if (x->suspended) {
		x->suspended = false;
		MHD_resume_connection(x->con);
		x->hub->kick(x->hub->ctx);
	}
}

static void last_step(struct exchange *x)
{
	struct request *rq = &x->rq;

	if (!rq->failed && rq->route->last)
		rq->route->last(rq);
	if (!rq->waiting)
		finish(rq);
}

static void on_work(struct desk_work *w, struct reader *r)
{
	struct exchange *x = of_work(w);
	struct request *rq = &x->rq;
	struct reason why = { "" };
	enum err err;

	if (rq->route->bytes)
		rq->body = buf_str(&x->body);
	else if (!rq->body_read)
		request_read_body(rq, buf_str(&x->body));
	if (rq->failed || !rq->route->work)
		return;
	err = reader_begin(r, &why);
	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	rq->reader = r;
	rq->route->work(rq);
	rq->reader = NULL;
	reader_end(r);
}

static void on_done(struct desk_work *w)
{
	last_step(of_work(w));
}

static void run(struct exchange *x)
{
	struct request *rq = &x->rq;

	x->hub->busy++;
	rq->finish = finish;
	rq->view = rq->ops->view(rq->ops->ctx);
	limit(x);
	if (!rq->failed)
		read_url(x);
	rq->body_read = rq->route->bytes || x->body.n <= rq->route->loop_bytes;
	if (!rq->failed && rq->body_read)
		request_read_body(rq, rq->route->bytes ? STR("") : buf_str(&x->body));
	if (!rq->failed && rq->route->first)
		rq->route->first(rq);
	if (rq->failed || rq->made || (!rq->route->work && rq->body_read)) {
		last_step(x);
		return;
	}
	x->work.work = on_work;
	x->work.done = on_done;
	if (desk_put(x->hub->desk, &x->work)) {
		request_fail(rq, 503, "overloaded", "Ask again in a second.",
			     "too many requests at once");
		last_step(x);
	}
}

static void add_headers(struct exchange *x, struct MHD_Response *res)
{
	const struct request *rq = &x->rq;
	char retry[16];

	MHD_add_response_header(res, "Content-Type", rq->type);
	MHD_add_response_header(res, "Cache-Control", "no-store");
	if (rq->status == 405)
		MHD_add_response_header(res, "Allow", rq->allow);
	if (rq->status == 503 || rq->retry_s) {
		snprintf(retry, sizeof(retry), "%d", rq->retry_s ? rq->retry_s : 1);
		MHD_add_response_header(res, "Retry-After", retry);
	}
}

static enum MHD_Result answer(struct exchange *x)
{
	struct request *rq = &x->rq;
	struct MHD_Response *res;
	enum MHD_Result r;
	size_t n;
	char *bytes;

	if (rq->fd >= 0) {
		res = MHD_create_response_from_fd64((uint64_t)rq->fd_bytes, rq->fd);
		rq->fd = -1;
	} else {
		bytes = buf_move(&rq->out, &n);
		res = MHD_create_response_from_buffer_with_free_callback(n, bytes, mem_free);
	}
	must(res);
	add_headers(x, res);
	x->hub->counts->answered[rq->status / 100]++;
	r = MHD_queue_response(x->con, (unsigned)rq->status, res);
	MHD_destroy_response(res);
	return r;
}

static void refuse_long(struct exchange *x)
{
	request_fail(&x->rq, 413, "too-big", "Send less, in several requests.",
		     "the body is longer than %zu bytes", body_most(x));
}

/* Room for so many bytes of a body; else it is refused. */
static void hold(struct exchange *x, size_t bytes)
{
	struct exchange_hub *hub = x->hub;

	if ((body_most(x) <= BODY_BYTES && !hub->door) || bytes <= x->held)
		return;
	if (hub->held - x->held + bytes > EXCHANGE_BODIES) {
		request_fail(&x->rq, 503, "overloaded", "Ask again in a second.",
			     "other requests' bodies take the %zu MiB that there are",
			     EXCHANGE_BODIES >> 20);
		return;
	}
	hub->held += bytes - x->held;
	x->held = bytes;
}

static void let_go(struct exchange *x)
{
	buf_done(&x->body);
	x->hub->held -= x->held;
	x->held = 0;
}

static enum MHD_Result count_length(void *cls, enum MHD_ValueKind kind, const char *key,
				    const char *value)
{
	int *n = cls;

	(void)kind;
	(void)value;
	*n += str_eq_nocase(str_of(key), STR("Content-Length")) ||
	      str_eq_nocase(str_of(key), STR("Transfer-Encoding"));
	return MHD_YES;
}

/* Whether its end is told in one way alone; what is between us and the client might believe
 * another (RFC 9112, 6.3). */
static bool one_length(struct exchange *x)
{
	int n = 0;

	MHD_get_connection_values(x->con, MHD_HEADER_KIND, count_length, &n);
	if (n > 1)
		request_fail(&x->rq, 400, "bad", NULL, "the length of the body is told twice");
	return n <= 1;
}

/* False: it is refused by its length, which is answered before the body is sent. */
static bool take_length(struct exchange *x)
{
	bool known = !x->rq.failed;
	const char *text;
	int64_t n = 0;

	if (!one_length(x))
		return false;
	text = MHD_lookup_connection_value(x->con, MHD_HEADER_KIND, "Content-Length");
	if (!text)
		return true;
	if (!str_i64(str_of(text), &n) || n < 0 || n > (int64_t)body_most(x)) {
		refuse_long(x);
		return false;
	}
	if (known)
		hold(x, (size_t)n);
	return !known || !x->rq.failed;
}

static enum MHD_Result upload_part(struct exchange *x, struct str part)
{
	if (!x->rq.failed)
		hold(x, x->body.n + part.n);
	if (!x->rq.failed && buf_add(&x->body, part))
		refuse_long(x);
	if (x->rq.failed)
		let_go(x);
	if (x->rq.failed)
		x->swallowed += part.n;
	return x->swallowed > SWALLOW_MOST ? MHD_NO : MHD_YES;
}

enum MHD_Result exchange_handle(void *cls, struct MHD_Connection *con, const char *url,
				const char *method, const char *version, const char *upload,
				size_t *upload_bytes, void **con_cls)
{
	struct exchange *x = *con_cls;
	struct str part = { upload, *upload_bytes };

	(void)version;
	if (!x) {
		*con_cls = x = begin(cls, con, url, method);
		return take_length(x) ? MHD_YES : answer(x);
	}
	if (*upload_bytes) {
		*upload_bytes = 0;
		return upload_part(x, part);
	}
	if (!x->ready && !x->rq.failed) {
		run(x);
		if (!x->ready) {
			x->suspended = true;
			MHD_suspend_connection(con);
			return MHD_YES;
		}
	}
	return answer(x);
}

void exchange_completed(void *cls, struct MHD_Connection *con, void **con_cls,
			enum MHD_RequestTerminationCode why)
{
	struct exchange *x = *con_cls;

	(void)cls;
	(void)con;
	if (!x)
		return;
	if (why != MHD_REQUEST_TERMINATED_COMPLETED_OK)
		log_debug("api %s ended early code=%d", x->rq.route ? x->rq.route->path : "-",
			  (int)why);
	x->hub->open--;
	request_done(&x->rq);
	let_go(x);
	mem_free(x);
	*con_cls = NULL;
}
