#include "serve/verdict.h"

#include "base/clock.h"

#include "model/image.h"

#include <string.h>

/* Each looks at one reason; the first that holds is the verdict. */
typedef bool check(const struct verdict_case *c, struct arena *a, struct verdict *ret);

static const char *at(struct arena *a, int64_t ms)
{
	char text[32];

	clock_iso(ms, text);
	return arena_text(a, text).p;
}

/* "2025-03-01T12:00:00Z (in 3 min)" */
static const char *when(const struct verdict_case *c, struct arena *a, int64_t ms)
{
	int64_t now = c->known->now_ms;
	char span[32];

	if (ms <= now)
		return "now";
	clock_span(ms - now, span);
	return arena_fmt(a, "%s (in %s)", at(a, ms), span).p;
}

static const char *retry_hint(const struct verdict_case *c, struct arena *a)
{
	return arena_fmt(a,
			 "It is not asked again by itself; `pipectl crawl URL` or `pipectl retry "
			 "--job %lld` does.",
			 (long long)c->job->id)
		.p;
}

/* " on TIME (HTTP status 200)" */
static const char *last_page(const struct verdict_case *c, struct arena *a)
{
	if (!c->page)
		return "";
	return arena_fmt(a, " at %s (HTTP status %d)", at(a, c->page->fetched_ms), c->page->status)
		.p;
}

/* ---- no job, or one that has ended ---- */

static bool out_of_scope(const struct verdict_case *c, struct arena *a, struct verdict *ret)
{
	if (c->job || c->target->in_scope)
		return false;
	ret->text = arena_fmt(a, "It does not belong to %.*s: %.*s.", STR_ARG(c->source),
			      STR_ARG(c->target->refused));
	return true;
}

static const struct conf_page *kind_of(const struct verdict_case *c)
{
	return c->target->source ? conf_page(c->target->source, c->job->page) : NULL;
}

static const char *why_done(const struct verdict_case *c, struct arena *a)
{
	const struct conf_page *p = kind_of(c);

	if (str_is(c->job->page, IMAGE_PAGE))
		return "is kept: a listing shows it. It is asked again when its file is lost.";
	if (str_eq(c->source, STR(CONF_NO_SOURCE)))
		return "belongs to no source: one may be drafted from it (`pipectl source new "
		       "URL`).";
	if (c->job->reason.n)
		return arena_fmt(a, "is not asked again: it %.*s.", STR_ARG(c->job->reason)).p;
	if (p && p->revisit_ms)
		return "is not asked again: the thing is sold, and its kind has no "
		       "`revisit-sold`. `pipectl crawl URL` asks it once more.";
	return arena_fmt(a,
			 "pages of kind `%.*s` are not asked again: they have no `revisit`. "
			 "`pipectl crawl URL` asks it once more.",
			 STR_ARG(c->job->page))
		.p;
}

static bool done(const struct verdict_case *c, struct arena *a, struct verdict *ret)
{
	if (!c->job || c->job->state != JOB_DONE)
		return false;
	ret->text = arena_fmt(a, "It was fetched%s, and %s", last_page(c, a), why_done(c, a));
	return true;
}

static bool gone(const struct verdict_case *c, struct arena *a, struct verdict *ret)
{
	if (!c->job || c->job->state != JOB_GONE)
		return false;
	ret->text = arena_fmt(a, "It was gone when it was asked%s: %.*s. %s", last_page(c, a),
			      STR_ARG(c->job->reason), retry_hint(c, a));
	return true;
}

static bool failed(const struct verdict_case *c, struct arena *a, struct verdict *ret)
{
	if (!c->job || c->job->state != JOB_FAILED)
		return false;
	ret->text = arena_fmt(a, "It failed %d times in a row, the last time%s: %.*s. %s",
			      c->job->attempts, last_page(c, a), STR_ARG(c->job->reason),
			      retry_hint(c, a));
	return true;
}

static bool refused(const struct verdict_case *c, struct arena *a, struct verdict *ret)
{
	if (!c->job || c->job->state != JOB_REFUSED)
		return false;
	ret->text = arena_fmt(a, "It was not asked, or what came was refused: %.*s. %s",
			      STR_ARG(c->job->reason), retry_hint(c, a));
	return true;
}

/* ---- its source ---- */

