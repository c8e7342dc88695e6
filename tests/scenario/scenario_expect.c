#include "daemon/record.h"
#include "tests/scenario/scenario.h"

#include <stdio.h>
#include <string.h>

/* What is compared: a word and the text that the world has for it. */
struct fact {
	const char *name;
	struct str text;
};

static void compare(struct world *w, const struct fact *facts, int n, struct str rest)
{
	struct str name, want;
	int at;

	while ((name = scenario_word(&rest)).p) {
		want = scenario_word(&rest);
		for (at = 0; at < n && !str_is(name, facts[at].name); at++)
			continue;
		if (at == n)
			scenario_fail(w, "expect: no such word here: %.*s", STR_ARG(name));
		if (!str_eq(want, facts[at].text))
			scenario_fail(w, "expected %.*s %.*s, is %.*s", STR_ARG(name),
				      STR_ARG(want), STR_ARG(facts[at].text));
	}
}

static struct str number(struct arena *a, int64_t n)
{
	return arena_fmt(a, "%lld", (long long)n);
}

/* expect asked URL [with TEXT] times N headers TEXT: with: of the body that was sent;
 * headers: those of the last one, but for the source's */
static void expect_asked(struct world *w, struct str rest, struct arena *a)
{
	struct str url = scenario_word(&rest), after = rest, with = { 0 };
	const struct asked *last = NULL;
	int64_t n = 0;

	if (str_is(scenario_word(&after), "with")) {
		with = scenario_word(&after);
		rest = after;
	}
	for (int i = 0; i < w->n_asked; i++) {
		if (!str_is(url, w->asked[i].url) ||
		    (with.p && str_find(str_of(w->asked[i].body), with) < 0))
			continue;
		last = &w->asked[i];
		n++;
	}
	const struct fact facts[] = {
		{ "times", number(a, n) },
		{ "headers", str_of(last ? last->headers : "") },
	};

	compare(w, facts, sizeof(facts) / sizeof(*facts), rest);
}

/* expect requests total N | most N | host H gap 1s: no two requests to H were nearer */
static void expect_requests(struct world *w, struct str rest, struct arena *a)
{
	struct str word = scenario_word(&rest), host = scenario_word(&rest);
	int64_t last = -1, gap;

	if (str_is(word, "total")) {
		if (scenario_number(w, host) != w->n_asked)
			scenario_fail(w, "expected %.*s requests, were %d", STR_ARG(host),
				      w->n_asked);
		return;
	}
	if (str_is(word, "most")) {
		if (scenario_number(w, host) < w->n_asked)
			scenario_fail(w, "expected at most %.*s requests, were %d", STR_ARG(host),
				      w->n_asked);
		return;
	}
	if (!str_is(word, "host") || !str_is(scenario_word(&rest), "gap"))
		scenario_fail(w, "expect requests: total N, most N, or host H gap TIME");
	gap = scenario_span(w, scenario_word(&rest));
	for (int i = 0; i < w->n_asked; i++) {
		if (!str_is(host, w->asked[i].host))
			continue;
		if (last >= 0 && w->asked[i].at_ms - last < gap)
			scenario_fail(w, "%.*s was asked twice within %lld ms", STR_ARG(host),
				      (long long)(w->asked[i].at_ms - last));
		last = w->asked[i].at_ms;
	}
	if (last < 0)
		scenario_fail(w, "%.*s was never asked", STR_ARG(host));
	(void)a;
}

/* Jobs are few in a scenario: by id, until there is none. */
static struct job find_job(struct world *w, struct str url, struct arena *a)
{
	struct reason why;
	struct job j;

	for (int64_t id = 1; reader_job(w->reader, id, a, &j, &why) == ERR_OK; id++)
		if (str_eq(j.url, url))
			return j;
	scenario_fail(w, "no job %.*s", STR_ARG(url));
}

/* expect job URL state S attempts N due TIME reason TEXT priority N; visits N changes N
 * interval TIME etag E last-modified DATE: of what is kept for the next visit */
static void expect_job(struct world *w, struct str rest, struct arena *a)
{
	struct job j = find_job(w, scenario_word(&rest), a);
	struct visit none = { .page = 0 };
	const struct visit *v;
	struct reason why;

	if (reader_visit(w->reader, j.id, a, &v, &why))
		scenario_fail(w, "%s", why.text);
	v = v ? v : &none;
	const struct fact facts[] = {
		{ "visits", number(a, v->visits) },
		{ "changes", number(a, v->changes) },
		{ "interval", arena_fmt(a, "%llds", (long long)v->interval_ms / 1000) },
		{ "etag", v->etag },
		{ "last-modified", v->last_modified },
		{ "state", str_of(state_name(STATE_JOB, (int)j.state)) },
		{ "attempts", number(a, j.attempts) },
		{ "due", arena_fmt(a, "%llds",
				   (long long)(j.due_ms - scenario_world_wall(w) + 500) / 1000) },
		{ "reason", j.reason },
		{ "priority", number(a, j.priority) },
	};

	compare(w, facts, sizeof(facts) / sizeof(*facts), rest);
}

