#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "crawler/way.h"
#include "daemon/crawl_inner.h"
#include "daemon/outcome.h"
#include "daemon/task_image.h"
#include "store/reader.h"

/* Bounds of what is under way: answers waiting for a task, or for the writer. */
#define MOST_WORK 96
#define MOST_BYTES (64 << 20)

static void step_to(struct crawl_work *w, enum crawl_step to)
{
	w->c->n_step[w->step]--;
	w->c->n_step[to]++;
	w->step = to;
	w->since_ms = crawl_wall(w->c);
}

void crawl_work_end(struct crawl_work *w)
{
	struct crawl *c = w->c;

	c->n_step[w->step]--;
	c->bytes -= w->bytes;
	if (w->prev)
		w->prev->next = w->next;
	else
		c->works = w->next;
	if (w->next)
		w->next->prev = w->prev;
	fetch_answer_free(w->task.answer);
	buf_done(&w->task.member);
	arena_free(w->task.arena);
	view_release(w->view);
	crawl_values_release(w->values);
	mem_free(w);
}

static void on_task_done(uv_work_t *pool, int status)
{
	struct crawl_work *w = pool->data;
	struct crawl *c = w->c;

	must(status == 0);
	for (int i = 0; i < STAGE_COUNT; i++)
		c->cpu_ns[i] += w->task.cpu_ns[i];
	w->task.slot->next = c->slots;
	c->slots = w->task.slot;
	w->task.slot = NULL;
	w->task.write.done = crawl_written;
	w->task.write.ctx = w;
	step_to(w, CRAWL_COMMIT);
	if (w->task.write.err) {
		crawl_written(&w->task.write);
		return;
	}
	w->task.write.may_wait =
		c->n_step[CRAWL_FETCH] + c->n_step[CRAWL_WAIT] + c->n_step[CRAWL_TASK] > 0;
	writer_put(c->env.writer, &w->task.write);
	crawl_pump(c);
}

static void on_task(uv_work_t *pool)
{
	struct crawl_work *w = pool->data;

	task_run(&w->task);
}

void crawl_work_run_tasks(struct crawl *c)
{
	struct crawl_work *w;

	while (c->slots && (w = c->wait_first)) {
		c->wait_first = w->queued;
		if (!c->wait_first)
			c->wait_last = NULL;
		w->task.slot = c->slots;
		c->slots = c->slots->next;
		slot_fit(w->task.slot, w->view->rules);
		w->task.now_ms = crawl_wall(c);
		w->values = crawl_values_keep(c, w->task.job.source);
		w->task.values = crawl_values_set(w->values);
		step_to(w, CRAWL_TASK);
		must(uv_queue_work(c->env.loop, &w->pool, on_task, on_task_done) == 0);
	}
}

/* What a person reads while the host is left alone. */
static void blame(struct crawl *c, int64_t job, const struct fetch_answer *a)
{
	if (a->end == FETCH_ANSWER)
		frontier_blame(c->frontier, job, arena_fmt(a->arena, "HTTP status %d", a->status));
	else
		frontier_blame(c->frontier, job,
			       arena_fmt(a->arena, "%s: %s", fetch_end_name(a->end), a->why.text));
}

void crawl_work_met(struct crawl_work *w, const struct fetch_answer *a, int64_t took_ms)
{
	frontier_met(w->c->frontier, w->task.job.id, a->proxied ? w->task.job.host : a->ip,
		     took_ms);
}

enum frontier_news crawl_work_news(const struct fetch_answer *a)
{
	static const enum frontier_news news[] = {
		[TASK_FINE] = FRONTIER_FINE,
		[TASK_SLOW_DOWN] = FRONTIER_SLOW_DOWN,
		[TASK_TROUBLE] = FRONTIER_TROUBLE,
		[TASK_NOTHING] = FRONTIER_NOTHING,
	};

	return a->end == FETCH_CANCELLED ? FRONTIER_NOTHING : news[outcome_news(a)];
}

void crawl_work_ended(struct crawl_work *w, const struct fetch_answer *a)
{
	enum frontier_news news = crawl_work_news(a);
	int64_t id = w->task.job.id;

	if (news == FRONTIER_SLOW_DOWN || news == FRONTIER_TROUBLE)
		blame(w->c, id, a);
	frontier_end(w->c->frontier, id, news, a->retry_after_ms, crawl_wall(w->c));
}

static void on_answer(struct fetch_request *q, struct fetch_answer *a)
{
	struct crawl_work *w = q->ctx;
	struct crawl *c = w->c;
	int64_t id = w->task.job.id;

	w->task.answer = a;
	if (a->end == FETCH_CANCELLED) {
		crawl_work_ended(w, a);
		frontier_forget(c->frontier, id);
		frontier_stir(c->frontier, w->task.job.source, w->task.job.host);
		crawl_work_end(w);
		crawl_ended(c);
		return;
	}
	crawl_work_met(w, a, outcome_news(a) == TASK_FINE ? a->took_ms : -1);
	crawl_work_ended(w, a);
	w->bytes = (int64_t)a->body.n;
	c->bytes += w->bytes;
	step_to(w, CRAWL_WAIT);
	if (c->wait_last)
		c->wait_last->queued = w;
	else
		c->wait_first = w;
	c->wait_last = w;
	crawl_pump(c);
}