static bool removed(const struct verdict_case *c, struct arena *a, struct verdict *ret)
{
	if (c->target->source)
		return false;
	ret->text = arena_fmt(a,
			      "It is due, but the configuration no longer names its source "
			      "%.*s. The job is kept, and goes on when the source is back.",
			      STR_ARG(c->source));
	return true;
}

static bool disabled(const struct verdict_case *c, struct arena *a, struct verdict *ret)
{
	if (c->target->source->enabled)
		return false;
	ret->text = arena_fmt(a, "Its source %.*s is switched off (`enabled: false`, %s:%d).",
			      STR_ARG(c->source), c->target->source->at.file,
			      c->target->source->at.line);
	return true;
}

static bool missing(const struct verdict_case *c, struct arena *a, struct verdict *ret)
{
	if (!c->target->source->missing.n)
		return false;
	ret->text = arena_fmt(a, "Its source %.*s waits: %.*s.", STR_ARG(c->source),
			      STR_ARG(c->target->source->missing));
	return true;
}

/* ---- no job: nobody has heard of it ---- */

static bool unknown(const struct verdict_case *c, struct arena *a, struct verdict *ret)
{
	const struct serve_known *k = c->known;

	if (c->job)
		return false;
	ret->text = arena_fmt(
		a,
		"No page known so far linked to it, and no seed of %.*s makes it.%s%s "
		"`pipectl crawl URL` asks it once.",
		STR_ARG(c->source),
		k->robots_known && !k->robots_allow
			? arena_fmt(a, " robots.txt would not allow it (line %d: Disallow: %.*s).",
				    k->robots_line, STR_ARG(k->robots_rule))
				  .p
			: "",
		c->target->source->scope.prefix_jobs
			? " Or the budget of its folder was spent: `pipectl refused` counts such "
			  "links."
			: "");
	return true;
}

/* ---- a due job ---- */

static bool under_way(const struct verdict_case *c, struct arena *a, struct verdict *ret)
{
	const struct serve_known *k = c->known;
	char span[32];

	if (!k->step)
		return false;
	clock_span(k->now_ms - k->step_ms, span);
	ret->text = arena_fmt(a, "It is under way: %s, for %s.", k->step, span);
	ret->when_ms = k->now_ms;
	return true;
}

static bool held(const struct verdict_case *c, struct arena *a, struct verdict *ret)
{
	if (!c->known->held.n)
		return false;
	ret->text = arena_fmt(a, "It is due, but nothing at all is asked: %.*s.",
			      STR_ARG(c->known->held));
	return true;
}

static bool paused(const struct verdict_case *c, struct arena *a, struct verdict *ret)
{
	if (!c->paused)
		return false;
	ret->text = arena_fmt(a, "Its source %.*s is paused; `pipectl resume %.*s` lets it go on.",
			      STR_ARG(c->source), STR_ARG(c->source));
	return true;
}

static bool robots(const struct verdict_case *c, struct arena *a, struct verdict *ret)
{
	const struct serve_known *k = c->known;

	if (!k->robots || !k->robots_asked_ms || k->robots_allow)
		return false;
	if (k->robots_known)
		ret->text = arena_fmt(a,
				      "It is due, and will be refused in its turn: robots.txt "
				      "line %d: Disallow: %.*s.",
				      k->robots_line, STR_ARG(k->robots_rule));
	else
		ret->text = arena_fmt(a,
				      "It is due, but robots.txt cannot be had (%s), so nothing "
				      "of the host may be asked; robots.txt is asked again %s.",
				      k->robots_trouble, when(c, a, k->robots_until_ms));
	ret->when_ms = k->robots_known ? 0 : k->robots_until_ms;
	return true;
}

static bool again(const struct verdict_case *c, struct arena *a, struct verdict *ret)
{
	const struct job *j = c->job;

	if (j->attempts == 0 || j->due_ms <= c->known->now_ms)
		return false;
	ret->when_ms = j->due_ms;
	ret->text =
		arena_fmt(a,
			  "It failed %d times in a row, the last time%s: %.*s. It is tried "
			  "again %s.",
			  j->attempts, last_page(c, a), STR_ARG(j->reason), when(c, a, j->due_ms));
	return true;
}

