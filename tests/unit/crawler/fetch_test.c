/* The fetcher against a server on loopback that does all that servers do. */
#include "tests/unit/crawler/site.h"

#include "crawler/httphead.h"

#include <string.h>
#include <unistd.h>

#define GZ "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x4b\x04\x00\x43\xbe\xb7\xe8\x01\x00\x00\x00"
#define OK "HTTP/1.1 200 OK\r\n"

static const struct site_answer answers[] = {
	{ "/ok", OK "Content-Type: text/html; charset=utf-8\r\nContent-Length: 5\r\n\r\nhello", 0,
	  0 },
	{ "/gzip", OK "Content-Encoding: gzip\r\nContent-Length: 21\r\n\r\n" GZ,
	  sizeof(OK "Content-Encoding: gzip\r\nContent-Length: 21\r\n\r\n" GZ) - 1, 0 },
	{ "/chunked",
	  OK "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nT: t\r\n\r\n",
	  0, 0 },
	{ "/until-close", OK "\r\nhello", 0, SITE_CLOSE },
	{ "/short", OK "Content-Length: 100\r\n\r\nhello", 0, SITE_CLOSE },
	{ "/long", OK "Content-Length: 2\r\n\r\nhello", 0, SITE_CLOSE },
	{ "/chunk-cut", OK "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n wo", 0,
	  SITE_CLOSE },
	{ "/chunk-bad", OK "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n", 0,
	  SITE_CLOSE },
	{ "/stuck", OK "Content-Length: 100\r\n\r\nhello", 0, SITE_HOLD },
	{ "/silent", "", 0, SITE_HOLD },
	{ "/huge", OK "Content-Length: 100001\r\n\r\n", 0, SITE_HOLD },
	{ "/endless", OK "\r\n", 0, SITE_ENDLESS },
	{ "/big-head", OK, 0, SITE_BIG_HEAD },
	{ "/nothing", "", 0, SITE_CLOSE },
	{ "/half-head", OK "Content-", 0, SITE_CLOSE },
	{ "/garbage", "SSH-2.0-x\r\n\r\n", 0, SITE_CLOSE },
	{ "/interim", "HTTP/1.1 103 Early\r\nA: b\r\n\r\n" OK "Content-Length: 2\r\n\r\nhi", 0, 0 },
	{ "/bare-lf", "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", 0, 0 },
	{ "/missing", "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone", 0, 0 },
	{ "/not-modified", "HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n", 0, 0 },
	{ "/later", "HTTP/1.1 429 x\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n", 0, 0 },
	{ "/later-date",
	  "HTTP/1.1 503 x\r\nDate: Tue, 14 Nov 2023 22:13:20 GMT\r\n"
	  "Retry-After: Tue, 14 Nov 2023 22:15:20 GMT\r\nContent-Length: 0\r\n\r\n",
	  0, 0 },
	{ "/hop1", "HTTP/1.1 301 x\r\nLocation: sub/../hop2?a=b#c\r\nContent-Length: 0\r\n\r\n", 0,
	  0 },
	{ "/hop2?a=b", "HTTP/1.1 307 x\r\nLocation: /ok\r\nContent-Length: 3\r\n\r\nbye", 0, 0 },
	{ "/loop", "HTTP/1.1 302 x\r\nLocation: /loop\r\nContent-Length: 0\r\n\r\n", 0, 0 },
	{ "/away", "HTTP/1.1 302 x\r\nLocation: http://evil.example/\r\nContent-Length: 0\r\n\r\n",
	  0, 0 },
	{ "/inward",
	  "HTTP/1.1 302 x\r\nLocation: http://inner.example/\r\nContent-Length: 0\r\n\r\n", 0, 0 },
	{ "/file", "HTTP/1.1 302 x\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n", 0,
	  0 },
	{ "/moved-301", "HTTP/1.1 301 x\r\nLocation: /echo\r\nContent-Length: 0\r\n\r\n", 0, 0 },
	{ "/moved-302", "HTTP/1.1 302 x\r\nLocation: /echo\r\nContent-Length: 0\r\n\r\n", 0, 0 },
	{ "/moved-303", "HTTP/1.1 303 x\r\nLocation: /echo\r\nContent-Length: 0\r\n\r\n", 0, 0 },
	{ "/moved-307", "HTTP/1.1 307 x\r\nLocation: /echo\r\nContent-Length: 0\r\n\r\n", 0, 0 },
	{ "/moved-308", "HTTP/1.1 308 x\r\nLocation: /echo\r\nContent-Length: 0\r\n\r\n", 0, 0 },
	{ "/moved-twice", "HTTP/1.1 307 x\r\nLocation: /moved-302\r\nContent-Length: 0\r\n\r\n", 0,
	  0 },
	{ "/nowhere", "HTTP/1.1 302 x\r\nContent-Length: 2\r\n\r\nhi", 0, 0 },
	{ "/echo", "", 0, SITE_SAY_BACK },
};

