#include "store/reader_conn.h"
#include "store/tally.h"

static void make_source(struct query *q, struct arena *a, void *row)
{
	struct source_counts *s = row;

	s->source = row_text(q, a);
	s->paused = query_get_int(q);
}

static enum err read_tallies(struct reader *r, struct source_counts *s)
{
	struct query *q = sql_use(&r->sql, SQL_SOURCE_TALLIES);
	bool more = true;
	enum err err;

	query_text(q, s->source);
	err = query_row(q, &more);
	while (!err && more) {
		int tally;

		if (tally_parse(query_get_text(q), &tally)) {
			int64_t n = query_get_int(q);

			if (tally < TALLY_JOBS)
				s->tally[tally] = n;
			else
				s->jobs[tally - TALLY_JOBS] = n;
		}
		err = query_row(q, &more);
	}
	return err;
}

static enum err read_due(struct reader *r, struct source_counts *s)
{
	struct query *q = sql_use(&r->sql, SQL_SOURCE_DUE);
	enum err err;

	query_text(q, s->source);
	err = query_one(q);
	if (err)
		return err;
	s->next_due_ms = query_get_int(q);
	if (s->next_due_ms == JOB_NEVER)
		s->next_due_ms = 0;
	return query_end(q);
}

enum err reader_sources(struct reader *r, struct arena *a, struct source_counts **ret, int *ret_n,
			struct reason *why)
{
	struct source_counts *s = NULL;
	int n = 0;
	enum err err = row_all(sql_use(&r->sql, SQL_SOURCES), a, sizeof(*s), make_source, &s, &n);

	for (int i = 0; i < n && !err; i++) {
		err = read_tallies(r, &s[i]);
		if (!err)
			err = read_due(r, &s[i]);
	}
	if (err)
		return reader_error(r, err, why);
	*ret = s;
	*ret_n = n;
	return ERR_OK;
}

static void make_refused(struct query *q, struct arena *a, void *row)
{
	struct refused_row *f = row;

	f->source = row_text(q, a);
	/* Made by a newer piped: counted all the same. */
	if (!refusal_parse(query_get_text(q), &f->reason))
		f->reason = REFUSAL_ADDRESS;
	f->times = query_get_int(q);
	f->last_ms = query_get_int(q);
	f->url = row_text(q, a);
}

enum err reader_refused(struct reader *r, struct arena *a, struct refused_row **ret, int *ret_n,
			struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_REFUSED);

	return reader_error(r, row_all(q, a, sizeof(**ret), make_refused, ret, ret_n), why);
}

static int name_at(const char *const *names, struct str name)
{
	int i = 0;

	while (names[i + 1] && !str_is(name, names[i]))
		i++;
	return i;
}

static void make_part(struct query *q, struct arena *a, void *row)
{
	struct part *p = row;

	p->job = query_get_int(q);
	p->parent = query_get_int(q);
	p->seed = query_get_int(q);
	p->total = query_get_int(q);
	p->window = query_get_int(q);
	p->says = (enum part_says)name_at(part_says_names, query_get_text(q));
	p->covers = (enum part_covers)name_at(part_covers_names, query_get_text(q));
	p->parts = (int)query_get_int(q);
	p->own = query_get_int(q);
	p->seen_ms = query_get_int(q);
	p->source = row_text(q, a);
	p->vars = row_text(q, a);
	p->reason = row_text(q, a);
}

enum err reader_parts(struct reader *r, struct str source, struct arena *a, struct part **ret,
		      int *ret_n, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_PARTS);

	query_text(q, source);
	return reader_error(r, row_all(q, a, sizeof(**ret), make_part, ret, ret_n), why);
}

enum err reader_review_size(struct reader *r, int64_t *ret_n, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_REVIEW_SIZE);
	enum err err = query_one(q);

	if (err)
		return reader_error(r, err, why);
	*ret_n = query_get_int(q);
	return reader_error(r, query_end(q), why);
}

static void make_model(struct query *q, struct arena *a, void *row)
{
	struct model_row *m = row;

	m->id = query_get_int(q);
	m->rows = query_get_int(q);
	m->made_ms = query_get_int(q);
	m->suggestions = query_get_int(q);
	m->name = row_text(q, a);
	m->file = row_text(q, a);
	m->sha256 = row_text(q, a);
	m->metrics = row_text(q, a);
	m->recipe = row_text(q, a);
	m->warm = query_get_int(q);
	m->state = (enum model_state)query_get_state(q, STATE_MODEL);
}

static void make_category(struct query *q, struct arena *a, void *row)
{
	struct category_count *c = row;

	c->category = row_text(q, a);
	c->labeled = query_get_int(q);
	c->reviewed = query_get_int(q);
	c->suggested = query_get_int(q);
}

static void make_rule(struct query *q, struct arena *a, void *row)
{
	struct rule_count *c = row;

	c->rule = row_text(q, a);
	c->fired = query_get_int(q);
	c->agreed = query_get_int(q);
	c->last_ms = query_get_int(q);
}

static void make_measure(struct query *q, struct arena *a, void *row)
{
	struct rule_measure *m = row;

	m->rule = row_text(q, a);
	m->fires = query_get_real(q);
	m->hits = query_get_real(q);
}

static void make_trouble(struct query *q, struct arena *a, void *row)
{
	struct trouble_row *t = row;

	t->job = query_get_int(q);
	t->page = query_get_int(q);
	t->at_ms = query_get_int(q);
	t->source = row_text(q, a);
	t->url = row_text(q, a);
	t->what = row_text(q, a);
	t->reason = row_text(q, a);
}

enum err reader_models(struct reader *r, struct arena *a, struct model_row **ret, int *ret_n,
		       struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_MODELS);

	return reader_error(r, row_all(q, a, sizeof(**ret), make_model, ret, ret_n), why);
}

enum err reader_categories(struct reader *r, struct arena *a, struct category_count **ret,
			   int *ret_n, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_CATEGORIES);

	return reader_error(r, row_all(q, a, sizeof(**ret), make_category, ret, ret_n), why);
}

enum err reader_rules(struct reader *r, struct arena *a, struct rule_count **ret, int *ret_n,
		      struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_RULES);

	return reader_error(r, row_all(q, a, sizeof(**ret), make_rule, ret, ret_n), why);
}

enum err reader_measures(struct reader *r, bool kept, struct arena *a, struct rule_measure **ret,
			 int *ret_n, struct reason *why)
{
	struct query *q = sql_use(&r->sql, kept ? SQL_MEASURES : SQL_MEASURE_COUNT);

	return reader_error(r, row_all(q, a, sizeof(**ret), make_measure, ret, ret_n), why);
}

enum err reader_troubles(struct reader *r, int most, struct arena *a, struct trouble_row **ret,
			 int *ret_n, struct reason *why)
{
	struct query *q = sql_use(&r->sql, SQL_TROUBLES);

	for (int i = 0; i < 3; i++)
		query_int(q, most);
	return reader_error(r, row_all(q, a, sizeof(**ret), make_trouble, ret, ret_n), why);
}
