#include "store/tx.h"

#include "base/must.h"

static enum err add(struct tx *t, struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_PAGE_ADD);
	struct page *p = &w->page;
	enum err err;

	query_int(q, w->job.id);
	query_text(q, p->page_kind);
	query_text(q, p->url);
	query_int(q, p->fetched_ms);
	query_int(q, p->status);
	query_text(q, p->content_type);
	query_int(q, p->wire_bytes);
	query_int(q, p->body_bytes);
	query_version(q, p->body_hash);
	query_state(q, STATE_PAGE, (int)p->state);
	query_text(q, p->reason);
	query_version(q, p->extract_version);
	query_int(q, p->items);
	query_int(q, p->skipped);
	query_int(q, p->rejected);
	query_int(q, w->n_listings);
	query_text(q, p->record.file);
	query_int(q, p->record.offset);
	query_int(q, p->record.bytes);
	err = query_run(q);
	if (!err) {
		p->id = store_engine_last_id(t->engine);
		p->job = w->job.id;
	}
	return err;
}

static void count(struct tx *t, const struct write *w)
{
	const struct page *p = &w->page;
	struct str source = w->job.source;

	tally_add(&t->tallies, source, TALLY_PAGES, 1);
	tally_add(&t->tallies, source, TALLY_PAGES_UNPARSABLE, p->state == PAGE_UNPARSABLE);
	tally_add(&t->tallies, source, TALLY_PAGES_ERROR, p->state == PAGE_ERROR);
	tally_add(&t->tallies, source, TALLY_BYTES, p->wire_bytes);
	tally_add(&t->tallies, source, TALLY_SKIPPED, p->skipped);
	tally_add(&t->tallies, source, TALLY_REJECTED, p->rejected);
	if (w->ends)
		tally_add(&t->tallies, source, w->ends, 1);
}

static enum err listings(struct tx *t, struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_PAGE_LISTINGS);
	int stored = 0;
	enum err err = ERR_OK;

	for (int i = 0; i < w->n_listings && !err; i++) {
		bool first = false;

		err = write_listing_store(t, w, &w->listings[i], &first);
		stored += first;
	}
	w->page.listings = stored;
	if (err || stored == w->n_listings)
		return err;
	query_int(q, stored);
	query_int(q, w->page.id);
	return query_run(q);
}

enum err write_page_store(struct tx *t, struct write *w)
{
	enum err err;

	must(state_may_start(STATE_PAGE, (int)w->page.state));
	err = write_job_move(t, &w->job, w->now_ms);
	if (!err)
		err = tally_source(&t->tallies, &t->sql, w->job.source);
	if (!err)
		err = add(t, w);
	if (err)
		return err;
	count(t, w);
	err = listings(t, w);
	if (!err)
		err = write_job_add(t, w->jobs, w->n_jobs, w->now_ms, &w->ret_new_jobs);
	if (!err)
		err = write_refusal_all(t, w->job.source, &w->refused, w->now_ms);
	return err;
}
