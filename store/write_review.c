/* What people decide: events, the labels they make, and what stands of them. */
#include "store/row.h"
#include "store/tx.h"

#include "base/must.h"

/* People whose opinions of one listing are told apart. */
#define MOST_PEOPLE 16

static enum err add_event(struct tx *t, const struct write *w, int64_t listing, int64_t label,
			  int64_t batch, int64_t undoes)
{
	const struct review_event *e = &w->event;
	struct query *q = sql_use(&t->sql, SQL_REVIEW_ADD);

	query_int(q, listing);
	query_text(q, w->who);
	query_text(q, str_of(review_actions[w->action].name));
	query_maybe(q, w->category);
	query_int(q, w->now_ms);
	query_int(q, e->took_ms);
	query_text(q, batch ? STR("") : e->shown);
	query_text(q, e->key);
	query_text(q, e->reason);
	query_text(q, str_of(review_queues[e->queue].name));
	query_int(q, e->place);
	query_id(q, e->draw);
	if (e->drawn_p > 0)
		query_real(q, e->drawn_p);
	else
		query_null(q);
	query_int(q, e->wants > 1 ? e->wants : 1);
	query_int(q, w->taxonomy);
	query_version(q, e->rules);
	query_id(q, e->model);
	query_id(q, label);
	query_id(q, batch);
	query_id(q, undoes);
	query_maybe(q, batch ? (struct str){ 0 } : e->client);
	return query_run(q);
}

/* Of each person what was said last; of the last word on a dispute, nothing that was said
 * before it. */
struct opinions {
	struct {
		struct str who, category;
	} of[MOST_PEOPLE];
	int n, people, wants;
	struct str queue; /* in which the last one decided */
	struct str unsure[2];
	int n_unsure;
};

static void put_unsure(struct opinions *o, struct str who)
{
	if (o->n_unsure == 2 || (o->n_unsure == 1 && str_eq(o->unsure[0], who)))
		return;
	o->unsure[o->n_unsure++] = who;
}

static void put_opinion(struct opinions *o, struct str who, enum review_action action,
			struct str category)
{
	int i = 0;

	if (action == REVIEW_ADJUDICATE) {
		o->n = 0;
		o->people = MOST_PEOPLE;
	}
	while (i < o->n && !str_eq(o->of[i].who, who))
		i++;
	if (i == MOST_PEOPLE)
		return;
	o->of[i].who = who;
	o->of[i].category = category;
	o->n += i == o->n;
	o->people = o->n > o->people ? o->n : o->people;
}

static enum err opinions_read(struct tx *t, int64_t listing, struct opinions *o)
{
	struct query *q = sql_use(&t->sql, SQL_REVIEW_OPINIONS);
	enum review_action action = REVIEW_UNSURE;
	struct str who, category;
	bool more = true;
	int wants;
	enum err err;

	query_int(q, listing);
	err = query_row(q, &more);
	while (!err && more) {
		who = row_text(q, t->scratch);
		must(review_action_parse(query_get_text(q), &action));
		category = row_text(q, t->scratch);
		if (action == REVIEW_UNSURE) {
			put_unsure(o, who);
		} else {
			put_opinion(o, who, action, category);
			o->queue = row_text(q, t->scratch);
			wants = (int)query_get_int(q);
			o->wants = wants > o->wants ? wants : o->wants;
		}
		err = query_row(q, &more);
	}
	return err;
}

static bool disagree(const struct opinions *o)
{
	for (int i = 1; i < o->n; i++)
		if (!str_eq(o->of[i].category, o->of[0].category))
			return true;
	return o->n == 0 && o->n_unsure > 1;
}

/* What stands of all that people said of it. */
static enum err standing(struct tx *t, int64_t listing, struct write_standing *s)
{
	struct opinions o = { .wants = 1 };
	enum err err = opinions_read(t, listing, &o);

	if (err)
		return err;
	s->reviewed = o.people > 0;
	s->waits_in = o.people > 0 && o.people < o.wants ? o.queue : STR("");
	s->disputed = disagree(&o);
	return write_standing_label(t, listing, s);
}

enum err write_review_taken(struct tx *t, const struct write *w, int64_t label,
			    struct write_standing *s)
{
	enum err err = add_event(t, w, w->listing, label, 0, 0);

	return err ? err : standing(t, w->listing, s);
}

/* After an event of it was stored. */
static enum err restate(struct tx *t, struct write *w, int64_t listing)
{
	struct write_standing was, now;
	struct str source;
	enum err err = write_standing_read(t, listing, &was);

	if (!err)
		err = write_standing_source(t, listing, &source);
	if (err)
		return err;
	now = was;
	err = standing(t, listing, &now);
	if (!err)
		err = write_standing_put(t, listing, &now, false);
	if (!err)
		write_standing_count(t, source, &was, &now);
	w->ret_changed++;
	return err;
}

static enum err decide(struct tx *t, struct write *w, int64_t listing, int64_t batch,
		       int64_t *ret_label)
{
	struct label label = {
		.category = w->category,
		.by = LABEL_BY_PERSON,
		.who = w->who,
		.confidence = 1,
		.taxonomy = w->taxonomy,
		.made_ms = w->now_ms,
		.why = str_of(review_actions[w->action].name),
	};
	enum err err = ERR_OK;

	if (review_actions[w->action].decides)
		err = write_label_add(t, listing, &label, ret_label);
	if (!err)
		err = add_event(t, w, listing, *ret_label, batch, 0);
	return err;
}

