#include "daemon/crawl.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "crawler/seed.h"

#include <stdio.h>
#include <string.h>

/* Bounds of what is under way: answers waiting for a task, or for the writer. */
#define MOST_WORK 96
#define MOST_BYTES (64 << 20)
/* How often the database is asked which hosts have due jobs: when something
 * changed, and anyway. */
#define HOSTS_SOON_MS 250
#define HOSTS_ANYWAY_MS 30000
/* After a failed commit: wait, then longer. */
#define HELD_FIRST_MS 2000
#define HELD_MOST_MS 60000
#define SEEDS_AT_ONCE 2000

enum step { STEP_FETCH, STEP_WAIT, STEP_TASK, STEP_COMMIT, STEPS };

/* One job under way. */
struct work {
	struct work *next, *prev; /* of all */
	struct work *queued;	  /* next that waits for a slot */
	struct crawl *c;
	struct view *view;
	struct task task;
	struct fetch_request request;
	uv_work_t pool;
	enum step step;
	int64_t since_ms;
	int64_t bytes;
};

/* A question to the writer: due jobs, hosts, new seeds. */
struct ask {
	struct crawl *c;
	struct write write;
	int64_t commits_before;
};

struct crawl {
	struct crawl_env env;
	struct view *view;
	struct frontier *frontier;
	uv_timer_t timer;
	struct slot *slots; /* free ones */
	struct work *works; /* all under way, newest first */
	struct work *wait_first, *wait_last;
	int n_step[STEPS], n_asks, n_seeding;
	bool unseeded; /* seeds that could not be stored are to come again */
	int64_t bytes;
	bool paused, stopping, pumping, again;
	/* hosts */
	bool hosts_asked, hosts_dirty;
	int64_t hosts_mono_ms; /* of the last question */
	int64_t commits;       /* writes that may have changed what is due */
	int64_t hosts_at_commit;
	int64_t next_due_ms;
	/* why fetching waits: what we were told, and a failed commit */
	char told[200];
	bool failed;
	struct reason failure;
	int64_t failed_until_ms, failed_wait_ms;
	/* figures */
	struct rate requests, listings;
	int64_t pages, failures;
	int64_t cpu_ns[STAGE_COUNT];
};

static const char *const step_names[STEPS] = {
	[STEP_FETCH] = "fetching",
	[STEP_WAIT] = "waiting",
	[STEP_TASK] = "extracting",
	[STEP_COMMIT] = "committing",
};

static int64_t wall(const struct crawl *c)
{
	return clock_wall_ms(c->env.clock);
}

static int64_t mono(const struct crawl *c)
{
	return clock_mono_ms(c->env.clock);
}

static void on_timer(uv_timer_t *t)
{
	crawl_pump(t->data);
}

struct crawl *crawl_new(const struct crawl_env *env, struct view *view)
{
	struct crawl *c = mem_zero(sizeof(*c));

	must(env->slots > 0);
	c->env = *env;
	c->view = view_keep(view);
	c->frontier = frontier_new(view->rules->conf);
	c->hosts_dirty = true;
	c->hosts_mono_ms = mono(c) - HOSTS_SOON_MS;
	c->hosts_at_commit = -1;
	must(uv_timer_init(env->loop, &c->timer) == 0);
	c->timer.data = c;
	for (int i = 0; i < env->slots; i++) {
		struct slot *s = slot_new();

		s->next = c->slots;
		c->slots = s;
	}
	return c;
}

void crawl_free(struct crawl *c)
{
	struct slot *s;

	if (!c)
		return;
	must(crawl_busy(c) == 0);
	while ((s = c->slots)) {
		c->slots = s->next;
		slot_free(s);
	}
	frontier_free(c->frontier);
	view_release(c->view);
	mem_free(c);
}

static void step_to(struct work *w, enum step to)
{
	w->c->n_step[w->step]--;
	w->c->n_step[to]++;
	w->step = to;
	w->since_ms = wall(w->c);
}

static void work_end(struct work *w)
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
	mem_free(w);
}

