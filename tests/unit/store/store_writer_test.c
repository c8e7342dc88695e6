#include "store_fixture.h"

/* Hands over `n` writes at once, so that they share batches, and waits. */
static void put_all(struct fx *f, struct write **w, int n)
{
	int until = f->done + n;

	for (int i = 0; i < n; i++)
		writer_put(f->writer, w[i]);
	fx_wait(f, until);
}

static void test_answers_in_order(void **state)
{
	struct fx *f = *state;
	struct write *w[64];
	struct writer_stat s;

	for (int i = 0; i < 64; i++)
		w[i] = fx_seeds(f, "a", 10 * i, 10);
	put_all(f, w, 64);
	for (int i = 0; i < 64; i++) {
		assert_ptr_equal(f->order[i], w[i]);
		assert_int_equal(w[i]->err, ERR_OK);
		assert_int_equal(w[i]->ret_new_jobs, 10);
	}
	writer_stat(f->writer, &s);
	assert_int_equal(s.waiting, 0);
	assert_int_equal(s.items, 64);
	assert_int_equal(s.failures, 0);
	assert_true(s.commits >= 8 && s.commits <= 64);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM job"), 640);
}

static void test_stop_finishes(void **state)
{
	struct fx *f = *state;

	for (int i = 0; i < 20; i++)
		writer_put(f->writer, fx_seeds(f, "a", i, 1));
	fx_close(f);
	assert_int_equal(f->done, 20);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM job"), 20);
}

static void test_seeds_once(void **state)
{
	struct fx *f = *state;
	struct write *w;

	fx_ok(f, fx_seeds(f, "a", 0, 5));
	w = fx_seeds(f, "a", 3, 5);
	fx_ok(f, w);
	assert_int_equal(w->ret_new_jobs, 3);
	/* another source's keys are its own */
	w = fx_seeds(f, "b", 3, 5);
	fx_ok(f, w);
	assert_int_equal(w->ret_new_jobs, 5);
}

static struct write *pick(struct fx *f, int most, int64_t now_ms)
{
	struct write *w = fx_write(f, WRITE_PICK);

	w->source = STR("a");
	w->host = STR("a.example");
	w->most = most;
	w->now_ms = now_ms;
	return w;
}

static void test_pick(void **state)
{
	struct fx *f = *state;
	static const int64_t skip[] = { 2, 3 };
	struct write *w = fx_seeds(f, "a", 0, 6);

	w->jobs[0].priority = 9;
	w->jobs[1].priority = 1;
	w->jobs[2].priority = 1;
	w->jobs[2].due_ms = FX_NOW - 5;
	w->jobs[3].due_ms = FX_NOW + 1000; /* not yet */
	w->jobs[4].host = STR("b.example");
	w->jobs[5].state = JOB_REFUSED;
	fx_ok(f, w);

	w = pick(f, 10, FX_NOW);
	fx_ok(f, w);
	assert_int_equal(w->ret_n_jobs, 3);
	assert_int_equal(w->ret_jobs[0].id, 3);
	assert_int_equal(w->ret_jobs[1].id, 2);
	assert_int_equal(w->ret_jobs[2].id, 1);
	fx_assert_str(w->ret_jobs[0].key, "k2");
	fx_assert_str(w->ret_jobs[0].vars, "category=320");
	assert_int_equal(w->ret_jobs[0].state, JOB_DUE);

	w = pick(f, 1, FX_NOW);
	w->skip = skip;
	w->n_skip = 2;
	fx_ok(f, w);
	assert_int_equal(w->ret_n_jobs, 1);
	assert_int_equal(w->ret_jobs[0].id, 1);

	w = pick(f, 10, FX_NOW + 1000);
	fx_ok(f, w);
	assert_int_equal(w->ret_n_jobs, 4);
	assert_int_equal(w->ret_jobs[0].id, 4);
}

static struct write *move(struct fx *f, int64_t job, enum job_state to, int attempts)
{
	struct write *w = fx_write(f, WRITE_JOB);

	w->job.id = job;
	w->job.source = STR("a");
	w->job.state = to;
	w->job.attempts = attempts;
	w->job.reason = STR("timed out");
	w->job.due_ms = FX_NOW;
	return w;
}

static struct write *hosts(struct fx *f, int most, int64_t until_ms)
{
	struct write *w = fx_write(f, WRITE_HOSTS);

