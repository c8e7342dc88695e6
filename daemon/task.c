#include "daemon/task.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/must.h"
#include "base/utf8.h"
#include "cleaner/check.h"
#include "cleaner/cleaner.h"
#include "crawler/canon.h"
#include "crawler/decode.h"
#include "crawler/secret.h"
#include "crawler/warc.h"
#include "daemon/judge.h"
#include "daemon/lead.h"
#include "daemon/outcome.h"
#include "daemon/rejects.h"
#include "daemon/task_image.h"
#include "store/reader.h"

/* Most bytes of WARC around a body: heads and digests. */
#define MEMBER_MARGIN (1 << 20)

static bool has_own_pages(const struct conf_source *s)
{
	for (int i = 0; i < s->n_pages; i++)
		if (s->pages[i].lists && s->pages[i].items.kind == SEL_NONE)
			return true;
	return false;
}

/* The job that asks for the listing's own page, should there be one. */
static void name_own(struct task *t, const struct conf_source *s, struct write_listing *w)
{
	struct str host;

	if (!w->listing.url.n || canon_key(s, w->listing.url, t->arena, &w->own_job, &host, NULL)) {
		w->own_job = (struct str){ 0 };
		return;
	}
	w->listing.own_key = hash64(w->own_job, 0);
}

/* Whether it is a listing after all; else it is among the rejected. */
static bool passes(struct task *t, const struct conf_source *source, const struct conf_page *page,
		   const struct listing_raw *raw, const struct listing *l)
{
	struct check_in in = { .source = source,
			       .page = page,
			       .raw = raw,
			       .listing = l,
			       .seen_ms = t->seen_ms,
			       .match = t->slot->match };
	struct page *p = &t->write.page;
	struct check_doubt doubt = { 0 };
	struct check_fault fault;
	bool fails;

	fails = check_fails(t->view->checks, &in, t->arena, &fault, &doubt);
	t->write.undecided += doubt.n;
	if (!fails)
		return true;
	rejects_add(&t->write, source,
		    &(struct extract_reject){ .code = fault.code,
					      .field = (int)fault.field,
					      .why = fault.why,
					      .raw = *raw });
	p->rejected++;
	p->listings--;
	return false;
}

static void make_listings(struct task *t, const struct conf_source *source,
			  const struct conf_page *page, const struct extract_out *out)
{
	struct write *w = &t->write;
	int64_t from = clock_thread_cpu_ns();
	bool own = has_own_pages(source);

	rejects_found(w, source, out);
	w->listings = arena_array(t->arena, (size_t)out->n_listings, sizeof(*w->listings));
	for (int i = 0; i < out->n_listings; i++) {
		struct cleaner_in in = { .source = source,
					 .raw = &out->listings[i],
					 .marks = t->view->marks,
					 .page_url = w->page.url,
					 .now_ms = t->seen_ms };
		struct listing *l = &w->listings[w->n_listings].listing;

		cleaner_run(&in, t->arena, l);
		/* A page about one thing is that thing's address. */
		if (!l->url.n && page->items.kind == SEL_NONE && out->n_listings == 1)
			l->url = lead_address(t, source, page, out);
		if (!passes(t, source, page, &out->listings[i], l))
			continue;
		if (own)
			name_own(t, source, &w->listings[w->n_listings]);
		l->first_seen_ms = l->last_seen_ms = t->seen_ms;
		w->n_listings++;
	}
	if (w->n_rejects)
		w->page.reason = w->rejects[0].why;
	stage_spent(&t->cpu_ns[STAGE_CLEAN], &from);
	judge_listings(t->view, t->slot->scratch, t->arena, t->now_ms, w->listings, w->n_listings,
		       t->cpu_ns);
}

/* What counts the extractor's steps. */
struct meter {
	struct task *t;
	int64_t from;
};

static void on_parsed(void *ctx)
{
	struct meter *m = ctx;

	stage_spent(&m->t->cpu_ns[STAGE_PARSE], &m->from);
}

/* Decodes and extracts the body, and fills in what that says of the page. *ret_same: it
 * is the one that was read before, and is not read again. */
static enum err extract(struct task *t, const struct conf_source *source,
			const struct conf_page *page, struct extract_out *out, bool *ret_same,
			struct reason *why)
{
	struct fetch_answer *a = t->answer;
	struct page *p = &t->write.page;
	struct meter m = { .t = t, .from = clock_thread_cpu_ns() };
	struct str body = { 0 };
	struct buf decoded;
	enum err err;