static void ended(struct crawl *c)
{
	crawl_pump(c);
	if (c->env.idle)
		c->env.idle(c->env.ctx);
}

/* ---- the writer's answers ---- */

/* Many writes fail together: they are one failure. */
static void hold_for_error(struct crawl *c, const struct write *w)
{
	int64_t longer = c->failed_wait_ms * 2;

	c->failures++;
	c->hosts_dirty = true;
	c->failure = w->why;
	if (c->failed && mono(c) < c->failed_until_ms)
		return;
	if (!c->failed) {
		longer = HELD_FIRST_MS;
		log_error("store cannot commit, fetching waits: %s", w->why.text);
	}
	c->failed = true;
	c->failed_wait_ms = longer > HELD_MOST_MS ? HELD_MOST_MS : longer;
	c->failed_until_ms = mono(c) + c->failed_wait_ms;
}

static void let_go_after_error(struct crawl *c)
{
	if (!c->failed)
		return;
	c->failed = false;
	log_info("store commits again");
}

static void log_page(const struct write *w)
{
	const struct job *j = &w->job;
	const struct page *p = &w->page;

	if (w->kind == WRITE_JOB) {
		log_info("job=%lld source=%.*s %s attempts=%d reason=\"%.*s\"", (long long)j->id,
			 STR_ARG(j->source), state_name(STATE_JOB, (int)j->state), j->attempts,
			 STR_ARG(j->reason));
		return;
	}
	if (p->state == PAGE_EXTRACTED)
		log_info("page=%lld job=%lld source=%.*s status=%d bytes=%lld items=%d skipped=%d "
			 "rejected=%d listings=%d new=%d changed=%d jobs=%d",
			 (long long)p->id, (long long)j->id, STR_ARG(j->source), p->status,
			 (long long)p->wire_bytes, p->items, p->skipped, p->rejected, w->n_listings,
			 w->ret_new_listings, w->ret_changed, w->ret_new_jobs);
	else
		log_warn("page=%lld job=%lld source=%.*s %s status=%d job-state=%s attempts=%d "
			 "reason=\"%.*s\"",
			 (long long)p->id, (long long)j->id, STR_ARG(j->source),
			 state_name(STATE_PAGE, (int)p->state), p->status,
			 state_name(STATE_JOB, (int)j->state), j->attempts, STR_ARG(p->reason));
}

/* Tells the frontier of jobs that are due now, each host once. */
static void stir_new_jobs(struct crawl *c, const struct write *w)
{
	struct str host = { 0 };

	if (!w->ret_new_jobs)
		return;
	for (int i = 0; i < w->n_jobs; i++) {
		if (str_eq(host, w->jobs[i].host))
			continue;
		host = w->jobs[i].host;
		frontier_stir(c->frontier, w->jobs[i].source, host);
	}
}

/* A failure by what was to be written, not by the machine: it would come again
 * with every try. */
static bool is_to_blame(const struct write *w)
{
	return w->err != ERR_FULL && w->err != ERR_IO && w->err != ERR_BUSY && w->err != ERR_DENIED;
}

/* The page cannot be stored; its job fails, with the reason. */
static void give_up_page(struct work *w)
{
	struct write *write = &w->task.write;
	struct job *j = &write->job;

	log_warn("job=%lld its page cannot be stored: %s", (long long)w->task.job.id,
		 write->why.text);
	*j = w->task.job;
	j->state = (enum job_state)state_move(STATE_JOB, (int)j->state, JOB_FAILED);
	j->attempts++;
	j->reason = arena_fmt(w->task.arena, "cannot be stored: %s", write->why.text);
	write->kind = WRITE_JOB;
	write->n_listings = write->n_jobs = 0;
	writer_put(w->c->env.writer, write);
}

/* What was under way when rules or model changed was judged by the old ones. */
static void tell_stale(const struct work *w)
{
	const struct crawl *c = w->c;
	const struct write *write = &w->task.write;

	if (c->env.stale && (write->ret_stale || (write->n_listings && w->view != c->view)))
		c->env.stale(c->env.ctx);
}