static int setup(void **state)
{
	site.answers = answers;
	site.n_answers = N(answers);
	return site_setup(state);
}

static void answers_of_all_kinds(void **state)
{
	static const struct {
		const char *path;
		enum fetch_end end;
		int status;
		const char *body, *why; /* why: a part of the reason */
	} rows[] = {
		{ "/ok", FETCH_ANSWER, 200, "hello", NULL },
		{ "/gzip", FETCH_ANSWER, 200, GZ, NULL },
		{ "/chunked", FETCH_ANSWER, 200, "hello world", NULL },
		{ "/until-close", FETCH_ANSWER, 200, "hello", NULL },
		{ "/short", FETCH_CUT, 200, "hello", "95 bytes" },
		{ "/long", FETCH_ANSWER, 200, "he", NULL },
		{ "/chunk-cut", FETCH_CUT, 200, "hello wo", "" },
		{ "/chunk-bad", FETCH_CUT, 200, "hello", "" },
		{ "/huge", FETCH_TOO_BIG, 200, "", "size" },
		{ "/big-head", FETCH_TOO_BIG, 0, "", "max-header" },
		{ "/nothing", FETCH_UNREACHABLE, 0, "", "Empty reply" },
		{ "/half-head", FETCH_UNREACHABLE, 0, "", "" },
		{ "/garbage", FETCH_UNREACHABLE, 0, "", "HTTP/0.9" },
		{ "/interim", FETCH_ANSWER, 200, "hi", NULL },
		{ "/bare-lf", FETCH_ANSWER, 200, "hi", NULL },
		{ "/missing", FETCH_ANSWER, 404, "gone", NULL },
		{ "/not-modified", FETCH_ANSWER, 304, "", NULL },
		{ "/loop", FETCH_REDIRECTS, 302, "", "more than 3" },
		{ "/away", FETCH_OUTSIDE, 302, "", "evil.example" },
		{ "/file", FETCH_REDIRECTS, 302, "", "redirect: " },
		{ "/nowhere", FETCH_ANSWER, 302, "hi", NULL },
	};
	struct fetch_answer *a;

	(void)state;
	for (int i = 0; i < N(rows); i++) {
		a = site_get(rows[i].path);
		if (a->end != rows[i].end || a->status != rows[i].status)
			fail_msg("%s: %s %d %s", rows[i].path, fetch_end_name(a->end), a->status,
				 a->why.text);
		if (strcmp(rows[i].body, GZ) == 0)
			assert_true(str_eq(a->body, (struct str){ GZ, sizeof(GZ) - 1 }));
		else if (!str_is(a->body, rows[i].body))
			fail_msg("%s: body %.*s", rows[i].path, STR_ARG(a->body));
		if (rows[i].why && str_find(str_of(a->why.text), str_of(rows[i].why)) < 0)
			fail_msg("%s: %s", rows[i].path, a->why.text);
		assert_int_equal(a->why.text[0] != 0, rows[i].why != NULL);
		assert_int_equal(a->response_head.n > 0, a->status > 0);
		assert_true(a->took_ms >= 0 && a->started_ms > 1700000000000);
		assert_false(a->http2);
		fetch_answer_free(a);
	}
	assert_int_equal(fetch_running(site.f), 0);
}

