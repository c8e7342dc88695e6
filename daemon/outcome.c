#include "daemon/outcome.h"

#include "base/hash.h"
#include "base/must.h"
#include "base/utf8.h"
#include "crawler/canon.h"
#include "crawler/revisit.h"
#include "crawler/way.h"

#define REASON_MOST 300

static bool retry_status(int status)
{
	return status == 408 || status == 425 || status == 429 || status >= 500;
}

/* 429, 503; and whatever else of that kind says when to come again (RFC 9110 10.2.3). */
static bool wants_patience(const struct fetch_answer *a)
{
	bool says = a->retry_after_ms > 0;

	return a->status == 429 || a->status == 503 ||
	       (says && (retry_status(a->status) || a->status == 403 || a->status == 413));
}

enum task_news outcome_news(const struct fetch_answer *a)
{
	switch (a->end) {
	case FETCH_ANSWER:
		if (wants_patience(a))
			return TASK_SLOW_DOWN;
		return retry_status(a->status) ? TASK_TROUBLE : TASK_FINE;
	case FETCH_DROPPED:
		return TASK_NOTHING;
	case FETCH_CUT:
	case FETCH_TIMEOUT:
	case FETCH_UNREACHABLE:
		return TASK_TROUBLE;
	default:
		return TASK_FINE;
	}
}

int64_t outcome_backoff_ms(const struct conf *conf, int attempts, uint64_t jitter)
{
	struct rng r = { jitter };
	int64_t wait = conf->backoff_first_ms;

	for (int i = 1; i < attempts && wait < conf->backoff_max_ms; i++)
		wait *= 2;
	if (wait > conf->backoff_max_ms)
		wait = conf->backoff_max_ms;
	return wait - wait / 4 + (int64_t)(rng_unit(&r) * (double)wait / 2);
}

void outcome_end(struct task *t, enum job_state to, struct str reason)
{
	struct job *j = &t->write.job;

	j->state = (enum job_state)state_move(STATE_JOB, (int)j->state, (int)to);
	j->reason = reason;
	/* another time it starts anew */
	j->host = way_home(&t->job, t->arena);
	j->way = (struct str){ 0 };
	if (to != JOB_DUE)
		j->attempts = to == JOB_FAILED ? j->attempts + 1 : 0;
}

void outcome_moved(struct task *t)
{
	const struct fetch_answer *a = t->answer;
	struct str next = way_next(a->way), host;
	struct job *j = &t->write.job;

	/* its due time stays: it is before those of the host that came later */
	outcome_end(t, JOB_DUE,
		    utf8_cut(arena_fmt(t->arena, "HTTP status %d leads to %.*s", a->status,
				       STR_ARG(next)),
			     REASON_MOST));
	must(!canon_host(next, t->arena, &host));
	j->host = host;
	j->way = arena_str(t->arena, a->way);
}

static const struct conf_page *kind_of(const struct task *t)
{
	const struct conf_source *s = conf_source(t->view->conf, t->job.source);

	return s ? conf_page(s, t->job.page) : NULL;
}

/* One bad answer, or a bad day, is no reason to leave out for good what is asked again
 * and again: it comes again at the interval of its kind, then at twice that, and so on
 * to the longest. There what the configuration asks for stays, and the rest has failed. */
static void give_up(struct task *t, int tries, enum job_state to, struct str reason)
{
	const struct conf_page *p = kind_of(t);
	struct job *j = &t->write.job;
	int64_t wait = p ? p->revisit_ms : 0, longest = p ? p->revisit_max_ms : 0;

	for (int i = tries + 1; i < j->attempts + 1 && wait < longest; i++)
		wait *= 2;
	if (!wait || (j->seed < 0 && j->attempts > tries && wait >= longest)) {
		outcome_end(t, to, reason);
		return;
	}
	wait = wait < longest ? wait : longest;
	if (t->answer->retry_after_ms > wait)
		wait = t->answer->retry_after_ms;
	outcome_end(t, JOB_DUE, reason);
	j->attempts++;
	j->due_ms = t->now_ms + wait;
	t->write.visited = VISIT_LOST;
}

/* A host that asks for patience gets more tries than one that is broken. */
void outcome_retry(struct task *t, int tries, struct str reason)
{
	const struct conf *conf = t->view->conf;
	struct job *j = &t->write.job;
	int64_t wait;

	if (j->attempts + 1 > tries) {
		give_up(t, tries, JOB_FAILED, reason);
		return;
	}
	wait = outcome_backoff_ms(conf, j->attempts + 1, hash64_join((uint64_t)j->id, t->nonce));
	if (t->answer->retry_after_ms > wait)
		wait = t->answer->retry_after_ms;
	outcome_end(t, JOB_DUE, reason);
	j->host = t->job.host;
	j->way = t->job.way;
	j->attempts++;
	j->due_ms = t->now_ms + wait;
}