	w->source = STR("a");
	w->most = most;
	w->until_ms = until_ms;
	w->after_ms = INT64_MIN;
	return w;
}

static void assert_host(const struct write_host *h, const char *name, int64_t due, int64_t due_ms)
{
	fx_assert_str(h->source, "a");
	fx_assert_str(h->host, name);
	assert_int_equal(h->due, due);
	assert_int_equal(h->due_ms, due_ms);
}

/* Six jobs of four hosts: listed by due time, a slice at a time, up to a time. */
static void test_hosts(void **state)
{
	struct fx *f = *state;
	struct write *w = fx_seeds(f, "a", 0, 6);

	w->jobs[1].host = STR("b.example");
	w->jobs[2].host = STR("b.example");
	w->jobs[1].due_ms = FX_NOW - 5;
	w->jobs[3].host = STR("c.example");
	w->jobs[3].due_ms = FX_NOW + 1000;
	w->jobs[5].host = STR("d.example");
	w->jobs[5].state = JOB_REFUSED;
	fx_ok(f, w);
	assert_int_equal(w->ret_n_hosts, 3);
	assert_host(&w->ret_hosts[0], "a.example", 2, FX_NOW);
	assert_host(&w->ret_hosts[1], "b.example", 2, FX_NOW - 5);
	fx_ok(f, fx_seeds(f, "b", 0, 1));

	w = hosts(f, 10, JOB_NEVER);
	fx_ok(f, w);
	assert_int_equal(w->ret_n_hosts, 3);
	assert_host(&w->ret_hosts[0], "b.example", 2, FX_NOW - 5);
	assert_host(&w->ret_hosts[1], "a.example", 2, FX_NOW);
	assert_host(&w->ret_hosts[2], "c.example", 1, FX_NOW + 1000);
	assert_true(w->ret_next_ms == JOB_NEVER);

	w = hosts(f, 1, FX_NOW);
	fx_ok(f, w);
	assert_int_equal(w->ret_n_hosts, 1);
	w->after_ms = w->ret_hosts[0].due_ms;
	w->host = w->ret_hosts[0].host;
	w->most = 5;
	fx_ok(f, w);
	assert_int_equal(w->ret_n_hosts, 1);
	fx_assert_str(w->ret_hosts[0].host, "a.example");
	assert_int_equal(w->ret_next_ms, FX_NOW + 1000);

	w = hosts(f, 5, JOB_NEVER);
	w->source = STR("none");
	fx_ok(f, w);
	assert_int_equal(w->ret_n_hosts, 0);
	assert_int_equal(
		fx_number(f, "SELECT value FROM tally WHERE source = 'a' AND name = 'hosts-due'"),
		3);
}

/* The stored time may be too early; who finds nothing due there makes it exact. */
static void test_hosts_are_made_exact(void **state)
{
	struct fx *f = *state;
	static const int64_t skip[] = { 2 };
	struct write *w;

	fx_ok(f, fx_seeds(f, "a", 0, 3));
	w = move(f, 1, JOB_DUE, 0);
	w->job.due_ms = FX_NOW + 7000;
	fx_ok(f, w);
	assert_int_equal(w->ret_n_hosts, 1);
	assert_host(&w->ret_hosts[0], "a.example", 3, FX_NOW + 7000);
	w = move(f, 3, JOB_DONE, 0);
	fx_ok(f, w);
	assert_host(&w->ret_hosts[0], "a.example", 2, JOB_NEVER);

	/* one is due, though it is not wanted: the time stays */
	w = pick(f, 5, FX_NOW);
	w->skip = skip;
	w->n_skip = 1;
	fx_ok(f, w);
	assert_int_equal(w->ret_n_jobs, 0);
	assert_int_equal(w->ret_next_ms, FX_NOW + 7000);
	w = hosts(f, 5, JOB_NEVER);
	fx_ok(f, w);
	assert_host(&w->ret_hosts[0], "a.example", 2, FX_NOW);

	fx_ok(f, move(f, 2, JOB_GONE, 0));
	w = hosts(f, 5, JOB_NEVER);
	fx_ok(f, w);
	assert_host(&w->ret_hosts[0], "a.example", 1, FX_NOW); /* too early */
	w = pick(f, 5, FX_NOW);
	fx_ok(f, w);
	assert_int_equal(w->ret_n_jobs, 0);
	w = hosts(f, 5, JOB_NEVER);
	fx_ok(f, w);
	assert_host(&w->ret_hosts[0], "a.example", 1, FX_NOW + 7000);

	w = move(f, 1, JOB_DONE, 0);
	fx_ok(f, w);
	assert_host(&w->ret_hosts[0], "a.example", 0, JOB_NEVER);
	w = hosts(f, 5, JOB_NEVER);
	fx_ok(f, w);
	assert_int_equal(w->ret_n_hosts, 0);
	assert_int_equal(fx_number(f, "SELECT value FROM tally WHERE name = 'hosts-due'"), 0);

	/* due again */
	w = fx_write(f, WRITE_RETRY);
	w->retry_states = 1u << JOB_DONE;
	fx_ok(f, w);
	assert_int_equal(w->ret_changed, 2);
	assert_host(&w->ret_hosts[0], "a.example", 2, FX_NOW);
	assert_int_equal(fx_number(f, "SELECT value FROM tally WHERE name = 'hosts-due'"), 1);
}

