/* What is told to whom: credentials, redirects out of the source, proxies. */
#include "tests/unit/crawler/site.h"

#include <stdio.h>
#include <string.h>

#define SECRET "hunter2/geheim+1"
#define ESCAPED "hunter2%2Fgeheim%2B1"

static char to_shop[64], to_other[64], elsewhere[128];

static struct site_answer answers[] = {
	{ "/ok", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 0, 0 },
	{ "/echo", "", 0, SITE_SAY_BACK },
	{ "/robots.txt", "", 0, SITE_SAY_BACK },
	{ "/echo?b=1&key=" ESCAPED, "", 0, SITE_SAY_BACK },
	{ "/path/" ESCAPED "/x", "", 0, SITE_SAY_BACK },
	{ "/inside", "HTTP/1.1 302 x\r\nLocation: /echo\r\nContent-Length: 0\r\n\r\n", 0, 0 },
	{ "/leak", "HTTP/1.1 302 x\r\nLocation: /path/" ESCAPED "/x\r\nContent-Length: 0\r\n\r\n",
	  0, 0 },
	{ "/outside", elsewhere, 0, 0 },
	{ "/407", "HTTP/1.1 407 x\r\nContent-Length: 0\r\n\r\n", 0, 0 },
	{ "/local", "HTTP/1.1 302 x\r\nLocation: http://0x7f.0.2/ok\r\nContent-Length: 0\r\n\r\n",
	  0, 0 },
};

static struct conf_credential credentials[2];
static struct str redirect_hosts[1], no_proxy[2];
static char proxy[128];

/* The source is shop.example; other.example is another's, at the same place. */
static int setup(void **state)
{
	static char outside[64];

	site.answers = answers;
	site.n_answers = N(answers);
	site_setup(state);
	snprintf(to_shop, sizeof(to_shop), "shop.example:80:127.0.0.1:%d", site.port);
	snprintf(to_other, sizeof(to_other), "other.example:80:127.0.0.1:%d", site.port);
	snprintf(outside, sizeof(outside), "http://other.example/echo");
	snprintf(elsewhere, sizeof(elsewhere),
		 "HTTP/1.1 302 x\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n", outside);
	site.connect_to[0] = str_of(to_shop);
	site.connect_to[1] = str_of(to_other);
	site.conf.n_connect_to = 2;
	site.hosts[0] = STR("shop.example");
	redirect_hosts[0] = STR("other.example");
	credentials[0] = (struct conf_credential){ STR("the-key"), STR(SECRET), true };
	credentials[1] = (struct conf_credential){ STR("corp"), STR("us:er-" SECRET), false };
	site.source.credentials = credentials;
	site.source.n_credentials = N(credentials);
	site.source.redirect_hosts = redirect_hosts;
	site.source.n_redirect_hosts = 1;
	fetch_reconfigure(site.f, &site.conf);
	return 0;
}

static bool holds(struct str s, const char *what)
{
	return str_find(s, str_of(what)) >= 0;
}

/* Nothing that is kept has it: only the site's own words may. */
static void assert_kept_secret(const struct fetch_answer *a)
{
	static const char *const forms[] = { SECRET, ESCAPED, "aHVudGVyM" };

	for (int i = 0; i < N(forms); i++) {
		assert_false(holds(a->request_head, forms[i]));
		assert_false(holds(a->url, forms[i]));
		assert_false(holds(str_of(a->why.text), forms[i]));
		for (int k = 0; k < a->n_hops; k++)
			assert_false(holds(a->hops[k].url, forms[i]));
	}
}

static struct fetch_answer *get(const char *path)
{
	struct fetch_answer *a;
	char url[256];

	snprintf(url, sizeof(url), "http://shop.example%s", path);
	a = site_get_url(url);
	if (a->end != FETCH_ANSWER)
		fail_msg("%s: %s", url, a->why.text);
	assert_kept_secret(a);
	return a;
}

static void who_asks(void **state)
{
	const struct {
		struct conf_auth auth;
		const char *says, *path;
	} rows[] = {
		{ { .type = AUTH_BASIC, .credential = STR("the-key"), .user = STR("anna") },
		  "\r\nAuthorization: Basic YW5uYTpodW50ZXIyL2dlaGVpbSsx\r\n",
		  "/echo" },
		{ { .type = AUTH_BASIC, .credential = STR("corp") },
		  "\r\nAuthorization: Basic dXM6ZXItaHVudGVyMi9nZWhlaW0rMQ==\r\n",
		  "/echo" },
		{ { .type = AUTH_BEARER, .credential = STR("the-key") },
		  "\r\nAuthorization: Bearer " SECRET "\r\n",
		  "/echo" },
		{ { .type = AUTH_HEADER, .credential = STR("the-key"), .name = STR("X-Id") },
		  "\r\nX-Id: " SECRET "\r\n",
		  "/echo" },
		{ { .type = AUTH_QUERY, .credential = STR("the-key"), .name = STR("key") },
		  "GET /echo?b=1&key=" ESCAPED " HTTP/1.1\r\n",
		  "/echo?key=old&b=1" },
	};
	struct fetch_answer *a;

	(void)state;
	for (int i = 0; i < N(rows); i++) {
		site.source.auth = rows[i].auth;
		a = get(rows[i].path);
		if (!site_said(a, rows[i].says))
			fail_msg("%d: %.*s", i, STR_ARG(a->body));
		fetch_answer_free(a);
	}
}

