/* freshness.h and revisit.h against http-tests/cache-tests, as far as a crawler is
 * a cache: it keeps answers, asks whether they still hold, and does not ask while
 * they do. It answers nobody. What does not apply, and where we say something
 * else, stands here by name with the reason. */
#include "base/arena.h"
#include "base/buf.h"
#include "crawler/freshness.h"
#include "crawler/revisit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define SUITE PIPED_SHARED "/data/suites/http-cache/tests.json"
#define NOW_MS INT64_C(1740000000000)
#define PAUSE_MS 3000
#define MOST_REQUESTS 4
#define MOST_HEADERS 8

/* Tests of one suite whose name begins so. */
struct group {
	const char *suite, *test;
	int n; /* how many it stands for */
	const char *why;
	int seen;
};

static struct group left_out[] = {
	{ "cc-freshness", "freshness-s-maxage-shared", 1, "s-maxage is for shared caches", 0 },
	{ "cc-freshness", "freshness-max-age-s-maxage-shared", 5, "as above", 0 },
	{ "stale", "stale-", 12, "nobody is answered, so nothing is served stale", 0 },
	{ "conditional-lm", "conditional-lm-fresh", 4, "nobody asks us conditionally", 0 },
	{ "conditional-inm", "conditional-etag-strong-respond", 5, "as above", 0 },
	{ "conditional-inm", "conditional-304-etag", 1, "as above", 0 },
	{ "conditional-inm", "conditional-etag-precedence", 1, "as above", 0 },
	{ "conditional-inm", "conditional-etag-quoted-respond-", 1, "as above", 0 },
	{ "conditional-inm", "conditional-etag-unquoted-respond-", 2, "as above", 0 },
	{ "conditional-inm", "conditional-etag-weak-respond", 4, "as above", 0 },
	{ "conditional-inm", "conditional-etag-forward", 2, "as above", 0 },
	{ "headers", "headers-omit-headers-listed-in-Connection", 1,
	  "fields are not handed on: the archive has the head as it came", 0 },
	{ "headers", "headers-store-", 26, "as above", 0 },
	{ "update304", "304-etag-update-response-", 17,
	  "as above; what is held of a body comes with the body, never from a 304", 0 },
	{ .suite = NULL },
};

/* They begin like some that are left out. */
static const char *const applying[] = {
	"headers-store-Cache-Control",	 "headers-store-ETag",
	"headers-store-Expires",	 "304-etag-update-response-Cache-Control",
	"304-etag-update-response-ETag", "304-etag-update-response-Expires",
};

static struct group differing[] = {
	{ "cc-parse", "freshness-max-age-two-stale-fresh-", 2,
	  "the first of several counts (RFC 9111 4.2.1)", 0 },
	{ "cc-parse", "freshness-max-age-decimal-", 2,
	  "what is no whole number is stale (RFC 9111 4.2.1)", 0 },
	{ "cc-parse", "freshness-max-age-a100", 1, "as above", 0 },
	{ "cc-parse", "freshness-max-age-100a", 1, "as above", 0 },
	{ "heuristic", "heuristic-delta-5", 1, "a tenth of that is less than the pause", 0 },
	{ "heuristic", "heuristic-delta-10", 1, "as above", 0 },
	{ "heuristic", "heuristic-delta-30", 1, "as above", 0 },
	{ "vary", "vary-cache-key", 1, "any other header we send counts, named by Vary or not", 0 },
	{ "vary", "vary-invalidate", 1, "one answer is held, not one per variant", 0 },
	{ "vary", "vary-normalise-", 6, "headers are compared as written", 0 },
	{ "conditional-inm", "conditional-etag-strong-generate-unquoted", 1,
	  "a tag goes back as it came, quoted or not", 0 },
	{ "conditional-inm", "conditional-etag-vary-headers-mismatch", 1,
	  "asked in full once our headers are others", 0 },
	{ "update304", "304-etag-update-response-ETag", 1,
	  "a 304 about another tag updates nothing (RFC 9111 4.3.4)", 0 },
	{ .suite = NULL },
};

static struct group *find(struct group *g, struct str suite, struct str test, bool exact)
{
	for (; g->suite; g++) {
		struct str name = str_of(g->test);

		if (!str_is(suite, g->suite) || !str_starts(test, name))
			continue;
		/* heuristic-delta-30 is not heuristic-delta-300 */
		if (!exact || str_ends(name, STR("-")) || str_eq(test, name))
			return g;
	}
	return NULL;
}

