#include "crawler/transfer.h"

#include "base/mem.h"
#include "base/must.h"
#include "crawler/guard.h"
#include "crawler/httphead.h"
#include "crawler/scope.h"
#include "crawler/secret.h"
#include "crawler/transfer_ask.h"
#include "crawler/way.h"

#include <string.h>
#include <sys/socket.h>

/* No connection is kept for longer: a name may lead elsewhere by now. */
#define CONNECTION_S 600

/* Where to, as the configuration has it now, and as what. */
static void set_out(struct transfer *t)
{
	const struct fetch_request *q = t->q;
	struct url first, u;

	t->url = arena_str(t->arena, q->way.n ? way_next(q->way) : q->url);
	if (url_parse(q->url, t->arena, &first, &t->why) ||
	    url_parse(t->url, t->arena, &u, &t->why)) {
		t->end = FETCH_UNREACHABLE;
	} else if (q->way.n && !scope_redirect(q->source, &u, &t->why)) {
		t->end = FETCH_OUTSIDE;
	} else {
		t->posts = q->body.n > 0 && way_posts(q->way);
		t->began_https = first.https;
		transfer_ask_set(t, &u);
	}
}

struct transfer *transfer_new(struct fetch_request *q, struct transfer_limits *l,
			      const struct clock *clock)
{
	struct transfer *t = mem_zero(sizeof(*t));

	l->users++;
	t->q = q;
	t->limits = l;
	t->clock = clock;
	t->end = FETCH_ENDS;
	t->arena = arena_new(2048);
	t->began_wall_ms = clock_wall_ms(clock);
	t->began_ms = t->heard_ms = clock_mono_ms(clock);
	buf_init(&t->asked, FETCH_ASKED_MOST);
	buf_init(&t->head, (size_t)l->head_bytes);
	buf_init(&t->body, (size_t)l->wire_bytes);
	set_out(t);
	return t;
}

void transfer_free(struct transfer *t)
{
	if (!t)
		return;
	curl_slist_free_all(t->headers);
	buf_done(&t->asked);
	buf_done(&t->head);
	buf_done(&t->body);
	arena_free(t->arena);
	transfer_limits_drop(t->limits);
	mem_free(t);
}

void transfer_stop(struct transfer *t, enum fetch_end end, const char *why)
{
	t->end = end;
	reason_set(&t->why, ERR_CANCELLED, "%s", why);
}

bool transfer_is_idle(const struct transfer *t)
{
	return t->connected && clock_mono_ms(t->clock) - t->heard_ms > t->limits->idle_ms;
}

static void heard(struct transfer *t)
{
	t->connected = true;
	t->heard_ms = clock_mono_ms(t->clock);
}

/* libcurl goes on to the host's next address when this one is refused. */
static curl_socket_t on_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct transfer *t = ctx;

	(void)purpose;
	if (guard_address(&to->addr, t->limits->networks, t->limits->n_networks, &t->guard)) {
		t->refused = true;
		return CURL_SOCKET_BAD;
	}
	t->tried = true;
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* Before each request, on kept connections too: those may have been opened
 * when the configuration allowed more. And before libcurl sends it once more, which
 * it does when a kept connection turns out to be closed. */
static int on_connected(void *ctx, char *ip, char *local_ip, int port, int local_port)
{
	struct transfer *t = ctx;

	(void)local_ip, (void)port, (void)local_port;
	heard(t);
	if (t->sent++) {
		/* the server would count two */
		transfer_stop(t, FETCH_DROPPED, "the kept connection was closed before an answer");
		return CURL_PREREQFUNC_ABORT;
	}
	if (guard_text(str_of(ip), t->limits->networks, t->limits->n_networks, &t->guard)) {
		transfer_stop(t, FETCH_REFUSED, t->guard.text);
		return CURL_PREREQFUNC_ABORT;
	}
	return CURL_PREREQFUNC_OK;
}

static int status_of(const struct transfer *t)
{
	long status = 0;

	if (t->easy && t->head_ended)
		curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	return (int)status;
}

/* A body that is announced as too long is not asked to come. */
static bool too_long(const struct transfer *t)
{
	struct str value = httphead_value(buf_str(&t->head), STR("content-length"));
	int64_t n;

	return status_of(t) != 304 && str_i64(value, &n) && n > t->limits->wire_bytes;
}

