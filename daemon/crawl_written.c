#include "base/log.h"
#include "crawler/way.h"
#include "daemon/crawl_inner.h"

static void log_undecided(const struct write *w)
{
	if (w->undecided)
		log_warn("page=%lld source=%.*s undecided=%d: a pattern of `checks` takes too many "
			 "steps on values of the page, which pass",
			 (long long)w->page.id, STR_ARG(w->job.source), w->undecided);
}

static void log_page(const struct write *w)
{
	const struct job *j = &w->job;
	const struct page *p = &w->page;

	log_undecided(w);
	if (w->kind == WRITE_JOB) {
		log_info("job=%lld source=%.*s %s attempts=%d reason=\"%.*s\"", (long long)j->id,
			 STR_ARG(j->source), state_name(STATE_JOB, (int)j->state), j->attempts,
			 STR_ARG(j->reason));
		return;
	}
	if (w->kind == WRITE_IMAGE) {
		log_info("image=%lld job=%lld source=%.*s bytes=%lld size=%dx%d file=%.*s",
			 (long long)w->image.id, (long long)j->id, STR_ARG(j->source),
			 (long long)w->image.bytes, w->image.width, w->image.height,
			 STR_ARG(w->image.file));
		return;
	}
	if (p->state == PAGE_EXTRACTED)
		log_info("page=%lld job=%lld source=%.*s status=%d bytes=%lld items=%d skipped=%d "
			 "rejected=%d listings=%d new=%d changed=%d jobs=%d",
			 (long long)p->id, (long long)j->id, STR_ARG(j->source), p->status,
			 (long long)p->wire_bytes, p->items, p->skipped, p->rejected, w->n_listings,
			 w->ret_new_listings, w->ret_changed, w->ret_new_jobs);
	else if (p->state == PAGE_UNCHANGED)
		log_info("page=%lld job=%lld source=%.*s unchanged status=%d bytes=%lld "
			 "priority=%d",
			 (long long)p->id, (long long)j->id, STR_ARG(j->source), p->status,
			 (long long)p->wire_bytes, j->priority);
	else
		log_warn("page=%lld job=%lld source=%.*s %s status=%d job-state=%s attempts=%d "
			 "reason=\"%.*s\"",
			 (long long)p->id, (long long)j->id, STR_ARG(j->source),
			 state_name(STATE_PAGE, (int)p->state), p->status,
			 state_name(STATE_JOB, (int)j->state), j->attempts, STR_ARG(p->reason));
}

bool crawl_written_is_to_blame(const struct write *w)
{
	return !err_is_world(w->err);
}

/* The page cannot be stored; its job fails, with the reason. */
static void give_up_page(struct crawl_work *w)
{
	struct write *write = &w->task.write;
	struct job *j = &write->job;

	log_warn("job=%lld its page cannot be stored: %s", (long long)w->task.job.id,
		 write->why.text);
	*j = w->task.job;
	j->state = (enum job_state)state_move(STATE_JOB, (int)j->state, JOB_FAILED);
	j->attempts++;
	j->reason = arena_fmt(w->task.arena, "cannot be stored: %s", write->why.text);
	j->host = way_home(j, w->task.arena);
	j->way = (struct str){ 0 };
	write->kind = WRITE_JOB;
	write->member = (struct str){ 0 };
	write->refused = (struct refusal_counts){ 0 };
	write->n_listings = write->n_jobs = write->n_parts = write->n_values = 0;
	write->parted = false;
	writer_put(w->c->env.writer, write);
}

/* What was under way when rules or model changed was judged by the old ones. */
static void tell_stale(const struct crawl_work *w)
{
	const struct crawl *c = w->c;
	const struct write *write = &w->task.write;

	if (c->env.stale && (write->ret_stale || (write->n_listings && w->view != c->view)))
		c->env.stale(c->env.ctx);
}

/* Seeds that go through them may make more jobs. */
void crawl_seed_again(struct crawl *c, struct str source)
{
	const struct conf_source *s = conf_source(c->view->rules->conf, source);

	if (s && conf_source_runs(s) && !c->stopping)
		crawl_ask_values(c, s);
}

void crawl_written(struct write *write)
{
	struct crawl_work *w = write->ctx;
	struct crawl *c = w->c;
	const struct job *j = &write->job;

	if (write->err && write->kind != WRITE_JOB && crawl_written_is_to_blame(write)) {
		give_up_page(w);
		return;
	}
	frontier_forget(c->frontier, j->id);
	if (write->err) {
		crawl_hold_for_error(c, write);
		/* it is due as it was */
		frontier_stir(c->frontier, j->source, w->task.job.host);
	} else {
		crawl_let_go_after_error(c, write);
		c->pages += write->kind == WRITE_PAGE;
		rate_add(&c->listings, crawl_mono(c), write->n_listings);
		if (write->kind == WRITE_IMAGE)
			rate_add(&c->images, crawl_mono(c), 1);
		log_page(write);
		crawl_ask_told(c, write);
		tell_stale(w);
		if (c->env.stored && (write->ret_new_listings || write->ret_changed))
			c->env.stored(c->env.ctx);
		if (c->env.shown && w->task.shown && write->kind == WRITE_PAGE) {
			w->task.shown->known = write->ret_categories;
			w->task.shown->moved = write->ret_moved;
			c->env.shown(c->env.ctx, write, w->task.shown);
		}
		if (write->ret_values_changed)
			crawl_seed_again(c, j->source);
	}
	crawl_work_end(w);
	crawl_ended(c);
}
