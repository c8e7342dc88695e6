#include "tests/unit/crawler/site.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define THREADS 4096
#define OK "HTTP/1.1 200 OK\r\n"

struct site site;

static struct {
	int fd;
	pthread_t acceptor, threads[THREADS];
	int sockets[THREADS];
} server;

static bool send_all(int fd, const char *p, size_t n)
{
	ssize_t k;

	for (; n; p += k, n -= (size_t)k) {
		k = send(fd, p, n, MSG_NOSIGNAL);
		if (k <= 0)
			return false;
	}
	return true;
}

/* Blocks until the other side hangs up. */
static void hold(int fd)
{
	char c;

	while (recv(fd, &c, 1, 0) > 0)
		;
}

static bool reply(int fd, const struct site_answer *r, const char *request)
{
	static const char filler[] =
		"X-Filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n";
	char head[128];

	if (r->flags & SITE_SAY_BACK) {
		snprintf(head, sizeof(head), OK "Content-Length: %zu\r\n\r\n", strlen(request));
		return send_all(fd, head, strlen(head)) && send_all(fd, request, strlen(request));
	}
	if (!send_all(fd, r->bytes, r->n ? r->n : strlen(r->bytes)))
		return false;
	for (int i = 0; r->flags & SITE_ENDLESS || (r->flags & SITE_BIG_HEAD && i < 2000); i++)
		if (!send_all(fd, filler, sizeof(filler) - 1))
			return false;
	if (r->flags & SITE_HOLD)
		hold(fd);
	return !r->flags;
}

/* Whether the head is there, and all of the body that it announces. */
static bool is_whole(const char *request, size_t n)
{
	const char *end = strstr(request, "\r\n\r\n"),
		   *length = strcasestr(request, "\r\nContent-Length: ");

	if (!end)
		return false;
	return !length || length > end ||
	       n >= (size_t)(end + 4 - request) + strtoul(length + 18, NULL, 10);
}

static const struct site_answer *answer_to(const char *request)
{
	char url[1024], *path = url;

	if (sscanf(request, "%*7s %1023s", url) != 1)
		return &site.answers[0];
	if (strncmp(url, "http://", 7) == 0)
		path = strchr(url + 7, '/');
	for (int i = 0; path && i < site.n_answers; i++)
		if (strcmp(site.answers[i].path, path) == 0)
			return &site.answers[i];
	return &site.answers[0];
}

static bool receive(int fd, void *to, size_t n)
{
	return recv(fd, to, n, MSG_WAITALL) == (ssize_t)n;
}

/* RFC 1928 and, for its user and password, RFC 1929; then it is the site. */
static bool socks(int fd)
{
	unsigned char head[4], text[256], n;

	if (!receive(fd, head, 2) || !receive(fd, text, head[1]))
		return false;
	if (!send_all(fd, "\5\2", 2) || !receive(fd, head, 2) || !receive(fd, text, head[1]) ||
	    !receive(fd, &n, 1) || !receive(fd, text, n) || !send_all(fd, "\1\0", 2))
		return false;
	/* by name only: socks5h */
	if (!receive(fd, head, 4) || head[3] != 3 || !receive(fd, &n, 1) || !receive(fd, text, n))
		return false;
	memcpy(site.socks, text, n);
	site.socks[n] = 0;
	site.n_socks++;
	return receive(fd, text, 2) && send_all(fd, "\5\0\0\1\0\0\0\0\0\0", 10);
}

/* Carries bytes both ways until one side hangs up. */
static void carry(int a, int b)
{
	struct pollfd p[2] = { { .fd = a, .events = POLLIN }, { .fd = b, .events = POLLIN } };
	char bytes[16384];
	ssize_t n;

	while (poll(p, 2, -1) > 0)
		for (int i = 0; i < 2; i++) {
			if (!p[i].revents)
				continue;
			n = recv(p[i].fd, bytes, sizeof(bytes), 0);
			if (n <= 0 || !send_all(p[1 - i].fd, bytes, (size_t)n))
				return;
		}
}

/* RFC 9110 9.3.6. */
static void tunnel(int fd, const char *request)
{
	static const char open[] = "HTTP/1.1 200 Connection established\r\nX-Proxy: said\r\n\r\n";
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)site.tunnel),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int to = -1;

	snprintf(site.connect, sizeof(site.connect), "%.2000s", request);
	site.n_tunnels++;
	if (!site.tunnel) {
		send_all(fd, site.tunnel_says, strlen(site.tunnel_says));
		return;
	}
	to = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(to, (struct sockaddr *)&at, sizeof(at)) == 0 &&
	    send_all(fd, open, sizeof(open) - 1))
		carry(fd, to);
	close(to);
}

static void *serve(void *arg)
{
	int fd = *(int *)arg;
	char request[65536];
	size_t n = 0;
	ssize_t k;

	if (recv(fd, request, 1, MSG_PEEK) == 1 && request[0] == 5 && !socks(fd))
		shutdown(fd, SHUT_RDWR);
	for (;;) {
		k = recv(fd, request + n, sizeof(request) - 1 - n, 0);
		if (k <= 0)
			break;
		n += (size_t)k;
		request[n] = 0;
		if (!is_whole(request, n))
			continue;
		if (strncmp(request, "CONNECT ", 8) == 0) {
			tunnel(fd, request);
			break;
		}
		site.asked++;
		if (!reply(fd, answer_to(request), request))
			break;
		n = 0;
	}
	shutdown(fd, SHUT_WR);
	hold(fd);
	return NULL;
}

