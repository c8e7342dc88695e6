#include "store/due.h"

#include "base/hash.h"
#include "base/mem.h"

#include <string.h>

void due_init(struct due_set *s, struct sql *sql, struct tally_set *t)
{
	memset(s, 0, sizeof(*s));
	s->sql = sql;
	s->tallies = t;
	s->arena = arena_new(16 << 10);
}

void due_done(struct due_set *s)
{
	arena_free(s->arena);
	mem_free(s->touched);
}

static size_t bucket(struct str source, struct str host)
{
	return hash64(host, hash64(source, 0)) % DUE_BUCKETS;
}

static struct due_row *find(const struct due_set *s, struct str source, struct str host)
{
	struct due_row *r = s->buckets[bucket(source, host)];

	while (r && !(str_eq(r->host, host) && str_eq(r->source, source)))
		r = r->in_bucket;
	return r;
}

static struct due_row *find_or_add(struct due_set *s, struct str source, struct str host)
{
	struct due_row *r = find(s, source, host), **at;

	if (r)
		return r;
	r = arena_zero(s->arena, sizeof(*r));
	r->source = arena_str(s->arena, source);
	r->host = arena_str(s->arena, host);
	r->soonest_ms = JOB_NEVER;
	r->item = -1;
	at = &s->buckets[bucket(source, host)];
	r->in_bucket = *at;
	*at = r;
	r->next = s->rows;
	s->rows = r;
	return r;
}

void due_touch(struct due_set *s, struct str source, struct str host, int64_t more, int64_t due_ms)
{
	struct due_row *r = find_or_add(s, source, host);
	struct write_host *t;

	r->delta += more;
	if (due_ms < r->soonest_ms)
		r->soonest_ms = due_ms;
	if (r->item != s->item) {
		r->item = s->item;
		r->touched = (int)s->n_touched;
		mem_grow(&s->touched, &s->touched_room, s->n_touched + 1, sizeof(*s->touched));
		s->touched[s->n_touched++] = (struct write_host){ .due_ms = JOB_NEVER };
	}
	t = &s->touched[r->touched];
	t->source = r->source;
	t->host = r->host;
	if (due_ms < t->due_ms)
		t->due_ms = due_ms;
}

void due_report(struct due_set *s, struct write *w)
{
	s->item++;
	if (!s->n_touched)
		return;
	w->ret_hosts = arena_array(w->arena, s->n_touched, sizeof(*w->ret_hosts));
	for (size_t i = 0; i < s->n_touched; i++) {
		w->ret_hosts[i] = s->touched[i];
		w->ret_hosts[i].source = arena_str(w->arena, s->touched[i].source);
		w->ret_hosts[i].host = arena_str(w->arena, s->touched[i].host);
	}
	w->ret_n_hosts = (int)s->n_touched;
	s->n_touched = 0;
}

void due_answer(const struct due_set *s, struct write *w)
{
	const struct due_row *r;

	for (int i = 0; i < w->ret_n_hosts; i++) {
		r = find(s, w->ret_hosts[i].source, w->ret_hosts[i].host);
		if (r)
			w->ret_hosts[i].due = r->due;
	}
}

/* As stored. *ret_there: it has a row. */
static enum err look(struct sql *sql, struct str source, struct str host, bool *ret_there,
		     int64_t *ret_due, int64_t *ret_next_ms)
{
	struct query *q = sql_use(sql, SQL_HOST_NOW);
	enum err err;

	query_text(q, source);
	query_text(q, host);
	err = query_row(q, ret_there);
	*ret_due = 0;
	*ret_next_ms = JOB_NEVER;
	if (err || !*ret_there)
		return err;
	*ret_due = query_get_int(q);
	*ret_next_ms = query_get_int(q);
	return query_end(q);
}

/* The jobs themselves say. */
static enum err recount(struct sql *sql, struct str source, struct str host, int64_t *ret_due,
			int64_t *ret_next_ms)
{
	struct query *q = sql_use(sql, SQL_HOST_RECOUNT);
	enum err err;

	query_text(q, source);
	query_text(q, host);
	err = query_one(q);
	if (err)
		return err;
	*ret_due = query_get_int(q);
	*ret_next_ms = query_at_null(q) ? JOB_NEVER : query_get_int(q);
	return query_end(q);
}

static enum err store(struct sql *sql, enum sql_id id, struct str source, struct str host,
		      int64_t due, int64_t next_ms)
{
	struct query *q = sql_use(sql, id);

	query_int(q, due);
	/* Its index is written with it: left alone where it stays the same. */
	if (id != SQL_HOST_DUE)
		query_int(q, next_ms);
	query_text(q, source);
	query_text(q, host);
	return query_run(q);
}

static enum err flush_one(struct due_set *s, struct due_row *r)
{
	int64_t was, was_ms, now, now_ms;
	bool there;
	enum err err = look(s->sql, r->source, r->host, &there, &was, &was_ms);

	if (err)
		return err;
	now = was + r->delta;
	now_ms = now == 0 ? JOB_NEVER : was_ms < r->soonest_ms ? was_ms : r->soonest_ms;
	if (now < 0 || (now > 0 && now_ms == JOB_NEVER)) {
		err = recount(s->sql, r->source, r->host, &now, &now_ms);
		if (err)
			return err;
	}
	if (!there)
		err = store(s->sql, SQL_HOST_ADD, r->source, r->host, now, now_ms);
	else if (now_ms != was_ms)
		err = store(s->sql, SQL_HOST_SET, r->source, r->host, now, now_ms);
	else if (now != was)
		err = store(s->sql, SQL_HOST_DUE, r->source, r->host, now, now_ms);
	if (err)
		return err;
	tally_add(s->tallies, r->source, TALLY_HOSTS_DUE, (now > 0) - (was > 0));
	r->due = now;
	r->delta = 0;
	r->soonest_ms = JOB_NEVER;
	return ERR_OK;
}

enum err due_flush(struct due_set *s)
{
	enum err err = ERR_OK;

	for (struct due_row *r = s->rows; r && !err; r = r->next)
		if (r->delta || r->soonest_ms != JOB_NEVER)
			err = flush_one(s, r);
	return err;
}

enum err due_correct(struct due_set *s, const struct write_host *h)
{
	int64_t was, was_ms, now, now_ms = h->due_ms;
	bool there;
	enum err err = due_flush(s);

	if (!err)
		err = look(s->sql, h->source, h->host, &there, &was, &was_ms);
	if (err || !there || was_ms >= now_ms)
		return err;
	now = was;
	if (now_ms == JOB_NEVER)
		err = recount(s->sql, h->source, h->host, &now, &now_ms);
	if (!err)
		err = tally_source(s->tallies, s->sql, h->source);
	if (err)
		return err;
	tally_add(s->tallies, h->source, TALLY_HOSTS_DUE, (now > 0) - (was > 0));
	return store(s->sql, SQL_HOST_SET, h->source, h->host, now, now_ms);
}

void due_forget(struct due_set *s)
{
	for (struct due_row *r = s->rows; r; r = r->next)
		s->buckets[bucket(r->source, r->host)] = NULL;
	s->rows = NULL;
	s->n_touched = 0;
	arena_reset(s->arena);
}