static struct crawl_work *work_new(struct crawl *c, const struct job *job)
{
	struct crawl_work *w = mem_zero(sizeof(*w));

	w->c = c;
	w->view = view_keep(c->view);
	w->task.arena = arena_new(16 << 10);
	w->task.view = &w->view->v;
	w->task.nonce = c->env.nonce;
	w->task.image_dir = c->env.image_dir;
	job_copy(w->task.arena, job, &w->task.job);
	w->pool.data = w;
	w->since_ms = crawl_wall(c);
	w->next = c->works;
	if (c->works)
		c->works->prev = w;
	c->works = w;
	c->n_step[CRAWL_FETCH]++;
	return w;
}

/* The configuration lost the source between pick and now. */
static void work_drop(struct crawl_work *w)
{
	struct crawl *c = w->c;

	frontier_end(c->frontier, w->task.job.id, FRONTIER_UNSENT, -1, crawl_wall(c));
	frontier_forget(c->frontier, w->task.job.id);
	crawl_work_end(w);
}

/* Never asked: the site does not want it. */
static void work_refuse(struct crawl_work *w)
{
	struct crawl *c = w->c;
	struct write *write = &w->task.write;

	frontier_end(c->frontier, w->task.job.id, FRONTIER_UNSENT, -1, crawl_wall(c));
	*write = (struct write){ .kind = WRITE_JOB,
				 .arena = w->task.arena,
				 .done = crawl_written,
				 .ctx = w,
				 .now_ms = crawl_wall(c),
				 .job = w->task.job };
	write->ends = TALLY_ROBOTS;
	write->job.host = way_home(&w->task.job, w->task.arena);
	write->job.way = (struct str){ 0 };
	write->job.state = (enum job_state)state_move(STATE_JOB, JOB_DUE, JOB_REFUSED);
	step_to(w, CRAWL_COMMIT);
	writer_put(c->env.writer, write);
}

/* The site cannot say what it wants: left alone for a while. */
static void work_put_off(struct crawl_work *w, int64_t ms)
{
	struct crawl *c = w->c;
	struct job *j = &w->task.job;

	frontier_blame(c->frontier, j->id, j->reason);
	frontier_end(c->frontier, j->id, FRONTIER_WAIT, ms, crawl_wall(c));
	frontier_forget(c->frontier, j->id);
	frontier_stir(c->frontier, j->source, j->host);
	crawl_work_end(w);
}

void crawl_work_start(struct crawl_work *w)
{
	struct crawl *c = w->c;
	int64_t ms = 0;

	switch (crawl_robots_check(c, w, &ms)) {
	case CRAWL_ROBOTS_ALLOW:
		rate_add(&c->requests, crawl_mono(c), 1);
		log_debug("job=%lld fetch url=%.*s", (long long)w->task.job.id,
			  STR_ARG(way_asked(&w->task.job)));
		c->env.fetch(c->env.net, &w->request);
		break;
	case CRAWL_ROBOTS_DENY:
		work_refuse(w);
		break;
	case CRAWL_ROBOTS_LATER:
		work_put_off(w, ms);
		break;
	case CRAWL_ROBOTS_WAIT:
		break;
	}
}

int crawl_work_count(const struct crawl *c)
{
	int n = 0;

	for (int i = 0; i < CRAWL_STEPS; i++)
		n += c->n_step[i];
	return n;
}

static bool has_room(const struct crawl *c)
{
	int n = crawl_work_count(c);

	/* After a failed commit one page tries whether it goes better. */
	if (c->failed)
		return n == 0;
	/* how many requests are under way, the frontier sees to */
	return n - c->n_step[CRAWL_FETCH] < MOST_WORK && c->bytes < MOST_BYTES;
}

/* Asks whether what is known of the page still holds, unless it would be asked for or
 * read in another way now (RFC 9110 13.1: a redirect on the way takes no notice). */
static void ask_for_changes(struct crawl_work *w)
{
	const struct conf *conf = w->view->rules->conf;
	const struct conf_page *p = conf_page(w->request.source, w->task.job.page);
	const struct visit *v = w->task.job.visit;

	if (!v || !p || !p->revisit_ms || w->request.body.n ||
	    v->version != revisit_version(w->request.source, p, conf->user_agent))
		return;
	w->request.headers = w->ask;
	w->request.n_headers = revisit_headers(v, w->ask);
	w->task.conditional = w->request.n_headers > 0;
}

void crawl_work_fetch(struct crawl *c, int64_t *ret_wait_ms)
{
	const struct job *job;
	struct crawl_work *w;

	*ret_wait_ms = -1;
	while (has_room(c) && (job = frontier_next(c->frontier, crawl_wall(c), ret_wait_ms))) {
		w = work_new(c, job);
		w->request = (struct fetch_request){
			.url = w->task.job.url,
			.way = w->task.job.way,
			.fresh = w->task.job.attempts > 0,
			.body = w->task.job.body,
			.body_type = w->task.job.body_type,
			.source = conf_source(w->view->rules->conf, w->task.job.source),
			.done = on_answer,
			.ctx = w,
		};
		if (!w->request.source) {
			work_drop(w);
			continue;
		}
		if (task_image_is(&w->task.job)) {
			w->request.headers = task_image_accept;
			w->request.n_headers = 1;
		} else {
			ask_for_changes(w);
		}
		crawl_work_start(w);
	}
}