static bool applies(struct str suite, struct str test)
{
	struct group *g;

	for (size_t i = 0; i < sizeof(applying) / sizeof(applying[0]); i++)
		if (str_is(test, applying[i]))
			return true;
	g = find(left_out, suite, test, false);
	if (g)
		g->seen++;
	return !g;
}

static void check_groups(const struct group *g)
{
	for (; g->suite; g++)
		if (g->seen != g->n)
			fail_msg("%s %s: %d, not %d", g->suite, g->test, g->seen, g->n);
}

/* --- one test --- */

struct request {
	struct conf_header ask[MOST_HEADERS], expect[MOST_HEADERS];
	int n_ask, n_expect;
	struct str expected; /* "cached"; {0}: nothing is */
	struct buf head;     /* that the server answers with */
	int status;
	bool pause;
};

/* "@-300" is so many seconds from the time that it is sent. */
static void add_header(struct buf *head, struct str name, struct str value, int64_t now_ms)
{
	char text[64];
	int64_t s;
	time_t at;
	struct tm tm;

	if (value.n && value.p[0] == '@' && str_i64(str_sub(value, 1, value.n), &s)) {
		at = (time_t)(now_ms / 1000 + s);
		gmtime_r(&at, &tm);
		strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &tm);
		value = str_of(text);
	}
	buf_fmt(head, "%.*s: %.*s\r\n", STR_ARG(name), STR_ARG(value));
}

/* Does what the crawler does with the answers; what the test calls that. */
struct world {
	bool holds;
	struct freshness fresh;
	uint64_t version;
	int64_t came_ms, now_ms;
};

static uint64_t version_of(const struct request *q)
{
	struct conf_source s = { .headers = (struct conf_header *)(uintptr_t)q->ask,
				 .n_headers = q->n_ask };

	return revisit_version(&s, &(struct conf_page){ .version = 1 }, STR("piped"));
}

static const char *take_turn(struct world *w, const struct request *q, struct visit *v)
{
	struct freshness came;
	bool same = w->holds && version_of(q) == w->version;
	const char *was = "not_cached";

	*v = (struct visit){ .page = 0 };
	if (same && freshness_left_ms(&w->fresh) > w->now_ms - w->came_ms)
		return "cached";
	if (same) {
		v->etag = w->fresh.etag;
		v->last_modified = w->fresh.last_modified;
	}
	was = v->etag.n ? "etag_validated" : v->last_modified.n ? "lm_validated" : was;
	/* The suite's server says 304 where it expects to be asked so. */
	if (!strcmp(was, "not_cached") || !str_is(q->expected, was)) {
		freshness_read(buf_str(&q->head), q->status, w->now_ms, &w->fresh);
		w->holds = true;
	} else {
		freshness_read(buf_str(&q->head), 304, w->now_ms, &came);
		if (!freshness_confirms(w->fresh.etag, &came))
			return was;
		freshness_update(&w->fresh, &came);
	}
	w->version = version_of(q);
	w->came_ms = w->now_ms;
	return was;
}

static bool asked_as_expected(const struct request *q, const struct visit *v)
{
	struct conf_header sent[REVISIT_HEADERS + MOST_HEADERS];
	int n = revisit_headers(v, sent), k;

	for (int i = 0; i < q->n_ask; i++)
		sent[n++] = q->ask[i];
	for (int i = 0; i < q->n_expect; i++) {
		for (k = 0; k < n; k++)
			if (str_eq_nocase(sent[k].name, q->expect[i].name) &&
			    str_eq(sent[k].value, q->expect[i].value))
				break;
		if (k == n)
			return false;
	}
	return true;
}

static bool play(struct request *q, int n)
{
	struct world w = { .now_ms = NOW_MS };
	struct visit v;

	for (int i = 0; i < n; i++) {
		const char *was = take_turn(&w, &q[i], &v);

		/* To be asked whether it holds, and to say all anew, is not to be cached. */
		if (q[i].expected.p && !str_is(q[i].expected, was) &&
		    !(str_is(q[i].expected, "not_cached") && strcmp(was, "cached") != 0))
			return false;
		if (!asked_as_expected(&q[i], &v))
			return false;
		w.now_ms += q[i].pause ? PAUSE_MS : 0;
	}
	return true;
}

/* --- the file, by jq: a line for each test, request and header --- */