static void *accept_all(void *arg)
{
	int fd, i;

	(void)arg;
	while (site.n < THREADS && (fd = accept(server.fd, NULL, NULL)) >= 0) {
		/* Counted before it can answer: tests count once they have the answer. */
		i = site.n++;
		server.sockets[i] = fd;
		if (pthread_create(&server.threads[i], NULL, serve, &server.sockets[i]))
			abort();
	}
	return NULL;
}

int site_listener(int *ret_port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, n), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	*ret_port = ntohs(at.sin_port);
	return fd;
}

/* --- the fetcher --- */

static void start(void)
{
	struct reason why;

	uv_loop_init(&site.loop);
	if (fetch_new(&site.loop, &site.conf, &clock_system, &site.f, &why))
		fail_msg("%s", why.text);
}

int site_setup(void **state)
{
	static char host[32];

	(void)state;
	site.n = site.asked = 0;
	server.fd = site_listener(&site.port);
	listen(server.fd, 64);
	pthread_create(&server.acceptor, NULL, accept_all, NULL);
	snprintf(host, sizeof(host), "127.0.0.1:%d", site.port);
	site.hosts[0] = str_of(host);
	site.networks[0] = STR("127.0.0.0/8");
	site.source = (struct conf_source){
		.name = STR("shop"), .hosts = site.hosts, .n_hosts = 1, .headers = site.headers
	};
	site.conf = (struct conf){ .user_agent = STR("piped-test/1"),
				   .connect_to = site.connect_to,
				   .allow_networks = site.networks,
				   .n_allow_networks = 1,
				   .max_wire_bytes = SITE_WIRE_MOST,
				   .max_header_bytes = 65536,
				   .timeout_ms = 20000,
				   .connect_timeout_ms = 10000,
				   .idle_timeout_ms = 10000,
				   .max_redirects = 3,
				   .concurrency = 8 };
	start();
	return 0;
}

static void on_closed(void *ctx)
{
	*(bool *)ctx = true;
}

void site_close(void)
{
	bool is_closed = false;

	fetch_close(site.f, on_closed, &is_closed);
	assert_false(is_closed);
	assert_int_equal(uv_run(&site.loop, UV_RUN_DEFAULT), 0);
	assert_true(is_closed);
	assert_int_equal(uv_loop_close(&site.loop), 0);
	site.f = NULL;
}

void site_renew(void)
{
	site_close();
	start();
}

int site_teardown(void **state)
{
	(void)state;
	if (site.f)
		site_close();
	shutdown(server.fd, SHUT_RDWR);
	pthread_join(server.acceptor, NULL);
	for (int i = 0; i < site.n; i++) {
		shutdown(server.sockets[i], SHUT_RDWR);
		pthread_join(server.threads[i], NULL);
		close(server.sockets[i]);
	}
	close(server.fd);
	return 0;
}

/* --- asking --- */

static void on_done(struct fetch_request *q, struct fetch_answer *a)
{
	struct site_ask *k = q->ctx;

	assert_false(k->starting); /* never from within fetch_start */
	assert_null(k->a);
	if (a->end != FETCH_MOVED) {
		k->a = a;
		return;
	}
	assert_true(a->way.n < sizeof(k->way));
	memcpy(k->way, a->way.p, a->way.n);
	k->q.way = (struct str){ k->way, a->way.n };
	fetch_answer_free(a);
	fetch_start(site.f, &k->q);
}

void site_begin_asking(struct site_ask *k, const struct fetch_request *q, const char *url)
{
	*k = (struct site_ask){ .q = *q };
	snprintf(k->url, sizeof(k->url), "%s", url);
	k->q.source = q->source ? q->source : &site.source;
	k->q.done = on_done;
	k->q.ctx = k;
	k->q.url = str_of(k->url);
	k->starting = true;
	fetch_start(site.f, &k->q);
	k->starting = false;
}

void site_begin_url(struct site_ask *k, const char *url)
{
	static const struct fetch_request plain;

	site_begin_asking(k, &plain, url);
}

static void url_of(const char *path, char to[512])
{
	snprintf(to, 512, "http://127.0.0.1:%d%s", site.port, path);
}

void site_begin(struct site_ask *k, const char *path)
{
	char url[512];

	url_of(path, url);
	site_begin_url(k, url);
}

struct fetch_answer *site_wait(struct site_ask *k)
{
	while (!k->a)
		assert_true(uv_run(&site.loop, UV_RUN_ONCE) || k->a);
	return k->a;
}

struct fetch_answer *site_get_url(const char *url)
{
	static struct site_ask k;

	site_begin_url(&k, url);
	return site_wait(&k);
}

struct fetch_answer *site_get(const char *path)
{
	char url[512];

	url_of(path, url);
	return site_get_url(url);
}

struct fetch_answer *site_ask(const struct fetch_request *q, const char *path)
{
	static struct site_ask k;
	char url[512];

	url_of(path, url);
	site_begin_asking(&k, q, url);
	return site_wait(&k);
}

bool site_said(const struct fetch_answer *a, const char *what)
{
	return str_find(a->body, str_of(what)) >= 0;
}
