/* Records that became no listing. Kept is the newest sight of each: what a page accepts, or
 * rejects once more, takes the place of what older pages had rejected. */
#include "store/row.h"
#include "store/tx.h"

static enum err yes(struct query *q, bool *ret)
{
	enum err err = query_one(q);

	if (err)
		return err;
	*ret = query_get_int(q) > 0;
	return query_end(q);
}

static enum err drop(struct tx *t, const struct write *w, struct str ext_id)
{
	struct query *q = sql_use(&t->sql, SQL_REJECTED_DROP);

	query_text(q, w->job.source);
	query_text(q, ext_id);
	query_int(q, w->page.fetched_ms);
	query_int(q, w->page.id);
	return query_run(q);
}

static enum err drop_nameless(struct tx *t, const struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_REJECTED_DROP_NAMELESS);

	query_text(q, w->job.source);
	query_int(q, w->job.id);
	query_int(q, w->page.fetched_ms);
	return query_run(q);
}

static enum err drop_page(struct tx *t, const struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_REJECTED_DROP_PAGE);

	query_int(q, w->page.id);
	return query_run(q);
}

/* What the page says anew. Nearly always there is nothing. */
static enum err forget(struct tx *t, const struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_REJECTED_ANY);
	bool any = false;
	enum err err;

	query_text(q, w->job.source);
	err = yes(q, &any);
	if (err || !any)
		return err;
	if (w->kind == WRITE_REREAD)
		err = drop_page(t, w);
	if (err || w->page.state != PAGE_EXTRACTED)
		return err;
	for (int i = 0; i < w->n_listings && !err; i++)
		err = drop(t, w, w->listings[i].listing.ext_id);
	return err ? err : drop_nameless(t, w);
}

struct counted {
	struct str reason;
	int64_t times;
};

static void make_counted(struct query *q, struct arena *a, void *row)
{
	struct counted *c = row;

	(void)row_text(q, a); /* the source, which is not told */
	c->reason = row_text(q, a);
	c->times = query_get_int(q);
}

/* Takes the page, which was counted when it was read before, out of the counts. */
static enum err uncount(struct tx *t, const struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_REJECTED_OF_PAGE);
	struct counted *was = NULL;
	int n = 0;
	enum err err;

	query_int(q, w->page.id);
	err = row_all(q, t->scratch, sizeof(*was), make_counted, &was, &n);
	for (int i = 0; i < n && !err; i++) {
		q = sql_use(&t->sql, SQL_REJECTED_UNCOUNT);
		query_int(q, was[i].times);
		query_text(q, w->job.source);
		query_text(q, was[i].reason);
		err = query_run(q);
	}
	if (err || !n)
		return err;
	q = sql_use(&t->sql, SQL_REJECTED_PAGE_DROP);
	query_int(q, w->page.id);
	return query_run(q);
}

static enum err count(struct tx *t, const struct write *w)
{
	enum err err = w->kind == WRITE_REREAD ? uncount(t, w) : ERR_OK;
	struct query *q;

	for (int i = 0; i < REJECTS && !err; i++) {
		if (!w->reject_times[i])
			continue;
		q = sql_use(&t->sql, SQL_REJECTED_PAGE_ADD);
		query_int(q, w->page.id);
		query_text(q, str_of(rejects[i].name));
		query_int(q, w->reject_times[i]);
		err = query_run(q);
		if (err)
			break;
		q = sql_use(&t->sql, SQL_REJECTED_COUNT);
		query_text(q, w->job.source);
		query_text(q, str_of(rejects[i].name));
		query_int(q, w->reject_times[i]);
		err = query_run(q);
	}
	return err;
}

/* The listing that a record is of, if it is stored. */
struct sight {
	int64_t id, page;
	bool newer; /* it has been seen since */
	uint32_t flags;
};

static enum err find_listing(struct tx *t, const struct write *w, struct str ext_id,
			     struct sight *ret)
{
	struct query *q = sql_use(&t->sql, SQL_LISTING_SEEN);
	bool found = false;
	enum err err;

	*ret = (struct sight){ .id = 0 };
	query_text(q, w->job.source);
	query_text(q, ext_id);
	err = query_row(q, &found);
	if (err || !found)
		return err;
	ret->id = query_get_int(q);
	ret->newer = query_get_int(q) > w->page.fetched_ms;
	ret->page = query_get_int(q);
	ret->flags = (uint32_t)query_get_int(q);
	return query_end(q);
}

