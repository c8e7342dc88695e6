/* TLS and HTTP/2: what is trusted and what is not, with a CA that lives as long as
 * the test. */
#include "tests/unit/crawler/site.h"

#include "base/file.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs `format` with the folder in place of each %s. */
static void sh(const char *format, const char *folder)
{
	char command[1024] = "";

	for (size_t n = 0; *format && n < sizeof(command) - 64; format++) {
		if (format[0] == '%' && format[1] == 's') {
			snprintf(command + n, sizeof(command) - n, "%s", folder);
			n += strlen(folder);
			format++;
		} else {
			command[n++] = *format;
		}
	}
	if (system(command))
		fail_msg("%s", command);
}

#define KEY "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=shop.example "
#define FOR_SHOP "-addext subjectAltName=DNS:shop.example "

static char folder[64];
static char to[2][64], ca[80];

/* One that vouches, and what it vouches for: NAME.key and NAME.pem. */
static void make_certificates(void)
{
	static const char conf[] = "[ca]\ndefault_ca=d\n[d]\ndatabase=index\nserial=serial\n"
				   "new_certs_dir=.\ndefault_md=sha256\npolicy=p\n"
				   "copy_extensions=copy\n[p]\ncommonName=supplied\n";
	char path[80];

	snprintf(path, sizeof(path), "%s/ca.cnf", folder);
	assert_int_equal(file_write(path, str_of(conf), NULL), ERR_OK);
	sh("cd %s && { openssl req -x509 -days 1 " KEY
	   "-subj /CN=throw-away -keyout ca.key -out ca.pem && "
	   "openssl req -x509 -days 1 " KEY FOR_SHOP
	   "-CA ca.pem -CAkey ca.key -keyout good.key -out good.pem && "
	   "openssl req -x509 -days 1 " KEY FOR_SHOP "-keyout own.key -out own.pem && : >index && "
	   "openssl req -new " KEY FOR_SHOP "-keyout old.key -out old.csr && "
	   "openssl ca -batch -notext -config ca.cnf -create_serial -startdate 20200101000000Z "
	   "-enddate 20200201000000Z -cert ca.pem -keyfile ca.key -in old.csr -out old.pem; "
	   "} >log 2>&1 || { cat log; exit 1; }",
	   folder);
}

static int setup(void **state)
{
	site_setup(state);
	snprintf(folder, sizeof(folder), "/tmp/piped-tls-XXXXXX");
	assert_non_null(mkdtemp(folder));
	make_certificates();
	snprintf(ca, sizeof(ca), "%s/ca.pem", folder);
	site.hosts[0] = STR("shop.example");
	site.hosts[1] = STR("other.example");
	site.source.n_hosts = 2;
	return 0;
}

static int teardown(void **state)
{
	site_teardown(state);
	sh("rm -r %s", folder);
	return 0;
}

struct server {
	pid_t pid;
	FILE *words; /* nobody reads them, but it has to be able to say them */
};

/* A line of it has the port after `says`. */
static void started(struct server *s, int out, const char *says)
{
	char line[256];
	int port = 0;

	s->words = fdopen(out, "r");
	while (!port && fgets(line, sizeof(line), s->words))
		if (strncmp(line, says, strlen(says)) == 0)
			port = (int)strtol(line + strlen(says), NULL, 10);
	assert_true(port > 0);
	snprintf(to[0], sizeof(to[0]), "shop.example:443:127.0.0.1:%d", port);
	snprintf(to[1], sizeof(to[1]), "other.example:443:127.0.0.1:%d", port);
	site.connect_to[0] = str_of(to[0]);
	site.connect_to[1] = str_of(to[1]);
	site.conf.n_connect_to = 2;
}