static void keeps_what_was_said(void **state)
{
	struct fetch_answer *a = site_get("/ok");
	char line[64];

	(void)state;
	assert_true(str_is(a->response_head, OK "Content-Type: text/html; charset=utf-8\r\n"
						"Content-Length: 5\r\n\r\n"));
	assert_true(str_is(a->content_type, "text/html; charset=utf-8"));
	assert_null(a->content_encoding.p);
	assert_true(str_is(a->ip, "127.0.0.1"));
	assert_int_equal(a->retry_after_ms, -1);
	assert_true(str_starts(a->request_head, STR("GET /ok HTTP/1.1\r\n")));
	assert_true(str_ends(a->request_head, STR("\r\n\r\n")));
	snprintf(line, sizeof(line), "\r\nHost: 127.0.0.1:%d\r\n", site.port);
	assert_true(str_find(a->request_head, str_of(line)) > 0);
	assert_true(str_find(a->request_head, STR("\r\nUser-Agent: piped-test/1\r\n")) > 0);
	assert_true(str_find(a->request_head,
			     STR("\r\nAccept-Encoding: gzip, br, zstd, deflate\r\n")) > 0);
	fetch_answer_free(a);
	a = site_get("/gzip");
	assert_true(str_is(a->content_encoding, "gzip"));
	fetch_answer_free(a);
	a = site_get("/interim");
	assert_true(str_is(a->response_head, OK "Content-Length: 2\r\n\r\n"));
	fetch_answer_free(a);
}

static void sends_headers_but_not_to_the_archive(void **state)
{
	struct fetch_answer *a;

	(void)state;
	site.headers[0] = (struct conf_header){ STR("Cookie"), STR("session=hunter2") };
	site.headers[1] = (struct conf_header){ STR("X-Api-Client-Secret"), STR("hunter3") };
	site.headers[2] = (struct conf_header){ STR("Accept-Encoding"), STR("identity") };
	site.headers[3] = (struct conf_header){ STR("X-Empty"), STR("") };
	site.source.n_headers = 4;
	a = site_get("/echo");
	assert_true(str_find(a->body, STR("\r\nCookie: session=hunter2\r\n")) > 0);
	assert_true(str_find(a->body, STR("\r\nX-Api-Client-Secret: hunter3\r\n")) > 0);
	assert_true(str_find(a->body, STR("\r\nAccept-Encoding: identity\r\n")) > 0);
	assert_true(str_find(a->body, STR("\r\nX-Empty:\r\n")) > 0);
	assert_true(str_find(a->body, STR("Accept-Encoding: gzip")) < 0);
	assert_true(str_find(a->request_head, STR("hunter")) < 0);
	assert_true(str_find(a->request_head, STR("\r\nCookie: ***\r\n")) > 0);
	assert_true(str_find(a->request_head, STR("\r\nX-Api-Client-Secret: ***\r\n")) > 0);
	assert_true(str_find(a->request_head, STR("\r\nAccept-Encoding: identity\r\n")) > 0);
	fetch_answer_free(a);
	site.headers[0].value = STR("a\r\nHost: evil");
	a = site_get("/echo");
	assert_int_equal(a->end, FETCH_UNREACHABLE);
	assert_true(str_find(str_of(a->why.text), STR("line break")) > 0);
	fetch_answer_free(a);
}