/* By no other page: the configuration asks for it, there or not. */
static bool is_seed(const struct job *j)
{
	return j->seed >= 0 && !j->parent;
}

static void gone(struct task *t, struct str reason)
{
	const struct conf_page *p = kind_of(t);

	if (p && p->lists && p->items.kind == SEL_NONE)
		t->write.own_key = hash64(t->job.key, 0);
	if (is_seed(&t->job))
		give_up(t, t->view->conf->retries, JOB_GONE, reason);
	else
		outcome_end(t, JOB_GONE, reason);
	t->write.visited = VISIT_GONE;
	if (t->job.visit)
		t->write.visit = *t->job.visit;
}

void outcome_failed(struct task *t, struct str reason)
{
	const struct fetch_answer *a = t->answer;
	struct page *p = &t->write.page;
	int tries = t->view->conf->retries;

	p->state = PAGE_ERROR;
	p->reason = reason;
	switch (outcome_news(a)) {
	case TASK_SLOW_DOWN:
		outcome_retry(t, tries * 4, reason);
		break;
	case TASK_TROUBLE:
	case TASK_NOTHING:
		outcome_retry(t, tries, reason);
		break;
	case TASK_FINE:
		if (a->end == FETCH_OUTSIDE) {
			refusal_add(&t->write.refused, REFUSAL_REDIRECT, t->job.url);
			outcome_end(t, JOB_REFUSED, reason);
		} else if (a->end == FETCH_ANSWER && (a->status == 404 || a->status == 410))
			gone(t, reason);
		else
			give_up(t, tries, JOB_FAILED, reason);
		break;
	}
}

/* ---- visits ---- */

uint64_t outcome_body_hash(const struct task *t, struct str decoded)
{
	return hash64(decoded, hash64(t->answer->content_type, hash64(t->write.page.url, 0)));
}

static uint64_t version_of(const struct task *t, const struct conf_source *s,
			   const struct conf_page *p)
{
	return revisit_version(s, p, t->view->conf->user_agent);
}

bool outcome_is_same(const struct task *t, const struct conf_source *s, const struct conf_page *p)
{
	const struct visit *v = t->job.visit;

	return v && p->revisit_ms && v->body_hash == t->known_by &&
	       v->version == version_of(t, s, p);
}

/* When and in which place the job comes again. */
static void again(struct task *t, const struct conf_page *p, const struct freshness *f)
{
	struct job *j = &t->write.job;

	outcome_end(t, JOB_DUE, (struct str){ 0 });
	j->attempts = 0;
	j->due_ms = revisit_due_ms(p, t->write.visit.interval_ms, freshness_left_ms(f), t->seen_ms);
}

/* The answer goes before the visit is stored. */
static void keep_freshness(struct task *t, const struct freshness *f)
{
	struct visit *v = &t->write.visit;

	v->etag = arena_str(t->arena, f->etag);
	v->last_modified = arena_str(t->arena, f->last_modified);
	v->max_age_ms = f->max_age_ms;
	v->expires_ms = f->expires_ms;
}

static void read_freshness(const struct task *t, struct freshness *ret)
{
	const struct fetch_answer *a = t->answer;

	freshness_read(a->response_head, a->status, a->started_ms + a->took_ms, ret);
}

/* The listing that a page without `items` is about; NULL: none, or it is a list. */
static const struct listing *only_listing(const struct write *w, const struct conf_page *p)
{
	return p->items.kind == SEL_NONE && w->n_listings == 1 ? &w->listings[0].listing : NULL;
}

/* What was listed and linked, in any order. Neither times of posting, which many
 * sites count from now, nor the picture, whose address may be signed, nor the links
 * beside a listing that a page is about: what they lead to is no part of it. */
static uint64_t content_hash(const struct write *w, const struct conf_page *p)
{
	bool about_one = only_listing(w, p) != NULL;
	uint64_t sum = 0;

	for (int i = 0; i < w->n_listings; i++) {
		const struct listing *l = &w->listings[i].listing;
		const struct str texts[] = { l->ext_id,	     l->url,	      l->title,
					     l->description, l->currency,     l->brand,
					     l->condition,   l->category,     l->location,
					     l->attributes,  l->category_path };
		uint64_t h = hash64_join((uint64_t)l->price, (uint64_t)l->state);

		for (size_t k = 0; k < sizeof(texts) / sizeof(texts[0]); k++)
			h = hash64(texts[k], h);
		sum += h;
	}
	for (int i = 0; i < w->n_jobs && !about_one; i++)
		sum += hash64(w->jobs[i].key, hash64(w->jobs[i].page, 0));
	return sum;
}