static void run_server(struct server *s, const char *command, const char *says)
{
	int out[2];

	assert_int_equal(pipe(out), 0);
	s->pid = fork();
	if (s->pid == 0) {
		dup2(out[1], 1);
		dup2(open("/dev/null", O_WRONLY), 2);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	started(s, out[0], says);
}

static void run_openssl(struct server *s, const char *name)
{
	char command[400];

	snprintf(command, sizeof(command),
		 "cd %s && exec openssl s_server -accept 127.0.0.1:0 -key %s.key -cert %s.pem -www",
		 folder, name, name);
	run_server(s, command, "ACCEPT 127.0.0.1:");
}

static void stop(struct server *s)
{
	kill(s->pid, SIGTERM);
	waitpid(s->pid, NULL, 0);
	fclose(s->words);
}

static void refused(const char *url, const char *why)
{
	struct fetch_answer *a = site_get_url(url);

	if (a->end != FETCH_UNREACHABLE || str_find(str_of(a->why.text), str_of(why)) < 0)
		fail_msg("%s: %s %s", url, fetch_end_name(a->end), a->why.text);
	/* nothing was said to it */
	assert_int_equal(a->request_head.n, 0);
	assert_int_equal(a->status, 0);
	fetch_answer_free(a);
}

static void trusts_who_is_vouched_for(void **state)
{
	struct fetch_answer *a;
	struct server s;

	(void)state;
	run_openssl(&s, "good");
	site_renew();
	refused("https://shop.example/", "unable to get local issuer certificate");
	site.conf.ca_file = str_of(ca);
	site_renew();
	a = site_get_url("https://shop.example/x");
	if (a->end != FETCH_ANSWER)
		fail_msg("%s", a->why.text);
	assert_int_equal(a->status, 200);
	assert_true(a->body.n > 100);
	assert_true(str_is(a->url, "https://shop.example/x"));
	assert_true(str_is(a->ip, "127.0.0.1"));
	assert_false(a->http2);
	fetch_answer_free(a);
	refused("https://other.example/", "other.example");
	stop(&s);
}

static void not_who_vouches_for_itself(void **state)
{
	struct server s;

	(void)state;
	run_openssl(&s, "own");
	site.conf.ca_file = str_of(ca);
	site_renew();
	refused("https://shop.example/", "self-signed certificate");
	stop(&s);
}

static void not_who_has_expired(void **state)
{
	struct server s;

	(void)state;
	run_openssl(&s, "old");
	site.conf.ca_file = str_of(ca);
	site_renew();
	refused("https://shop.example/", "certificate has expired");
	stop(&s);
}

static void missing_ca(void **state)
{
	struct fetch *none;
	struct reason why;

	(void)state;
	site.conf.ca_file = STR("/nowhere/ca.pem");
	assert_int_equal(fetch_new(&site.loop, &site.conf, &clock_system, &none, &why),
			 ERR_NOT_FOUND);
	assert_non_null(strstr(why.text, "/nowhere/ca.pem"));
}

static int port_of(void)
{
	return (int)strtol(strrchr(to[0], ':') + 1, NULL, 10);
}

#define PASSWORD "geheim-4711"
#define ASKED_WITH "\r\nProxy-Authorization: Basic dXM6Z2VoZWltLTQ3MTE=\r\n"

static bool holds(struct str s, const char *what)
{
	return str_find(s, str_of(what)) >= 0;
}

/* Neither the password nor what it was made into. */
static void assert_kept_secret(const struct fetch_answer *a)
{
	const struct str kept[] = { a->request_head, a->response_head, a->url,
				    str_of(a->why.text) };

	for (int i = 0; i < N(kept); i++) {
		assert_false(holds(kept[i], PASSWORD));
		assert_false(holds(kept[i], "dXM6Z2VoZWlt"));
	}
}

/* Only by way of it: no connect-to. */
static void use_proxy(void)
{
	static struct conf_credential corp[1];
	static char proxy[96];

	corp[0] = (struct conf_credential){ STR("corp"), STR("us:" PASSWORD), false };
	site.source.credentials = corp;
	site.source.n_credentials = 1;
	snprintf(proxy, sizeof(proxy), "http://{credential:corp}@127.0.0.1:%d", site.port);
	site.conf.proxy = str_of(proxy);
	site.conf.n_connect_to = 0;
	site.conf.ca_file = str_of(ca);
	site_renew();
}

static void refused_by(const char *says, const char *why)
{
	struct fetch_answer *a;

	site.tunnel = 0;
	site.tunnel_says = says;
	a = site_get_url("https://shop.example/x");
	if (a->end != FETCH_UNREACHABLE || !holds(str_of(a->why.text), why))
		fail_msg("%s: %s %s", says, fetch_end_name(a->end), a->why.text);
	assert_int_equal(a->status, 0);
	assert_int_equal(a->response_head.n, 0);
	assert_kept_secret(a);
	fetch_answer_free(a);
}

/* https by way of an http proxy (CONNECT): the site's certificate is judged as ever,
 * what the proxy says is kept nowhere, and neither is what it was told. */
static void through_a_connect_proxy(void **state)
{
	struct fetch_answer *a;
	struct server s;
	int before;

	(void)state;
	run_openssl(&s, "good");
	site.tunnel = port_of();
	use_proxy();
	a = site_get_url("https://shop.example/x");
	if (a->end != FETCH_ANSWER)
		fail_msg("%s", a->why.text);
	assert_int_equal(a->status, 200);
	assert_true(a->proxied);
	assert_true(holds(a->request_head, "GET /x HTTP/1.1\r\n"));
	assert_false(holds(a->request_head, "Proxy-Auth"));
	assert_false(holds(a->response_head, "X-Proxy"));
	assert_kept_secret(a);
	fetch_answer_free(a);
	assert_int_equal(site.n_tunnels, 1);
	assert_true(holds(str_of(site.connect), "CONNECT shop.example:443 HTTP/1.1\r\n"));
	assert_true(holds(str_of(site.connect), ASKED_WITH));
	assert_false(holds(str_of(site.connect), "GET /x"));
	refused("https://other.example/", "other.example");
	/* The proxy would resolve these: it is not asked. */
	before = site.n;
	site.hosts[2] = STR("127.0.0.1");
	site.source.n_hosts = 3;
	site.networks[0] = STR("127.0.0.7");
	fetch_reconfigure(site.f, &site.conf);
	a = site_get_url("https://127.1/x");
	assert_int_equal(a->end, FETCH_REFUSED);
	fetch_answer_free(a);
	assert_int_equal(site.n, before);
	site.networks[0] = STR("127.0.0.0/8");
	site_renew();
	refused_by("HTTP/1.1 407 x\r\nProxy-Authenticate: Basic realm=x\r\n"
		   "Content-Length: 0\r\n\r\n",
		   "407");
	refused_by("HTTP/1.1 403 x\r\nContent-Length: 0\r\n\r\n", "403");
	refused_by("", "Proxy CONNECT aborted");
	stop(&s);
}

/* Many requests at once, one connection. */
static void http2(void **state)
{
	char command[400], page[96];
	struct site_ask k[20];
	struct server s;
	int n;

	(void)state;
	if (system("command -v nghttpd >/dev/null")) {
		print_message("no nghttpd: HTTP/2 is not tested (package nghttp2-server)\n");
		skip();
	}
	close(site_listener(&n));
	snprintf(command, sizeof(command),
		 "cd %s && exec nghttpd -v -a 127.0.0.1 %d good.key good.pem", folder, n);
	snprintf(page, sizeof(page), "%s/page", folder);
	assert_int_equal(file_write(page, STR("hello over HTTP/2"), NULL), ERR_OK);
	run_server(&s, command, "IPv4: listen 127.0.0.1:");
	site.conf.ca_file = str_of(ca);
	site_renew();
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < N(k); i++)
			site_begin_url(&k[i], i % 2 ? "https://shop.example/page"
						    : "https://shop.example/missing");
		for (int i = 0; i < N(k); i++) {
			struct fetch_answer *a = site_wait(&k[i]);

			if (a->end != FETCH_ANSWER)
				fail_msg("%s", a->why.text);
			assert_true(a->http2);
			assert_int_equal(a->status, i % 2 ? 200 : 404);
			if (i % 2)
				assert_true(str_is(a->body, "hello over HTTP/2"));
			assert_true(str_starts(a->response_head, STR("HTTP/2 ")));
			assert_true(str_starts(a->request_head,
					       i % 2 ? STR("GET /page HTTP/2\r\n")
						     : STR("GET /missing HTTP/2\r\n")));
			fetch_answer_free(a);
		}
	}
	stop(&s);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(trusts_who_is_vouched_for), TEST(not_who_vouches_for_itself),
		TEST(not_who_has_expired),	 TEST(missing_ca),
		TEST(through_a_connect_proxy),	 TEST(http2),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