static const char program[] =
	"def text: if type == \"number\" then \"@\\(.)\" else . end;"
	"def lines(k; $w): (.[k] // [])[] | select(type == \"array\") | [$w, .[0], (.[1] | text)];"
	".[] | select(.id | IN(\"conditional-inm\", \"conditional-lm\", \"update304\","
	" \"cc-freshness\", \"heuristic\", \"age-parse\", \"expires\","
	" \"expires-parse\", \"cc-parse\", \"stale\", \"headers\", \"vary\"))"
	" | .id as $s | .tests[] | [\"test\", $s, .id, (.kind // \"required\")],"
	" (.requests[] | [\"request\", .expected_type // \"\","
	" (.response_status[0] // 200 | tostring), (.pause_after // false | tostring)],"
	" lines(\"request_headers\"; \"ask\"), lines(\"response_headers\"; \"answer\"),"
	" lines(\"expected_request_headers\"; \"expect\")) | @tsv";

struct reading {
	struct arena *a;
	struct str suite, test;
	struct request requests[MOST_REQUESTS];
	int n;
	int total, applied, differ, wrong;
};

static void finish_test(struct reading *r)
{
	struct group *g;

	if (!r->test.p)
		return;
	r->total++;
	if (applies(r->suite, r->test)) {
		r->applied++;
		if (!play(r->requests, r->n)) {
			g = find(differing, r->suite, r->test, true);
			if (g) {
				g->seen++;
				r->differ++;
			} else {
				r->wrong++;
				print_error("%.*s: %.*s\n", STR_ARG(r->suite), STR_ARG(r->test));
			}
		}
	}
	for (int i = 0; i < r->n; i++)
		buf_done(&r->requests[i].head);
	r->n = 0;
	r->test = (struct str){ 0 };
}

static void read_line(struct reading *r, struct str line)
{
	struct request *q = r->n ? &r->requests[r->n - 1] : NULL;
	struct str f[4] = { { 0 } }, rest = arena_str(r->a, line);
	int64_t status;

	for (int i = 0; i < 4 && str_next(&rest, '\t', &f[i]); i++)
		continue;
	if (str_is(f[0], "test")) {
		finish_test(r);
		r->suite = f[1];
		r->test = f[2];
	} else if (str_is(f[0], "request")) {
		assert_true(r->n < MOST_REQUESTS);
		q = &r->requests[r->n++];
		*q = (struct request){ .pause = str_is(f[3], "true") };
		q->expected = f[1].n ? f[1] : (struct str){ 0 };
		assert_true(str_i64(f[2], &status));
		q->status = (int)status;
		buf_init(&q->head, 1 << 16);
		buf_fmt(&q->head, "HTTP/1.1 %d X\r\n", q->status);
	} else if (str_is(f[0], "answer")) {
		/* Dates count from when it is sent: requests are asked at once or
		 * after the pause, which no test's margin is as short as. */
		add_header(&q->head, f[1], f[2], NOW_MS + (r->n > 1 ? PAUSE_MS : 0));
	} else if (q) {
		/* Conditions are ours to add, not the client's. */
		bool ask = str_is(f[0], "ask");
		struct conf_header *to = ask ? &q->ask[q->n_ask] : &q->expect[q->n_expect++];

		q->n_ask += ask && !str_eq_nocase(f[1], STR("If-Modified-Since"));
		assert_true(q->n_ask <= MOST_HEADERS && q->n_expect <= MOST_HEADERS);
		*to = (struct conf_header){ f[1], f[2] };
	}
}

static void suite(void **state)
{
	struct reading r = { .n = 0 };
	char command[4096], *line = NULL;
	size_t room = 0;
	ssize_t n;
	FILE *f;

	(void)state;
	if (access(SUITE, R_OK)) {
		print_message("%s is not there: skipped\n", SUITE);
		skip();
	}
	r.a = arena_new(1 << 16);
	snprintf(command, sizeof(command), "jq -r '%s' %s", program, SUITE);
	f = popen(command, "r");
	assert_non_null(f);
	while ((n = getline(&line, &room, f)) > 0)
		read_line(&r, (struct str){ line, (size_t)n - (line[n - 1] == '\n') });
	finish_test(&r);
	assert_int_equal(pclose(f), 0);
	free(line);
	arena_free(r.a);
	print_message("%d tests, %d apply, %d of them differ\n", r.total, r.applied, r.differ);
	assert_int_equal(r.wrong, 0);
	check_groups(left_out);
	check_groups(differing);
	assert_int_equal(r.total, 214);
	assert_int_equal(r.applied, 132);
	assert_int_equal(r.differ, 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(suite) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