static void on_written(struct write *write)
{
	struct work *w = write->ctx;
	struct crawl *c = w->c;
	const struct job *j = &write->job;

	if (write->err && write->kind == WRITE_PAGE && is_to_blame(write)) {
		give_up_page(w);
		return;
	}
	frontier_forget(c->frontier, j->id);
	if (write->err) {
		hold_for_error(c, write);
	} else {
		let_go_after_error(c);
		c->commits++;
		c->pages += write->kind == WRITE_PAGE;
		rate_add(&c->listings, mono(c), write->n_listings);
		log_page(write);
		stir_new_jobs(c, write);
		tell_stale(w);
		if (j->state == JOB_DUE)
			frontier_host(c->frontier, j->source, j->host, j->due_ms, 1);
		c->hosts_dirty = true;
	}
	work_end(w);
	ended(c);
}

static void on_task_done(uv_work_t *pool, int status)
{
	struct work *w = pool->data;
	struct crawl *c = w->c;

	must(status == 0);
	for (int i = 0; i < STAGE_COUNT; i++)
		c->cpu_ns[i] += w->task.cpu_ns[i];
	w->task.slot->next = c->slots;
	c->slots = w->task.slot;
	w->task.slot = NULL;
	w->task.write.done = on_written;
	w->task.write.ctx = w;
	step_to(w, STEP_COMMIT);
	w->task.write.may_wait =
		c->n_step[STEP_FETCH] + c->n_step[STEP_WAIT] + c->n_step[STEP_TASK] > 0;
	writer_put(c->env.writer, &w->task.write);
	crawl_pump(c);
}

static void on_task(uv_work_t *pool)
{
	struct work *w = pool->data;

	task_run(&w->task);
}

static void start_tasks(struct crawl *c)
{
	struct work *w;

	while (c->slots && (w = c->wait_first)) {
		c->wait_first = w->queued;
		if (!c->wait_first)
			c->wait_last = NULL;
		w->task.slot = c->slots;
		c->slots = c->slots->next;
		slot_fit(w->task.slot, w->view->rules);
		w->task.now_ms = wall(c);
		step_to(w, STEP_TASK);
		must(uv_queue_work(c->env.loop, &w->pool, on_task, on_task_done) == 0);
	}
}

/* ---- the network ---- */

/* What a person reads while the host is left alone. */
static void blame(struct crawl *c, int64_t job, const struct fetch_answer *a)
{
	if (a->end == FETCH_ANSWER)
		frontier_blame(c->frontier, job, arena_fmt(a->arena, "HTTP status %d", a->status));
	else
		frontier_blame(c->frontier, job,
			       arena_fmt(a->arena, "%s: %s", fetch_end_name(a->end), a->why.text));
}

static void on_answer(struct fetch_request *q, struct fetch_answer *a)
{
	static const enum frontier_news news[] = {
		[TASK_FINE] = FRONTIER_FINE,
		[TASK_SLOW_DOWN] = FRONTIER_SLOW_DOWN,
		[TASK_TROUBLE] = FRONTIER_TROUBLE,
	};
	struct work *w = q->ctx;
	struct crawl *c = w->c;
	int64_t id = w->task.job.id;

	w->task.answer = a;
	if (a->end == FETCH_CANCELLED) {
		frontier_end(c->frontier, id, FRONTIER_NOTHING, -1, wall(c));
		frontier_forget(c->frontier, id);
		work_end(w);
		ended(c);
		return;
	}
	if (task_news(a) != TASK_FINE)
		blame(c, id, a);
	frontier_end(c->frontier, id, news[task_news(a)], a->retry_after_ms, wall(c));
	w->bytes = (int64_t)a->body.n;
	c->bytes += w->bytes;
	step_to(w, STEP_WAIT);
	if (c->wait_last)
		c->wait_last->queued = w;
	else
		c->wait_first = w;
	c->wait_last = w;
	crawl_pump(c);
}

