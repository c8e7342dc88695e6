#include "store/reader_conn.h"

#include "base/must.h"

static const struct {
	enum sql_id pick, size;
} queues[REVIEW_QUEUES] = {
	[QUEUE_ALL] = { SQL_QUEUE_ALL, SQL_REVIEW_SIZE },
	[QUEUE_ERRORS] = { SQL_QUEUE_ERRORS, SQL_QUEUE_SIZE_ERRORS },
	[QUEUE_UNCERTAIN] = { SQL_QUEUE_UNCERTAIN, SQL_QUEUE_SIZE_UNCERTAIN },
	[QUEUE_RULES] = { SQL_QUEUE_RULES, SQL_QUEUE_SIZE_RULES },
	[QUEUE_ADJUDICATE] = { SQL_QUEUE_ADJUDICATE, SQL_QUEUE_SIZE_ADJUDICATE },
};

static void make_pick(struct query *q, struct arena *a, void *row)
{
	struct review_pick *p = row;
	struct str core, clean;

	p->listing = query_get_int(q);
	p->family = query_get_version(q);
	p->score = query_get_real(q);
	p->first = row_text(q, a);
	core = query_get_text(q);
	clean = query_get_text(q);
	p->title_core = arena_str(a, core.n ? core : clean);
}

/* What stands at the end of all statements of queues. */
static enum err picks(struct query *q, const struct review_filter *f, int most, struct arena *a,
		      struct review_pick **ret, int *ret_n)
{
	query_text(q, f->who);
	query_text(q, f->source);
	query_text(q, f->source);
	query_int(q, most);
	return row_all(q, a, sizeof(**ret), make_pick, ret, ret_n);
}

static enum err of_category(struct reader *r, const struct review_filter *f, struct str category,
			    int most, struct arena *a, struct review_pick **ret, int *ret_n)
{
	struct query *q = sql_use(&r->sql, SQL_QUEUE_GUESS);

	query_text(q, category);
	return picks(q, f, most, a, ret, ret_n);
}

static enum err is_known(struct reader *r, struct str category, bool *ret)
{
	struct query *q = sql_use(&r->sql, SQL_QUEUE_KNOWN);
	bool row = false;
	enum err err;

	query_text(q, category);
	query_text(q, category);
	err = query_row(q, &row);
	*ret = row;
	return err || !row ? err : query_end(q);
}

/* The next category behind `*category` in their order; none: {0}. */
static enum err next_category(struct reader *r, struct arena *a, struct str *category)
{
	struct query *q = sql_use(&r->sql, SQL_QUEUE_GUESS_NEXT);
	bool row = false;
	enum err err;

	query_text(q, *category);
	err = query_row(q, &row);
	*category = (struct str){ 0 };
	if (err || !row)
		return err;
	*category = row_text(q, a);
	return query_end(q);
}

static enum err firsts(struct reader *r, const struct review_filter *f, struct arena *a,
		       struct review_pick **ret, int *ret_n)
{
	struct review_pick *all = arena_array(a, (size_t)f->most, sizeof(*all)), *one;
	struct str category = STR("");
	bool known = false;
	int n = 0, found;
	enum err err = next_category(r, a, &category);

	while (!err && category.n && n < f->most) {
		found = 0;
		err = is_known(r, category, &known);
		if (!err && !known)
			err = of_category(r, f, category, 1, a, &one, &found);
		if (found)
			all[n++] = *one;
		if (!err)
			err = next_category(r, a, &category);
	}
	*ret = all;
	*ret_n = n;
	return err;
}

static enum err of_queue(struct reader *r, const struct review_filter *f, int most, struct arena *a,
			 struct review_pick **ret, int *ret_n)
{
	if (f->category.n)
		return of_category(r, f, f->category, most, a, ret, ret_n);
	if (f->queue == QUEUE_NEW)
		return firsts(r, f, a, ret, ret_n);
	return picks(sql_use(&r->sql, queues[f->queue].pick), f, most, a, ret, ret_n);
}

static enum err waiting(struct reader *r, const struct review_filter *f, struct arena *a,
			struct review_pick **ret, int *ret_n)
{
	struct query *q = sql_use(&r->sql, SQL_QUEUE_WAITS);
	enum err err;

