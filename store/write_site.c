#include "store/row.h"
#include "store/tx.h"

/* A host that was not heard of for so long has nothing to be remembered. */
#define SITE_KEPT_MS ((int64_t)30 * 24 * 3600 * 1000)

static enum err prune(struct tx *t, enum sql_id id, int64_t before_ms)
{
	struct query *q = sql_use(&t->sql, id);

	query_int(q, before_ms);
	return query_run(q);
}

static enum err put_host(struct tx *t, const struct site_host *s, int64_t now_ms)
{
	struct query *q = sql_use(&t->sql, SQL_SITE_PUT);

	query_text(q, s->host);
	query_state(q, STATE_BREAKER, (int)s->breaker);
	query_int(q, s->troubles);
	query_text(q, s->trouble);
	query_int(q, s->trouble_ms);
	query_int(q, s->asked_ms);
	query_int(q, s->hold_ms);
	query_int(q, s->hold_asked);
	query_int(q, s->delay_ms);
	query_real(q, s->factor);
	query_text(q, s->factor_why);
	query_int(q, now_ms);
	return query_run(q);
}

static enum err put_robots(struct tx *t, const struct site_robots *s, int64_t now_ms)
{
	struct query *q = sql_use(&t->sql, SQL_ROBOTS_PUT);
	enum err err;

	query_text(q, s->site);
	query_int(q, s->known);
	query_int(q, s->rules);
	query_int(q, s->good_ms);
	query_int(q, s->until_ms);
	query_int(q, s->asked_ms);
	query_int(q, s->ask_ms);
	query_int(q, s->failures);
	query_text(q, s->why);
	query_text(q, s->body);
	query_int(q, now_ms);
	err = query_run(q);
	/* one a day of each host: often enough to keep both tables small */
	if (!err)
		err = prune(t, SQL_ROBOTS_PRUNE, now_ms - SITE_KEPT_MS);
	if (!err)
		err = prune(t, SQL_SITE_PRUNE, now_ms - SITE_KEPT_MS);
	return err;
}

enum err write_site_put(struct tx *t, struct write *w)
{
	enum err err = ERR_OK;

	if (w->site)
		err = put_host(t, w->site, w->now_ms);
	if (!err && w->robots)
		err = put_robots(t, w->robots, w->now_ms);
	return err;
}

static enum err read_host(struct tx *t, struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_SITE);
	struct site_host *s;
	enum err err;

	query_text(q, w->host);
	err = query_one(q);
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	s = arena_zero(w->arena, sizeof(*s));
	s->host = w->host;
	s->breaker = (enum breaker_state)query_get_state(q, STATE_BREAKER);
	s->troubles = (int)query_get_int(q);
	s->trouble = row_text(q, w->arena);
	s->trouble_ms = query_get_int(q);
	s->asked_ms = query_get_int(q);
	s->hold_ms = query_get_int(q);
	s->hold_asked = query_get_int(q) != 0;
	s->delay_ms = query_get_int(q);
	s->factor = query_get_real(q);
	s->factor_why = row_text(q, w->arena);
	w->site = s;
	return query_end(q);
}

static enum err read_robots(struct tx *t, struct write *w)
{
	struct query *q = sql_use(&t->sql, SQL_ROBOTS);
	struct site_robots *s;
	enum err err;

	query_text(q, w->site_name);
	err = query_one(q);
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	s = arena_zero(w->arena, sizeof(*s));
	s->site = w->site_name;
	s->known = query_get_int(q) != 0;
	s->rules = query_get_int(q) != 0;
	s->good_ms = query_get_int(q);
	s->until_ms = query_get_int(q);
	s->asked_ms = query_get_int(q);
	s->ask_ms = query_get_int(q);
	s->failures = (int)query_get_int(q);
	s->why = row_text(q, w->arena);
	s->body = row_text(q, w->arena);
	w->robots = s;
	return query_end(q);
}

enum err write_site_recall(struct tx *t, struct write *w)
{
	enum err err;

	w->site = NULL;
	w->robots = NULL;
	err = read_host(t, w);
	return err ? err : read_robots(t, w);
}