/* Counts that a damaged file, or a bug, left behind are put right. */
static void test_hosts_are_counted_again(void **state)
{
	struct fx *f = *state;
	struct store_engine *e;
	struct reason why;
	struct write *w;

	fx_ok(f, fx_seeds(f, "a", 0, 3));
	assert_int_equal(store_engine_open(f->path, STORE_ENGINE_WRITE, &e, &why), ERR_OK);
	assert_int_equal(store_engine_exec(e, "UPDATE host SET due = 0"), ERR_OK);
	store_engine_close(e);
	w = move(f, 1, JOB_DONE, 0);
	fx_ok(f, w);
	assert_host(&w->ret_hosts[0], "a.example", 2, JOB_NEVER);
	assert_int_equal(fx_number(f, "SELECT due FROM host"), 2);
}

/* More than one transaction takes, whatever the states are. */
static void test_retry_in_slices(void **state)
{
	struct fx *f = *state;
	struct writer_stat before, after;
	struct write *w;

	fx_ok(f, fx_seeds(f, "a", 0, 2500));
	fx_ok(f, fx_seeds(f, "b", 0, 10));
	for (int i = 1; i <= 2505; i += 2)
		fx_ok(f, move(f, i, i % 3 ? JOB_DONE : JOB_FAILED, 1));
	for (int kind = 0; kind < 2; kind++) {
		w = fx_write(f, WRITE_RETRY);
		w->source = STR("a");
		w->retry_states = kind ? 1u << JOB_DONE : 1u << JOB_FAILED;
		writer_stat(f->writer, &before);
		fx_ok(f, w);
		writer_stat(f->writer, &after);
		assert_int_equal(w->ret_changed, kind ? 833 : 417);
		/* what failed is few, and found without the others */
		assert_int_equal(after.commits - before.commits, kind ? 3 : 1);
	}
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM job WHERE state = 'due'"), 2507);
	assert_int_equal(fx_number(f, "SELECT SUM(due) FROM host"), 2507);
	assert_int_equal(fx_number(f, "SELECT SUM(value) FROM tally WHERE name = 'jobs-due'"),
			 2507);
}

/* What narrows a retry down holds at once. */
static void test_retry_by_reason(void **state)
{
	struct fx *f = *state;
	static const struct {
		const char *host, *reason;
		int jobs;
	} rows[] = {
		{ "b.example", "", 0 },
		{ "", "refused", 0 },
		{ "", "imed o", 1 },
		{ "a.example", "timed", 1 },
	};

	fx_ok(f, fx_seeds(f, "a", 0, 3));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct write *w = fx_write(f, WRITE_RETRY);

		if (i == 0 || i == 3) /* the one before made it due */
			fx_ok(f, move(f, 1, JOB_FAILED, 1));
		w->retry_states = 1u << JOB_FAILED;
		w->host = str_of(rows[i].host);
		w->retry_reason = str_of(rows[i].reason);
		fx_ok(f, w);
		assert_int_equal(w->ret_changed, rows[i].jobs);
	}
}

