/* Why, and when: each reason, and which of several is told. */
#include "serve/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW 1700000000000

struct scene {
	struct conf_source source;
	struct serve_target target;
	struct serve_known known;
	struct job job;
	struct page page;
	struct verdict_case c;
};

/* A due job of a source that runs, whose host may be asked twice a second. */
static void set(struct scene *s)
{
	*s = (struct scene){
		.source = { .name = STR("shop"), .enabled = true, .robots = true, .rate = 2 },
		.target = { .in_scope = true },
		.known = { .now_ms = NOW,
			   .why = "rate",
			   .why_doc = "a little later",
			   .rate = 2,
			   .robots = "rules",
			   .robots_trouble = "",
			   .robots_known = true,
			   .robots_allow = true,
			   .robots_asked_ms = NOW - 5 },
		.job = { .id = 7, .page = STR("item"), .state = JOB_DUE, .due_ms = NOW - 1 },
		.page = { .id = 3, .fetched_ms = NOW - 60000, .status = 200 },
		.c = { .source = STR("shop") },
	};
	s->source.at.file = "shop.yaml";
	s->target.source = &s->source;
	s->c.target = &s->target;
	s->c.known = &s->known;
	s->c.job = &s->job;
}

static void none(struct scene *s)
{
	s->c.job = NULL;
}
static void foreign(struct scene *s)
{
	s->c.job = NULL;
	s->target.in_scope = false;
	s->target.refused = STR("not its host");
}
static void forbidden(struct scene *s)
{
	none(s);
	s->known.robots_allow = false;
	s->known.robots_line = 4;
	s->known.robots_rule = STR("/x");
}
static void ended(struct scene *s)
{
	s->job.state = JOB_DONE;
	s->c.page = &s->page;
}
static void gone(struct scene *s)
{
	s->job.state = JOB_GONE;
	s->job.reason = STR("HTTP status 404");
}
static void failed(struct scene *s)
{
	s->job.state = JOB_FAILED;
	s->job.attempts = 4;
	s->job.reason = STR("timeout");
}
static void refused(struct scene *s)
{
	s->job.state = JOB_REFUSED;
	s->job.reason = STR("robots.txt line 2");
}
static void removed(struct scene *s)
{
	s->target.source = NULL;
}
static void removed_ended(struct scene *s)
{
	removed(s);
	ended(s);
}
static void disabled(struct scene *s)
{
	s->source.enabled = false;
}
static void missing(struct scene *s)
{
	s->source.missing = STR("no credential KEY");
}
static void under_way(struct scene *s)
{
	s->c.paused = true; /* what is under way is finished */
	s->known.step = "fetching";
	s->known.step_ms = NOW - 2000;
}
static void paused(struct scene *s)
{
	s->c.paused = true;
}
static void held(struct scene *s)
{
	s->known.held = STR("the disk is full");
}
static void disallowed(struct scene *s)
{
	s->known.robots_allow = false;
	s->known.robots_line = 4;
	s->known.robots_rule = STR("/x");
}
static void unreachable(struct scene *s)
{
	s->known.robots_known = s->known.robots_allow = false;
	s->known.robots_trouble = "HTTP status 503";
	s->known.robots_until_ms = NOW + 60000;
}
static void retrying(struct scene *s)
{
	s->job.attempts = 2;
	s->job.reason = STR("timeout");
	s->job.due_ms = NOW + 10000;
}
static void later(struct scene *s)
{
	s->c.page = &s->page;
	s->job.due_ms = NOW + 3600000;
}
static const struct visit visit = { .seen_ms = NOW - 60000,
				    .changed_ms = NOW - 7200000,
				    .interval_ms = 3660000,
				    .visits = 5,
				    .changes = 2,
				    .etag = { "\"x\"", 3 } };
static const struct visit held_visit = { .seen_ms = NOW - 60000,
					 .interval_ms = 60000,
					 .visits = 1 };
