#include "base/file.h"
#include "base/mem.h"
#include "crawler/way.h"
#include "tests/scenario/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define SKIPPED 77

static void take_file(struct world *w, struct reply *r, struct str name)
{
	char path[1024];
	struct reason why;
	struct buf b;

	snprintf(path, sizeof(path), "%s/pages/%.*s", PIPED_SCENARIOS, STR_ARG(name));
	buf_init(&b, 8 << 20);
	if (file_read(path, &b, &why))
		scenario_fail(w, "%s", why.text);
	r->body = buf_move(&b, &r->body_bytes);
}

static void gzip_body(struct world *w, struct reply *r)
{
	uLong room = compressBound(r->body_bytes) + 64;
	char *to = mem_alloc(room);
	z_stream z = { 0 };

	if (deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		scenario_fail(w, "deflateInit2");
	z.next_in = (Bytef *)r->body;
	z.avail_in = (uInt)r->body_bytes;
	z.next_out = (Bytef *)to;
	z.avail_out = (uInt)room;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		scenario_fail(w, "deflate");
	mem_free(r->body);
	r->body = to;
	r->body_bytes = z.total_out;
	deflateEnd(&z);
}

static enum fetch_end end_named(const struct world *w, struct str name)
{
	for (int e = 0; e < FETCH_ENDS; e++)
		if (str_is(name, fetch_end_name((enum fetch_end)e)))
			return (enum fetch_end)e;
	scenario_fail(w, "no such end of a fetch: %.*s", STR_ARG(name));
}

/* Of the data that is measured with, which not every machine has. */
static void take_shared(struct world *w, struct reply *r, struct str name)
{
	char path[1024];
	struct buf b;

	snprintf(path, sizeof(path), "%s/data/%.*s", PIPED_SHARED, STR_ARG(name));
	if (!file_exists(path)) {
		fprintf(stderr, "%s:%d: skipped: no %s\n", w->file, w->line, path);
		exit(SKIPPED);
	}
	buf_init(&b, 8 << 20);
	if (file_read(path, &b, NULL))
		scenario_fail(w, "cannot read %s", path);
	r->body = buf_move(&b, &r->body_bytes);
}

static void add_line(struct world *w, char *to, size_t room, const char *name, struct str value)
{
	size_t n = strlen(to);

	n += (size_t)snprintf(to + n, room - n, "%s%.*s\r\n", name, STR_ARG(value));
	if (n >= room)
		scenario_fail(w, "too many headers");
}

static void add_header(struct world *w, struct reply *r, const char *name, struct str value)
{
	add_line(w, r->headers, sizeof(r->headers), name, value);
}

/* reply URL [when TEXT] [status N] [retry-after SECONDS] [file F | shared F | body TEXT] [gzip | gz]
 * [type T] [etag E] [last-modified DATE] [header "NAME: VALUE"] [end NAME] [times N];
 * gzip: compressed on its way; gz: a gzip file; when: only a POST whose body holds the
 * text; a URL that ends in * is the beginning of one */
void scenario_net_reply(struct world *w, struct str rest)
{
	struct str word, url = scenario_word(&rest);
	struct reply *r;

	if (w->n_replies == SCENARIO_MOST_REPLIES)
		scenario_fail(w, "too many replies");
	r = &w->replies[w->n_replies++];
	*r = (struct reply){ .status = -1, .retry_after_ms = -1, .times = -1 };
	snprintf(r->url, sizeof(r->url), "%.*s", STR_ARG(url));
	snprintf(r->type, sizeof(r->type), "application/json");
	while ((word = scenario_word(&rest)).p) {
		if (str_is(word, "gzip") || str_is(word, "gz")) {
			gzip_body(w, r);
			if (str_is(word, "gzip"))
				snprintf(r->encoding, sizeof(r->encoding), "gzip");
			continue;
		}
		url = scenario_word(&rest);
		if (!url.p)
			scenario_fail(w, "%.*s wants a value", STR_ARG(word));
		if (str_is(word, "when")) {
			snprintf(r->when, sizeof(r->when), "%.*s", STR_ARG(url));
		} else if (str_is(word, "status")) {
			r->status = (int)scenario_number(w, url);
		} else if (str_is(word, "retry-after")) {
			r->retry_after_ms = scenario_number(w, url) * 1000;
		} else if (str_is(word, "file")) {
			take_file(w, r, url);
		} else if (str_is(word, "shared")) {
			take_shared(w, r, url);
		} else if (str_is(word, "body")) {
			r->body = mem_dup(url.p, url.n);
			r->body_bytes = url.n;
		} else if (str_is(word, "type")) {
			snprintf(r->type, sizeof(r->type), "%.*s", STR_ARG(url));
		} else if (str_is(word, "end")) {
			r->end = end_named(w, url);
		} else if (str_is(word, "etag")) {
			add_header(w, r, "ETag: ", url);
		} else if (str_is(word, "last-modified")) {
			add_header(w, r, "Last-Modified: ", url);
		} else if (str_is(word, "header")) {
			add_header(w, r, "", url);
		} else if (str_is(word, "times")) {
			r->times = (int)scenario_number(w, url);
		} else {
			scenario_fail(w, "reply: unknown word %.*s", STR_ARG(word));
		}
	}
	/* Unless it is said, only what can't end without a head has a status. */
	if (r->status < 0)
		r->status = r->end == FETCH_ANSWER || r->end == FETCH_CUT || r->end == FETCH_TOO_BIG
				    ? 200
				    : 0;
}

void scenario_net_free(struct world *w)
{
	for (int i = 0; i < w->n_replies; i++)
		mem_free(w->replies[i].body);
}

/* A text that ends in * is the beginning of a URL. */
static bool covers(const char *text, struct str url)
{
	struct str of = str_of(text);

	return str_eq(url, of) ||
	       (str_ends(of, STR("*")) && str_starts(url, str_sub(of, 0, of.n - 1)));
}

/* The first one for the URL with a time left; the last one stays. */
static struct reply *reply_for(struct world *w, struct str url, struct str body)
{
	for (int i = 0; i < w->n_replies; i++) {
		struct reply *r = &w->replies[i];

		if (!covers(r->url, url) || r->times == 0 ||
		    (r->when[0] && str_find(body, str_of(r->when)) < 0))
			continue;
		if (r->times > 0)
			r->times--;
		return r;
	}
	scenario_fail(w, "nothing replies to %.*s %.*s", STR_ARG(url), STR_ARG(body));
}

static bool told(const struct world *w, struct str url)
{
	for (int i = 0; i < w->n_replies; i++)
		if (covers(w->replies[i].url, url))
			return true;
	return false;
}

/* "Name: value; Name: value" */
static void add_request_header(struct world *w, struct asked *a, const struct conf_header *h)
{
	size_t n = strlen(a->headers), room = sizeof(a->headers);

	n += (size_t)snprintf(a->headers + n, room - n, "%s%.*s: %.*s", n ? "; " : "",
			      STR_ARG(h->name), STR_ARG(h->value));
	if (n >= room)
		scenario_fail(w, "too many headers");
}

static struct str asked(const struct fetch_request *q)
{
	return q->way.n ? way_next(q->way) : q->url;
}

void scenario_net_start(void *world, struct fetch_request *q)
{
	struct world *w = world;
	struct str url = asked(q), rest = url;
	ptrdiff_t at = str_find(rest, STR("://"));
	struct asked *a;

	if (w->n_asked == SCENARIO_MOST_ASKED || w->n_pending == 256)
		scenario_fail(w, "too many requests");
	/* Not counted unless the scenario is about it. */
	if (str_ends(url, STR("/robots.txt")) && !told(w, url)) {
		w->pending[w->n_pending++] = q;
		return;
	}
	a = &w->asked[w->n_asked++];
	snprintf(a->url, sizeof(a->url), "%.*s", STR_ARG(url));
	snprintf(a->body, sizeof(a->body), "%.*s", STR_ARG(q->body));
	if (at > 0)
		rest = str_sub(rest, (size_t)at + 3, rest.n);
	at = str_find_char(rest, '/');
	snprintf(a->host, sizeof(a->host), "%.*s", at < 0 ? (int)rest.n : (int)at, rest.p);
	a->at_ms = w->now_ms;
	for (int i = 0; i < q->n_headers; i++)
		add_request_header(w, a, &q->headers[i]);
	w->pending[w->n_pending++] = q;
}

/* Redirects go by the rules of the fetcher. */
static void lead_on(const struct fetch_request *q, struct fetch_answer *a)
{
	const struct way_answer in = { .source = q->source,
				       .way = q->way,
				       .asked = a->url,
				       .status = a->status,
				       .response_head = a->response_head,
				       .most = 5 };

	if (a->end == FETCH_ANSWER)
		a->end = way_on(&in, a->arena, &a->way, &a->why);
	a->n_hops = way_hops(arena_str(a->arena, q->way), a->arena, &a->hops);
}

static struct fetch_answer *answer_of(struct world *w, const struct fetch_request *q)
{
	struct str url = asked(q);
	static struct reply no_rules = { .status = 404, .retry_after_ms = -1 };
	struct reply *r = str_ends(url, STR("/robots.txt")) && !told(w, url)
				  ? &no_rules
				  : reply_for(w, url, q->body);
	struct arena *arena = arena_new(4096);
	struct fetch_answer *a = arena_zero(arena, sizeof(*a));

	a->arena = arena;
	a->end = r->end;
	if (a->end != FETCH_ANSWER)
		reason_set(&a->why, ERR_NET, "the scenario says so");
	a->started_ms = scenario_world_wall(w);
	a->status = r->status;
	a->url = arena_str(arena, url);
	a->request_head =
		q->body.n ? STR("POST / HTTP/1.1\r\n\r\n") : STR("GET / HTTP/1.1\r\n\r\n");
	a->request_body = arena_str(arena, q->body);
	a->response_head = arena_fmt(arena, "HTTP/1.1 %d X\r\nContent-Type: %s\r\n%s%s%s%s\r\n",
				     r->status, r->type, r->encoding[0] ? "Content-Encoding: " : "",
				     r->encoding, r->encoding[0] ? "\r\n" : "", r->headers);
	a->content_type = arena_text(arena, r->type);
	if (r->encoding[0])
		a->content_encoding = arena_text(arena, r->encoding);
	a->retry_after_ms = r->retry_after_ms;
	a->body = arena_str(arena, (struct str){ r->body ? r->body : "", r->body_bytes });
	a->ip = STR("127.0.0.1");
	lead_on(q, a);
	return a;
}

void scenario_net_hold(struct world *w, struct str url)
{
	if (w->n_held == sizeof(w->held) / sizeof(w->held[0]))
		scenario_fail(w, "hold: too many");
	snprintf(w->held[w->n_held++], sizeof(w->held[0]), "%.*s", STR_ARG(url));
}

void scenario_net_release(struct world *w, struct str url)
{
	int n = 0;

	for (int i = 0; i < w->n_held; i++)
		if (!str_is(url, w->held[i]) && n++ != i)
			memcpy(w->held[n - 1], w->held[i], sizeof(w->held[0]));
	if (n == w->n_held)
		scenario_fail(w, "release: %.*s is not held", STR_ARG(url));
	w->n_held = n;
}

static bool is_held(const struct world *w, struct str url)
{
	for (int i = 0; i < w->n_held; i++)
		if (covers(w->held[i], url))
			return true;
	return false;
}

int scenario_net_held(const struct world *w)
{
	int n = 0;

	for (int i = 0; i < w->n_pending; i++)
		n += is_held(w, asked(w->pending[i]));
	return n;
}

bool scenario_net_deliver(struct world *w)
{
	struct fetch_request *now[256];
	int n = w->n_pending, held = 0;

	memcpy(now, w->pending, sizeof(now));
	w->n_pending = 0;
	for (int i = 0; i < n; i++) {
		if (is_held(w, asked(now[i]))) {
			w->pending[w->n_pending++] = now[i];
			held++;
		} else {
			now[i]->done(now[i], answer_of(w, now[i]));
		}
	}
	return n > held;
}
