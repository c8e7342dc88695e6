#include "base/log.h"
#include "base/mem.h"
#include "crawler/canon.h"
#include "crawler/seed.h"
#include "daemon/crawl_inner.h"

#include <string.h>

#define SEEDS_AT_ONCE 2000

/* A question to the writer: due jobs, hosts, new seeds. */
struct ask {
	struct crawl *c;
	struct write write;
	struct view *view; /* of keys: has the source */
};

static struct ask *ask_new(struct crawl *c, enum write_kind kind, void (*done)(struct write *))
{
	struct ask *q = mem_zero(sizeof(*q));

	q->c = c;
	q->write.kind = kind;
	q->write.arena = arena_new(16 << 10);
	q->write.done = done;
	q->write.ctx = q;
	q->write.now_ms = crawl_wall(c);
	c->n_asks++;
	return q;
}

static void ask_end(struct ask *q)
{
	struct crawl *c = q->c;

	c->n_asks--;
	if (q->write.err)
		crawl_hold_for_error(c, &q->write);
	arena_free(q->write.arena);
	view_release(q->view);
	mem_free(q);
	crawl_ended(c);
}

static void on_picked(struct write *w)
{
	struct ask *q = w->ctx;
	struct crawl *c = q->c;

	crawl_robots_tell(c, w->host);
	if (w->err) {
		frontier_fill(c->frontier, w->source, w->host, NULL, 0, JOB_NEVER);
		frontier_stir(c->frontier, w->source, w->host);
	} else {
		frontier_fill(c->frontier, w->source, w->host, w->ret_jobs, w->ret_n_jobs,
			      w->ret_next_ms);
	}
	ask_end(q);
}

void crawl_ask_jobs(struct crawl *c)
{
	struct str source, host;
	const int64_t *skip;
	int most, n_skip;
	struct ask *q;

	while (frontier_wants(c->frontier, crawl_wall(c), &source, &host, &most, &skip, &n_skip)) {
		int64_t *copy;

		q = ask_new(c, WRITE_PICK, on_picked);
		q->write.source = arena_str(q->write.arena, source);
		q->write.host = arena_str(q->write.arena, host);
		q->write.most = most;
		copy = arena_array(q->write.arena, (size_t)n_skip, sizeof(*copy));
		if (n_skip)
			memcpy(copy, skip, (size_t)n_skip * sizeof(*copy));
		q->write.skip = copy;
		q->write.n_skip = n_skip;
		writer_put(c->env.writer, &q->write);
	}
}

static void on_listed(struct write *w)
{
	struct ask *q = w->ctx;
	struct crawl *c = q->c;
	struct frontier_due *due;

	if (w->err) {
		frontier_look_failed(c->frontier);
		ask_end(q);
		return;
	}
	due = arena_array(w->arena, (size_t)w->ret_n_hosts, sizeof(*due));
	for (int i = 0; i < w->ret_n_hosts; i++) {
		const struct write_host *h = &w->ret_hosts[i];

		due[i] = (struct frontier_due){ h->source, h->host, h->due_ms, h->due };
	}
	frontier_look_answer(c->frontier, due, w->ret_n_hosts, w->ret_next_ms);
	ask_end(q);
}

void crawl_ask_hosts(struct crawl *c)
{
	struct frontier_look look;
	struct ask *q;

	while (frontier_look(c->frontier, crawl_wall(c), &look)) {
		q = ask_new(c, WRITE_HOSTS, on_listed);
		q->write.source = arena_str(q->write.arena, look.source);
		q->write.host = arena_str(q->write.arena, look.after);
		q->write.after_ms = look.after_ms;
		q->write.until_ms = look.until_ms;
		q->write.most = look.most;
		writer_put(c->env.writer, &q->write);
	}
}

void crawl_ask_told(struct crawl *c, const struct write *w)
{
	for (int i = 0; i < w->ret_n_hosts; i++) {
		const struct write_host *h = &w->ret_hosts[i];

		frontier_host(c->frontier, h->source, h->host, h->due_ms, h->due);
	}
}

static void on_seeded(struct write *w)
{
	struct ask *q = w->ctx;
	struct crawl *c = q->c;

	c->n_seeding--;
	c->unseeded |= w->err && !crawl_written_is_to_blame(w);
	crawl_ask_told(c, w);
	if (!w->err && w->ret_new_jobs) {
		crawl_let_go_after_error(c, w);
		log_info("source=%.*s seeded jobs=%d", STR_ARG(w->source), w->ret_new_jobs);
	}
	ask_end(q);
}

