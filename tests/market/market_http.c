#include "market_http.h"

#include "market_control.h"
#include "market_send.h"
#include "market_spoil.h"
#include "market_wait.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <string.h>

#define PEM_MOST (1 << 20)
#define IDLE_SECONDS 60u

struct market_http {
	struct market_http_conf conf;
	struct MHD_Daemon *daemon;
	struct market_wait *wait;
	struct buf cert, key;
};

/* One request, from its first line to the last byte of its answer. */
struct exchange {
	char *uri;
	int64_t arrived_ms;
	struct market_request q;
	struct str host; /* q.host without the port */
	struct buf body; /* of a POST */
	struct market_fault fault;
	int place; /* in the journal; -1: not counted */
	bool begun, delayed;
};

static void *on_uri(void *ctx, const char *uri, struct MHD_Connection *c)
{
	struct exchange *x = mem_zero(sizeof(*x));

	(void)ctx;
	(void)c;
	x->uri = mem_text(uri);
	x->arrived_ms = clock_mono_ms(&clock_system);
	x->place = -1;
	buf_init(&x->body, MARKET_ASK_MOST);
	return x;
}

static void on_completed(void *ctx, struct MHD_Connection *c, void **con_cls,
			 enum MHD_RequestTerminationCode why)
{
	struct market_http *h = ctx;
	struct exchange *x = *con_cls;

	(void)c;
	(void)why;
	if (!x)
		return;
	if (x->place >= 0)
		market_journal_end(h->conf.journal, x->place);
	mem_free(x->uri);
	buf_done(&x->body);
	mem_free(x);
	*con_cls = NULL;
}

static enum MHD_Result on_arg(void *ctx, enum MHD_ValueKind kind, const char *key,
			      const char *value)
{
	struct market_request *q = ctx;

	(void)kind;
	if (q->n_args == MARKET_ARGS)
		return MHD_NO;
	q->args[q->n_args++] = (struct market_arg){ str_of(key), str_of(value ? value : "") };
	return MHD_YES;
}

static bool is_control(const struct exchange *x)
{
	return str_starts(x->q.path, STR(MARKET_CONTROL_PATH));
}