static size_t on_head(char *p, size_t one, size_t n, void *ctx)
{
	struct transfer *t = ctx;
	struct str line = { p, n * one };

	heard(t);
	t->head_bytes += line.n;
	if (t->head_bytes > (size_t)t->limits->head_bytes) {
		transfer_stop(t, FETCH_TOO_BIG, "headers over max-header");
		return 0;
	}
	if (t->head_ended) {
		if (!str_starts(line, STR("HTTP/")))
			return line.n; /* trailers */
		/* the response after an interim one */
		buf_clear(&t->head);
		t->head_ended = false;
	}
	buf_add(&t->head, line);
	t->head_ended = str_trim(line).n == 0;
	if (t->head_ended && too_long(t)) {
		transfer_stop(t, FETCH_TOO_BIG, "the announced size is over max-wire");
		return 0;
	}
	return line.n;
}

static size_t on_body(char *p, size_t one, size_t n, void *ctx)
{
	struct transfer *t = ctx;
	struct str part = { p, n * one };

	heard(t);
	if (!buf_add(&t->body, part))
		return part.n;
	buf_add(&t->body, str_sub(part, 0, t->body.cap - t->body.n));
	transfer_stop(t, FETCH_TOO_BIG, "body over max-wire");
	return 0;
}

static int on_debug(CURL *easy, curl_infotype what, char *p, size_t n, void *ctx)
{
	struct transfer *t = ctx;
	struct str bytes = { p, n };

	(void)easy;
	/* what a proxy is told is no request to the site */
	if (what != CURLINFO_HEADER_OUT || str_starts(bytes, STR("CONNECT ")))
		return 0;
	buf_add(&t->asked, bytes);
	return 0;
}

static void set_number(CURL *easy, CURLoption option, int64_t n)
{
	must(curl_easy_setopt(easy, option, (long)n) == CURLE_OK);
}

static void set_pointer(CURL *easy, CURLoption option, const void *p)
{
	must(curl_easy_setopt(easy, option, p) == CURLE_OK);
}

static void arm_limits(struct transfer *t)
{
	const struct transfer_limits *l = t->limits;

	set_number(t->easy, CURLOPT_TIMEOUT_MS, l->timeout_ms);
	set_number(t->easy, CURLOPT_CONNECTTIMEOUT_MS, l->connect_ms);
	set_pointer(t->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	set_number(t->easy, CURLOPT_FOLLOWLOCATION, 0);
	set_number(t->easy, CURLOPT_SSL_VERIFYPEER, 1);
	set_number(t->easy, CURLOPT_SSL_VERIFYHOST, 2);
	if (l->ca_file)
		set_pointer(t->easy, CURLOPT_CAINFO, l->ca_file);
	if (l->connect_to)
		set_pointer(t->easy, CURLOPT_CONNECT_TO, l->connect_to);
	set_pointer(t->easy, CURLOPT_USERAGENT, l->user_agent);
	transfer_ask_proxy(t);
	set_number(t->easy, CURLOPT_MAXLIFETIME_CONN, CONNECTION_S);
	set_number(t->easy, CURLOPT_FRESH_CONNECT, t->q->fresh);
	set_number(t->easy, CURLOPT_NOSIGNAL, 1);
	/* a resolver thread that hangs does not hold up the end of the daemon */
	set_number(t->easy, CURLOPT_QUICK_EXIT, 1);
	/* bytes as they came off the wire; chunks are joined */
	set_number(t->easy, CURLOPT_HTTP_CONTENT_DECODING, 0);
}

void transfer_arm(struct transfer *t, CURL *easy)
{
	t->easy = easy;
	arm_limits(t);
	set_pointer(easy, CURLOPT_URL, t->asked_url.p);
	set_pointer(easy, CURLOPT_HTTPHEADER, t->headers);
	set_pointer(easy, CURLOPT_COOKIE, t->cookie.p);
	if (t->posts) {
		must(curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
				      (curl_off_t)t->q->body.n) == CURLE_OK);
		set_pointer(easy, CURLOPT_POSTFIELDS, t->q->body.p);
	}
	set_pointer(easy, CURLOPT_PRIVATE, t);
	set_pointer(easy, CURLOPT_ERRORBUFFER, t->error);
	set_pointer(easy, CURLOPT_HEADERDATA, t);
	set_pointer(easy, CURLOPT_WRITEDATA, t);
	set_pointer(easy, CURLOPT_DEBUGDATA, t);
	set_pointer(easy, CURLOPT_PREREQDATA, t);
	set_pointer(easy, CURLOPT_OPENSOCKETDATA, t);
	must(curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_head) == CURLE_OK);
	must(curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK);
	must(curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_debug) == CURLE_OK);
	must(curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_connected) == CURLE_OK);
	must(curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_socket) == CURLE_OK);
	set_number(easy, CURLOPT_VERBOSE, 1);
}