/* What is stored was read from this very page, when its kind was configured otherwise: it stays, as
 * nothing better is known, and is left out of datasets until a page is accepted. */
static enum err flag(struct tx *t, const struct write *w, const struct sight *s, struct str why)
{
	struct query *q = sql_use(&t->sql, SQL_LISTING_REJECT);
	uint32_t flags = s->flags | FLAG_BIT(FLAG_REJECTED);
	enum err err = tally_source(&t->tallies, &t->sql, w->job.source);

	if (err)
		return err;
	write_listing_flags(t, w->job.source, s->flags, flags);
	query_int(q, flags);
	query_text(q, why);
	query_int(q, s->id);
	return query_run(q);
}

static enum err rejected_since(struct tx *t, const struct write *w, struct str ext_id, bool *ret)
{
	struct query *q = sql_use(&t->sql, SQL_REJECTED_NEWER);

	query_text(q, w->job.source);
	query_text(q, ext_id);
	query_int(q, w->page.fetched_ms);
	return yes(q, ret);
}

static enum err add(struct tx *t, const struct write *w, const struct reject *r)
{
	struct query *q = sql_use(&t->sql, SQL_REJECTED_ADD);

	query_text(q, w->job.source);
	query_int(q, w->job.id);
	query_int(q, w->page.id);
	query_int(q, r->place);
	query_text(q, r->ext_id);
	query_text(q, str_of(reject_field_name(r->field)));
	query_text(q, str_of(rejects[r->code].name));
	query_text(q, r->value);
	query_text(q, r->why);
	query_text(q, r->excerpt);
	query_int(q, w->page.fetched_ms);
	return query_run(q);
}

static bool among(const int64_t *ids, int n, int64_t id)
{
	for (int i = 0; i < n; i++)
		if (ids[i] == id)
			return true;
	return false;
}

/* The page shows the listing, if it is stored. */
static enum err show(struct tx *t, const struct write *w, struct str ext_id, struct str why,
		     bool *ret_newer, int64_t *ids, int *n)
{
	struct sight s;
	enum err err = find_listing(t, w, ext_id, &s);

	if (err || !s.id)
		return err;
	*ret_newer = s.newer;
	if (among(ids, *n, s.id)) /* the page has a record of it that is accepted */
		return ERR_OK;
	ids[(*n)++] = s.id;
	return w->kind == WRITE_REREAD && s.page == w->page.id ? flag(t, w, &s, why) : ERR_OK;
}

/* `newest`: nothing newer is known of the page. */
static enum err keep(struct tx *t, const struct write *w, const struct reject *r, bool newest,
		     int64_t *ids, int *n)
{
	bool newer = false, since = false;
	enum err err = ERR_OK;

	if (r->ext_id.n)
		err = show(t, w, r->ext_id, r->why, &newer, ids, n);
	if (!err && r->ext_id.n && w->kind != WRITE_PAGE)
		err = rejected_since(t, w, r->ext_id, &since);
	if (err || since || (w->kind != WRITE_PAGE && (r->ext_id.n ? newer : !newest)))
		return err;
	if (r->ext_id.n)
		err = drop(t, w, r->ext_id);
	return err ? err : add(t, w, r);
}

static enum err prune(struct tx *t, const struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_REJECTED_PRUNE);

	query_text(q, w->job.source);
	query_int(q, w->rejected_keep);
	return query_run(q);
}

enum err write_reject_store(struct tx *t, struct write *w, bool newest, int64_t *ids, int *n)
{
	bool newer = false;
	enum err err;

	if (w->page.state != PAGE_EXTRACTED && w->kind != WRITE_REREAD)
		return ERR_OK;
	err = forget(t, w);
	if (!err)
		err = count(t, w);
	for (int i = 0; i < w->n_rejects && !err; i++)
		err = keep(t, w, &w->rejects[i], newest, ids, n);
	for (int i = 0; i < w->n_rejected_ids && !err; i++)
		err = show(t, w, w->rejected_ids[i], STR("its page is rejected"), &newer, ids, n);
	return err || !w->n_rejects ? err : prune(t, w);
}

int write_reject_nameless(const struct write *w)
{
	int n = w->page.rejected - w->n_rejected_ids;

	for (int i = 0; i < w->n_rejects; i++)
		n -= w->rejects[i].ext_id.n > 0;
	return n;
}
