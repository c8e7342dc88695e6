#include "crawler/cdxj.h"

#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PARTS_MOST 256

static int by_bytes(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static struct str lower(struct str s, struct arena *a)
{
	char *p = arena_alloc(a, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		p[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] - 'A' + 'a' : s.p[i]);
	p[s.n] = 0;
	return (struct str){ p, s.n };
}

/* Without www., www2. and so on in front. */
static struct str without_www(struct str host)
{
	size_t n = 3;

	if (!str_starts(host, STR("www")))
		return host;
	while (n < host.n && host.p[n] >= '0' && host.p[n] <= '9')
		n++;
	return n < host.n && host.p[n] == '.' ? str_sub(host, n + 1, host.n) : host;
}

/* Numbers are not turned round. */
static bool numeric(struct str host)
{
	for (size_t i = 0; i < host.n; i++)
		if ((host.p[i] < '0' || host.p[i] > '9') && host.p[i] != '.')
			return host.n && host.p[0] == '[';
	return true;
}

static void add_host(struct buf *b, struct str host)
{
	size_t end = host.n, i;

	if (numeric(host)) {
		buf_add(b, host);
		return;
	}
	while (end) {
		for (i = end; i && host.p[i - 1] != '.'; i--)
			continue;
		buf_add(b, str_sub(host, i, end - i));
		end = i ? i - 1 : 0;
		if (i)
			buf_add_char(b, ',');
	}
}

static void add_query(struct buf *b, struct str query)
{
	struct str parts[PARTS_MOST];
	size_t n = 0;

	while (n < PARTS_MOST && str_next(&query, '&', &parts[n]))
		n++;
	qsort(parts, n, sizeof(*parts), by_bytes);
	for (size_t i = 0; i < n; i++) {
		buf_add_char(b, i ? '&' : '?');
		buf_add(b, parts[i]);
	}
	if (query.p && n == PARTS_MOST) {
		buf_add_char(b, '&');
		buf_add(b, query);
	}
}

static struct str cut_at(struct str *rest, const char *marks)
{
	size_t n = 0;
	struct str head;

	while (n < rest->n && !strchr(marks, rest->p[n]))
		n++;
	head = str_sub(*rest, 0, n);
	*rest = str_sub(*rest, n, rest->n);
	return head;
}

struct str cdxj_surt(struct str url, struct arena *a)
{
	struct str s = lower(url, a), rest = s, host, port = { 0 }, path, out;
	bool tls = str_starts(s, STR("https://"));
	ptrdiff_t at;
	struct buf b;

	if (!tls && !str_starts(s, STR("http://")))
		return s;
	rest = str_sub(rest, tls ? 8 : 7, rest.n);
	host = cut_at(&rest, "/?#");
	at = str_find_char(host, '@');
	if (at >= 0)
		host = str_sub(host, (size_t)at + 1, host.n);
	at = host.n && host.p[0] == '[' ? str_find(host, STR("]:")) + 1 : str_find_char(host, ':');
	if (at > 0) {
		port = str_sub(host, (size_t)at + 1, host.n);
		host = str_sub(host, 0, (size_t)at);
	}
	path = cut_at(&rest, "?#");
	if (path.n && path.p[path.n - 1] == '/')
		path.n--;
	buf_init(&b, 2 * url.n + 64);
	add_host(&b, without_www(host));
	if (port.n && !str_is(port, tls ? "443" : "80"))
		buf_fmt(&b, ":%.*s", STR_ARG(port));
	buf_add_char(&b, ')');
	buf_add(&b, path.n ? path : STR("/"));
	if (rest.n > 1 && rest.p[0] == '?') {
		rest = str_sub(rest, 1, rest.n);
		add_query(&b, cut_at(&rest, "#"));
	}
	out = arena_str(a, buf_str(&b));
	buf_done(&b);
	return out;
}

static void timestamp(int64_t ms, char to[16])
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm;

	if (!gmtime_r(&t, &tm) || !strftime(to, 16, "%Y%m%d%H%M%S", &tm))
		snprintf(to, 16, "19700101000000");
}

/* A key may hold no space: the line's parts are told apart by it. */
static void add_key(struct buf *to, struct str key)
{
	for (size_t i = 0; i < key.n; i++) {
		if ((unsigned char)key.p[i] <= ' ' || key.p[i] == 127)
			buf_fmt(to, "%%%02x", (unsigned char)key.p[i]);
		else
			buf_add_char(to, key.p[i]);
	}
}