/* What a person asks for comes first, new or not, and is known by its id. */
static void test_ask(void **state)
{
	struct fx *f = *state;
	struct write *seeds = fx_seeds(f, "a", 0, 5), *more = fx_seeds(f, "a", 3, 5), *w;
	struct reason why;
	struct job j;
	int64_t n;

	for (int i = 0; i < 5; i++)
		seeds->jobs[i].priority = 3 * (i % 2);
	fx_ok(f, seeds);
	fx_ok(f, move(f, 4, JOB_GONE, 0));
	w = fx_write(f, WRITE_ASK);
	w->jobs = &more->jobs[0]; /* keys 3 (gone), 4 (due) and 5 (new) */
	w->n_jobs = 3;
	fx_ok(f, w);
	assert_int_equal(w->ret_new_jobs, 1);
	assert_int_equal(w->jobs[0].id, 4);
	assert_int_equal(w->jobs[1].id, 5);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM job"), 6);
	assert_int_equal(fx_number(f, "SELECT SUM(due) FROM host"), 6);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM job WHERE priority = 0"), 5);

	w = fx_write(f, WRITE_PICK);
	w->source = STR("a");
	w->host = STR("a.example");
	w->most = 4;
	fx_ok(f, w);
	for (int i = 0; i < 3; i++)
		assert_int_equal(w->ret_jobs[i].id, more->jobs[i].id);

	/* and counted: three before the first that only was due */
	assert_int_equal(reader_job(f->reader, 1, f->arena, &j, &why), ERR_OK);
	assert_int_equal(reader_job_ahead(f->reader, &j, FX_NOW, 100, &n, &why), ERR_OK);
	assert_int_equal(n, 3);
	assert_int_equal(reader_job_ahead(f->reader, &j, FX_NOW, 2, &n, &why), ERR_OK);
	assert_int_equal(n, 2);
	assert_int_equal(
		reader_job_by_key(f->reader, j.source, more->jobs[2].key, f->arena, &j, &why),
		ERR_OK);
	assert_int_equal(j.id, more->jobs[2].id);
	assert_int_equal(reader_job_by_key(f->reader, STR("b"), j.key, f->arena, &j, &why),
			 ERR_NOT_FOUND);
}

static void test_job_moves(void **state)
{
	struct fx *f = *state;
	struct trouble_row *rows;
	struct reason why;
	struct write *w;
	struct job j;
	int n;

	fx_ok(f, fx_seeds(f, "a", 0, 3));
	fx_ok(f, move(f, 1, JOB_DUE, 1));
	fx_ok(f, move(f, 1, JOB_FAILED, 2));
	assert_int_equal(reader_job(f->reader, 1, f->arena, &j, &why), ERR_OK);
	assert_int_equal(j.state, JOB_FAILED);
	assert_int_equal(j.attempts, 2);
	fx_assert_str(j.reason, "timed out");
	assert_int_equal(reader_troubles(f->reader, 9, f->arena, &rows, &n, &why), ERR_OK);
	assert_int_equal(n, 1);
	fx_assert_str(rows[0].what, "failed");

	/* a move that the table does not have */
	w = move(f, 1, JOB_DONE, 0);
	assert_int_equal(fx_run(f, w), ERR_BAD);
	assert_string_equal(w->why.text, "job=1 is failed and can't become done");
	assert_int_equal(fx_run(f, move(f, 99, JOB_DONE, 0)), ERR_NOT_FOUND);

	fx_ok(f, move(f, 2, JOB_GONE, 0));
	w = fx_write(f, WRITE_RETRY);
	w->retry_states = 1u << JOB_FAILED;
	fx_ok(f, w);
	assert_int_equal(w->ret_changed, 1);
	assert_int_equal(reader_job(f->reader, 1, f->arena, &j, &why), ERR_OK);
	assert_true(j.state == JOB_DUE && j.attempts == 0 && j.reason.n == 0);
	w = fx_write(f, WRITE_RETRY);
	w->retry_states = 1u << JOB_GONE | 1u << JOB_FAILED;
	w->only_job = 2;
	fx_ok(f, w);
	assert_int_equal(w->ret_changed, 1);
	w->only_job = 99;
	assert_int_equal(fx_run(f, w), ERR_NOT_FOUND);

	/* a later visit comes now, once */
	w = move(f, 1, JOB_DUE, 0);
	w->job.due_ms = w->now_ms + 1000000;
	fx_ok(f, w);
	w = fx_write(f, WRITE_RETRY);
	w->retry_states = 1u << JOB_DUE;
	w->only_job = 1;
	fx_ok(f, w);
	assert_int_equal(w->ret_changed, 1);
	assert_int_equal(reader_job(f->reader, 1, f->arena, &j, &why), ERR_OK);
	assert_int_equal(j.due_ms, w->now_ms);
	fx_ok(f, w);
	assert_int_equal(w->ret_changed, 0);
}