static void posts(void **state)
{
	static char big[40000];
	struct fetch_request q = { .body = STR("{\"q\":\"옷\"}"),
				   .body_type = STR("application/json") };
	struct fetch_answer *a = site_ask(&q, "/echo");

	(void)state;
	assert_int_equal(a->end, FETCH_ANSWER);
	assert_true(str_starts(a->body, STR("POST /echo HTTP/1.1\r\n")));
	assert_true(site_said(a, "\r\nContent-Type: application/json\r\n"));
	assert_true(site_said(a, "\r\nContent-Length: 11\r\n"));
	assert_true(str_ends(a->body, STR("\r\n\r\n{\"q\":\"옷\"}")));
	assert_true(str_eq(a->request_body, q.body));
	assert_true(str_starts(a->request_head, STR("POST /echo ")));
	assert_true(str_ends(a->request_head, STR("\r\n\r\n")));
	fetch_answer_free(a);
	for (size_t i = 0; i < sizeof(big); i++)
		big[i] = (char)('a' + i % 26);
	q.body = (struct str){ big, sizeof(big) };
	a = site_ask(&q, "/echo");
	assert_true(str_ends(a->body, q.body));
	assert_false(site_said(a, "Expect"));
	fetch_answer_free(a);
	/* and the connection serves a GET as if nothing had been */
	a = site_get("/echo");
	assert_true(str_starts(a->body, STR("GET /echo ")));
	assert_false(site_said(a, "Content-"));
	assert_null(a->request_body.p);
	assert_int_equal(site.n, 1);
	fetch_answer_free(a);
}

/* RFC 9110 15.4: what becomes a GET, and what is repeated. */
static void posts_through_redirects(void **state)
{
	static const struct {
		const char *path;
		bool again;
		int hops;
	} rows[] = {
		{ "/moved-301", false, 1 }, { "/moved-302", false, 1 },
		{ "/moved-303", false, 1 }, { "/moved-307", true, 1 },
		{ "/moved-308", true, 1 },  { "/moved-twice", false, 2 },
	};
	const struct fetch_request q = { .body = STR("a=b"), .body_type = STR("text/x-test") };
	struct fetch_answer *a;

	(void)state;
	for (int i = 0; i < N(rows); i++) {
		bool again = rows[i].again;

		a = site_ask(&q, rows[i].path);
		if (a->end != FETCH_ANSWER || a->n_hops != rows[i].hops ||
		    !str_starts(a->body, again ? STR("POST /echo ") : STR("GET /echo ")) ||
		    site_said(a, "\r\nContent-Type: text/x-test\r\n") != again ||
		    site_said(a, "Content-Length") != again || site_said(a, "\r\n\r\na=b") != again)
			fail_msg("%s: %s\n%.*s", rows[i].path, fetch_end_name(a->end),
				 STR_ARG(a->body));
		assert_int_equal(a->request_body.n, again ? 3 : 0);
		fetch_answer_free(a);
	}
}

static void headers_of_one_request(void **state)
{
	const struct conf_header own[] = {
		{ STR("if-none-match"), STR("\"x\"") },
		{ STR("X-LANGUAGE"), STR("en") },
		{ STR("accept-encoding"), STR("identity") },
	};
	struct fetch_request q = { .headers = own, .n_headers = N(own) };
	struct fetch_answer *a;

	(void)state;
	site.headers[0] = (struct conf_header){ STR("X-Language"), STR("ko") };
	site.headers[1] = (struct conf_header){ STR("X-Other"), STR("stays") };
	site.headers[2] = (struct conf_header){ STR("Content-Type"), STR("text/source") };
	site.source.n_headers = 2;
	a = site_ask(&q, "/moved-302"); /* on every hop */
	assert_true(site_said(a, "\r\nif-none-match: \"x\"\r\n"));
	assert_true(site_said(a, "\r\nX-LANGUAGE: en\r\n"));
	assert_true(site_said(a, "\r\nX-Other: stays\r\n"));
	assert_true(site_said(a, "\r\naccept-encoding: identity\r\n"));
	assert_false(site_said(a, "ko\r\n"));
	assert_false(site_said(a, "Accept-Encoding: "));
	fetch_answer_free(a);
	a = site_get("/echo");
	assert_true(site_said(a, "\r\nX-Language: ko\r\n"));
	assert_false(site_said(a, "if-none-match"));
	fetch_answer_free(a);
	/* a body's own type, not the source's beside it */
	site.source.n_headers = 3;
	q = (struct fetch_request){ .body = STR("x"), .body_type = STR("text/own") };
	a = site_ask(&q, "/echo");
	assert_true(site_said(a, "\r\nContent-Type: text/own\r\n"));
	assert_false(site_said(a, "text/source"));
	fetch_answer_free(a);
	q.headers = &(struct conf_header){ STR("X-Bad"), STR("a\r\nHost: evil") };
	q.n_headers = 1;
	a = site_ask(&q, "/echo");
	assert_int_equal(a->end, FETCH_UNREACHABLE);
	assert_true(str_find(str_of(a->why.text), STR("line break")) > 0);
	fetch_answer_free(a);
}