/* expect page URL state S status N items N skipped N rejected N reason TEXT body B: the
 * newest; B: own, or earlier where the record of an earlier page holds it */
static void expect_page(struct world *w, struct str rest, struct arena *a)
{
	struct job j = find_job(w, scenario_word(&rest), a);
	struct reason why;
	struct page *p;
	int n;

	if (reader_job_pages(w->reader, j.id, 1, a, &p, &n, &why) || !n)
		scenario_fail(w, "no page of %.*s", STR_ARG(j.url));
	const struct fact facts[] = {
		{ "state", str_of(state_name(STATE_PAGE, (int)p->state)) },
		{ "status", number(a, p->status) },
		{ "items", number(a, p->items) },
		{ "skipped", number(a, p->skipped) },
		{ "rejected", number(a, p->rejected) },
		{ "reason", p->reason },
		{ "body", p->same_as ? STR("earlier") : STR("own") },
	};

	compare(w, facts, sizeof(facts) / sizeof(*facts), rest);
}

/* "shop/17" */
static enum err find_listing(struct world *w, struct str name, struct arena *a,
			     struct listing_view *ret)
{
	ptrdiff_t slash = str_find_char(name, '/');
	struct reason why;

	if (slash < 0)
		scenario_fail(w, "a listing is SOURCE/ID, not %.*s", STR_ARG(name));
	return reader_listing(w->reader, 0, str_sub(name, 0, (size_t)slash),
			      str_sub(name, (size_t)slash + 1, name.n), a, ret, &why);
}

/* "5s": so long ago */
static struct str ago(struct world *w, int64_t ms, struct arena *a)
{
	return arena_fmt(a, "%llds", (long long)(w->now_ms - ms + 500) / 1000);
}

static struct str posted(int64_t ms, struct arena *a)
{
	char text[32];

	if (!ms)
		return STR("none");
	clock_iso(ms, text);
	return arena_text(a, text);
}

static void expect_listing(struct world *w, struct str rest, struct arena *a)
{
	struct str name = scenario_word(&rest);
	struct history_row *history;
	struct listing_view v;
	struct reason why;
	char flags[256];
	int n = 0;

	if (find_listing(w, name, a, &v))
		scenario_fail(w, "no listing %.*s", STR_ARG(name));
	listing_flags_text(v.listing.flags, flags);
	if (reader_history(w->reader, v.listing.id, a, &history, &n, &why))
		scenario_fail(w, "%s", why.text);
	const struct fact facts[] = {
		{ "title", v.listing.title },
		{ "clean", v.listing.title_clean },
		{ "core", listing_core(&v.listing) },
		{ "marks", v.listing.title_marks },
		{ "price", number(a, v.listing.price) },
		{ "state", str_of(state_name(STATE_LISTING, (int)v.listing.state)) },
		{ "state-since",
		  ago(w, v.listing.state_ms ? v.listing.state_ms : v.listing.first_seen_ms, a) },
		{ "seen", ago(w, v.seen_ms, a) },
		{ "url", v.listing.url },
		{ "brand", v.listing.brand },
		{ "description", v.listing.description },
		{ "currency", v.listing.currency },
		{ "image", v.listing.image },
		{ "category", v.listing.category },
		{ "condition", v.listing.condition },
		{ "location", v.listing.location },
		{ "posted", posted(v.listing.posted_ms, a) },
		{ "updated", posted(v.listing.updated_ms, a) },
		{ "images", v.listing.images },
		{ "category-path", v.listing.category_path },
		{ "attributes", v.listing.attributes },
		{ "flags", str_of(flags) },
		{ "family-size", number(a, v.family_size) },
		{ "label", v.labeled ? v.label.category : STR("none") },
		{ "changes", number(a, n) },
		{ "was", n ? history[n - 1].was : STR("") },
	};

	compare(w, facts, sizeof(facts) / sizeof(*facts), rest);
}