static void ask_seeds(struct crawl *c, const struct conf_source *s)
{
	struct crawl_values *values = crawl_values_keep(c, s->name);
	struct arena *scratch = arena_new(64 << 10);
	struct job *jobs;
	struct ask *q;
	int n, some;

	if (!seed_jobs(s, crawl_values_set(values), crawl_wall(c), scratch, &jobs, &n))
		log_warn("source=%.*s found values make more than %d seeds: the rest is left out",
			 STR_ARG(s->name), SEED_MOST);
	crawl_values_release(values);
	for (int i = 0; i < n; i += some) {
		some = n - i < SEEDS_AT_ONCE ? n - i : SEEDS_AT_ONCE;
		q = ask_new(c, WRITE_SEEDS, on_seeded);
		q->write.source = arena_str(q->write.arena, s->name);
		q->write.jobs = arena_array(q->write.arena, (size_t)some, sizeof(*jobs));
		q->write.n_jobs = some;
		for (int k = 0; k < some; k++)
			job_copy(q->write.arena, &jobs[i + k], &q->write.jobs[k]);
		c->n_seeding++;
		writer_put(c->env.writer, &q->write);
	}
	arena_free(scratch);
}

static void on_mended(struct write *w)
{
	struct ask *q = w->ctx;
	struct crawl *c = q->c;

	if (w->ret_changed)
		log_warn("jobs=%d were due by a clock that was ahead: now by this one",
			 w->ret_changed);
	crawl_ask_told(c, w);
	if (!w->err && w->ret_more && !c->stopping) {
		w->from = w->ret_from;
		writer_put(c->env.writer, w);
		return;
	}
	c->mending = false;
	if (w->err) {
		c->set_back = true;
		c->mend_from = w->from;
	}
	ask_end(q);
}

void crawl_ask_clock(struct crawl *c)
{
	struct ask *q = ask_new(c, WRITE_CLOCK, on_mended);

	c->set_back = false;
	c->mending = true;
	q->write.from = c->mend_from;
	writer_put(c->env.writer, &q->write);
}

static enum err key_of(const void *ctx, struct str url, struct arena *a, struct str *ret_key)
{
	struct str host;

	return canon_key(ctx, url, a, ret_key, &host, NULL);
}

static void on_keyed(struct write *w)
{
	struct ask *q = w->ctx;
	struct crawl *c = q->c;

	crawl_ask_told(c, w);
	if (!w->err && w->ret_key_from && !c->stopping) {
		w->key_from = w->ret_key_from;
		writer_put(c->env.writer, w);
		return;
	}
	c->n_seeding--;
	c->unseeded |= w->err && !crawl_written_is_to_blame(w);
	if (!w->err && !c->stopping)
		ask_seeds(c, w->key_ctx);
	ask_end(q);
}

/* Keys first: a seed whose key is another now would come twice. */
void crawl_ask_seeds(struct crawl *c, const struct conf_source *s)
{
	struct ask *q = ask_new(c, WRITE_KEYS, on_keyed);

	q->view = view_keep(c->view);
	q->write.source = s->name;
	q->write.key = key_of;
	q->write.key_ctx = s;
	q->write.key_version = canon_version(s);
	c->n_seeding++;
	writer_put(c->env.writer, &q->write);
}

static void on_values(struct write *w)
{
	struct ask *q = w->ctx;
	struct crawl *c = q->c;
	const struct conf_source *s = conf_source(c->view->rules->conf, w->source);

	c->n_seeding--;
	c->unseeded |= w->err && !crawl_written_is_to_blame(w);
	if (!w->err) {
		crawl_values_take(c, w->source, w->ret_values, w->ret_n_values);
		if (s && conf_source_runs(s))
			crawl_ask_seeds(c, s);
	}
	ask_end(q);
}

void crawl_ask_values(struct crawl *c, const struct conf_source *s)
{
	struct ask *q = ask_new(c, WRITE_VALUES, on_values);

	q->write.source = arena_str(q->write.arena, s->name);
	c->n_seeding++;
	writer_put(c->env.writer, &q->write);
}