static void redacts(void **state)
{
	struct arena *a = arena_new(1024);

	(void)state;
	assert_string_equal(
		httphead_without_secrets(STR("GET /?token=http://a HTTP/1.1\r\nauthorization:x\r\n"
					     "Accept: */*\r\n\r\n"),
					 a)
			.p,
		"GET /?token=http://a HTTP/1.1\r\nauthorization: ***\r\n"
		"Accept: */*\r\n\r\n");
	assert_string_equal(httphead_without_secrets(STR(""), a).p, "");
	arena_free(a);
}

static void follows_redirects(void **state)
{
	struct fetch_answer *a = site_get("/hop1");
	char url[64];

	(void)state;
	assert_int_equal(a->end, FETCH_ANSWER);
	assert_true(str_is(a->body, "hello"));
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/ok", site.port);
	assert_true(str_is(a->url, url));
	assert_true(str_starts(a->request_head, STR("GET /ok ")));
	assert_int_equal(a->n_hops, 2);
	assert_int_equal(a->hops[0].status, 301);
	assert_true(str_ends(a->hops[0].url, STR("/hop1")));
	assert_int_equal(a->hops[1].status, 307);
	assert_true(str_ends(a->hops[1].url, STR("/hop2?a=b")));
	fetch_answer_free(a);
	site.conf.max_redirects = 1;
	fetch_reconfigure(site.f, &site.conf);
	a = site_get("/hop1");
	assert_int_equal(a->end, FETCH_REDIRECTS);
	assert_true(str_is(a->body, "bye"));
	fetch_answer_free(a);
	site.conf.max_redirects = 0;
	fetch_reconfigure(site.f, &site.conf);
	a = site_get("/loop");
	assert_int_equal(a->end, FETCH_REDIRECTS);
	assert_int_equal(a->n_hops, 0);
	fetch_answer_free(a);
}

static void endless_body(void **state)
{
	struct fetch_answer *a = site_get("/endless");

	(void)state;
	assert_int_equal(a->end, FETCH_TOO_BIG);
	assert_int_equal(a->body.n, SITE_WIRE_MOST);
	assert_int_equal(a->status, 200);
	fetch_answer_free(a);
}

static void time_runs_out(void **state)
{
	static const struct {
		const char *path;
		int64_t total_ms, idle_ms;
		int status;
	} rows[] = {
		/* Long enough for a busy machine to answer before it gets stuck. */
		{ "/silent", 100, 60000, 0 },
		{ "/silent", 60000, 100, 0 },
		{ "/stuck", 1000, 60000, 200 },
		{ "/stuck", 60000, 1000, 200 },
	};
	struct fetch_answer *a;

	(void)state;
	for (int i = 0; i < N(rows); i++) {
		site.conf.timeout_ms = rows[i].total_ms;
		site.conf.idle_timeout_ms = rows[i].idle_ms;
		fetch_reconfigure(site.f, &site.conf);
		a = site_get(rows[i].path);
		assert_int_equal(a->end, FETCH_TIMEOUT);
		assert_int_equal(a->status, rows[i].status);
		assert_true(str_is(a->body, rows[i].status ? "hello" : ""));
		assert_true(a->why.text[0] != 0);
		assert_in_range(a->took_ms, 95, 30000);
		fetch_answer_free(a);
	}
}