static void visited(struct scene *s)
{
	later(s);
	s->job.visit = &visit;
}
static void held_longer(struct scene *s)
{
	later(s);
	s->job.visit = &held_visit;
}
static void image(struct scene *s)
{
	ended(s);
	s->job.page = STR("@image");
}
static void sold(struct scene *s)
{
	static struct conf_page item = { .name = { "item", 4 }, .revisit_ms = 3600000 };

	ended(s);
	s->source.pages = &item;
	s->source.n_pages = 1;
}
static void named(struct scene *s)
{
	ended(s);
	s->job.reason = STR("is the page of job 5");
}
static void never(struct scene *s)
{
	s->job.due_ms = NOW + 3600000;
}
static void back_off(struct scene *s)
{
	s->known.why = "back-off";
	s->known.why_doc = "it failed";
	s->known.trouble = STR("HTTP status 500");
	s->known.until_ms = NOW + 30000;
	s->c.ahead = 20;
}
static void queued(struct scene *s)
{
	s->c.ahead = 120;
}
static void outside(struct scene *s)
{
	s->known.why = s->known.why_doc = NULL;
	s->known.rate = 0;
	s->c.ahead = 1;
}

static const struct {
	void (*change)(struct scene *s);
	const char *code, *part;
	int64_t in_ms; /* -1: not told */
} rows[] = {
	{ none, "unknown", "No page known so far linked to it", -1 },
	{ forbidden, "unknown", "robots.txt would not allow it (line 4: Disallow: /x)", -1 },
	{ foreign, "out-of-scope", "It does not belong to shop: not its host.", -1 },
	{ ended, "done", "fetched at 2023-11-14T22:12:20Z (HTTP status 200)", -1 },
	{ removed_ended, "done", "no `revisit`", -1 },
	{ gone, "gone", "HTTP status 404. It is not asked again by itself", -1 },
	{ failed, "failed", "failed 4 times in a row, the last time: timeout", -1 },
	{ refused, "refused", "robots.txt line 2", -1 },
	{ removed, "removed", "no longer names its source shop", -1 },
	{ disabled, "disabled", "switched off (`enabled: false`, shop.yaml:0)", -1 },
	{ missing, "missing", "no credential KEY", -1 },
	{ under_way, "under-way", "fetching, for 2", 0 },
	{ paused, "paused", "pipectl resume shop", -1 },
	{ held, "held", "the disk is full", -1 },
	{ disallowed, "robots", "will be refused in its turn: robots.txt line 4", -1 },
	{ unreachable, "robots", "cannot be had (HTTP status 503)", 60000 },
	{ retrying, "retrying", "tried again 2023-11-14T22:13:30Z (in 10 s)", 10000 },
	{ later, "not-due", "is asked again 2023-11-14T23:13:20Z (in 1", 3600000 },
	{ visited, "not-due", "Its interval is 1", 3600000 },
	{ visited, "not-due",
	  "(at 2 of 5 visits; last 2023-11-14T20:13:20Z), longer where not. It is asked whether",
	  3600000 },
	{ held_longer, "not-due",
	  "(at 0 of 1 visits; last never), longer where not. The site said that the answer holds "
	  "for longer than that.",
	  3600000 },
	{ image, "done", "is kept: a listing shows it", -1 },
	{ sold, "done", "the thing is sold, and its kind has no `revisit-sold`", -1 },
	{ named, "done", "is not asked again: it is the page of job 5.", -1 },
	{ never, "not-due", "never asked", 3600000 },
	{ back_off, "back-off", "(back-off: it failed; last HTTP status 500)", 40000 },
	{ queued, "queued", "120 jobs of the host are before it, so it is asked about", 60000 },
	{ outside, "queued", "1 job of the host is before it", 500 },
};

static void reasons_are_told(void **state)
{
	struct arena *a = arena_new(4096);
	struct verdict v;
	struct scene s;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		set(&s);
		rows[i].change(&s);
		verdict_of(&s.c, a, &v);
		if (strcmp(v.code, rows[i].code) != 0 || str_find(v.text, str_of(rows[i].part)) < 0)
			fail_msg("%s, %s: is %s: %s", rows[i].code, rows[i].part, v.code, v.text.p);
		if (v.when_ms != (rows[i].in_ms < 0 ? 0 : NOW + rows[i].in_ms))
			fail_msg("%s: in %lld ms", v.code, (long long)(v.when_ms - NOW));
	}
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(reasons_are_told) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