static void begin(struct market_http *h, struct exchange *x, struct MHD_Connection *c,
		  const char *url)
{
	struct str host;

	x->begun = true;
	x->q.path = str_of(url);
	x->q.tls = h->conf.cert_file != NULL;
	x->q.host = str_of(MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Host"));
	MHD_get_connection_values(c, MHD_GET_ARGUMENT_KIND, on_arg, &x->q);
	host = x->q.host;
	str_next(&host, ':', &x->host);
	if (is_control(x))
		return;
	x->place = market_journal_begin(h->conf.journal, x->host);
	x->fault = market_fault_pick(h->conf.faults, x->host, str_of(x->uri));
}

static bool is_local(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct sockaddr_in in;

	if (!info || !info->client_addr || info->client_addr->sa_family != AF_INET)
		return false;
	memcpy(&in, info->client_addr, sizeof(in));
	return ntohl(in.sin_addr.s_addr) >> 24 == 127;
}

static void make_answer(struct market_http *h, struct exchange *x, struct MHD_Connection *c,
			const char *method, struct market_answer *a)
{
	x->q.post = strcmp(method, "POST") == 0;
	x->q.body = buf_str(&x->body);
	if (x->body.full) {
		a->status = 413;
		a->type = "text/plain; charset=utf-8";
	} else if ((strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0 && !x->q.post) ||
		   (x->q.post && is_control(x))) {
		a->status = 405;
		a->type = "text/plain; charset=utf-8";
	} else if (is_control(x)) {
		market_control_answer(h->conf.faults, h->conf.journal, is_local(c), &x->q, a);
	} else {
		market_site_answer(h->conf.site, &x->q, a);
		market_spoil_answer(&x->fault, clock_wall_ms(&clock_system), a);
	}
}

static void write_line(struct market_http *h, const struct exchange *x, int status, int64_t bytes,
		       int64_t retry_after_ms)
{
	struct market_journal_entry e = {
		.arrived_ms = x->arrived_ms,
		.host = x->host,
		.path = str_of(x->uri),
		.status = status,
		.bytes = bytes,
		.fault = x->fault.name,
		.retry_after_ms = retry_after_ms,
		.answered_ms = clock_mono_ms(&clock_system),
	};

	if (x->place >= 0)
		market_journal_line(h->conf.journal, &e);
}

static enum MHD_Result answer(struct market_http *h, struct exchange *x, struct MHD_Connection *c,
			      const char *method)
{
	struct market_answer a;
	int64_t bytes = 0;
	bool sent;

	if (x->fault.does == FAULT_CLOSE) {
		write_line(h, x, 0, 0, -1);
		return MHD_NO;
	}
	market_answer_init(&a);
	make_answer(h, x, c, method, &a);
	sent = market_send_answer(c, h->wait, &x->fault, &a, &bytes);
	market_answer_done(&a);
	write_line(h, x, a.status, bytes, a.retry_ms);
	return sent ? MHD_YES : MHD_NO;
}

/* Called when the head is read, for each piece of an uploaded body, at its end, and again after a suspension. */
static enum MHD_Result on_request(void *ctx, struct MHD_Connection *c, const char *url,
				  const char *method, const char *version, const char *upload,
				  size_t *upload_n, void **con_cls)
{
	struct market_http *h = ctx;
	struct exchange *x = *con_cls;

	(void)version;
	if (!x->begun) {
		begin(h, x, c, url);
		return MHD_YES;
	}
	if (*upload_n) {
		buf_add(&x->body, (struct str){ upload, *upload_n });
		*upload_n = 0;
		return MHD_YES;
	}
	if (x->fault.ms > 0 && x->fault.does != FAULT_TRICKLE && !x->delayed) {
		x->delayed = true;
		if (market_wait_add(h->wait, c, x->fault.ms))
			return MHD_YES;
	}
	return answer(h, x, c, method);
}

static enum err read_pem(const char *path, struct buf *to, struct reason *why)
{
	return path ? file_read(path, to, why) : ERR_OK;
}

static enum err listen_on(struct market_http *h, struct reason *why)
{
	const struct market_http_conf *conf = &h->conf;
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)conf->port) };
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
	struct MHD_OptionItem more[4];
	int n = 0;

	if (inet_pton(AF_INET, conf->listen, &at.sin_addr) != 1)
		return reason_set(why, ERR_BAD, "--listen wants an IPv4 address, not '%s'",
				  conf->listen);
	if (conf->threads > 1)
		more[n++] =
			(struct MHD_OptionItem){ MHD_OPTION_THREAD_POOL_SIZE, conf->threads, NULL };
	if (conf->cert_file) {
		flags |= MHD_USE_TLS;
		more[n++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_CERT, 0, h->cert.p };
		more[n++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_KEY, 0, h->key.p };
	}
	more[n] = (struct MHD_OptionItem){ MHD_OPTION_END, 0, NULL };
	errno = 0;
	h->daemon = MHD_start_daemon(flags, 0, NULL, NULL, on_request, h, MHD_OPTION_SOCK_ADDR, &at,
				     MHD_OPTION_URI_LOG_CALLBACK, on_uri, NULL,
				     MHD_OPTION_NOTIFY_COMPLETED, on_completed, h,
				     MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, MHD_OPTION_ARRAY,
				     more, MHD_OPTION_END);
	if (!h->daemon)
		return reason_set(why, ERR_NET, "cannot serve on %s:%d%s: %s", conf->listen,
				  conf->port, conf->cert_file ? " with this certificate" : "",
				  errno ? strerror(errno) : "refused");
	return ERR_OK;
}

enum err market_http_start(const struct market_http_conf *conf, struct market_http **ret,
			   int *ret_port, struct reason *why)
{
	struct market_http *h = mem_zero(sizeof(*h));
	enum err err;

	h->conf = *conf;
	buf_init(&h->cert, PEM_MOST);
	buf_init(&h->key, PEM_MOST);
	h->wait = market_wait_new();
	err = read_pem(conf->cert_file, &h->cert, why);
	if (!err)
		err = read_pem(conf->key_file, &h->key, why);
	if (!err)
		err = listen_on(h, why);
	if (err) {
		market_http_stop(h);
		return err;
	}
	*ret_port = MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
	*ret = h;
	return ERR_OK;
}

void market_http_stop(struct market_http *h)
{
	if (!h)
		return;
	/* a suspended connection would make libmicrohttpd abort */
	market_wait_close(h->wait);
	if (h->daemon)
		MHD_stop_daemon(h->daemon);
	market_wait_free(h->wait);
	buf_done(&h->cert);
	buf_done(&h->key);
	mem_free(h);
}