static void comes_back_later(void **state)
{
	struct fetch_answer *a = site_get("/later");

	(void)state;
	assert_int_equal(a->status, 429);
	assert_int_equal(a->retry_after_ms, 7000);
	fetch_answer_free(a);
	a = site_get("/later-date"); /* by the server's own clock, years behind */
	assert_int_equal(a->status, 503);
	assert_int_equal(a->retry_after_ms, 120000);
	fetch_answer_free(a);
}

static void retry_after(void **state)
{
	static const int64_t now = 1700000000000; /* Tue, 14 Nov 2023 22:13:20 GMT */
	static const struct {
		const char *value;
		int64_t ms;
	} rows[] = {
		{ "0", 0 },
		{ "120", 120000 },
		{ " 5 ", 5000 },
		{ "999999999999999999999999", (int64_t)365 * 24 * 3600 * 1000 },
		{ "Tue, 14 Nov 2023 22:13:50 GMT", 30000 },
		{ "Tuesday, 14-Nov-23 22:13:50 GMT", 30000 },
		{ "Tue Nov 14 22:13:50 2023", 30000 },
		{ "Tue, 14 Nov 2023 22:13:00 GMT", 0 },
		{ "Fri, 31 Dec 9999 23:59:59 GMT", (int64_t)365 * 24 * 3600 * 1000 },
		{ "-5", -1 },
		{ "1.5", -1 },
		{ "5s", -1 },
		{ "", -1 },
		{ "soon", -1 },
		{ "Tue, 99 Nov 2023 99:99:99 GMT", -1 },
		{ "20231114 22:13:50", -1 },
		{ "Tue, 14 Nov 2023 22:13:50 GMT Tue, 14 Nov 2023 22:13:50 GMT Tue, 14 Nov", -1 },
	};

	(void)state;
	for (int i = 0; i < N(rows); i++)
		if (fetch_retry_after(str_of(rows[i].value), now) != rows[i].ms)
			fail_msg("%s: %lld", rows[i].value,
				 (long long)fetch_retry_after(str_of(rows[i].value), now));
	assert_int_equal(fetch_retry_after((struct str){ 0 }, now), -1);
	assert_int_equal(fetch_retry_after((struct str){ "1\0", 2 }, now), -1);
}

static void refused(void **state)
{
	struct site_ask k;
	char url[64];
	int port, fd = site_listener(&port);

	(void)state;
	close(fd);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", port);
	site_begin_url(&k, url);
	site_wait(&k);
	assert_int_equal(k.a->end, FETCH_UNREACHABLE);
	assert_true(str_find(str_of(k.a->why.text), STR("127.0.0.1")) > 0);
	assert_int_equal(k.a->status, 0);
	assert_int_equal(k.a->response_head.n, 0);
	fetch_answer_free(k.a);
	site_begin_url(&k, "file:///etc/passwd");
	assert_int_equal(fetch_running(site.f), 1);
	site_wait(&k);
	assert_int_equal(k.a->end, FETCH_UNREACHABLE);
	assert_int_equal(k.a->body.n, 0);
	fetch_answer_free(k.a);
	assert_int_equal(fetch_running(site.f), 0);
}

static struct fetch_answer *get_host(const char *host, const char *path)
{
	static struct site_ask k;
	char url[256];

	snprintf(url, sizeof(url), "http://%s:%d%s", host, site.port, path);
	site_begin_url(&k, url);
	return site_wait(&k);
}

/* Whatever leads there: an address, a name, a redirect, connect-to, a connection
 * that was kept from when it was allowed. */