static void copy_job(struct arena *a, const struct job *from, struct job *to)
{
	*to = *from;
	to->source = arena_str(a, from->source);
	to->page = arena_str(a, from->page);
	to->url = arena_str(a, from->url);
	to->key = arena_str(a, from->key);
	to->host = arena_str(a, from->host);
	to->vars = arena_str(a, from->vars);
	to->reason = arena_str(a, from->reason);
}

static struct work *work_new(struct crawl *c, const struct job *job)
{
	struct work *w = mem_zero(sizeof(*w));

	w->c = c;
	w->view = view_keep(c->view);
	w->task.arena = arena_new(16 << 10);
	w->task.view = &w->view->v;
	w->task.nonce = c->env.nonce;
	copy_job(w->task.arena, job, &w->task.job);
	w->pool.data = w;
	w->since_ms = wall(c);
	w->next = c->works;
	if (c->works)
		c->works->prev = w;
	c->works = w;
	c->n_step[STEP_FETCH]++;
	return w;
}

/* The configuration lost the source between pick and now. */
static void work_drop(struct work *w)
{
	struct crawl *c = w->c;

	frontier_end(c->frontier, w->task.job.id, FRONTIER_NOTHING, -1, wall(c));
	frontier_forget(c->frontier, w->task.job.id);
	work_end(w);
}

static bool has_room(const struct crawl *c)
{
	int n = 0;

	for (int i = 0; i < STEPS; i++)
		n += c->n_step[i];
	/* After a failed commit one page tries whether it goes better. */
	if (c->failed)
		return n == 0;
	return n < MOST_WORK && c->bytes < MOST_BYTES;
}

static void start_requests(struct crawl *c, int64_t *ret_wait_ms)
{
	const struct job *job;
	struct work *w;

	*ret_wait_ms = -1;
	while (has_room(c) && (job = frontier_next(c->frontier, wall(c), ret_wait_ms))) {
		w = work_new(c, job);
		w->request = (struct fetch_request){
			.url = w->task.job.url,
			.source = conf_source(w->view->rules->conf, w->task.job.source),
			.done = on_answer,
			.ctx = w,
		};
		if (!w->request.source) {
			work_drop(w);
			continue;
		}
		rate_add(&c->requests, mono(c), 1);
		log_debug("job=%lld fetch url=%.*s", (long long)w->task.job.id,
			  STR_ARG(w->task.job.url));
		c->env.fetch(c->env.net, &w->request);
	}
}

/* ---- questions to the writer ---- */

static struct ask *ask_new(struct crawl *c, enum write_kind kind, void (*done)(struct write *))
{
	struct ask *q = mem_zero(sizeof(*q));

	q->c = c;
	q->commits_before = c->commits;
	q->write.kind = kind;
	q->write.arena = arena_new(16 << 10);
	q->write.done = done;
	q->write.ctx = q;
	q->write.now_ms = wall(c);
	c->n_asks++;
	return q;
}

static void ask_end(struct ask *q)
{
	struct crawl *c = q->c;

	c->n_asks--;
	if (q->write.err)
		hold_for_error(c, &q->write);
	arena_free(q->write.arena);
	mem_free(q);
	ended(c);
}

static void on_picked(struct write *w)
{
	struct ask *q = w->ctx;
	struct crawl *c = q->c;

	frontier_fill(c->frontier, w->source, w->host, w->ret_jobs, w->err ? 0 : w->ret_n_jobs);
	if (!w->ret_n_jobs)
		c->hosts_dirty = true;
	ask_end(q);
}

