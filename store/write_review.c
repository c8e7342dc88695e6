#include "store/tx.h"

#include "base/must.h"

static const char *const actions[] = {
	[REVIEW_ACCEPT] = "accept", [REVIEW_KEEP] = "keep", [REVIEW_CHOOSE] = "choose",
	[REVIEW_SKIP] = "skip",	    [REVIEW_UNDO] = "undo",
};

static enum err event(struct tx *t, const struct write *w, int64_t label, int64_t undoes)
{
	struct query *q = sql_use(&t->sql, SQL_REVIEW_ADD);

	query_int(q, w->listing);
	query_text(q, w->who);
	query_text(q, str_of(actions[w->action]));
	query_int(q, w->now_ms);
	query_text(q, w->shown);
	query_id(q, label);
	query_id(q, undoes);
	return query_run(q);
}

/* Accept, keep, choose: a label. Skip: only an event; the reader keeps it from
 * the person who skipped, others may still decide. */
static enum err decide(struct tx *t, struct write *w, struct write_standing *s)
{
	struct label label = {
		.category = w->category,
		.by = LABEL_BY_PERSON,
		.who = w->who,
		.confidence = 1,
		.taxonomy = w->taxonomy,
		.made_ms = w->now_ms,
		.why = str_of(actions[w->action]),
	};
	enum err err = ERR_OK;

	if (w->action != REVIEW_SKIP) {
		err = write_label_add(t, w->listing, &label, &w->ret_label);
		s->reviewed = true;
	}
	if (!err)
		err = event(t, w, w->ret_label, 0);
	return err;
}

static enum err newest(struct tx *t, struct write *w, int64_t *ret_review)
{
	struct query *q = sql_use(&t->sql, SQL_REVIEW_NEWEST);
	enum err err;

	query_text(q, w->who);
	query_int(q, w->listing);
	query_int(q, w->listing);
	err = query_one(q);
	if (err == ERR_NOT_FOUND)
		return reason_set(&t->engine->why, err, "%.*s has no decision left to undo",
				  STR_ARG(w->who));
	if (err)
		return err;
	*ret_review = query_get_int(q);
	w->listing = query_get_int(q);
	w->ret_label = query_get_int(q);
	return query_end(q);
}

static enum err stands(struct tx *t, int64_t listing, bool *ret)
{
	struct query *q = sql_use(&t->sql, SQL_REVIEW_STANDS);
	enum err err;

	query_int(q, listing);
	err = query_one(q);
	if (err)
		return err;
	*ret = query_get_int(q) > 0;
	return query_end(q);
}

static enum err undo(struct tx *t, struct write *w, int64_t review, struct write_standing *s)
{
	struct query *q = sql_use(&t->sql, SQL_LABEL_UNDO);
	enum err err = ERR_OK;

	if (w->ret_label) {
		query_int(q, w->ret_label);
		query_int(q, w->now_ms);
		query_text(q, w->who);
		err = query_run(q);
	}
	if (!err)
		err = event(t, w, 0, review);
	return err ? err : stands(t, w->listing, &s->reviewed);
}

static enum err source_of(struct tx *t, int64_t listing, struct str *ret)
{
	struct query *q = sql_use(&t->sql, SQL_LISTING_SOURCE);
	enum err err;

	query_int(q, listing);
	err = query_one(q);
	if (err)
		return err;
	*ret = arena_str(t->scratch, query_get_text(q));
	err = query_end(q);
	return err ? err : tally_source(&t->tallies, &t->sql, *ret);
}

enum err write_review_do(struct tx *t, struct write *w)
{
	struct write_standing was, now;
	struct str source;
	int64_t review = 0;
	enum err err = ERR_OK;

	must((size_t)w->action < sizeof(actions) / sizeof(actions[0]));
	if (w->action == REVIEW_UNDO)
		err = newest(t, w, &review);
	if (!err)
		err = write_standing_read(t, w->listing, &was);
	if (!err)
		err = source_of(t, w->listing, &source);
	if (err)
		return err;
	now = was;
	err = review ? undo(t, w, review, &now) : decide(t, w, &now);
	if (!err)
		err = write_standing_label(t, w->listing, &now);
	if (!err)
		err = write_standing_put(t, w->listing, &now, false);
	if (!err)
		write_standing_count(t, source, &was, &now);
	return err;
}
