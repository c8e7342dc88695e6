#include "store/row.h"
#include "store/tx.h"

#include <string.h>

/* Before all others: a person has looked at it already, and only has to say which. */
#define RECHECK_SCORE 3

/* The label in force, as the counts have it: by what is written, so that a change of the taxonomy
 * moves them with the rows. */
static void labeled(struct write_standing *s, struct str written, enum label_by by)
{
	s->by_person = by == LABEL_BY_PERSON && !s->recheck;
	s->labeled = (written.n || by == LABEL_BY_PERSON) && !s->recheck;
}

static enum err absent(struct tx *t, int64_t listing)
{
	return reason_set(&t->engine->why, ERR_NOT_FOUND, "listing=%lld is not in the database",
			  (long long)listing);
}

static void read_worth(struct query *q, struct arena *a, struct review_worth *ret)
{
	ret->errors = query_get_real(q);
	ret->uncertain = query_get_real(q);
	ret->rules = query_get_real(q);
	ret->guess = row_text(q, a);
	ret->guess_p = query_get_real(q);
}

enum err write_standing_read(struct tx *t, int64_t listing, struct write_standing *ret)
{
	struct query *q = sql_use(&t->sql, SQL_STANDING_READ);
	struct str written;
	enum label_by by;
	enum err err;

	query_int(q, listing);
	err = query_one(q);
	if (err == ERR_NOT_FOUND)
		return absent(t, listing);
	if (err)
		return err;
	memset(ret, 0, sizeof(*ret));
	ret->clean_version = (uint32_t)query_get_int(q);
	ret->label_version = query_get_version(q);
	ret->label = query_get_int(q);
	ret->reviewed = query_get_int(q);
	ret->recheck = query_get_int(q);
	ret->review_score = query_get_real(q);
	row_suggestion(q, t->scratch, &ret->suggestion);
	read_worth(q, t->scratch, &ret->worth);
	ret->waits_in = row_text(q, t->scratch);
	ret->disputed = query_get_int(q);
	written = query_get_text(q);
	by = row_label_by(q);
	ret->split = by == LABEL_BY_PERSON && row_fate(query_get_text(q)) == RECODE_SPLIT;
	labeled(ret, written, by);
	return query_end(q);
}

enum err write_standing_label(struct tx *t, int64_t listing, struct write_standing *s)
{
	struct query *q = sql_use(&t->sql, SQL_LABEL_CURRENT);
	bool row = false, before = s->recheck;
	struct str written;
	enum label_by by;
	enum err err;

	query_int(q, listing);
	err = query_row(q, &row);
	if (err)
		return err;
	s->label = 0;
	s->by_person = s->labeled = s->recheck = s->split = false;
	if (row) {
		s->label = query_get_int(q);
		written = query_get_text(q);
		by = row_label_by(q);
		s->split = by == LABEL_BY_PERSON && row_fate(query_get_text(q)) == RECODE_SPLIT;
		s->recheck = s->split;
		labeled(s, written, by);
		err = query_end(q);
	}
	if (s->recheck) {
		s->reviewed = false;
		s->review_score = RECHECK_SCORE;
	} else if (before) {
		s->reviewed = s->by_person;
	}
	return err;
}

static void bind_suggestion(struct query *q, const struct suggestion *s, double review_score,
			    const struct review_worth *worth)
{
	query_real(q, review_score > 0 ? review_score : 0);
	query_id(q, s->model);
	for (int i = 0; i < SUGGESTION_K; i++) {
		query_maybe(q, s->category[i]);
		query_real(q, s->p[i]);
	}
	query_real(q, worth->errors);
	query_real(q, worth->uncertain);
	query_real(q, worth->rules);
	query_maybe(q, worth->guess);
	query_real(q, worth->guess_p);
}

enum err write_standing_put(struct tx *t, int64_t listing, const struct write_standing *s,
			    bool fresh)
{
	struct query *q = sql_use(&t->sql, fresh ? SQL_STANDING_ADD : SQL_STANDING_UPDATE);

	query_int(q, s->clean_version);
	query_version(q, s->label_version);
	query_id(q, s->label);
	query_int(q, s->reviewed);
	query_int(q, s->recheck);
	bind_suggestion(q, &s->suggestion, s->review_score, &s->worth);
	query_text(q, s->waits_in);
	query_int(q, s->disputed);
	query_int(q, listing);
	return query_run(q);
}

enum err write_standing_suggest(struct tx *t, const struct write_listing *l)
{
	struct query *q = sql_use(&t->sql, SQL_STANDING_SEEN);
	struct write_standing was, now;
	struct str source;
	int64_t seen_ms;
	enum err err;

	query_int(q, l->listing.id);
	err = query_one(q);
	if (err == ERR_NOT_FOUND)
		return absent(t, l->listing.id);
	if (err)
		return err;
	memset(&was, 0, sizeof(was));
	source = row_text(q, t->scratch);
	seen_ms = query_get_int(q);
	was.suggestion.model = query_get_int(q);
	err = query_end(q);
	/* What has this model's by now was written after it was read for this. */
	if (err || (l->listing.last_seen_ms && l->listing.last_seen_ms != seen_ms) ||
	    was.suggestion.model == l->suggestion.model)
		return err;
	err = tally_source(&t->tallies, &t->sql, source);
	if (err)
		return err;
	now = was;
	now.suggestion.model = l->suggestion.model;
	write_standing_count(t, source, &was, &now);
	q = sql_use(&t->sql, SQL_STANDING_SUGGEST);
	bind_suggestion(q, &l->suggestion, l->review_score, &l->worth);
	query_int(q, l->listing.id);
	return query_run(q);
}

enum err write_standing_source(struct tx *t, int64_t listing, struct str *ret)
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

void write_standing_count(struct tx *t, struct str source, const struct write_standing *was,
			  const struct write_standing *now)
{
	tally_add(&t->tallies, source, TALLY_LABELED, now->labeled - was->labeled);
	tally_add(&t->tallies, source, TALLY_REVIEWED, now->by_person - was->by_person);
	tally_add(&t->tallies, source, TALLY_SUGGESTED,
		  (now->suggestion.model != 0) - (was->suggestion.model != 0));
}
