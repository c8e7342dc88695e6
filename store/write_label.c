/* Votes, labels and suggestions: what is judged of a listing. */
#include "store/tx.h"

#include "base/must.h"

#include <string.h>

/* A sum of probabilities may miss its bounds by a rounding. */
static double bounded(double confidence)
{
	return confidence > 1 ? 1 : confidence > 0 ? confidence : 0;
}

enum err write_label_add(struct tx *t, int64_t listing, const struct label *l, int64_t *ret_id)
{
	struct query *q = sql_use(&t->sql, SQL_LABEL_ADD);
	enum err err;

	query_int(q, listing);
	query_maybe(q, l->category);
	query_text(q, str_of(label_by_name(l->by)));
	query_text(q, l->who);
	query_real(q, bounded(l->confidence));
	query_version(q, l->version);
	query_int(q, l->made_ms);
	query_text(q, l->why);
	query_int(q, l->taxonomy);
	err = query_run(q);
	if (!err)
		*ret_id = store_engine_last_id(t->engine);
	return err;
}

static enum err votes(struct tx *t, int64_t listing, bool fresh, const struct write_listing *l,
		      int64_t now_ms)
{
	struct query *q = sql_use(&t->sql, SQL_VOTE_CLEAR);
	enum err err = ERR_OK;

	must(l->n_votes >= 0 && l->n_votes <= LABEL_MOST_VOTES);
	if (!fresh) {
		query_int(q, listing);
		err = query_run(q);
	}
	q = sql_use(&t->sql, SQL_VOTE_ADD);
	for (int i = 0; i < l->n_votes && !err; i++) {
		query_int(q, listing);
		query_int(q, i);
		query_text(q, l->votes[i].rule);
		query_text(q, l->votes[i].category);
		query_real(q, l->votes[i].weight);
		query_int(q, now_ms);
		err = query_run(q);
	}
	return err;
}

/* Whether the log's last word of the rules differs from `l`. Silence after a
 * label is news; silence after silence is not. */
static enum err news(struct tx *t, int64_t listing, const struct label *l, bool *ret_news)
{
	struct query *q = sql_use(&t->sql, SQL_LABEL_RULES);
	bool row = false, same;
	enum err err;

	query_int(q, listing);
	err = query_row(q, &row);
	if (err)
		return err;
	if (!row) {
		*ret_news = l->category.n > 0;
		return ERR_OK;
	}
	same = str_eq(query_get_text(q), l->category);
	if (same && l->category.n) {
		same = query_get_version(q) == l->version;
		same &= query_get_real(q) == bounded(l->confidence);
		same &= str_eq(query_get_text(q), l->why);
	}
	*ret_news = !same;
	return query_end(q);
}

/* The weak label. None where there was one is logged as "none of them". */
static enum err weak(struct tx *t, int64_t listing, bool fresh, const struct write_listing *l,
		     int64_t now_ms, struct write_standing *s)
{
	struct label label = { .by = LABEL_BY_RULES };
	bool add = l->labeled;
	enum err err = ERR_OK;

	if (l->labeled)
		label = l->label;
	must(label.by == LABEL_BY_RULES);
	label.version = l->label_version;
	if (!label.made_ms)
		label.made_ms = now_ms;
	if (!fresh)
		err = news(t, listing, &label, &add);
	if (err || !add)
		return err;
	err = write_label_add(t, listing, &label, &s->label);
	if (!err && !fresh)
		return write_standing_label(t, listing, s);
	s->labeled = label.category.n;
	return err;
}

bool write_label_judged(const struct write_listing *l)
{
	return l->labeled || l->n_votes || l->label_version;
}

enum err write_label_judge(struct tx *t, int64_t listing, struct str source, bool fresh,
			   const struct write_listing *l, int64_t now_ms)
{
	struct write_standing was, now;
	bool judged = write_label_judged(l);
	enum err err = ERR_OK;

	memset(&was, 0, sizeof(was));
	if (!fresh)
		err = write_standing_read(t, listing, &was);
	if (err)
		return err;
	now = was;
	if (l->listing.clean_version)
		now.clean_version = l->listing.clean_version;
	if (judged) {
		now.label_version = l->label_version;
		err = votes(t, listing, fresh, l, now_ms);
		if (!err)
			err = weak(t, listing, fresh, l, now_ms, &now);
	}
	if (l->suggested)
		now.suggestion = l->suggestion;
	if (!err && now.split != now.recheck)
		err = write_standing_label(t, listing, &now);
	if (judged || l->suggested) {
		now.worth = l->worth;
		if (!now.recheck)
			now.review_score = l->review_score;
	}
	if (!err)
		err = write_standing_put(t, listing, &now, fresh);
	write_standing_count(t, source, &was, &now);
	return err;
}

enum err write_label_stale(struct tx *t, int64_t listing)
{
	struct write_standing s;
	enum err err = write_standing_read(t, listing, &s);

	if (err)
		return err;
	s.label_version = 0;
	return write_standing_put(t, listing, &s, false);
}