/* Nobody has decided it: what a person said goes by no bulk. */
static enum err join(struct tx *t, struct write *w, int64_t listing, int64_t batch)
{
	struct write_standing s;
	int64_t label = 0;
	enum err err = write_standing_read(t, listing, &s);

	if (err || s.reviewed)
		return err;
	err = decide(t, w, listing, batch, &label);
	return err ? err : restate(t, w, listing);
}

static enum err join_family(struct tx *t, struct write *w, int64_t batch)
{
	struct query *q = sql_use(&t->sql, SQL_REVIEW_FAMILY);
	int64_t *ids = NULL;
	int n = 0;
	enum err err;

	query_int(q, w->listing);
	query_int(q, w->listing);
	query_int(q, REVIEW_BATCH_MOST);
	err = row_all(q, t->scratch, sizeof(*ids), row_id, &ids, &n);
	for (int i = 0; i < n && !err; i++)
		err = join(t, w, ids[i], batch);
	return err;
}

static enum err decide_all(struct tx *t, struct write *w)
{
	struct write_standing s;
	int64_t event;
	enum err err = write_standing_read(t, w->listing, &s); /* it is there */

	if (!err)
		err = decide(t, w, w->listing, 0, &w->ret_label);
	if (err)
		return err;
	event = store_engine_last_id(t->engine);
	err = restate(t, w, w->listing);
	must(review_actions[w->action].decides || (!w->n_ids && !w->with_family));
	for (int i = 0; i < w->n_ids && !err; i++)
		err = join(t, w, w->ids[i], event);
	if (!err && w->with_family)
		err = join_family(t, w, event);
	return err;
}

struct event_row {
	int64_t id, listing, label;
};

static void make_event(struct query *q, struct arena *a, void *row)
{
	struct event_row *e = row;

	(void)a;
	e->id = query_get_int(q);
	e->listing = query_get_int(q);
	e->label = query_get_int(q);
}

static enum err newest(struct tx *t, struct write *w, int64_t *ret)
{
	struct query *q = sql_use(&t->sql, w->listing ? SQL_REVIEW_NEWEST_OF : SQL_REVIEW_NEWEST);
	enum err err;

	if (w->listing)
		query_int(q, w->listing);
	query_text(q, w->who);
	err = query_one(q);
	if (err == ERR_NOT_FOUND)
		return reason_set(&t->engine->why, err, "%.*s has no decision left to undo",
				  STR_ARG(w->who));
	if (err)
		return err;
	*ret = query_get_int(q);
	return query_end(q);
}

static enum err take_back(struct tx *t, const struct write *w, int64_t label)
{
	struct query *q = sql_use(&t->sql, SQL_LABEL_UNDO);

	if (!label)
		return ERR_OK;
	query_int(q, label);
	query_int(q, w->now_ms);
	query_text(q, w->who);
	return query_run(q);
}

static enum err undo(struct tx *t, struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_REVIEW_BATCH);
	struct event_row *rows = NULL;
	int64_t event = 0;
	int n = 0;
	enum err err = newest(t, w, &event);

	if (err)
		return err;
	query_int(q, event);
	query_int(q, event);
	err = row_all(q, t->scratch, sizeof(*rows), make_event, &rows, &n);
	if (err)
		return err;
	must(n > 0 && rows[0].id == event);
	w->listing = rows[0].listing;
	w->ret_label = rows[0].label;
	w->category = (struct str){ 0 };
	err = add_event(t, w, w->listing, 0, 0, event);
	for (int i = 0; i < n && !err; i++)
		err = take_back(t, w, rows[i].label);
	for (int i = 0; i < n && !err; i++)
		err = restate(t, w, rows[i].listing);
	return err;
}

/* The answer to an event may have been lost on its way, and the client asks again. */
static enum err known(struct tx *t, struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_REVIEW_CLIENT);
	enum review_action action;
	int64_t listing;
	bool row = false;
	enum err err;

	query_text(q, w->who);
	query_text(q, w->event.client);
	err = query_row(q, &row);
	if (err || !row)
		return err;
	listing = query_get_int(q);
	must(review_action_parse(query_get_text(q), &action));
	if (action != w->action || (w->listing && w->listing != listing)) {
		query_end(q);
		return reason_set(&t->engine->why, ERR_EXISTS,
				  "event \"%.*s\" of %.*s is another one: listing %lld",
				  STR_ARG(w->event.client), STR_ARG(w->who), (long long)listing);
	}
	w->listing = listing;
	w->category = row_text(q, w->arena);
	w->ret_label = query_get_int(q);
	w->ret_known = true;
	return query_end(q);
}

enum err write_review_do(struct tx *t, struct write *w)
{
	enum err err = ERR_OK;

	must(w->action < REVIEW_ACTIONS && w->event.queue < REVIEW_QUEUES);
	if (w->event.client.n)
		err = known(t, w);
	if (err || w->ret_known)
		return err;
	return w->action == REVIEW_UNDO ? undo(t, w) : decide_all(t, w);
}