static enum fetch_end end_of(const struct transfer *t, CURLcode rc)
{
	switch (rc) {
	case CURLE_OK:
		return FETCH_ANSWER;
	case CURLE_OPERATION_TIMEDOUT:
		return FETCH_TIMEOUT;
	case CURLE_COULDNT_CONNECT:
		return t->refused && !t->tried ? FETCH_REFUSED : FETCH_UNREACHABLE;
	default:
		return status_of(t) >= 200 ? FETCH_CUT : FETCH_UNREACHABLE;
	}
}

/* What an answer means that came whole. */
static enum fetch_end read_way(struct transfer *t)
{
	const struct way_answer in = { .source = t->q->source,
				       .way = t->q->way,
				       .asked = t->url,
				       .status = status_of(t),
				       .response_head = buf_str(&t->head),
				       .most = t->limits->redirects };

	return way_on(&in, t->arena, &t->way, &t->why);
}

/* What a proxy says of itself is no answer of the site. */
static void refused_by_proxy(struct transfer *t)
{
	t->end = FETCH_UNREACHABLE;
	t->head_ended = false;
	reason_set(&t->why, ERR_DENIED, "the proxy wants other credentials (HTTP status 407)");
}

void transfer_done(struct transfer *t, CURLcode rc)
{
	if (t->end != FETCH_ENDS)
		return; /* stopped by us; libcurl's words say less */
	if (t->proxy.n && status_of(t) == 407) {
		refused_by_proxy(t);
		return;
	}
	t->end = end_of(t, rc);
	if (!rc && !t->head_ended) {
		/* libcurl takes what came of it for an answer */
		t->end = FETCH_UNREACHABLE;
		reason_set(&t->why, ERR_NET, "the connection was closed within the headers");
	} else if (!rc) {
		t->end = read_way(t);
	} else if (t->end == FETCH_REFUSED) {
		t->why = t->guard;
	} else if (rc == CURLE_UNRECOVERABLE_POLL ||
		   str_is(str_of(t->error), "select/poll returned error")) {
		/* what libcurl sees of a TCP RST, by another number in each of its versions */
		reason_set(&t->why, ERR_NET, "the connection was reset");
	} else {
		reason_set(&t->why, ERR_NET, "%s", t->error[0] ? t->error : curl_easy_strerror(rc));
	}
}

static void copy_response(const struct transfer *t, struct fetch_answer *a)
{
	struct str head = buf_str(&t->head);
	long version = 0;
	char *ip = NULL;

	a->status = status_of(t);
	if (a->status) {
		a->response_head = arena_str(a->arena, head);
		a->body = arena_str(a->arena, buf_str(&t->body));
		a->content_type = httphead_value(a->response_head, STR("content-type"));
		a->content_encoding = httphead_value(a->response_head, STR("content-encoding"));
		a->retry_after_ms = httphead_retry_after(head, t->began_wall_ms);
	}
	if (!t->easy)
		return;
	curl_easy_getinfo(t->easy, CURLINFO_HTTP_VERSION, &version);
	a->http2 = version == CURL_HTTP_VERSION_2_0;
	curl_easy_getinfo(t->easy, CURLINFO_PRIMARY_IP, &ip);
	a->proxied = t->proxy.n > 0;
	a->ip = arena_text(a->arena, ip && *ip ? ip : NULL);
}

struct fetch_answer *transfer_answer(struct transfer *t)
{
	struct arena *arena = arena_new(t->body.n + t->head.n + t->asked.n + 2048);
	struct fetch_answer *a = arena_zero(arena, sizeof(*a));
	const struct conf_source *s = t->q->source;

	must(t->end != FETCH_ENDS);
	a->arena = arena;
	a->end = t->end;
	reason_set(&a->why, ERR_OK, "%s", secret_hide(s, str_of(t->why.text), arena).p);
	a->started_ms = t->began_wall_ms;
	a->took_ms = clock_mono_ms(t->clock) - t->began_ms;
	a->url = arena_str(arena, t->url);
	a->request_head =
		secret_hide(s, httphead_without_secrets(buf_str(&t->asked), arena), arena);
	a->request_body = t->posts ? arena_str(arena, t->q->body) : (struct str){ 0 };
	a->retry_after_ms = -1;
	copy_response(t, a);
	a->way = arena_str(arena, t->way);
	a->n_hops = way_hops(arena_str(arena, t->q->way), arena, &a->hops);
	return a;
}
