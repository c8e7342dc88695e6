#include "crawler/transfer_ask.h"

#include "base/must.h"
#include "config/conf_proxy.h"
#include "crawler/decode.h"
#include "crawler/guard.h"
#include "crawler/scope.h"
#include "crawler/secret.h"

static bool has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 127)
			return true;
	return false;
}

static void add_header(struct transfer *t, struct str name, struct str value)
{
	struct curl_slist *more;

	/* curl's way to say a header without a value */
	more = curl_slist_append(t->headers,
				 arena_fmt(t->arena, value.n ? "%.*s: %.*s" : "%.*s;%.*s",
					   STR_ARG(name), STR_ARG(value))
					 .p);
	must(more != NULL);
	t->headers = more;
}

static bool has_header(const struct conf_header *h, int n, struct str name)
{
	for (int i = 0; i < n; i++)
		if (str_eq_nocase(h[i].name, name))
			return true;
	return false;
}

/* Whether the request has one of its own in place of the source's. */
static bool is_replaced(const struct transfer *t, struct str name)
{
	const struct fetch_request *q = t->q;

	return has_header(q->headers, q->n_headers, name) ||
	       (t->posts && q->body_type.n && str_eq_nocase(name, STR("content-type")));
}

static void add_if_ours(struct transfer *t, const struct conf_header *h)
{
	struct str value = h->value;

	if (secret_is(h)) {
		if (!t->tells)
			return;
		value = secret_put(t->q->source, value, t->arena);
	}
	/* libcurl joins it with those of the jar */
	if (str_eq_nocase(h->name, STR("cookie")))
		t->cookie = arena_str(t->arena, value);
	else
		add_header(t, h->name, value);
}

static void add_headers(struct transfer *t, const struct conf_header *h, int n)
{
	for (int i = 0; i < n; i++) {
		if (has_control(h[i].name) || has_control(h[i].value)) {
			t->end = FETCH_UNREACHABLE;
			reason_set(&t->why, ERR_BAD, "a header of source %.*s has a line break",
				   STR_ARG(t->q->source->name));
		} else if (h == t->q->headers || !is_replaced(t, h[i].name)) {
			add_if_ours(t, &h[i]);
		}
	}
}

static void set_headers(struct transfer *t)
{
	const struct fetch_request *q = t->q;
	const struct conf_source *s = q->source;
	struct conf_header auth;

	curl_slist_free_all(t->headers);
	t->headers = NULL;
	t->cookie = (struct str){ 0 };
	add_headers(t, s->headers, s->n_headers);
	add_headers(t, q->headers, q->n_headers);
	if (!has_header(s->headers, s->n_headers, STR("accept-encoding")) &&
	    !has_header(q->headers, q->n_headers, STR("accept-encoding")))
		add_header(t, STR("Accept-Encoding"), STR(DECODE_ACCEPT));
	if (t->posts && q->body_type.n)
		add_header(t, STR("Content-Type"), q->body_type);
	if (t->tells && secret_header(s, t->arena, &auth) && !is_replaced(t, auth.name))
		add_header(t, auth.name, auth.value);
}

/* The proxy that is to be asked for the host of `u`; the guard has its say on what
 * the proxy will resolve. */
static void set_proxy(struct transfer *t, struct str host)
{
	const struct transfer_limits *l = t->limits;
	const struct conf_source *s = t->q->source;
	struct str proxy = s->proxy.p ? s->proxy : l->proxy;
	ptrdiff_t end = str_find_char(host, host.n && host.p[0] == '[' ? ']' : ':');

	if (end >= 0)
		host = str_sub(host, 0, (size_t)end + (host.p[0] == '['));
	t->proxy = STR("");
	if (!proxy.p || str_is(proxy, "none") || conf_proxy_skips(l->no_proxy, l->n_no_proxy, host))
		return;
	t->proxy = proxy;
	if (guard_host(host, l->networks, l->n_networks, &t->why))
		t->end = FETCH_REFUSED;
}

void transfer_ask_set(struct transfer *t, const struct url *u)
{
	const struct conf_source *s = t->q->source;

	t->url = u->text;
	/* Not in the clear when it began encrypted. */
	t->tells = !t->q->anonymous && scope_host(s, u->host) && (u->https || !t->began_https);
	set_proxy(t, u->host);
	set_headers(t);
	t->asked_url = t->tells ? secret_url(s, t->url, t->arena) : t->url;
}

static void set(CURL *easy, CURLoption option, const char *text)
{
	must(curl_easy_setopt(easy, option, text) == CURLE_OK);
}

void transfer_ask_proxy(struct transfer *t)
{
	struct str scheme, credential, host, value, password = { 0 };
	ptrdiff_t colon;

	/* "" keeps that of the environment out */
	if (!t->proxy.n) {
		set(t->easy, CURLOPT_PROXY, "");
		return;
	}
	conf_proxy_split(t->proxy, &scheme, &credential, &host);
	set(t->easy, CURLOPT_PROXY,
	    arena_fmt(t->arena, "%.*s://%.*s", STR_ARG(scheme), STR_ARG(host)).p);
	if (t->limits->ca_file)
		set(t->easy, CURLOPT_PROXY_CAINFO, t->limits->ca_file);
	must(curl_easy_setopt(t->easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) == CURLE_OK);
	if (!credential.p)
		return;
	value = secret_put(t->q->source,
			   arena_fmt(t->arena, "{credential:%.*s}", STR_ARG(credential)), t->arena);
	colon = str_find_char(value, ':');
	if (colon >= 0) {
		password = arena_str(t->arena, str_sub(value, (size_t)colon + 1, value.n));
		value = arena_str(t->arena, str_sub(value, 0, (size_t)colon));
	}
	set(t->easy, CURLOPT_PROXYUSERNAME, value.p);
	set(t->easy, CURLOPT_PROXYPASSWORD, password.p ? password.p : "");
}
