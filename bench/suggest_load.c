/* suggest_load: asks at a steady rate, open loop: requests are sent when they are due,
 * whether or not those before them are answered.
 *   suggest_load PORT PATHS RATE SECONDS CONNECTIONS
 * PATHS: a file, a path a line, asked in turn at 127.0.0.1. Prints, tab-separated,
 *   sent  failed  achieved a second  then in us, from when a request was due:
 *   p50 p99 p99.9 longest, and from when it was sent: p50 p99 p99.9 longest */
#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/opt.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_MOST 512
#define ANSWER_MOST 65536

struct link {
	int fd;
	bool busy;
	int64_t due_ns, sent_ns;
	char in[ANSWER_MOST];
	size_t n;
};

struct load {
	struct str *paths;
	size_t n_paths, at_path;
	struct link *links;
	int n_links, epoll;
	int64_t step_ns, begin_ns;
	int64_t due, sent, done, failed, all; /* due: requests whose time has come */
	int64_t *from_due, *from_sent;	      /* ns */
};

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void fail(const char *what)
{
	fprintf(stderr, "suggest_load: %s: %s\n", what, strerror(errno));
	exit(EXIT_FAILED);
}

static void connect_link(struct load *l, struct link *c, int port)
{
	const struct sockaddr_in in = { .sin_family = AF_INET,
					.sin_port = htons((uint16_t)port),
					.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };

	c->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (c->fd < 0 ||
	    connect(c->fd, (const struct sockaddr *)(const void *)&in, sizeof(in)) != 0 ||
	    epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &e) != 0)
		fail("connect");
}

static void send_next(struct load *l, struct link *c)
{
	const struct str path = l->paths[l->at_path];
	char text[8192];
	int n = snprintf(text, sizeof(text), "GET %.*s HTTP/1.1\r\nHost: piped\r\n\r\n",
			 STR_ARG(path));

	l->at_path = l->at_path + 1 < l->n_paths ? l->at_path + 1 : 0;
	c->busy = true;
	c->n = 0;
	c->due_ns = l->begin_ns + l->sent * l->step_ns;
	c->sent_ns = now_ns();
	l->sent++;
	if (n >= (int)sizeof(text) || send(c->fd, text, (size_t)n, MSG_NOSIGNAL) != n)
		fail("send");
}

/* Whether the answer is whole; *ret_ok: it is a 200. */
static bool whole(const struct link *c, bool *ret_ok)
{
	const struct str all = { c->in, c->n };
	const ptrdiff_t end = str_find(all, STR("\r\n\r\n"));
	ptrdiff_t at = str_find(all, STR("Content-Length: "));
	size_t length = 0;

	if (end < 0)
		return false;
	if (at < 0 || at > end) {
		errno = EPROTO;
		fail("an answer without Content-Length");
	}
	for (at += 16; c->in[at] >= '0' && c->in[at] <= '9'; at++)
		length = length * 10 + (size_t)(c->in[at] - '0');
	*ret_ok = str_starts(all, STR("HTTP/1.1 200"));
	return c->n >= (size_t)end + 4 + length;
}

static void receive(struct load *l, struct link *c)
{
	const ssize_t n = recv(c->fd, c->in + c->n, sizeof(c->in) - c->n, 0);
	bool ok = false;
	int64_t now;

	if (n <= 0)
		fail("the server hung up");
	c->n += (size_t)n;
	if (!whole(c, &ok))
		return;
	now = now_ns();
	c->busy = false;
	l->failed += !ok;
	l->from_due[l->done] = now - c->due_ns;
	l->from_sent[l->done++] = now - c->sent_ns;
}

static void turn(struct load *l)
{
	struct epoll_event e[64];
	int64_t now = now_ns(), wait;
	struct timespec t;
	int n;

	l->due = (now - l->begin_ns) / l->step_ns + 1;
	l->due = l->due < l->all ? l->due : l->all;
	for (int i = 0; i < l->n_links && l->sent < l->due; i++)
		if (!l->links[i].busy)
			send_next(l, &l->links[i]);
	wait = l->due < l->all ? l->begin_ns + l->due * l->step_ns - now_ns() : 1000000000;
	wait = wait > 0 ? wait : 0;
	t = (struct timespec){ wait / 1000000000, wait % 1000000000 };
	n = epoll_pwait2(l->epoll, e, 64, &t, NULL);
	if (n < 0 && errno != EINTR)
		fail("epoll");
	for (int i = 0; i < n; i++)
		receive(l, e[i].data.ptr);
}

static int by_size(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void print_quantiles(int64_t *x, int64_t n)
{
	static const double at[] = { 0.5, 0.99, 0.999, 1 };

	qsort(x, (size_t)n, sizeof(*x), by_size);
	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		int64_t k = (int64_t)(at[i] * (double)n);

		printf("\t%.0f", (double)x[k < n ? k : n - 1] / 1e3);
	}
}

static void read_paths(struct load *l, const char *file, struct buf *text)
{
	struct str rest, line;
	struct reason why;
	size_t room = 1;

	buf_init(text, 64 << 20);
	if (file_read(file, text, &why)) {
		fprintf(stderr, "suggest_load: %s\n", why.text);
		exit(EXIT_FAILED);
	}
	for (size_t i = 0; i < text->n; i++)
		room += text->p[i] == '\n';
	l->paths = mem_zero(room * sizeof(*l->paths));
	rest = buf_str(text);
	while (str_next(&rest, '\n', &line))
		if (line.n)
			l->paths[l->n_paths++] = line;
}

int main(int argc, char **argv)
{
	struct load l = { .epoll = epoll_create1(0) };
	int64_t port, rate, seconds, links;
	struct buf text;
	double took;

	if (argc != 6 || !str_i64(str_of(argv[1]), &port) || !str_i64(str_of(argv[3]), &rate) ||
	    !str_i64(str_of(argv[4]), &seconds) || !str_i64(str_of(argv[5]), &links) || rate < 1 ||
	    seconds < 1 || links < 1 || links > CONNECTIONS_MOST) {
		fprintf(stderr, "suggest_load: PORT PATHS RATE SECONDS CONNECTIONS\n");
		return EXIT_USAGE;
	}
	read_paths(&l, argv[2], &text);
	if (!l.n_paths) {
		fprintf(stderr, "suggest_load: no path in %s\n", argv[2]);
		return EXIT_FAILED;
	}
	l.n_links = (int)links;
	l.links = mem_zero((size_t)links * sizeof(*l.links));
	for (int i = 0; i < l.n_links; i++)
		connect_link(&l, &l.links[i], (int)port);
	l.all = rate * seconds;
	l.step_ns = 1000000000 / rate;
	l.from_due = mem_zero((size_t)l.all * sizeof(int64_t));
	l.from_sent = mem_zero((size_t)l.all * sizeof(int64_t));
	l.begin_ns = now_ns();
	while (l.done < l.all)
		turn(&l);
	took = (double)(now_ns() - l.begin_ns) / 1e9;
	printf("%lld\t%lld\t%.0f", (long long)l.sent, (long long)l.failed, (double)l.done / took);
	print_quantiles(l.from_due, l.done);
	print_quantiles(l.from_sent, l.done);
	putchar('\n');
	for (int i = 0; i < l.n_links; i++)
		close(l.links[i].fd);
	close(l.epoll);
	mem_free(l.links);
	mem_free(l.paths);
	mem_free(l.from_due);
	mem_free(l.from_sent);
	buf_done(&text);
	return EXIT_DONE;
}
