#include "store/writer.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/niceness.h"
#include "store/mailbox.h"
#include "store/tx.h"

#include <pthread.h>
#include <string.h>

struct writer {
	struct writer_opt opt;
	pthread_t thread;
	struct mailbox mailbox;
	/* what comes back */
	pthread_mutex_t lock;
	struct mailbox_list done;
	struct writer_stat stat;
	/* the thread's own */
	struct tx tx;
	struct write **items, **pages; /* room for a batch */
};

static enum err do_job(struct tx *t, struct write *w)
{
	enum err err = write_job_move(t, &w->job, w->now_ms);

	if (!err && w->ends)
		tally_add(&t->tallies, w->job.source, w->ends, 1);
	if (!err)
		err = write_refusal_all(t, w->job.source, &w->refused, w->now_ms);
	return err ? err : write_visit_store(t, w, 0);
}

static enum err do_seeds(struct tx *t, struct write *w)
{
	return write_job_add(t, w->jobs, w->n_jobs, w->now_ms, &w->ret_new_jobs);
}

static enum err do_derived(struct tx *t, struct write *w)
{
	enum err err = ERR_OK;

	for (int i = 0; i < w->n_listings && !err; i++)
		err = write_listing_derive(t, w, &w->listings[i]);
	return err;
}

static enum err do_source(struct tx *t, struct write *w)
{
	return write_job_source(t, w);
}

static enum err do_taxonomy(struct tx *t, struct write *w)
{
	return write_taxonomy_put(t, w);
}

static enum err do_nothing(struct tx *t, struct write *w)
{
	(void)t;
	(void)w;
	return ERR_OK;
}

static enum err (*const kinds[WRITE_KINDS])(struct tx *t, struct write *w) = {
	[WRITE_PAGE] = write_page_store,
	[WRITE_JOB] = do_job,
	[WRITE_KEYS] = write_key_slice,
	[WRITE_SEEDS] = do_seeds,
	[WRITE_PICK] = write_pick_jobs,
	[WRITE_HOSTS] = write_pick_hosts,
	[WRITE_DERIVED] = do_derived,
	[WRITE_REVIEW] = write_review_do,
	[WRITE_DRAW] = write_draw_do,
	[WRITE_LABELS_IN] = write_label_in_do,
	[WRITE_FAMILY] = write_family_do,
	[WRITE_SOURCE] = do_source,
	[WRITE_RETRY] = write_job_retry,
	[WRITE_MODEL] = write_model_do,
	[WRITE_RETIRE] = write_model_retire,
	[WRITE_REREAD] = write_page_reread,
	[WRITE_IMPORT] = write_page_import,
	[WRITE_INTAKE] = write_intake_put,
	[WRITE_TURN] = do_nothing,
	[WRITE_ASK] = write_ask_do,
	[WRITE_CLOCK] = write_clock_slice,
	[WRITE_IMAGE] = write_image_store,
	[WRITE_IMAGE_LINKS] = write_image_link,
	[WRITE_IMAGE_DROP] = write_image_drop,
	[WRITE_LOOKS] = write_look_do,
	[WRITE_IMAGE_AGAIN] = write_image_again,
	[WRITE_IMAGE_LOST] = write_image_lost,
	[WRITE_STALE] = write_page_stale,
	[WRITE_SITE] = write_site_put,
	[WRITE_RECALL] = write_site_recall,
	[WRITE_VALUES] = write_value_read,
	[WRITE_DRIFT] = write_drift_put,
	[WRITE_MEASURES] = write_measure_put,
	[WRITE_SEGMENT] = write_segment_put,
	[WRITE_TAXONOMY] = do_taxonomy,
};

static void forget_results(struct write *w)
{
	if (w->kind != WRITE_REREAD)
		w->page.id = 0;
	w->ret_known = false;
	w->listing = w->asked;
	w->ret_new_jobs = w->ret_new_listings = w->ret_changed = w->ret_stale = 0;
	w->ret_categories = w->ret_moved = 0;
	w->ret_n_jobs = w->ret_n_hosts = w->ret_n_values = 0;
	w->ret_values_changed = w->ret_due_again = false;
	w->ret_next_ms = JOB_NEVER;
	w->ret_more = false;
	w->ret_label = w->ret_draw = w->ret_model = w->ret_key_from = w->ret_page_from =
		w->ret_intake = 0;
}

