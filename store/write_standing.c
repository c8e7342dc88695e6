#include "store/row.h"
#include "store/tx.h"

#include <string.h>

static bool labeled(struct str category, bool by_person)
{
	return category.n || by_person;
}

enum err write_standing_read(struct tx *t, int64_t listing, struct write_standing *ret)
{
	struct query *q = sql_use(&t->sql, SQL_STANDING_READ);
	struct str category;
	enum err err;

	query_int(q, listing);
	err = query_one(q);
	if (err == ERR_NOT_FOUND)
		return reason_set(&t->engine->why, err, "listing=%lld is not in the database",
				  (long long)listing);
	if (err)
		return err;
	memset(ret, 0, sizeof(*ret));
	ret->clean_version = (uint32_t)query_get_int(q);
	ret->label_version = query_get_version(q);
	ret->label = query_get_int(q);
	ret->reviewed = query_get_int(q);
	ret->review_score = query_get_real(q);
	row_suggestion(q, t->scratch, &ret->suggestion);
	category = query_get_text(q);
	ret->by_person = row_label_by(q) == LABEL_BY_PERSON;
	ret->labeled = labeled(category, ret->by_person);
	return query_end(q);
}

enum err write_standing_label(struct tx *t, int64_t listing, struct write_standing *s)
{
	struct query *q = sql_use(&t->sql, SQL_LABEL_CURRENT);
	struct str category;
	bool row = false;
	enum err err;

	query_int(q, listing);
	err = query_row(q, &row);
	if (err)
		return err;
	s->label = 0;
	s->by_person = s->labeled = false;
	if (!row)
		return ERR_OK;
	s->label = query_get_int(q);
	category = query_get_text(q);
	s->by_person = row_label_by(q) == LABEL_BY_PERSON;
	s->labeled = labeled(category, s->by_person);
	return query_end(q);
}

enum err write_standing_put(struct tx *t, int64_t listing, const struct write_standing *s,
			    bool fresh)
{
	struct query *q = sql_use(&t->sql, fresh ? SQL_STANDING_ADD : SQL_STANDING_UPDATE);

	query_int(q, s->clean_version);
	query_version(q, s->label_version);
	query_id(q, s->label);
	query_int(q, s->reviewed);
	query_real(q, s->review_score > 0 ? s->review_score : 0);
	query_id(q, s->suggestion.model);
	for (int i = 0; i < SUGGESTION_K; i++) {
		query_maybe(q, s->suggestion.category[i]);
		query_real(q, s->suggestion.p[i]);
	}
	query_int(q, listing);
	return query_run(q);
}

void write_standing_count(struct tx *t, struct str source, const struct write_standing *was,
			  const struct write_standing *now)
{
	tally_add(&t->tallies, source, TALLY_LABELED, now->labeled - was->labeled);
	tally_add(&t->tallies, source, TALLY_REVIEWED, now->by_person - was->by_person);
	tally_add(&t->tallies, source, TALLY_SUGGESTED,
		  (now->suggestion.model != 0) - (was->suggestion.model != 0));
}