static void number(struct json *j, const char *name, int64_t n)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)n);
	json_text(j, name, text);
}

void cdxj_line(const struct warcfile_record *r, const struct warcscan *scan, struct str file,
	       struct buf *to)
{
	const struct warchead *h = &r->head;
	bool revisit = str_is(h->type, "revisit");
	struct arena *a;
	struct json j;
	char at[16];

	if ((!revisit && !str_is(h->type, "response") && !str_is(h->type, "resource")) ||
	    !h->uri.n || h->date_ms < 0 || r->bytes < 0)
		return;
	a = arena_new(4096);
	add_key(to, cdxj_surt(h->uri, a));
	timestamp(h->date_ms, at);
	buf_fmt(to, " %s ", at);
	json_init(&j, to);
	json_object(&j, NULL);
	json_str(&j, "url", h->uri);
	json_str(&j, "mime",
		 revisit	? STR("warc/revisit")
		 : scan->mime.n ? scan->mime
				: STR("unk"));
	if (scan->status >= 0)
		number(&j, "status", scan->status);
	if (h->payload_digest.n)
		json_str(&j, "digest", h->payload_digest);
	number(&j, "length", r->bytes);
	number(&j, "offset", r->offset);
	json_str(&j, "filename", file);
	json_end_object(&j);
	buf_add_char(to, '\n');
	arena_free(a);
}

void cdxj_sort(struct str text, struct buf *ret)
{
	struct str *lines = NULL, rest = text, line;
	size_t n = 0, cap = 0;

	while (str_next(&rest, '\n', &line)) {
		if (!line.n)
			continue;
		mem_grow(&lines, &cap, n + 1, sizeof(*lines));
		lines[n++] = line;
	}
	if (n)
		qsort(lines, n, sizeof(*lines), by_bytes);
	for (size_t i = 0; i < n; i++) {
		buf_add(ret, lines[i]);
		buf_add_char(ret, '\n');
	}
	mem_free(lines);
}

struct faults {
	int64_t n;
};

static void on_news(void *ctx, enum warcfile_news kind, int64_t offset, const char *text)
{
	struct faults *f = ctx;

	(void)offset;
	(void)text;
	f->n += kind == WARCFILE_DAMAGE;
}

static enum err scan_all(struct warcfile *f, struct str name,
			 bool (*go_on)(void *ctx, int64_t offset), void *ctx, struct buf *lines,
			 struct reason *why)
{
	struct warcfile_record *r;
	struct warcscan scan;
	enum err err;

	warcscan_init(&scan);
	while (!(err = warcfile_next(f, &r, why)) && r) {
		err = warcscan_record(f, r, &scan, why);
		if (err)
			break;
		cdxj_line(r, &scan, name, lines);
		if (go_on && !go_on(ctx, r->offset)) {
			err = reason_set(why, ERR_CANCELLED, "stopped");
			break;
		}
	}
	warcscan_done(&scan);
	if (!err && lines->full)
		err = reason_set(why, ERR_TOO_BIG, "the index of %.*s is over %zu MiB",
				 STR_ARG(name), CDXJ_MOST >> 20);
	return err;
}

enum err cdxj_write(const char *folder, struct str name, int64_t till,
		    bool (*go_on)(void *ctx, int64_t offset), void *ctx, int64_t *ret_lines,
		    int64_t *ret_faults, struct reason *why)
{
	char from[PATH_MAX], to[PATH_MAX];
	struct faults faults = { 0 };
	struct warcfile *f = NULL;
	struct buf lines, sorted;
	enum err err;

	if (snprintf(from, sizeof(from), "%s/%.*s", folder, STR_ARG(name)) >= (int)sizeof(from) ||
	    snprintf(to, sizeof(to), "%s.cdxj", from) >= (int)sizeof(to))
		return reason_set(why, ERR_TOO_BIG, "path too long: %s", folder);
	err = warcfile_open(from, 0, till, on_news, &faults, &f, why);
	if (err)
		return err;
	buf_init(&lines, CDXJ_MOST);
	buf_init(&sorted, CDXJ_MOST);
	err = scan_all(f, name, go_on, ctx, &lines, why);
	warcfile_close(f);
	if (!err) {
		cdxj_sort(buf_str(&lines), &sorted);
		err = file_write(to, buf_str(&sorted), why);
	}
	*ret_lines = 0;
	for (size_t i = 0; i < sorted.n; i++)
		*ret_lines += sorted.p[i] == '\n';
	*ret_faults = faults.n;
	buf_done(&lines);
	buf_done(&sorted);
	return err;
}