static void guarded(void **state)
{
	static char shop[64];
	static const struct {
		const char *host, *why;
	} rows[] = {
		{ "127.0.0.1", "127.0.0.1 is a loopback address" },
		{ "0x7f.1", "127.0.0.1 is a loopback address" },
		{ "2130706433", "127.0.0.1 is a loopback address" },
		{ "017700000001", "127.0.0.1 is a loopback address" },
		{ "0xa9fea9fe", "169.254.169.254 is a metadata address" },
		{ "[::ffff:7f00:1]", "127.0.0.1 is a loopback address" },
		{ "[64:ff9b::7f00:1]", "64:ff9b::7f00:1 leads by NAT64 to 127.0.0.1" },
		{ "[fd00:ec2::254]", "is a metadata address" },
		{ "[::]", ":: is a unspecified address" },
		{ "localhost", "is a loopback address" },
		{ "[::1]", "::1 is a loopback address" },
		{ "[::ffff:127.0.0.1]", "127.0.0.1 is a loopback address" },
		{ "0.0.0.0", "0.0.0.0 is a this-network address" },
		{ "169.254.169.254", "169.254.169.254 is a metadata address" },
		{ "shop.example", "127.0.0.1 is a loopback address" },
		{ "inner.example", "127.0.0.2 is a loopback address" },
	};
	struct fetch_answer *a;

	(void)state;
	snprintf(shop, sizeof(shop), "shop.example::127.0.0.1:%d", site.port);
	site.connect_to[0] = str_of(shop);
	site.connect_to[1] = STR("inner.example::127.0.0.2:9");
	site.conf.n_connect_to = 2;
	site.hosts[1] = STR("inner.example");
	site.source.n_hosts = 2;
	site.networks[0] = STR("127.0.0.1");
	fetch_reconfigure(site.f, &site.conf);
	a = get_host("shop.example", "/ok");
	assert_int_equal(a->end, FETCH_ANSWER);
	fetch_answer_free(a);
	a = get_host("shop.example", "/inward");
	assert_int_equal(a->end, FETCH_REFUSED);
	assert_string_equal(a->why.text,
			    "127.0.0.2 is a loopback address (RFC 1122); see allow-networks");
	assert_int_equal(a->n_hops, 1);
	assert_int_equal(a->status, 0);
	fetch_answer_free(a);
	assert_int_equal(site.n, 1);
	site.conf.n_allow_networks = 0;
	fetch_reconfigure(site.f, &site.conf);
	for (int i = 0; i < N(rows); i++) {
		a = get_host(rows[i].host, "/ok");
		if (a->end != FETCH_REFUSED || a->status || a->body.n || a->request_head.n ||
		    str_find(str_of(a->why.text), str_of(rows[i].why)) < 0)
			fail_msg("%s: %s %s", rows[i].host, fetch_end_name(a->end), a->why.text);
		fetch_answer_free(a);
	}
	assert_int_equal(site.n, 1);
}

static void reuses_connections(void **state)
{
	struct fetch_answer *a;

	(void)state;
	for (int i = 0; i < 20; i++) {
		a = site_get(i % 2 ? "/ok" : "/chunked");
		assert_int_equal(a->end, FETCH_ANSWER);
		assert_true(str_is(a->ip, "127.0.0.1"));
		fetch_answer_free(a);
	}
	assert_int_equal(site.n, 1);
}

/* libcurl would send it once more, at once; for the server those are two. */
static void asks_once(void **state)
{
	struct fetch_request q = { .fresh = true };
	struct fetch_answer *a = site_get("/ok");

	(void)state;
	fetch_answer_free(a);
	a = site_get("/nothing");
	assert_int_equal(a->end, FETCH_DROPPED);
	assert_int_equal(a->status, 0);
	assert_string_equal(a->why.text, "the kept connection was closed before an answer");
	assert_int_equal(site.asked, 2);
	fetch_answer_free(a);
	/* with a connection of its own there is no doubt */
	a = site_get("/ok");
	fetch_answer_free(a);
	a = site_ask(&q, "/nothing");
	assert_int_equal(a->end, FETCH_UNREACHABLE);
	assert_int_equal(site.asked, 4);
	fetch_answer_free(a);
}