static void expect_no(struct world *w, struct str rest, struct arena *a)
{
	struct str kind = scenario_word(&rest), name = scenario_word(&rest);
	struct listing_view v;

	if (!str_is(kind, "listing"))
		scenario_fail(w, "expect no listing SOURCE/ID");
	if (find_listing(w, name, a, &v) == ERR_OK)
		scenario_fail(w, "there is a listing %.*s", STR_ARG(name));
}

/* expect tally NAME N: over all sources */
static void expect_tally(struct world *w, struct str rest, struct arena *a)
{
	struct str name = scenario_word(&rest);
	int64_t want = scenario_number(w, scenario_word(&rest)), is = 0;
	struct source_counts *s;
	struct reason why;
	int n, t = 0;

	while (t < TALLY_COUNT && !str_is(name, tallies[t].name))
		t++;
	if (t == TALLY_COUNT)
		scenario_fail(w, "no tally %.*s", STR_ARG(name));
	if (reader_sources(w->reader, a, &s, &n, &why))
		scenario_fail(w, "%s", why.text);
	for (int i = 0; i < n; i++)
		is += s[i].tally[t];
	if (is != want)
		scenario_fail(w, "expected %.*s %lld, is %lld", STR_ARG(name), (long long)want,
			      (long long)is);
}

/* expect refused REASON N URL: over all sources; N 0: no such row */
static void expect_refused(struct world *w, struct str rest, struct arena *a)
{
	struct str name = scenario_word(&rest);
	int64_t want = scenario_number(w, scenario_word(&rest)), is = 0;
	struct str url = scenario_word(&rest), last = { 0 };
	struct refused_row *f;
	struct reason why;
	enum refusal reason;
	int n;

	if (!refusal_parse(name, &reason))
		scenario_fail(w, "no refusal %.*s", STR_ARG(name));
	if (reader_refused(w->reader, a, &f, &n, &why))
		scenario_fail(w, "%s", why.text);
	for (int i = 0; i < n; i++) {
		if (f[i].reason != reason)
			continue;
		is += f[i].times;
		last = f[i].url;
	}
	if (is != want || (url.p && !str_eq(url, last)))
		scenario_fail(w, "expected %.*s %lld %.*s, is %lld %.*s", STR_ARG(name),
			      (long long)want, STR_ARG(url), (long long)is, STR_ARG(last));
}

/* expect rejected SOURCE[/ID] kept N times N; reason R field F value V why W place N excerpt E:
 * of the newest that is kept; times: of the source, all that were counted */
static void expect_rejected(struct world *w, struct str rest, struct arena *a)
{
	struct str name = scenario_word(&rest), id = { 0 };
	ptrdiff_t slash = str_find_char(name, '/');
	struct reject_filter filter = { .source = name, .most = 1000 };
	struct reject none = { .field = REJECT_NO_FIELD }, *r, *newest = NULL;
	struct reject_count *c;
	int64_t times = 0, kept = 0;
	struct reason why;
	int n, n_counts;

	if (slash >= 0) {
		filter.source = str_sub(name, 0, (size_t)slash);
		id = str_sub(name, (size_t)slash + 1, name.n);
	}
	if (reader_rejected(w->reader, &filter, a, &r, &n, &why) ||
	    reader_reject_counts(w->reader, 0, a, &c, &n_counts, &why))
		scenario_fail(w, "%s", why.text);
	for (int i = 0; i < n_counts; i++)
		times += str_eq(c[i].source, filter.source) ? c[i].times : 0;
	for (int i = 0; i < n; i++) {
		if (slash >= 0 && !str_eq(r[i].ext_id, id))
			continue;
		newest = kept++ ? newest : &r[i];
	}
	newest = newest ? newest : &none;
	const struct fact facts[] = {
		{ "kept", number(a, kept) },
		{ "times", number(a, times) },
		{ "reason", kept ? str_of(rejects[newest->code].name) : STR("") },
		{ "field", str_of(reject_field_name(newest->field)) },
		{ "value", newest->value },
		{ "why", newest->why },
		{ "place", number(a, newest->place) },
		{ "excerpt", newest->excerpt },
	};

	compare(w, facts, sizeof(facts) / sizeof(*facts), rest);
}

/* expect windows SOURCE lists N parts N waiting N total N reached N unreachable N */
static void expect_windows(struct world *w, struct str rest, struct arena *a)
{
	struct str source = scenario_word(&rest);
	struct part_sum sum;
	struct reason why;
	struct part *p;
	int n;

	if (reader_parts(w->reader, source, a, &p, &n, &why))
		scenario_fail(w, "%s", why.text);
	part_add_up(p, n, &sum, NULL);
	const struct fact facts[] = {
		{ "lists", number(a, sum.lists) },
		{ "parts", number(a, sum.parts) },
		{ "waiting", number(a, sum.waiting) },
		{ "total", number(a, sum.total) },
		{ "reached", number(a, sum.reached) },
		{ "unreachable", number(a, sum.unreachable) },
	};

	compare(w, facts, sizeof(facts) / sizeof(*facts), rest);
}