static void pick_jobs(struct crawl *c)
{
	struct str source, host;
	const int64_t *skip;
	int most, n_skip;
	struct ask *q;

	while (frontier_wants(c->frontier, wall(c), &source, &host, &most, &skip, &n_skip)) {
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

static void on_hosts(struct write *w)
{
	struct ask *q = w->ctx;
	struct crawl *c = q->c;

	c->hosts_asked = false;
	if (!w->err) {
		c->next_due_ms = 0;
		frontier_recount(c->frontier);
		for (int i = 0; i < w->ret_n_hosts; i++) {
			const struct write_host *h = &w->ret_hosts[i];

			frontier_host(c->frontier, h->source, h->host, h->due_ms, h->due);
			/* What is paused, or no longer configured, is not waited for. */
			if (!frontier_asks(c->frontier, h->source, h->host))
				continue;
			if (h->due && (!c->next_due_ms || h->due_ms < c->next_due_ms))
				c->next_due_ms = h->due_ms;
		}
		c->hosts_at_commit = q->commits_before;
	}
	ask_end(q);
}

static void ask_hosts(struct crawl *c, int64_t *wait_ms)
{
	int64_t since = mono(c) - c->hosts_mono_ms;
	int64_t every = c->hosts_dirty ? HOSTS_SOON_MS : HOSTS_ANYWAY_MS;
	struct ask *q;

	if (c->hosts_asked)
		return;
	if (since < every) {
		if (*wait_ms < 0 || *wait_ms > every - since)
			*wait_ms = every - since;
		return;
	}
	c->hosts_asked = true;
	c->hosts_dirty = false;
	c->hosts_mono_ms = mono(c);
	q = ask_new(c, WRITE_PICK, on_hosts);
	writer_put(c->env.writer, &q->write);
}

static void on_seeded(struct write *w)
{
	struct ask *q = w->ctx;
	struct crawl *c = q->c;

	c->n_seeding--;
	c->unseeded |= w->err && !is_to_blame(w);
	c->commits++;
	c->hosts_dirty = true;
	c->hosts_mono_ms = mono(c) - HOSTS_SOON_MS;
	if (!w->err && w->ret_new_jobs) {
		let_go_after_error(c);
		log_info("source=%.*s seeded jobs=%d", STR_ARG(w->source), w->ret_new_jobs);
	}
	ask_end(q);
}

static void seed_source(struct crawl *c, const struct conf_source *s)
{
	struct arena *scratch = arena_new(64 << 10);
	struct job *jobs;
	struct ask *q;
	int n, some;

	seed_jobs(s, wall(c), scratch, &jobs, &n);
	for (int i = 0; i < n; i += some) {
		some = n - i < SEEDS_AT_ONCE ? n - i : SEEDS_AT_ONCE;
		q = ask_new(c, WRITE_SEEDS, on_seeded);
		q->write.source = arena_str(q->write.arena, s->name);
		q->write.jobs = arena_array(q->write.arena, (size_t)some, sizeof(*jobs));
		q->write.n_jobs = some;
		for (int k = 0; k < some; k++)
			copy_job(q->write.arena, &jobs[i + k], &q->write.jobs[k]);
		c->n_seeding++;
		writer_put(c->env.writer, &q->write);
	}
	arena_free(scratch);
}

void crawl_seed(struct crawl *c)
{
	const struct conf *conf = c->view->rules->conf;

	c->unseeded = false;
	for (int i = 0; i < conf->n_sources; i++)
		if (conf->sources[i].enabled)
			seed_source(c, &conf->sources[i]);
}

/* ---- the wheel ---- */

static bool failed_lately(const struct crawl *c)
{
	return c->failed && mono(c) < c->failed_until_ms;
}

static bool held(struct crawl *c, int64_t *wait_ms)
{
	if (c->told[0])
		*wait_ms = HELD_FIRST_MS;
	else if (failed_lately(c))
		*wait_ms = c->failed_until_ms - mono(c);
	else
		return false;
	return true;
}

static void set_timer(struct crawl *c, int64_t wait_ms)
{
	if (c->env.no_timer || uv_is_closing((uv_handle_t *)&c->timer))
		return;
	if (wait_ms < 0)
		uv_timer_stop(&c->timer);
	else
		uv_timer_start(&c->timer, on_timer, (uint64_t)(wait_ms ? wait_ms : 1), 0);
}

static void turn(struct crawl *c)
{
	int64_t wait_ms = -1;

	start_tasks(c);
	if (!c->stopping && !held(c, &wait_ms)) {
		if (c->unseeded && !c->n_seeding)
			crawl_seed(c);
		start_requests(c, &wait_ms);
		pick_jobs(c);
		ask_hosts(c, &wait_ms);
	}
	set_timer(c, wait_ms);
}

void crawl_pump(struct crawl *c)
{
	/* A network that answers from within the request comes back here. */
	c->again = true;
	if (c->pumping)
		return;
	c->pumping = true;
	while (c->again) {
		c->again = false;
		turn(c);
	}
	c->pumping = false;
}

void crawl_set_view(struct crawl *c, struct view *view)
{
	bool reloaded = view->rules != c->view->rules;

	view_keep(view);
	view_release(c->view);
	c->view = view;
	if (reloaded) {
		frontier_reconfigure(c->frontier, view->rules->conf);
		if (c->paused)
			crawl_pause(c, (struct str){ 0 }, true);
		crawl_seed(c);
	}
	crawl_pump(c);
}

void crawl_pause(struct crawl *c, struct str source, bool paused)
{
	const struct conf *conf = c->view->rules->conf;

	if (source.n) {
		frontier_pause(c->frontier, source, paused);
		/* All were paused; now not all are, and a reload is to leave it so. */
		c->paused &= paused;
	} else {
		c->paused = paused;
		for (int i = 0; i < conf->n_sources; i++)
			frontier_pause(c->frontier, conf->sources[i].name, paused);
	}
	crawl_stir(c); /* what is due soon is another now */
}

bool crawl_paused(const struct crawl *c)
{
	return c->paused;
}

void crawl_hold(struct crawl *c, const char *reason)
{
	snprintf(c->told, sizeof(c->told), "%s", reason ? reason : "");
	if (!reason)
		crawl_pump(c);
}

void crawl_stir(struct crawl *c)
{
	c->commits++;
	c->hosts_dirty = true;
	c->hosts_mono_ms = mono(c) - HOSTS_SOON_MS;
	crawl_pump(c);
}

void crawl_stop(struct crawl *c)
{
	c->stopping = true;
	if (!uv_is_closing((uv_handle_t *)&c->timer))
		uv_close((uv_handle_t *)&c->timer, NULL);
}

int crawl_busy(const struct crawl *c)
{
	int n = c->n_asks;

	for (int i = 0; i < STEPS; i++)
		n += c->n_step[i];
	return n;
}

bool crawl_idle(const struct crawl *c, int64_t within_ms)
{
	int n = 0;

	for (int i = 0; i < STEPS; i++)
		n += c->n_step[i];
	if (n || c->n_seeding || c->unseeded || c->told[0] || failed_lately(c) ||
	    c->hosts_at_commit != c->commits)
		return false;
	return !c->next_due_ms || c->next_due_ms > wall(c) + within_ms;
}

void crawl_look(const struct crawl *c, struct arena *a, struct crawl_view *ret)
{
	int n = 0;

	*ret = (struct crawl_view){
		.fetching = c->n_step[STEP_FETCH],
		.waiting = c->n_step[STEP_WAIT],
		.extracting = c->n_step[STEP_TASK],
		.committing = c->n_step[STEP_COMMIT],
		.unprocessed_bytes = c->bytes,
		.requests = c->requests.total,
		.pages = c->pages,
		.listings = c->listings.total,
		.failures = c->failures,
		.requests_per_s = rate_now(&c->requests, mono(c)),
		.listings_per_s = rate_now(&c->listings, mono(c)),
		.held = c->told[0]  ? c->told
			: c->failed ? c->failure.text
				    : NULL,
		.next_due_ms = c->next_due_ms,
	};
	for (int i = 0; i < STAGE_COUNT; i++)
		ret->cpu_ns[i] = c->cpu_ns[i];
	for (const struct work *w = c->works; w; w = w->next)
		n++;
	ret->work = arena_array(a, (size_t)n, sizeof(*ret->work));
	ret->n_work = n;
	for (const struct work *w = c->works; w; w = w->next)
		ret->work[--n] = (struct crawl_work_view){
			.job = w->task.job.id,
			.since_ms = w->since_ms,
			.source = w->task.job.source,
			.url = w->task.job.url,
			.step = step_names[w->step],
		};
	frontier_view(c->frontier, wall(c), a, &ret->hosts, &ret->n_hosts);
}