/* What a job was led to is asked only if it may be now. */
static void not_led_outside(void **state)
{
	struct fetch_request q = { .way = STR("301 http://a.example/\nhttp://evil.example/") };
	struct fetch_answer *a = site_ask(&q, "/ok");

	(void)state;
	assert_int_equal(a->end, FETCH_OUTSIDE);
	assert_int_equal(a->n_hops, 1);
	assert_int_equal(site.asked, 0);
	fetch_answer_free(a);
}

/* A request that hangs keeps none of the others. */
static void at_once(void **state)
{
	struct site_ask stuck, k[40];

	(void)state;
	site_begin(&stuck, "/silent");
	for (int i = 0; i < N(k); i++)
		site_begin(&k[i], i % 3 ? "/ok" : "/short");
	assert_int_equal(fetch_running(site.f), N(k) + 1);
	for (int i = 0; i < N(k); i++) {
		site_wait(&k[i]);
		assert_int_equal(k[i].a->end, i % 3 ? FETCH_ANSWER : FETCH_CUT);
		fetch_answer_free(k[i].a);
	}
	assert_null(stuck.a);
	site_close();
	assert_non_null(stuck.a);
	assert_int_equal(stuck.a->end, FETCH_CANCELLED);
	fetch_answer_free(stuck.a);
}

/* `done` may ask for more, even while all is being closed. */
static struct site_ask chain[5];
static int links;

static void on_link(struct fetch_request *q, struct fetch_answer *a)
{
	(void)q;
	chain[links].a = a;
	if (++links == N(chain))
		return;
	site_begin(&chain[links], links < 3 ? "/ok" : "/silent");
	chain[links].q.done = on_link;
}

static void asks_from_within_done(void **state)
{
	(void)state;
	links = 0;
	site_begin(&chain[0], "/ok");
	chain[0].q.done = on_link;
	while (links < 3)
		uv_run(&site.loop, UV_RUN_ONCE);
	site_close();
	assert_int_equal(links, N(chain));
	for (int i = 0; i < N(chain); i++) {
		assert_int_equal(chain[i].a->end, i < 3 ? FETCH_ANSWER : FETCH_CANCELLED);
		fetch_answer_free(chain[i].a);
	}
}

/* Limits of a reload count from the next request on. */
static void reconfigured_meanwhile(void **state)
{
	struct site_ask k;

	(void)state;
	site_begin(&k, "/ok");
	site.conf.user_agent = STR("piped-test/2");
	site.conf.max_wire_bytes = 1;
	fetch_reconfigure(site.f, &site.conf);
	assert_int_equal(site_wait(&k)->end, FETCH_ANSWER);
	assert_true(str_find(k.a->request_head, STR("piped-test/1")) > 0);
	fetch_answer_free(k.a);
	site_begin(&k, "/echo");
	assert_int_equal(site_wait(&k)->end, FETCH_TOO_BIG);
	assert_true(str_find(k.a->request_head, STR("piped-test/2")) > 0);
	fetch_answer_free(k.a);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, site_teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(redacts),
		cmocka_unit_test(retry_after),
		TEST(answers_of_all_kinds),
		TEST(keeps_what_was_said),
		TEST(sends_headers_but_not_to_the_archive),
		TEST(posts),
		TEST(posts_through_redirects),
		TEST(headers_of_one_request),
		TEST(follows_redirects),
		TEST(endless_body),
		TEST(time_runs_out),
		TEST(comes_back_later),
		TEST(refused),
		TEST(guarded),
		TEST(reuses_connections),
		TEST(asks_once),
		TEST(not_led_outside),
		TEST(at_once),
		TEST(asks_from_within_done),
		TEST(reconfigured_meanwhile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