/* expect host H why W */
static void expect_host(struct world *w, struct str rest, struct arena *a)
{
	struct str host = scenario_word(&rest);
	struct frontier_view v;

	crawl_look_hosts(w->crawl, 1000, a, &v);
	for (int i = 0; i < v.n_hosts; i++) {
		const struct frontier_host_view *h = &v.hosts[i];

		if (!str_eq(host, h->host))
			continue;
		compare(w,
			(const struct fact[]){ { "why", str_of(frontier_why_name(h->why)) },
					       { "running", number(a, h->running) } },
			2, rest);
		return;
	}
	scenario_fail(w, "no host %.*s", STR_ARG(host));
}

/* expect archive segments N removed N: files in the folder, and rows of those that were */
static void expect_archive(struct world *w, struct str rest, struct arena *a)
{
	const struct retain_ask ask = { .folder = w->archive_dir };
	struct segment_totals gone;
	struct retain_plan plan;
	struct reason why;

	if (retain_plan(&ask, w->reader, a, &plan, &why) ||
	    reader_segment_totals(w->reader, &gone, &why))
		scenario_fail(w, "%s", why.text);
	const struct fact facts[] = {
		{ "segments", number(a, plan.n) },
		{ "removed", number(a, gone.n) },
	};

	compare(w, facts, sizeof(facts) / sizeof(*facts), rest);
}

/* expect record PAGE removed KEY state S body TEXT: of a page by its row: the key by which its
 * record was removed; its body as it is read from the archive, or why it cannot be */
static void expect_record(struct world *w, struct str rest, struct arena *a)
{
	int64_t id = scenario_number(w, scenario_word(&rest));
	struct fetch_answer answer = { .body = STR("") };
	struct reason why;
	struct page p;

	if (reader_page(w->reader, id, a, &p, &why))
		scenario_fail(w, "%s", why.text);
	if (record_answer(w->archive_dir, w->reader, &p, a, &answer, &why))
		answer.body = arena_text(a, why.text);
	const struct fact facts[] = {
		{ "state", str_of(state_name(STATE_PAGE, (int)p.state)) },
		{ "removed", p.removed_ms ? p.removed_by : STR("no") },
		{ "body", answer.body },
	};

	compare(w, facts, sizeof(facts) / sizeof(*facts), rest);
}

/* expect reread pages N changed N lost N removed N unparsable N: of the last pass */
static void expect_reread(struct world *w, struct str rest, struct arena *a)
{
	struct reread_view v;

	reread_look(w->reread, &v);
	const struct fact facts[] = {
		{ "pages", number(a, v.pages) },
		{ "changed", number(a, v.changed) },
		{ "lost", number(a, v.lost) },
		{ "removed", number(a, v.removed) },
		{ "unparsable", number(a, v.unparsable) },
	};

	compare(w, facts, sizeof(facts) / sizeof(*facts), rest);
}

static void expect_idle(struct world *w, struct str rest, struct arena *a)
{
	struct str want = scenario_word(&rest);

	(void)a;
	if (crawl_idle(w->crawl, 600000) != str_is(want, "yes"))
		scenario_fail(w, "expected idle %.*s", STR_ARG(want));
}

void scenario_expect(struct world *w, struct str rest)
{
	static const struct {
		const char *name;
		void (*run)(struct world *w, struct str rest, struct arena *a);
	} kinds[] = {
		{ "asked", expect_asked },	 { "requests", expect_requests },
		{ "job", expect_job },		 { "page", expect_page },
		{ "listing", expect_listing },	 { "no", expect_no },
		{ "tally", expect_tally },	 { "refused", expect_refused },
		{ "host", expect_host },	 { "idle", expect_idle },
		{ "archive", expect_archive },	 { "record", expect_record },
		{ "reread", expect_reread },	 { "windows", expect_windows },
		{ "rejected", expect_rejected },
	};
	struct arena *a = arena_new(16 << 10);
	struct str name = scenario_word(&rest);
	size_t i, n = sizeof(kinds) / sizeof(*kinds);

	for (i = 0; i < n && !str_is(name, kinds[i].name); i++)
		continue;
	if (i == n)
		scenario_fail(w, "expect: unknown word %.*s", STR_ARG(name));
	kinds[i].run(w, rest, a);
	arena_free(a);
}
