/* Labels that people made elsewhere. */
#include "store/tx.h"

#include <string.h>

/* Whether this item of this origin came before and said the same. */
static enum err known(struct tx *t, const struct label_in *in, bool *ret)
{
	struct query *q = sql_use(&t->sql, SQL_LABEL_IN_FIND);
	enum err err;

	query_text(q, in->origin);
	query_text(q, in->item);
	err = query_one(q);
	*ret = false;
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	*ret = query_get_int(q) == in->listing && str_eq(query_get_text(q), in->category) &&
	       str_eq(query_get_text(q), in->who);
	return query_end(q);
}

/* Whether the current label is a person's of a later time. */
static enum err overtaken(struct tx *t, const struct label_in *in, const struct write_standing *s,
			  bool *ret)
{
	struct query *q = sql_use(&t->sql, SQL_LABEL_MADE);
	enum err err;

	*ret = false;
	if (!s->by_person)
		return ERR_OK;
	query_int(q, s->label);
	err = query_one(q);
	if (err)
		return err;
	*ret = query_get_int(q) > in->made_ms;
	return query_end(q);
}

static enum err remember(struct tx *t, const struct label_in *in, int64_t label)
{
	struct query *q = sql_use(&t->sql, SQL_LABEL_IN_PUT);

	query_text(q, in->origin);
	query_text(q, in->item);
	query_int(q, label);
	query_text(q, in->note);
	return query_run(q);
}

static enum err count(struct tx *t, int64_t listing, const struct write_standing *was,
		      const struct write_standing *now)
{
	struct str source;
	enum err err = write_standing_source(t, listing, &source);

	if (!err)
		write_standing_count(t, source, was, now);
	return err;
}

static enum err put(struct tx *t, const struct label_in *in, int64_t taxonomy,
		    const struct write_standing *was)
{
	struct write_standing now = *was;
	struct label label = {
		.category = in->category,
		.taxonomy = taxonomy,
		.by = LABEL_BY_PERSON,
		.who = in->who,
		.confidence = 1,
		.made_ms = in->made_ms,
		.why = arena_fmt(t->scratch, "import:%.*s", STR_ARG(in->origin)),
	};
	const struct write event = {
		.listing = in->listing,
		.who = in->who,
		.action = in->category.n ? REVIEW_CHOOSE : REVIEW_NONE,
		.category = in->category,
		.now_ms = in->made_ms,
		.taxonomy = taxonomy,
		.event = { .key = STR("import"), .reason = in->note, .queue = QUEUE_ALL },
	};
	int64_t id = 0;
	enum err err = write_label_add(t, in->listing, &label, &id);

	if (!err)
		err = remember(t, in, id);
	if (!err)
		err = write_review_taken(t, &event, id, &now);
	if (!err)
		err = write_standing_put(t, in->listing, &now, false);
	return err ? err : count(t, in->listing, was, &now);
}

static enum err take(struct tx *t, struct label_in *in, int64_t taxonomy)
{
	struct write_standing was;
	bool yes = false;
	enum err err = known(t, in, &yes);

	in->end = LABEL_IN_KNOWN;
	if (err || yes)
		return err;
	memset(&was, 0, sizeof(was));
	err = write_standing_read(t, in->listing, &was);
	if (!err)
		err = overtaken(t, in, &was, &yes);
	in->end = yes ? LABEL_IN_OLDER : LABEL_IN_STORED;
	return err || yes ? err : put(t, in, taxonomy, &was);
}

enum err write_label_in_do(struct tx *t, struct write *w)
{
	enum err err = ERR_OK;

	for (int i = 0; i < w->n_labels_in && !err; i++)
		err = take(t, &w->labels_in[i], w->taxonomy);
	return err;
}