static void in_headers_and_addresses(void **state)
{
	struct fetch_answer *a;

	(void)state;
	site.headers[0] = (struct conf_header){ STR("X-Client"), STR("id={credential:the-key};") };
	site.headers[1] = (struct conf_header){ STR("X-Plain"), STR("{credential:unknown}") };
	site.source.n_headers = 2;
	a = get("/echo");
	assert_true(site_said(a, "\r\nX-Client: id=" SECRET ";\r\n"));
	assert_true(site_said(a, "\r\nX-Plain: {credential:unknown}\r\n"));
	assert_true(holds(a->request_head, "\r\nX-Client: id={credential:the-key};\r\n"));
	fetch_answer_free(a);
	a = get("/path/{credential:the-key}/x");
	assert_true(site_said(a, "GET /path/" ESCAPED "/x HTTP/1.1\r\n"));
	assert_true(holds(a->url, "credential"));
	fetch_answer_free(a);
	/* as a URL is written in its normal form */
	a = get("/path/%7Bcredential%3Athe-key%7D/x");
	assert_true(site_said(a, "GET /path/" ESCAPED "/x HTTP/1.1\r\n"));
	fetch_answer_free(a);
	/* one that no URL of the source names is not told in one */
	a = get("/echo?x={credential:corp}");
	assert_false(site_said(a, "er-hunter"));
	fetch_answer_free(a);
	/* said back in a redirect */
	a = get("/leak");
	assert_true(site_said(a, "GET /path/" ESCAPED "/x HTTP/1.1\r\n"));
	assert_int_equal(a->n_hops, 1);
	fetch_answer_free(a);
}

/* Its own hosts hear them, across redirects too; others do not. */
static void not_across_hosts(void **state)
{
	struct fetch_request q = { .anonymous = true };
	struct fetch_answer *a;
	struct site_ask k;

	(void)state;
	site.headers[0] = (struct conf_header){ STR("X-Client"), STR("{credential:the-key}") };
	site.headers[1] = (struct conf_header){ STR("Cookie"), STR("session=hunter2") };
	site.headers[2] = (struct conf_header){ STR("X-Language"), STR("ko") };
	site.source.n_headers = 3;
	site.source.auth = (struct conf_auth){ .type = AUTH_BEARER, .credential = STR("the-key") };
	a = get("/inside");
	assert_true(site_said(a, "\r\nX-Client: "));
	assert_true(site_said(a, "\r\nCookie: session=hunter2"));
	assert_true(site_said(a, "\r\nAuthorization: "));
	fetch_answer_free(a);
	a = get("/outside");
	assert_true(site_said(a, "\r\nHost: other.example\r\n"));
	assert_true(site_said(a, "\r\nX-Language: ko\r\n"));
	assert_false(site_said(a, "X-Client"));
	assert_false(site_said(a, "Cookie"));
	assert_false(site_said(a, "Authorization"));
	assert_false(site_said(a, "hunter"));
	fetch_answer_free(a);
	/* nor does robots.txt */
	site_begin_asking(&k, &q, "http://shop.example/robots.txt");
	assert_false(site_said(site_wait(&k), "hunter"));
	fetch_answer_free(k.a);
}

static void redirects_out_of_the_source(void **state)
{
	struct fetch_answer *a;

	(void)state;
	site.source.n_redirect_hosts = 0;
	a = site_get_url("http://shop.example/outside");
	assert_int_equal(a->end, FETCH_OUTSIDE);
	assert_string_equal(a->why.text, "redirect to host other.example, which is not one of the "
					 "source's; see redirect-hosts");
	assert_int_equal(a->status, 302);
	fetch_answer_free(a);
	site.source.n_redirect_hosts = 1;
	a = site_get_url("http://shop.example/outside");
	assert_int_equal(a->end, FETCH_ANSWER);
	assert_true(str_is(a->url, "http://other.example/echo"));
	fetch_answer_free(a);
	/* which is no leave to begin there, or to go on to a third */
	redirect_hosts[0] = STR("third.example");
	a = site_get_url("http://shop.example/outside");
	assert_int_equal(a->end, FETCH_OUTSIDE);
	fetch_answer_free(a);
}

static void use_proxy(const char *scheme)
{
	snprintf(proxy, sizeof(proxy), "%s://{credential:corp}@127.0.0.1:%d", scheme, site.port);
	site.conf.proxy = str_of(proxy);
	site.conf.n_connect_to = 0;
	fetch_reconfigure(site.f, &site.conf);
}