	query_text(q, f->category.n ? STR("") : str_of(review_queues[f->queue].name));
	err = picks(q, f, f->most, a, ret, ret_n);
	for (int i = 0; i < *ret_n && !err; i++)
		(*ret)[i].second = true;
	return err;
}

enum err reader_review_queue(struct reader *r, const struct review_filter *f, struct arena *a,
			     struct review_pick **ret, int *ret_n, struct reason *why)
{
	struct review_pick *seconds = NULL, *fresh = NULL, *all;
	int n = 0, more = 0;
	enum err err;

	must(f->queue < REVIEW_QUEUES && f->queue != QUEUE_AUDIT && f->most > 0);
	err = waiting(r, f, a, &seconds, &n);
	if (!err && n < f->most)
		err = of_queue(r, f, f->most - n, a, &fresh, &more);
	if (err)
		return reader_error(r, err, why);
	if (n + more > f->most)
		more = f->most - n;
	all = arena_array(a, (size_t)(n + more) + 1, sizeof(*all));
	for (int i = 0; i < n; i++)
		all[i] = seconds[i];
	for (int i = 0; i < more && fresh; i++)
		all[n + i] = fresh[i];
	*ret = all;
	*ret_n = n + more;
	return ERR_OK;
}

static enum err one_number(struct query *q, int64_t *ret)
{
	enum err err = query_one(q);

	if (err)
		return err;
	*ret += query_get_int(q);
	return query_end(q);
}

enum err reader_queue_size(struct reader *r, enum review_queue queue, int64_t *ret,
			   struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_QUEUE_SIZE_WAITS);
	int64_t n = 0;
	enum err err;

	must(queue < REVIEW_QUEUES);
	query_text(q, str_of(review_queues[queue].name));
	err = one_number(q, &n);
	if (!err && queue != QUEUE_NEW && queue != QUEUE_AUDIT)
		err = one_number(sql_use(&r->sql, queues[queue].size), &n);
	*ret = n;
	return reader_error(r, err, why);
}

static void make_reviewed(struct query *q, struct arena *a, void *row)
{
	struct reviewed_row *v = row;
	struct str core, clean;

	v->listing = query_get_int(q);
	v->category = row_text(q, a);
	v->title = row_text(q, a);
	core = query_get_text(q);
	clean = query_get_text(q);
	v->title_core = arena_str(a, core.n ? core : clean);
}

enum err reader_reviewed(struct reader *r, struct str category, int most, struct arena *a,
			 struct reviewed_row **ret, int *ret_n, struct reason *why)
{
	struct query *q = sql_use(&r->sql, category.n ? SQL_REVIEWED_OF : SQL_REVIEWED_NEWEST);

	if (category.n)
		query_text(q, category);
	query_int(q, most);
	return reader_error(r, row_all(q, a, sizeof(**ret), make_reviewed, ret, ret_n), why);
}

static void make_decision(struct query *q, struct arena *a, void *row)
{
	struct review_decision *d = row;

	d->id = query_get_int(q);
	d->listing = query_get_int(q);
	d->who = row_text(q, a);
	must(review_action_parse(query_get_text(q), &d->action));
	d->category = row_text(q, a);
	d->made_ms = query_get_int(q);
	d->reason = row_text(q, a);
	d->queue = row_text(q, a);
	d->draw = query_get_int(q);
	d->took_ms = query_get_int(q);
}

enum err reader_decisions_of(struct reader *r, int64_t listing, struct arena *a,
			     struct review_decision **ret, int *ret_n, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_DECISIONS_OF);

	query_int(q, listing);
	return reader_error(r, row_all(q, a, sizeof(**ret), make_decision, ret, ret_n), why);
}

enum err reader_decisions(struct reader *r, struct str queue, int64_t draw,
			  bool (*each)(void *ctx, const struct review_decision *d), void *ctx,
			  struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_DECISIONS);
	struct review_decision d;
	bool more = true;
	enum err err;

	query_text(q, queue);
	query_text(q, queue);
	query_int(q, draw);
	query_int(q, draw);
	err = query_row(q, &more);
	while (!err && more) {
		make_decision(q, NULL, &d);
		if (!each(ctx, &d))
			return reader_error(r, query_end(q), why);
		err = query_row(q, &more);
	}
	return reader_error(r, err, why);
}