static void test_pause(void **state)
{
	struct fx *f = *state;
	struct source_counts *s;
	struct reason why;
	struct write *w = fx_write(f, WRITE_SOURCE);
	int n;

	w->source = STR("a");
	w->paused = true;
	fx_ok(f, w);
	assert_int_equal(reader_sources(f->reader, f->arena, &s, &n, &why), ERR_OK);
	assert_int_equal(n, 1);
	assert_true(s[0].paused);
	w->paused = false;
	fx_ok(f, w);
	assert_int_equal(reader_sources(f->reader, f->arena, &s, &n, &why), ERR_OK);
	assert_false(s[0].paused);
}

static void test_models(void **state)
{
	struct fx *f = *state;
	int64_t first = fx_model(f, "first", true), second = fx_model(f, "second", false);
	struct write *w = fx_write(f, WRITE_MODEL);
	struct model_row *rows;
	struct reason why;
	int n;

	w->model = second;
	fx_ok(f, w);
	fx_ok(f, w); /* it is already */
	assert_int_equal(reader_models(f->reader, f->arena, &rows, &n, &why), ERR_OK);
	assert_int_equal(n, 2);
	assert_true(rows[0].id == second && rows[0].state == MODEL_LIVE);
	assert_true(rows[1].id == first && rows[1].state == MODEL_KEPT);
	w->model = 99;
	assert_int_equal(fx_run(f, w), ERR_NOT_FOUND);
	fx_model(f, "third", true);
	assert_int_equal(fx_number(f, "SELECT id FROM model WHERE state = 'live'"), 3);
}

static void test_models_retire(void **state)
{
	struct fx *f = *state;
	int64_t old = fx_model(f, "old", false), live = fx_model(f, "live", true);
	struct write *w = fx_write(f, WRITE_RETIRE);
	int64_t ids[] = { old, live, 99 };

	w->retire = ids;
	w->n_retire = 3;
	fx_ok(f, w);
	assert_int_equal(ids[0], old);
	assert_int_equal(ids[1], 0); /* it is live */
	assert_int_equal(ids[2], 0);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM model WHERE state = 'retired'"), 1);
	assert_int_equal(fx_number(f, "SELECT id FROM model WHERE state = 'live'"), live);
	fx_ok(f, w); /* the file of one that is retired is not removed twice */
	assert_int_equal(ids[0], 0);
	/* A person wanted it while it was retired: the live one stays. */
	w = fx_write(f, WRITE_MODEL);
	w->model = old;
	w->live = true;
	assert_int_equal(fx_run(f, w), ERR_NOT_FOUND);
	assert_non_null(strstr(w->why.text, "retired"));
	assert_int_equal(fx_number(f, "SELECT id FROM model WHERE state = 'live'"), live);
}

/* One bad write among good ones fails alone. */
static void test_bad_item_fails_alone(void **state)
{
	struct fx *f = *state;
	struct write_listing good = fx_listing("a", "1", "phone"), bad = good;
	struct write *w[8];

	fx_ok(f, fx_seeds(f, "a", 0, 8));
	bad.listing.ext_id = STR(""); /* CHECK (ext_id <> '') */
	for (int i = 0; i < 8; i++) {
		good.listing.ext_id = arena_fmt(f->arena, "%d", i);
		w[i] = fx_page(f, "a", i + 1, i == 5 ? &bad : &good, 1);
	}
	put_all(f, w, 8);
	for (int i = 0; i < 8; i++) {
		assert_int_equal(w[i]->err, i == 5 ? ERR_BAD : ERR_OK);
		assert_int_equal(w[i]->page.id != 0, i != 5);
	}
	assert_non_null(strstr(w[5]->why.text, "ext_id"));
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM page"), 7);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM listing"), 7);
	assert_int_equal(
		fx_number(f, "SELECT value FROM tally WHERE source = 'a' AND name = 'listings'"),
		7);
}

