/* What a page means for the one that its job brought before. */
#include "store/tx.h"

#include "base/must.h"

static enum err put(struct tx *t, const struct write *w, const struct visit *v)
{
	struct query *q = sql_use(&t->sql, SQL_VISIT_PUT);

	query_int(q, w->job.id);
	query_int(q, v->page);
	query_id(q, v->listing);
	query_int(q, v->seen_ms);
	query_int(q, v->changed_ms);
	query_int(q, v->interval_ms);
	query_int(q, v->visits);
	query_int(q, v->changes);
	query_version(q, v->version);
	query_version(q, v->body_hash);
	query_version(q, v->content_hash);
	query_int(q, v->max_age_ms);
	query_int(q, v->expires_ms);
	query_int(q, v->original);
	query_version(q, v->original_seed);
	query_text(q, v->original_digest);
	query_text(q, v->etag);
	query_text(q, v->last_modified);
	return query_run(q);
}

static enum err end(struct tx *t, const struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_VISIT_END);

	query_int(q, w->job.id);
	return query_run(q);
}

/* The listing whose page was never read; 0: none, or several, of which it is none's own. */
static enum err find_own(struct tx *t, const struct write *w, int64_t *ret)
{
	struct query *q = sql_use(&t->sql, SQL_LISTING_OWN);
	int64_t id;
	enum err err;

	query_version(q, w->own_key);
	query_text(q, w->job.source);
	err = query_one(q);
	if (err)
		return err;
	id = query_get_int(q);
	*ret = query_get_int(q) == 1 ? id : 0;
	return query_end(q);
}

enum err write_visit_store(struct tx *t, struct write *w, int64_t listing)
{
	struct visit v = w->visit;
	enum err err = ERR_OK;

	must(w->visited < VISIT_KINDS);
	switch (w->visited) {
	case VISIT_READ:
		v.page = w->page.id;
		v.listing = v.listing ? listing : 0;
		if (!v.original)
			v.original = v.page;
		return put(t, w, &v);
	case VISIT_HELD:
		if (v.listing)
			err = write_listing_back(t, w, v.listing);
		return err ? err : put(t, w, &v);
	case VISIT_GONE:
		if (!v.listing && w->own_key)
			err = find_own(t, w, &v.listing);
		if (!err && v.listing)
			err = write_listing_gone(t, w, v.listing);
		return err ? err : end(t, w);
	case VISIT_LOST:
		return end(t, w);
	default:
		return ERR_OK;
	}
}