/* All of them or none. */
static enum err transact(struct tx *t, struct write **items, int n, struct reason *why)
{
	size_t titles = t->near ? near_index_count(t->near) : 0;
	enum err err = store_engine_begin(t->engine);

	for (int i = 0; i < n && !err; i++) {
		must(items[i]->kind < WRITE_KINDS);
		arena_reset(t->scratch);
		forget_results(items[i]);
		err = kinds[items[i]->kind](t, items[i]);
		due_report(&t->due, items[i]);
	}
	if (!err)
		err = due_flush(&t->due);
	for (int i = 0; i < n && !err; i++)
		if (items[i]->kind != WRITE_HOSTS)
			due_answer(&t->due, items[i]);
	due_forget(&t->due);
	if (!err)
		err = tally_flush(&t->tallies, &t->sql);
	if (!err)
		err = store_engine_commit(t->engine);
	if (!err && t->looks)
		look_index_keep(t->looks);
	if (!err)
		return ERR_OK;
	*why = t->engine->why;
	store_engine_rollback(t->engine);
	tally_forget(&t->tallies);
	known_forget(&t->known);
	if (t->near)
		near_index_cut(t->near, titles);
	if (t->looks)
		look_index_undo(t->looks);
	for (int i = 0; i < n; i++)
		forget_results(items[i]);
	return err;
}

static void answer(struct write **items, int n, enum err err, const struct reason *why)
{
	for (int i = 0; i < n; i++) {
		items[i]->err = err;
		items[i]->why = *why;
	}
}

static bool for_archive(const struct write *w)
{
	return w->kind == WRITE_TURN || ((w->kind == WRITE_PAGE || w->kind == WRITE_JOB ||
					  w->kind == WRITE_IMPORT || w->kind == WRITE_SITE) &&
					 w->member.n);
}

static enum err append(struct writer *w, int n, struct reason *why)
{
	int pages = 0;

	for (int i = 0; i < n; i++)
		if (for_archive(w->items[i]))
			w->pages[pages++] = w->items[i];
	return pages ? w->opt.append(w->opt.ctx, w->pages, pages, why) : ERR_OK;
}

/* Answers w->items. The error is one that no item is to blame for. */
static enum err commit(struct writer *w, int n, struct reason *why)
{
	enum err err = transact(&w->tx, w->items, n, why);

	if (err && n > 1 && !err_is_world(err)) {
		/* One of them did it: it alone is to suffer. */
		for (int i = 0; i < n; i++) {
			struct reason own = { "" };

			err = transact(&w->tx, &w->items[i], 1, &own);
			answer(&w->items[i], 1, err, &own);
		}
		return ERR_OK;
	}
	answer(w->items, n, err, why);
	return err_is_world(err) ? err : ERR_OK;
}

static void note(struct writer *w, enum err err, const struct reason *why)
{
	if (err && !w->stat.last_err)
		log_error("store=writer commit failed: %s", why->text);
	else if (!err && w->stat.last_err)
		log_info("store=writer commits again");
	w->stat.last_err = err;
	w->stat.last_why = *why;
}

/* What is not finished comes again; the others are left in w->items. */
static int put_back(struct writer *w, int n)
{
	int kept = 0;

	for (int i = 0; i < n; i++) {
		struct write *item = w->items[i];

		if (item->err || !item->ret_more) {
			w->items[kept++] = item;
			continue;
		}
		item->from = item->ret_from;
		item->changed_before = item->ret_changed;
		mailbox_again(&w->mailbox, item);
	}
	return kept;
}