	buf_init(&decoded, (size_t)t->view->conf->max_body_bytes);
	err = decode_body(a->body, a->content_encoding, t->view->conf->max_ratio, &decoded, &body,
			  why);
	stage_spent(&t->cpu_ns[STAGE_DECODE], &m.from);
	if (!err) {
		body = secret_hide(source, body, t->arena);
		struct extract_in in = { .source = source,
					 .page = page,
					 .body = body,
					 .content_type = a->content_type,
					 .url = p->url,
					 .head = a->response_head,
					 .parsed = on_parsed,
					 .ctx = &m };

		p->body_bytes = (int64_t)body.n;
		p->body_hash = hash64(body, 0);
		t->known_by = outcome_body_hash(t, body);
		*ret_same = outcome_is_same(t, source, page);
		if (!*ret_same)
			err = extractor_run(t->slot->extractor, &in, t->arena, out, why);
		stage_spent(&t->cpu_ns[STAGE_EXTRACT], &m.from);
	}
	buf_done(&decoded);
	p->extract_version = page->version;
	p->items = p->skipped = p->rejected = p->listings = 0;
	if (!err && *ret_same)
		return ERR_OK;
	if (err) {
		if (err == ERR_TOO_BIG)
			t->write.ends = TALLY_TOO_BIG;
		p->state = PAGE_UNPARSABLE;
		p->reason = rejects_reason(t->arena, source, why);
		return err;
	}
	p->state = PAGE_EXTRACTED;
	p->reason = STR("");
	p->items = out->items;
	p->skipped = out->skipped;
	p->rejected = out->rejected;
	p->listings = out->n_listings;
	return ERR_OK;
}

/* A part of a list whose prices say which part it is, and nothing of the shop's. */
static bool in_price_band(const struct conf_source *s, const struct job *j)
{
	const struct conf_seed *seed;

	if (j->seed < 0 || j->seed >= s->n_seeds)
		return false;
	seed = &s->seeds[j->seed];
	for (int i = 0; i < seed->n_splits; i++)
		if (seed->splits[i].min.n && str_find(j->vars, seed->splits[i].min) >= 0)
			return true;
	return false;
}

/* For what watches that pages stay what they are; one that could not be read shows nothing. */
static void note_shown(struct task *t, const struct conf_source *source,
		       const struct conf_page *page, const struct extract_out *out)
{
	struct drift_page *p = arena_zero(t->arena, sizeof(*p));

	p->listed = page->lists;
	p->rejected = t->write.page.rejected;
	p->links = out->n_links;
	for (int i = 0; i < t->write.n_listings; i++)
		drift_page_add(p, &t->write.listings[i].listing);
	if (in_price_band(source, &t->job))
		p->n_prices = 0;
	t->shown = p;
}

/* The body of a good answer. */
static void read_body(struct task *t, const struct conf_source *source,
		      const struct conf_page *page)
{
	struct extract_out out = { .last = -1, .total = -1 };
	struct reason why = { "" };
	bool same;

	if (extract(t, source, page, &out, &same, &why)) {
		/* A half-made page may be whole the next time; a list that is never
		 * read would lose all pages behind it. */
		outcome_retry(
			t, t->view->conf->retries,
			arena_fmt(t->arena, "unparsable: %.*s", STR_ARG(t->write.page.reason)));
		note_shown(t, source, page, &(struct extract_out){ .last = -1 });
		return;
	}
	if (same) {
		outcome_unchanged(t, page);
		return;
	}
	make_listings(t, source, page, &out);
	note_shown(t, source, page, &out);
	lead_run(t, source, page, &out);
	outcome_read(t, source, page);
}

static void fill_page(struct task *t)
{
	struct fetch_answer *a = t->answer;
	struct page *p = &t->write.page;

	p->job = t->job.id;
	p->source = t->job.source;
	p->page_kind = t->job.page;
	p->url = arena_str(t->arena, a->url.n ? a->url : t->job.url);
	p->fetched_ms = a->started_ms;
	p->status = a->status;
	p->content_type = arena_str(t->arena, utf8_cut(utf8_clean(t->arena, a->content_type), 200));
	p->wire_bytes = (int64_t)a->body.n;
}

/* The record that holds the last good answer's body, should it have come again. */
static bool original(const struct task *t, struct warcrecord_original *ret)
{
	const struct visit *v = t->job.visit;
	char id[WARCRECORD_ID];

	if (!v)
		return false;
	warcrecord_id(v->original_seed, id);
	*ret = (struct warcrecord_original){ .url = v->original_url,
					     .fetched_ms = v->original_ms,
					     .record_id = arena_text(t->arena, id),
					     .payload_digest = v->original_digest };
	return true;
}