static void through_a_proxy(void **state)
{
	struct fetch_answer *a;

	(void)state;
	use_proxy("http");
	a = get("/echo");
	assert_true(site_said(a, "GET http://shop.example/echo HTTP/1.1\r\n"));
	assert_true(site_said(
		a, "\r\nProxy-Authorization: Basic dXM6ZXItaHVudGVyMi9nZWhlaW0rMQ==\r\n"));
	assert_true(holds(a->request_head, "\r\nProxy-Authorization: ***\r\n"));
	fetch_answer_free(a);
	/* the source's own way wins */
	site.source.proxy = STR("none");
	site.conf.n_connect_to = 2;
	fetch_reconfigure(site.f, &site.conf);
	a = get("/echo");
	assert_true(site_said(a, "GET /echo HTTP/1.1\r\n"));
	assert_false(site_said(a, "Proxy-"));
	fetch_answer_free(a);
	/* and so does a list of hosts */
	site.source.proxy = (struct str){ 0 };
	no_proxy[0] = STR("none.example");
	no_proxy[1] = STR(".EXAMPLE");
	site.conf.no_proxy = no_proxy;
	site.conf.n_no_proxy = 2;
	fetch_reconfigure(site.f, &site.conf);
	a = get("/echo");
	assert_true(site_said(a, "GET /echo HTTP/1.1\r\n"));
	fetch_answer_free(a);
}

/* What a proxy wants of us is no word of the site's: no answer, asked again later. */
static void proxy_with_other_credentials(void **state)
{
	struct fetch_answer *a;

	(void)state;
	a = site_get_url("http://shop.example/407");
	assert_int_equal(a->end, FETCH_ANSWER);
	assert_int_equal(a->status, 407);
	fetch_answer_free(a);
	use_proxy("http");
	a = site_get_url("http://shop.example/407");
	assert_int_equal(a->end, FETCH_UNREACHABLE);
	assert_int_equal(a->status, 0);
	assert_int_equal(a->response_head.n, 0);
	assert_true(holds(str_of(a->why.text), "proxy wants other credentials"));
	assert_kept_secret(a);
	fetch_answer_free(a);
}

static void through_socks(void **state)
{
	struct fetch_answer *a;

	(void)state;
	use_proxy("socks5h");
	a = get("/echo");
	assert_true(site_said(a, "GET /echo HTTP/1.1\r\n"));
	assert_true(site.n_socks > 0);
	assert_string_equal(site.socks, "shop.example");
	fetch_answer_free(a);
}

/* The guard judges the proxy, and what it would be asked for as far as that can be
 * told. */
static void guarded_proxy(void **state)
{
	static const struct {
		const char *url, *why;
	} rows[] = {
		{ "http://0x7f000001/ok", "loopback" },
		{ "http://2130706433/ok", "loopback" },
		{ "http://0177.0.0.1/ok", "loopback" },
		{ "http://10.1/ok", "private" },
		{ "http://[::ffff:169.254.169.254]/ok", "metadata" },
		{ "http://[::1]/ok", "loopback" },
		{ "http://localhost/ok", "loopback" },
		{ "http://shop.LOCALHOST/ok", "loopback" },
		{ "http://localhost./ok", "loopback" },
	};
	struct fetch_answer *a;

	(void)state;
	site.networks[0] = STR("127.0.0.1");
	use_proxy("http");
	a = get("/ok");
	fetch_answer_free(a);
	site.hosts[1] = STR("127.0.0.2");
	site.source.n_hosts = 2;
	a = site_get_url("http://shop.example/local");
	assert_int_equal(a->end, FETCH_REFUSED);
	assert_true(holds(str_of(a->why.text), "127.0.0.2 is a loopback address"));
	assert_int_equal(a->n_hops, 1);
	assert_int_equal(a->status, 0);
	fetch_answer_free(a);
	assert_int_equal(site.n, 1);
	/* only the proxy's own address is allowed, not by that name of it */
	site.networks[0] = STR("198.51.100.1");
	snprintf(proxy, sizeof(proxy), "http://127.0.0.1:%d", site.port);
	fetch_reconfigure(site.f, &site.conf);
	a = site_get_url("http://shop.example/ok");
	assert_int_equal(a->end, FETCH_REFUSED);
	assert_true(holds(str_of(a->why.text), "127.0.0.1 is a loopback address"));
	fetch_answer_free(a);
	assert_int_equal(site.n, 1);
	for (int i = 0; i < N(rows); i++) {
		a = site_get_url(rows[i].url);
		if (a->end != FETCH_REFUSED || !holds(str_of(a->why.text), rows[i].why))
			fail_msg("%s: %s %s", rows[i].url, fetch_end_name(a->end), a->why.text);
		assert_int_equal(a->status, 0);
		fetch_answer_free(a);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, site_teardown)
	const struct CMUnitTest tests[] = {
		TEST(who_asks),		TEST(in_headers_and_addresses),
		TEST(not_across_hosts), TEST(redirects_out_of_the_source),
		TEST(through_a_proxy),	TEST(through_socks),
		TEST(guarded_proxy),	TEST(proxy_with_other_credentials),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