static void batch(struct writer *w, int n)
{
	struct reason why = { "" };
	int64_t start = clock_thread_cpu_ns(), appended, end;
	enum err err = append(w, n, &why);

	appended = clock_thread_cpu_ns();
	if (err)
		answer(w->items, n, err, &why);
	else
		err = commit(w, n, &why);
	end = clock_thread_cpu_ns();

	n = put_back(w, n);
	pthread_mutex_lock(&w->lock);
	for (int i = 0; i < n; i++) {
		w->stat.failures += w->items[i]->err != ERR_OK;
		mailbox_add(&w->done, w->items[i]);
	}
	w->stat.items += n;
	w->stat.commits += !err;
	w->stat.append_cpu_ns += appended - start;
	w->stat.sql_cpu_ns += end - appended;
	note(w, err, &why);
	pthread_mutex_unlock(&w->lock);
	w->opt.wake(w->opt.ctx);
}

static void *run(void *arg)
{
	struct writer *w = arg;
	int n;

	niceness_add(w->opt.nice);
	if (w->opt.near && write_near_load(&w->tx)) {
		log_error("store=writer no title is found by likeness until the next start: %s",
			  w->tx.engine->why.text);
		near_index_free(w->tx.near);
		w->tx.near = NULL;
	}
	if (w->tx.near && write_look_load(&w->tx)) {
		log_error("store=writer no picture is found by its looks until the next start: %s",
			  w->tx.engine->why.text);
		look_index_free(w->tx.looks);
		w->tx.looks = NULL;
	}
	while ((n = mailbox_take(&w->mailbox, w->items)) > 0)
		batch(w, n);
	return NULL;
}

static void writer_free(struct writer *w)
{
	sql_done(&w->tx.sql);
	tally_done(&w->tx.tallies);
	due_done(&w->tx.due);
	known_done(&w->tx.known);
	near_index_free(w->tx.near);
	look_index_free(w->tx.looks);
	arena_free(w->tx.scratch);
	store_engine_close(w->tx.engine);
	mailbox_done(&w->mailbox);
	pthread_mutex_destroy(&w->lock);
	mem_free(w->items);
	mem_free(w->pages);
	mem_free(w);
}

enum err writer_start(struct store *s, const struct writer_opt *opt, struct writer **ret_writer,
		      struct reason *why)
{
	struct store_engine *e;
	struct writer *w;
	enum err err = store_engine_open(store_path(s), STORE_ENGINE_WRITE, &e, why);

	if (err)
		return err;
	w = mem_zero(sizeof(*w));
	w->opt = *opt;
	w->tx.engine = e;
	w->tx.scratch = arena_new(64 << 10);
	sql_init(&w->tx.sql, e);
	known_init(&w->tx.known);
	due_init(&w->tx.due, &w->tx.sql, &w->tx.tallies);
	w->items = mem_array((size_t)opt->batch_items, sizeof(struct write *));
	w->pages = mem_array((size_t)opt->batch_items, sizeof(struct write *));
	pthread_mutex_init(&w->lock, NULL);
	mailbox_init(&w->mailbox, opt->batch_items, opt->batch_ms);
	must(pthread_create(&w->thread, NULL, run, w) == 0);
	*ret_writer = w;
	return ERR_OK;
}

void writer_put(struct writer *w, struct write *item)
{
	item->err = ERR_OK;
	item->why.text[0] = 0;
	item->asked = item->listing;
	item->from = 0;
	item->changed_before = 0;
	pthread_mutex_lock(&w->lock);
	w->stat.waiting++;
	pthread_mutex_unlock(&w->lock);
	mailbox_put(&w->mailbox, item);
}

void writer_drain(struct writer *w)
{
	struct mailbox_list done;
	struct write *item;

	pthread_mutex_lock(&w->lock);
	done = w->done;
	memset(&w->done, 0, sizeof(w->done));
	for (item = done.first; item; item = item->next)
		w->stat.waiting--;
	pthread_mutex_unlock(&w->lock);
	while ((item = mailbox_next(&done)))
		item->done(item);
}

void writer_stop(struct writer *w)
{
	if (!w)
		return;
	mailbox_close(&w->mailbox);
	pthread_join(w->thread, NULL);
	writer_drain(w);
	writer_free(w);
}

void writer_stat(const struct writer *w, struct writer_stat *ret)
{
	/* The lock is not what const promises to leave alone. */
	pthread_mutex_t *lock = (pthread_mutex_t *)(uintptr_t)&w->lock;

	pthread_mutex_lock(lock);
	*ret = w->stat;
	pthread_mutex_unlock(lock);
}