/* How its interval came about, and with what it is asked. */
static const char *habit(const struct verdict_case *c, struct arena *a)
{
	const struct visit *v = c->job->visit;
	bool longer, asks;
	char every[32];

	if (!v)
		return "";
	clock_span(v->interval_ms, every);
	longer = c->job->due_ms - v->seen_ms > v->interval_ms + v->interval_ms / 100 + 5000;
	asks = v->etag.n || v->last_modified.n;
	return arena_fmt(a,
			 " Its interval is %s now: shorter where it had changed (at %lld of %lld "
			 "visits; last %s), longer where not.%s%s",
			 every, (long long)v->changes, (long long)v->visits,
			 v->changes ? at(a, v->changed_ms) : "never",
			 longer ? " The site said that the answer holds for longer than that." : "",
			 asks ? " It is asked whether that still holds (If-None-Match, "
				"If-Modified-Since)."
			      : "")
		.p;
}

static bool not_due(const struct verdict_case *c, struct arena *a, struct verdict *ret)
{
	const struct job *j = c->job;

	if (j->due_ms <= c->known->now_ms)
		return false;
	ret->when_ms = j->due_ms;
	if (c->page)
		ret->text = arena_fmt(a, "It was fetched%s, and is asked again %s.%s",
				      last_page(c, a), when(c, a, j->due_ms), habit(c, a));
	else
		ret->text =
			arena_fmt(a, "It was never asked; it is due %s.", when(c, a, j->due_ms));
	return true;
}

/* What waits before it, at the pace that is kept. */
static int64_t turn_ms(const struct verdict_case *c)
{
	const struct serve_known *k = c->known;
	int64_t from = k->until_ms > k->now_ms ? k->until_ms : k->now_ms;
	double rate = k->rate > 0 ? k->rate : c->target->source->rate;

	return rate > 0 ? from + (int64_t)((double)c->ahead * 1000 / rate) : 0;
}

static const char *ahead(const struct verdict_case *c, struct arena *a)
{
	if (!c->ahead)
		return "no job of the host is before it";
	return arena_fmt(a, "%s%lld job%s of the host %s before it",
			 c->more_ahead ? "more than " : "", (long long)c->ahead,
			 c->ahead == 1 ? "" : "s", c->ahead == 1 ? "is" : "are")
		.p;
}

/* The host is left alone. */
static bool host(const struct verdict_case *c, struct arena *a, struct verdict *ret)
{
	const struct serve_known *k = c->known;

	if (!k->why || k->until_ms <= k->now_ms || !strcmp(k->why, "rate") ||
	    !strcmp(k->why, "address") || !strcmp(k->why, "not-due"))
		return false;
	ret->code = k->why;
	ret->when_ms = turn_ms(c);
	ret->text =
		arena_fmt(a,
			  "It is due, but its host is left alone (%s: %s%s%.*s) until %s; %s, so "
			  "its turn comes about %s.",
			  k->why, k->why_doc, k->trouble.n ? "; last " : "", STR_ARG(k->trouble),
			  when(c, a, k->until_ms), ahead(c, a), when(c, a, ret->when_ms));
	return true;
}

static bool queued(const struct verdict_case *c, struct arena *a, struct verdict *ret)
{
	ret->when_ms = turn_ms(c);
	ret->text =
		arena_fmt(a, "It is due and waits for its turn: %s, so it is asked %s%s%s.",
			  ahead(c, a), c->ahead ? "about " : "", when(c, a, ret->when_ms),
			  c->known->why ? "" : "; its host is not in memory yet, hosts take turns");
	return true;
}

static const struct {
	const char *code;
	check *holds;
} checks[] = {
	{ "out-of-scope", out_of_scope },
	{ "under-way", under_way },
	{ "done", done },
	{ "gone", gone },
	{ "failed", failed },
	{ "refused", refused },
	{ "removed", removed },
	{ "disabled", disabled },
	{ "missing", missing },
	{ "unknown", unknown },
	{ "paused", paused },
	{ "held", held },
	{ "robots", robots },
	{ "retrying", again },
	{ "not-due", not_due },
	{ "host", host },
	{ "queued", queued },
};

void verdict_of(const struct verdict_case *c, struct arena *a, struct verdict *ret)
{
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		*ret = (struct verdict){ .code = checks[i].code };
		if (checks[i].holds(c, a, ret))
			return;
	}
}