/* The body is in the record of this page, or still in that of an earlier one. */
static void keep_original(struct task *t, const struct visit *was)
{
	struct visit *v = &t->write.visit;
	char digest[64];

	hash_sha256_base32(t->payload, digest);
	if (was && str_is(was->original_digest, digest)) {
		v->original = t->write.page.same_as = was->original;
		v->original_seed = was->original_seed;
		v->original_digest = was->original_digest;
		return;
	}
	v->original = 0;
	v->original_seed = t->record_seed;
	v->original_digest = arena_text(t->arena, digest);
}

static void make_visit(struct task *t, const struct conf_source *s, const struct conf_page *p)
{
	const struct visit *was = t->job.visit;
	struct visit *v = &t->write.visit;
	bool known, changed;

	*v = (struct visit){ .listing = only_listing(&t->write, p) != NULL,
			     .seen_ms = t->seen_ms,
			     .changed_ms = t->seen_ms,
			     .visits = was ? was->visits + 1 : 1,
			     .version = version_of(t, s, p),
			     .body_hash = t->known_by,
			     .content_hash = content_hash(&t->write, p) };
	/* Read by another rule, it is no wonder that it is another. */
	known = was && was->version == v->version;
	changed = known && was->content_hash != v->content_hash;
	v->changes = (was ? was->changes : 0) + changed;
	if (was && !changed)
		v->changed_ms = was->changed_ms;
	v->interval_ms = was && !known
				 ? was->interval_ms
				 : revisit_interval_ms(p, was ? was->interval_ms : 0, changed);
	keep_original(t, was);
	t->write.visited = VISIT_READ;
}

void outcome_read(struct task *t, const struct conf_source *s, const struct conf_page *p)
{
	struct write *w = &t->write;
	const struct listing *l = only_listing(w, p);
	bool sold = l && l->state == LISTING_SOLD;
	struct freshness f;

	/* A cursor is of one pass: the next has its own. */
	if (!p->revisit_ms || (conf_paging_by_cursor(&p->paging) && t->job.nth)) {
		outcome_end(t, JOB_DONE, (struct str){ 0 });
		return;
	}
	make_visit(t, s, p);
	read_freshness(t, &f);
	keep_freshness(t, &f);
	if (l)
		w->job.priority = revisit_priority(w->job.priority, l->state);
	if (sold && !p->revisit_sold_ms) {
		outcome_end(t, JOB_DONE, (struct str){ 0 });
		return;
	}
	if (sold && w->visit.interval_ms < p->revisit_sold_ms)
		w->visit.interval_ms = p->revisit_sold_ms;
	again(t, p, &f);
}

/* Not about what we hold: nothing is learned, and asked in full next time. */
static void unconfirmed(struct task *t, const struct conf_page *p)
{
	struct visit *v = &t->write.visit;

	t->write.page.state = PAGE_ERROR;
	t->write.page.reason = STR("304 for another entity tag than was asked with");
	v->etag = v->last_modified = STR("");
	again(t, p, &(struct freshness){ .max_age_ms = 0 });
}

void outcome_unchanged(struct task *t, const struct conf_page *p)
{
	struct page *page = &t->write.page;
	struct visit *v = &t->write.visit;
	bool asked = t->answer->status == 304;
	struct freshness f, came;
	char digest[64];

	*v = *t->job.visit;
	t->write.visited = VISIT_HELD;
	v->visits++;
	read_freshness(t, &came);
	f = came;
	if (asked) {
		if (!freshness_confirms(v->etag, &came)) {
			unconfirmed(t, p);
			return;
		}
		f = (struct freshness){ .etag = v->etag,
					.last_modified = v->last_modified,
					.max_age_ms = v->max_age_ms,
					.expires_ms = v->expires_ms };
		freshness_update(&f, &came);
	}
	page->state = PAGE_UNCHANGED;
	page->extract_version = p->version;
	hash_sha256_base32(t->payload, digest);
	if (asked || str_is(v->original_digest, digest))
		page->same_as = v->original;
	v->seen_ms = t->seen_ms;
	v->interval_ms = revisit_interval_ms(p, v->interval_ms, false);
	keep_freshness(t, &f);
	again(t, p, &f);
}