/* A key that was met twice in a transaction that came to nothing is new the next time. */
static void test_undone_keys_are_not_known(void **state)
{
	struct fx *f = *state;
	struct write_listing bad = fx_listing("a", "", "phone");
	struct write *w[2];

	/* the first waits for the second, which may not wait */
	f->batch_ms = 600000;
	fx_open(f);
	fx_ok(f, fx_seeds(f, "a", 0, 1));
	w[0] = fx_seeds(f, "a", 100, 2);
	w[0]->jobs[1].key = w[0]->jobs[0].key;
	w[0]->may_wait = true;
	w[1] = fx_page(f, "a", 1, &bad, 1);
	put_all(f, w, 2);
	assert_int_equal(w[0]->err, ERR_OK);
	assert_int_equal(w[1]->err, ERR_BAD);
	assert_int_equal(w[0]->ret_new_jobs, 1);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM job WHERE key = 'k100'"), 1);
	fx_ok(f, fx_seeds(f, "a", 100, 1));
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM job"), 2);
}

/* What the archive refused is not in the database either, and nothing that
 * was in the batch with it. */
static void test_append_fails_the_batch(void **state)
{
	struct fx *f = *state;
	struct write_listing l = fx_listing("a", "1", "phone");
	struct writer_stat s;
	struct write *w;

	fx_ok(f, fx_seeds(f, "a", 0, 2));
	f->append_err = ERR_FULL;
	w = fx_page(f, "a", 1, &l, 1);
	assert_int_equal(fx_run(f, w), ERR_FULL);
	assert_string_equal(w->why.text, "the archive is full");
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM page"), 0);
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM listing"), 0);
	writer_stat(f->writer, &s);
	assert_int_equal(s.last_err, ERR_FULL);
	assert_int_equal(s.failures, 1);

	/* a page without member asks nothing of the archive */
	w = fx_page(f, "a", 2, &l, 1);
	w->member = (struct str){ 0 };
	fx_ok(f, w);

	f->append_err = ERR_OK;
	fx_ok(f, fx_page(f, "a", 1, &l, 1));
	writer_stat(f->writer, &s);
	assert_int_equal(s.last_err, ERR_OK);
}

static void test_full_disk(void **state)
{
	struct fx *f = *state;
	struct writer_stat s;
	int64_t jobs = 0;
	struct write *w;
	int i;

	store_engine_test_pages(130);
	fx_open(f);
	for (i = 0; i < 1000; i++) {
		w = fx_seeds(f, "a", 20 * i, 20);
		if (fx_run(f, w))
			break;
		jobs += 20;
	}
	store_engine_test_pages(0);
	assert_true(i < 1000 && jobs > 0);
	assert_int_equal(w->err, ERR_FULL);
	assert_non_null(strstr(w->why.text, "full"));
	writer_stat(f->writer, &s);
	assert_int_equal(s.last_err, ERR_FULL);
	/* what was committed is there, what was not is not, and reading works */
	assert_int_equal(fx_number(f, "SELECT COUNT(*) FROM job"), jobs);
	assert_int_equal(fx_number(f, "SELECT value FROM tally WHERE name = 'jobs-due'"), jobs);

	/* room again */
	fx_close(f);
	fx_open(f);
	w = fx_seeds(f, "a", 20 * i, 20);
	fx_ok(f, w);
	assert_int_equal(w->ret_new_jobs, 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_answers_in_order, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_stop_finishes, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_seeds_once, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_pick, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_hosts, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_hosts_are_made_exact, fx_setup_open,
						fx_teardown),
		cmocka_unit_test_setup_teardown(test_hosts_are_counted_again, fx_setup_open,
						fx_teardown),
		cmocka_unit_test_setup_teardown(test_retry_in_slices, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_retry_by_reason, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_ask, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_job_moves, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_pause, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_models, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_models_retire, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_bad_item_fails_alone, fx_setup_open,
						fx_teardown),
		cmocka_unit_test_setup_teardown(test_undone_keys_are_not_known, fx_setup,
						fx_teardown),
		cmocka_unit_test_setup_teardown(test_append_fails_the_batch, fx_setup_open,
						fx_teardown),
		cmocka_unit_test_setup_teardown(test_full_disk, fx_setup, fx_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
