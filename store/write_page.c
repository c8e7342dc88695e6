#include "store/row.h"
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
	query_id(q, p->same_as);
	query_id(q, p->import);
	if (p->import)
		query_int(q, p->import_at);
	else
		query_null(q);
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
	tally_add(&t->tallies, source, TALLY_PAGES_UNCHANGED, p->state == PAGE_UNCHANGED);
	tally_add(&t->tallies, source, TALLY_PAGES_UNPARSABLE, p->state == PAGE_UNPARSABLE);
	tally_add(&t->tallies, source, TALLY_PAGES_ERROR, p->state == PAGE_ERROR);
	tally_add(&t->tallies, source, TALLY_BYTES, p->wire_bytes);
	tally_add(&t->tallies, source, TALLY_SKIPPED, p->skipped);
	tally_add(&t->tallies, source, TALLY_REJECTED, p->rejected);
	tally_add(&t->tallies, source, TALLY_UNDECIDED, w->undecided);
	if (w->ends)
		tally_add(&t->tallies, source, w->ends, 1);
}

/* `ids` and `was` have room for all; *ret_n of them are different ones. */
static enum err listings(struct tx *t, struct write *w, int64_t *ids, int64_t *was, int *ret_n)
{
	struct query *q = sql_use(&t->sql, SQL_PAGE_LISTINGS);
	int stored = 0;
	enum err err = ERR_OK;

	for (int i = 0; i < w->n_listings && !err; i++) {
		bool first = false;

		err = write_listing_store(t, w, &w->listings[i], &ids[stored], &first,
					  &was[stored]);
		stored += first;
	}
	w->page.listings = *ret_n = stored;
	if (err || stored == w->n_listings)
		return err;
	query_int(q, stored);
	query_int(q, w->page.id);
	return query_run(q);
}

/* Pages of the job that SQL_PAGE_NEWER or SQL_PAGE_KNOWN counts, by when this one was fetched. */
static enum err count_pages(struct tx *t, enum sql_id id, const struct write *w, int64_t *ret)
{
	struct query *q = sql_use(&t->sql, id);
	enum err err;

	query_int(q, w->job.id);
	query_int(q, w->page.fetched_ms);
	err = query_one(q);
	if (err)
		return err;
	*ret = query_get_int(q);
	return query_end(q);
}

/* Listings that the page may show. */
static size_t most_shown(const struct write *w)
{
	return (size_t)w->n_listings + (size_t)w->n_rejects + (size_t)w->n_rejected_ids;
}

/* The page of a job that is as it should be, and all that came of it. */
static enum err store(struct tx *t, struct write *w)
{
	int64_t *ids = arena_array(t->scratch, most_shown(w), sizeof(*ids));
	int64_t *was = arena_array(t->scratch, (size_t)w->n_listings, sizeof(*was));
	int64_t newer = 0;
	int n = 0;
	enum err err;

	must(state_may_start(STATE_PAGE, (int)w->page.state));
	err = tally_source(&t->tallies, &t->sql, w->job.source);
	if (!err)
		err = add(t, w);
	if (err)
		return err;
	count(t, w);
	err = listings(t, w, ids, was, &n);
	if (!err)
		err = write_visit_store(t, w, n ? ids[0] : 0);
	if (!err)
		err = write_further_jobs(t, w, was, n);
	if (!err)
		err = write_refusal_all(t, w->job.source, &w->refused, w->now_ms);
	if (!err)
		err = write_part_store(t, w);
	if (!err)
		err = write_value_store(t, w);
	if (!err && w->kind == WRITE_IMPORT)
		err = count_pages(t, SQL_PAGE_NEWER, w, &newer);
	if (!err)
		err = write_reject_store(t, w, !newer, ids, &n);
	return err ? err : write_list_store(t, w, ids, n);
}

enum err write_page_store(struct tx *t, struct write *w)
{
	enum err err = write_job_move(t, &w->job, w->now_ms);

	return err ? err : store(t, w);
}

/* The id of the job by its name; 0: it is not there. */
static enum err find_job(struct tx *t, struct job *j)
{
	struct query *q = sql_use(&t->sql, SQL_JOB_BY_KEY);
	enum err err;

	query_text(q, j->source);
	query_text(q, j->key);
	err = query_one(q);
	j->id = 0;
	if (err == ERR_NOT_FOUND)
		return ERR_OK;
	if (err)
		return err;
	j->id = query_get_int(q);
	return query_end(q);
}

enum err write_page_import(struct tx *t, struct write *w)
{
	struct job fresh = w->job;
	enum err err = find_job(t, &w->job);
	int64_t there = 0;
	int added;

	if (!err && w->job.id) {
		err = count_pages(t, SQL_PAGE_KNOWN, w, &there);
		w->ret_known = there > 0;
		return err || w->ret_known ? err : store(t, w);
	}
	fresh.state = JOB_DUE;
	if (!err)
		err = write_job_add(t, &fresh, 1, w->now_ms, &added);
	if (!err)
		err = find_job(t, &w->job);
	if (!err)
		err = write_job_move(t, &w->job, w->now_ms);
	for (int i = 0; i < w->n_jobs; i++) {
		w->jobs[i].parent = w->job.id;
		if (w->jobs[i].nth && !w->jobs[i].list)
			w->jobs[i].list = w->job.id;
	}
	for (int i = 0; i < w->n_parts; i++)
		w->parts[i].parent = w->job.id;
	return err ? err : store(t, w);
}