static void archive(struct task *t)
{
	const struct conf_source *source = conf_source(t->view->conf, t->job.source);
	struct fetch_answer shown = *t->answer;
	struct warcrecord_original of;
	struct write *w = &t->write;
	int64_t from = clock_thread_cpu_ns();
	enum err err;

	t->record_seed = hash64_join(
		hash64_join((uint64_t)t->job.id, (uint64_t)t->answer->started_ms), t->nonce);
	buf_init(&t->member, t->answer->body.n * 2 + MEMBER_MARGIN);
	shown.response_head = secret_mask(source, shown.response_head, t->arena);
	shown.body = secret_mask(source, shown.body, t->arena);
	t->payload = shown.body;
	err = warc_members(&shown, original(t, &of) ? &of : NULL, t->record_seed, &t->member,
			   &w->page_offset, &w->page_bytes);
	/* Heads are bounded by fetch, the body doubles at worst: it fits. */
	if (err)
		buf_clear(&t->member);
	w->member = buf_str(&t->member);
	stage_spent(&t->cpu_ns[STAGE_ARCHIVE], &from);
}

static void run_response(struct task *t)
{
	const struct conf_source *source = conf_source(t->view->conf, t->job.source);
	const struct conf_page *page = source ? conf_page(source, t->job.page) : NULL;
	struct fetch_answer *a = t->answer;

	t->write.kind = WRITE_PAGE;
	t->write.gone_after = page ? page->gone_after : 0;
	fill_page(t);
	archive(t);
	if (a->end != FETCH_ANSWER)
		outcome_failed(t,
			       arena_fmt(t->arena, "%s: %s", fetch_end_name(a->end), a->why.text));
	else if (a->status == 304 && t->conditional && page && page->revisit_ms)
		outcome_unchanged(t, page);
	else if (a->status < 200 || a->status > 299)
		outcome_failed(t, arena_fmt(t->arena, "HTTP status %d", a->status));
	else if (!page)
		outcome_failed(t, STR("the configuration no longer has this page kind"));
	else
		read_body(t, source, page);
}

static void run_no_response(struct task *t)
{
	struct fetch_answer *a = t->answer;
	struct str reason = arena_fmt(t->arena, "%s: %s", fetch_end_name(a->end), a->why.text);

	t->write.kind = WRITE_JOB;
	if (a->end == FETCH_OUTSIDE)
		refusal_add(&t->write.refused, REFUSAL_REDIRECT, t->job.url);
	if (a->end == FETCH_REFUSED || a->end == FETCH_OUTSIDE)
		outcome_end(t, JOB_REFUSED, reason);
	else if (a->end == FETCH_REDIRECTS)
		outcome_end(t, JOB_FAILED, reason);
	else
		outcome_retry(t, t->view->conf->retries, reason);
}

/* The answer is archived as any other; the page is the one that it leads to. */
static void run_moved(struct task *t)
{
	if (!task_image_is(&t->job))
		archive(t);
	t->write.kind = WRITE_JOB;
	outcome_moved(t);
}

/* What is counted of a request without a whole answer. */
static const int end_tallies[FETCH_ENDS] = {
	[FETCH_CUT] = TALLY_CUT,
	[FETCH_TOO_BIG] = TALLY_TOO_BIG,
	[FETCH_TIMEOUT] = TALLY_TIMEOUT,
	[FETCH_UNREACHABLE] = TALLY_UNREACHABLE,
	[FETCH_REDIRECTS] = TALLY_REDIRECTS,
	[FETCH_REFUSED] = TALLY_GUARDED,
};

static void begin(struct task *t, int64_t seen_ms)
{
	struct write *w = &t->write;

	t->seen_ms = seen_ms;
	w->arena = t->arena;
	w->now_ms = t->now_ms;
	w->rejected_keep = t->view->conf->rejected_keep;
	w->job = t->job;
}

void task_import(struct task *t, struct fetch_answer *answer)
{
	t->answer = answer;
	begin(t, answer->started_ms);
	run_response(t);
	t->write.kind = WRITE_IMPORT;
	t->write.visited = VISIT_NONE; /* what is held may be newer */
	t->write.ends = 0;	       /* no request was made for it */
	t->answer = NULL;
}

void task_reread(struct task *t, const struct page *page, struct fetch_answer *answer)
{
	const struct conf_source *source = conf_source(t->view->conf, page->source);
	const struct conf_page *kind = source ? conf_page(source, page->page_kind) : NULL;
	struct extract_out out = { .last = -1, .total = -1 };
	struct reason why = { "" };
	bool same;

	must(kind && !t->job.visit);
	t->answer = answer;
	begin(t, page->fetched_ms);
	t->write.kind = WRITE_REREAD;
	t->write.page = *page;
	if (!extract(t, source, kind, &out, &same, &why)) {
		make_listings(t, source, kind, &out);
		lead_run(t, source, kind, &out);
	}
	t->write.ends = 0;
	t->answer = NULL;
}

void task_run(struct task *t)
{
	begin(t, t->answer->started_ms);
	t->write.ends = end_tallies[t->answer->end];
	if (!t->answer->status)
		run_no_response(t);
	else if (t->answer->end == FETCH_MOVED)
		run_moved(t);
	else if (task_image_is(&t->job))
		task_image_run(t);
	else
		run_response(t);
	fetch_answer_free(t->answer);
	t->answer = NULL;
}