/* What the page is, and its counts, which those of the new reading replace. */
static enum err uncount(struct tx *t, struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_PAGE_NOW);
	struct page was = { 0 };
	enum err err;

	query_int(q, w->page.id);
	err = query_one(q);
	if (err == ERR_NOT_FOUND)
		return reason_set(&t->engine->why, err, "page=%lld is not in the database",
				  (long long)w->page.id);
	if (err)
		return err;
	was.source = row_text(q, t->scratch);
	was.state = (enum page_state)query_get_state(q, STATE_PAGE);
	was.skipped = (int)query_get_int(q);
	was.rejected = (int)query_get_int(q);
	err = query_end(q);
	if (!err)
		err = tally_source(&t->tallies, &t->sql, was.source);
	if (err)
		return err;
	if (!state_may_move(STATE_PAGE, (int)was.state, (int)w->page.state))
		return reason_set(&t->engine->why, ERR_BAD, "page=%lld is %s and can't become %s",
				  (long long)w->page.id, state_name(STATE_PAGE, (int)was.state),
				  state_name(STATE_PAGE, (int)w->page.state));
	tally_add(&t->tallies, was.source, TALLY_PAGES_UNPARSABLE,
		  (w->page.state == PAGE_UNPARSABLE) - (was.state == PAGE_UNPARSABLE));
	tally_add(&t->tallies, was.source, TALLY_SKIPPED, w->page.skipped - was.skipped);
	tally_add(&t->tallies, was.source, TALLY_REJECTED, w->page.rejected - was.rejected);
	tally_add(&t->tallies, was.source, TALLY_UNDECIDED, w->undecided);
	return ERR_OK;
}

static enum err update(struct tx *t, const struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_PAGE_REREAD);
	const struct page *p = &w->page;

	query_state(q, STATE_PAGE, (int)p->state);
	query_text(q, p->reason);
	query_version(q, p->extract_version);
	query_int(q, p->items);
	query_int(q, p->skipped);
	query_int(q, p->rejected);
	query_int(q, p->listings);
	query_int(q, p->body_bytes);
	query_version(q, p->body_hash);
	query_int(q, p->id);
	return query_run(q);
}

enum err write_page_reread(struct tx *t, struct write *w)
{
	int64_t *ids = arena_array(t->scratch, most_shown(w), sizeof(*ids));
	int64_t newer = 0;
	int64_t *was = arena_array(t->scratch, (size_t)w->n_listings, sizeof(*was));
	int n = 0;
	enum err err = uncount(t, w);

	if (!err)
		err = listings(t, w, ids, was, &n);
	if (!err)
		err = update(t, w);
	if (!err)
		err = write_job_add(t, w->jobs, w->n_jobs, w->now_ms, &w->ret_new_jobs);
	if (!err)
		err = count_pages(t, SQL_PAGE_NEWER, w, &newer);
	if (!err)
		err = write_reject_store(t, w, !newer, ids, &n);
	/* what an older page said of lists and values is no news */
	if (!err && !newer)
		err = write_part_reread(t, w);
	return err || newer ? err : write_value_store(t, w);
}

/* Pages of one slice, so that nobody waits long behind it. */
#define STALE_SLICE 5000

/* What is yet to be marked, should the daemon end before. */
static enum err keep_rest(struct tx *t, const struct write *w)
{
	struct query *q;

	if (!w->ret_page_from)
		return query_run(sql_use(&t->sql, SQL_REPROCESS_DROP));
	q = sql_use(&t->sql, SQL_REPROCESS_PUT);
	query_text(q, w->source);
	query_text(q, w->page_kind);
	query_int(q, w->since_ms);
	query_int(q, w->ret_page_from);
	return query_run(q);
}

enum err write_page_stale(struct tx *t, struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_PAGE_SLICE);
	int64_t n, last;
	enum err err;

	query_int(q, w->page_from);
	query_int(q, STALE_SLICE);
	err = query_one(q);
	if (err)
		return err;
	n = query_get_int(q);
	last = query_get_int(q);
	err = query_end(q);
	w->ret_page_from = n == STALE_SLICE ? last : 0;
	if (err || n == 0)
		return err ? err : keep_rest(t, w);
	q = sql_use(&t->sql, SQL_PAGE_STALE);
	query_int(q, w->page_from);
	query_int(q, last);
	query_int(q, w->since_ms);
	query_text(q, w->page_kind);
	query_text(q, w->page_kind);
	query_text(q, w->source);
	query_text(q, w->source);
	err = query_run(q);
	if (!err)
		w->ret_changed = (int)store_engine_changes(t->engine);
	return err ? err : keep_rest(t, w);
}
