/* What is removed from the archive: killed at every step of it, and what keeps a segment. */
#include "daemon/retain.h"

#include "base/mem.h"
#include "crawler/warc.h"
#include "tests/unit/store/store_fixture.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define SEGMENTS 3 /* the last one is written to */
#define HOUR_MS ((int64_t)3600 * 1000)

/* A small daemon around it: loop, writer, archive. */
struct rig {
	struct fx *f;
	char archive_dir[96];
	struct conf conf;
	int64_t wall_ms, mono_ms;
	struct clock clock;
	uv_loop_t loop;
	uv_async_t wake;
	struct store *store;
	struct archive *archive;
	struct writer *writer;
	struct reader *reader;
	struct retain *retain;
	const char *held;
};

/* ---- kills ---- */

static _Atomic int kill_in; /* events till the process dies; 0: it lives */

static void event(void)
{
	if (atomic_load(&kill_in) > 0 && atomic_fetch_sub(&kill_in, 1) == 1)
		raise(SIGKILL);
}

int __real_unlink(const char *path);
int __wrap_unlink(const char *path);
int __wrap_unlink(const char *path)
{
	int rc;

	event();
	rc = __real_unlink(path);
	event();
	return rc;
}

/* ---- the rig ---- */

static int64_t wall(void *ctx)
{
	return ((struct rig *)ctx)->wall_ms;
}

static int64_t mono(void *ctx)
{
	return ((struct rig *)ctx)->mono_ms;
}

static void on_wake(uv_async_t *h)
{
	writer_drain(((struct rig *)h->data)->writer);
}

/* On the writer's thread, once a batch is committed. */
static void wake(void *ctx)
{
	event();
	uv_async_send(&((struct rig *)ctx)->wake);
}

static enum err append(void *ctx, struct write **items, int n, struct reason *why)
{
	return archive_append(((struct rig *)ctx)->archive, items, n, why);
}

static const char *held(void *ctx)
{
	return ((struct rig *)ctx)->held;
}

static void rig_up(struct rig *r)
{
	struct writer_opt opt = { .batch_items = 1, .append = append, .wake = wake, .ctx = r };
	struct retain_env env = { .loop = &r->loop,
				  .clock = &r->clock,
				  .archive_dir = r->archive_dir,
				  .held = held,
				  .ctx = r };
	struct reason why = { "" };
	int64_t last = 0;

	r->clock = (struct clock){ .wall_ms = wall, .mono_ms = mono, .ctx = r };
	must(uv_loop_init(&r->loop) == 0);
	must(uv_async_init(&r->loop, &r->wake, on_wake) == 0);
	r->wake.data = r;
	if (store_open(r->f->path, &r->store, &why) || reader_open(r->store, &r->reader, &why) ||
	    reader_segment_last(r->reader, &last, &why) ||
	    archive_open(&r->conf, &r->clock, last + 1, &r->archive, &why) ||
	    writer_start(r->store, &opt, &r->writer, &why))
		fail_msg("%s", why.text);
	env.store = r->store;
	env.writer = r->writer;
	env.archive = r->archive;
	if (retain_new(&env, &r->retain, &why))
		fail_msg("%s", why.text);
}

static void rig_down(struct rig *r)
{
	retain_free(r->retain);
	writer_stop(r->writer);
	uv_close((uv_handle_t *)&r->wake, NULL);
	uv_run(&r->loop, UV_RUN_DEFAULT);
	reader_close(r->reader);
	archive_close(r->archive);
	store_close(r->store);
	must(uv_loop_close(&r->loop) == 0);
}

static void rig_init(struct rig *r, struct fx *f)
{
	*r = (struct rig){ .f = f, .wall_ms = FX_NOW, .mono_ms = 1000 };
	snprintf(r->archive_dir, sizeof(r->archive_dir), "%s/archive", f->folder);
	r->conf = (struct conf){ .archive_dir = str_of(r->archive_dir),
				 .user_agent = STR("piped/test"),
				 .segment_bytes = 600 };
}

static void pass(struct rig *r, int64_t ms)
{
	r->wall_ms += ms;
	r->mono_ms += ms;
}

/* Ticks till nothing more comes of it for a while. */
static void settle(struct rig *r)
{
	bool looked = true;

	while (looked) {
		pass(r, 1000);
		retain_tick(r->retain, &r->conf);
		looked = retain_busy(r->retain);
		while (retain_busy(r->retain))
			uv_run(&r->loop, UV_RUN_ONCE);
	}
}

static const char *waits(const struct rig *r)
{
	struct retain_view v;

	retain_look(r->retain, &v);
	return v.waits ? v.waits : "";
}

static void on_stored(struct write *w)
{
	*(bool *)w->ctx = true;
}

static void store(struct rig *r, struct write *w)
{
	bool done = false;

	w->done = on_stored;
	w->ctx = &done;
	writer_put(r->writer, w);
	while (!done)
		uv_run(&r->loop, UV_RUN_ONCE);
	if (w->err)
		fail_msg("%s", w->why.text);
}

/* A page in a segment of its own, which has an index. */
static void add_page(struct rig *r)
{
	const struct fetch_answer a = { .end = FETCH_ANSWER,
					.started_ms = r->wall_ms,
					.status = 200,
					.url = STR("http://a.example/?page=1"),
					.request_head = STR("GET / HTTP/1.1\r\n\r\n"),
					.response_head = STR("HTTP/1.1 200 OK\r\n\r\n"),
					.ip = STR("127.0.0.1"),
					.body = STR("a page") };
	struct write *w = fx_page(r->f, "a", 1, NULL, 0);
	char path[160];
	struct buf b;
	FILE *index;

	buf_init(&b, 1 << 20);
	must(warc_members(&a, NULL, (uint64_t)r->mono_ms, &b, &w->page_offset, &w->page_bytes) ==
	     ERR_OK);
	w->member = buf_str(&b);
	store(r, w);
	buf_done(&b);
	snprintf(path, sizeof(path), "%s/%.*s.cdxj", r->archive_dir, STR_ARG(w->page.record.file));
	index = fopen(path, "w");
	must(index && fputs("a line\n", index) >= 0 && fclose(index) == 0);
	pass(r, HOUR_MS);
}

static void fill(struct rig *r)
{
	store(r, fx_seeds(r->f, "a", 0, 1));
	for (int i = 0; i < SEGMENTS; i++)
		add_page(r);
}

static bool there(const struct rig *r, int number, const char *ending)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/piped-%06d.warc.gz%s", r->archive_dir, number, ending);
	return access(path, F_OK) == 0;
}

static int files(const struct rig *r)
{
	int n = 0;

	for (int i = 1; i <= SEGMENTS + 2; i++)
		n += there(r, i, "");
	return n;
}

static int rig_setup(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	must(r && fx_setup(state) == 0);
	rig_init(r, *state);
	*state = r;
	return 0;
}

static int rig_teardown(void **state)
{
	struct rig *r = *state;
	struct fx *f = r->f;
	char command[160];
	void *fx = f;

	snprintf(command, sizeof(command), "rm -rf %s/archive %s/saved", f->folder, f->folder);
	must(system(command) == 0);
	free(r);
	return fx_teardown(&fx);
}

/* ---- the tests ---- */

/* In a child, which may die of it. */
static bool in_child(struct rig *r, void (*run)(struct rig *r), int events)
{
	pid_t pid = fork();
	int status;

	must(pid >= 0);
	if (pid == 0) {
		atomic_store(&kill_in, events);
		rig_up(r);
		run(r);
		atomic_store(&kill_in, 0);
		rig_down(r);
		_exit(0);
	}
	must(waitpid(pid, &status, 0) == pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		fail_msg("the child ended with status %d", status);
	return false;
}

static int64_t marked(struct rig *r, int number)
{
	char sql[120];

	snprintf(sql, sizeof(sql),
		 "SELECT COUNT(*) FROM segment WHERE removed_ms > 0 AND number = %d", number);
	return fx_number(r->f, sql);
}

/* What the database calls there is there. */
static void check_kill(struct rig *r, int events)
{
	for (int i = 1; i <= SEGMENTS; i++)
		if (!marked(r, i) && (!there(r, i, "") || !there(r, i, ".cdxj")))
			fail_msg("killed at event %d: segment %d is gone, and not marked", events,
				 i);
	if (!there(r, SEGMENTS, ""))
		fail_msg("killed at event %d: the open segment is gone", events);
}

static void check_end(struct rig *r)
{
	for (int i = 1; i < SEGMENTS; i++)
		assert_true(marked(r, i) && !there(r, i, "") && !there(r, i, ".cdxj"));
	assert_true(there(r, SEGMENTS, ""));
	assert_int_equal(marked(r, SEGMENTS), 0);
	assert_int_equal(fx_number(r->f, "SELECT COUNT(*) FROM segment WHERE removed_ms > 0 AND "
					 "is_done = 0"),
			 0);
	assert_int_equal(fx_number(r->f, "SELECT SUM(bytes > 100 AND removed_by = 'archive-max') "
					 "FROM segment"),
			 SEGMENTS - 1);
	assert_int_equal(fx_number(r->f, "SELECT COUNT(*) FROM pragma_integrity_check WHERE "
					 "integrity_check <> 'ok'"),
			 0);
}

static void command(const struct rig *r, const char *what)
{
	char text[160];

	snprintf(text, sizeof(text), "cd %s && %s", r->f->folder, what);
	must(system(text) == 0);
}

static void killed_at_every_step(void **state)
{
	struct rig *r = *state;
	int n = 0;

	assert_true(in_child(r, fill, 0));
	command(r, "mkdir saved && cp -r archive db* saved");
	r->conf.archive_max_bytes = 1;
	r->conf.segment_bytes = 1 << 20; /* the open one is gone on with */
	for (bool lived = false; !lived; n++) {
		command(r, "rm -rf archive db* && cp -r saved/* .");
		lived = in_child(r, settle, n + 1);
		check_kill(r, n + 1);
		assert_true(in_child(r, settle, 0));
		check_end(r);
	}
	/* that it is closed, that it goes, three files before and after, that it is gone */
	assert_in_range(n, 8 * (SEGMENTS - 1) + 1, 8 * (SEGMENTS - 1) + 3);
}

static void what_is_shown_to_a_person_is_kept(void **state)
{
	struct rig *r = *state;
	struct write *alarm;

	rig_up(r);
	fill(r);
	alarm = fx_write(r->f, WRITE_DRIFT);
	alarm->source = STR("a");
	alarm->page_kind = STR("search");
	alarm->drift_state = STR("state");
	alarm->n_alarms = 1;
	alarm->alarms = &(struct alarm){ .source = alarm->source,
					 .page_kind = alarm->page_kind,
					 .statistic = STR("listings"),
					 .what = STR("fewer"),
					 .page = 2,
					 .raised_ms = r->wall_ms };
	store(r, alarm);
	r->conf.archive_keep_ms = HOUR_MS;
	settle(r);
	assert_true(there(r, 2, "") && !there(r, 1, ""));
	assert_int_equal(files(r), 2);
	pass(r, HOUR_MS);
	settle(r);
	assert_int_equal(files(r), 2);
	assert_true(there(r, 2, "") && there(r, 2, ".cdxj"));
	assert_non_null(strstr(waits(r), "piped-000002.warc.gz is kept past archive-keep: page 2"));
	alarm->n_alarms = 0;
	store(r, alarm);
	pass(r, 60000);
	settle(r);
	assert_int_equal(files(r), 1);
	assert_string_equal(waits(r), "");
	rig_down(r);
}

static void others_are_waited_for(void **state)
{
	struct rig *r = *state;

	rig_up(r);
	fill(r);
	r->held = "pages are being read again";
	r->conf.archive_max_bytes = 1;
	settle(r);
	assert_int_equal(files(r), SEGMENTS);
	assert_non_null(strstr(waits(r), "by archive-max; waits: pages are being read again"));
	r->held = NULL;
	pass(r, 60000);
	settle(r);
	assert_int_equal(files(r), 1);
	assert_non_null(strstr(waits(r), "more than archive-max"));
	rig_down(r);
}

/* What cannot be deleted is tried again, and counted as removed: its pages are not to be relied on. */
static void files_that_stay(void **state)
{
	struct rig *r = *state;
	char path[160];

	rig_up(r);
	fill(r);
	snprintf(path, sizeof(path), "%s/piped-000001.warc.gz.cdxj", r->archive_dir);
	must(__real_unlink(path) == 0 && mkdir(path, 0755) == 0);
	r->conf.archive_max_bytes = 1;
	settle(r);
	assert_int_equal(files(r), SEGMENTS);
	assert_non_null(strstr(waits(r), "piped-000001.warc.gz cannot be removed"));
	assert_non_null(strstr(waits(r), strerror(EISDIR)));
	must(rmdir(path) == 0);
	pass(r, 60000);
	settle(r);
	assert_int_equal(files(r), 1);
	rig_down(r);
}

/* The folder is somewhere else for a while; a number is never given twice. */
static void a_folder_that_is_gone(void **state)
{
	struct rig *r = *state;
	char away[128];

	rig_up(r);
	fill(r);
	settle(r);
	snprintf(away, sizeof(away), "%s/away", r->f->folder);
	must(rename(r->archive_dir, away) == 0);
	r->conf.archive_max_bytes = 1;
	settle(r);
	assert_int_equal(fx_number(r->f, "SELECT COUNT(*) FROM segment WHERE removed_ms > 0"), 0);
	assert_non_null(strstr(waits(r), "is not known: cannot open"));
	rig_down(r);
	/* an empty one in its place */
	rig_up(r);
	settle(r);
	assert_int_equal(fx_number(r->f, "SELECT COUNT(*) FROM segment WHERE removed_ms > 0"), 0);
	assert_true(there(r, SEGMENTS, "") && !there(r, 1, ""));
	rig_down(r);
	snprintf(away, sizeof(away), "rm -r %s/away", r->f->folder);
	must(system(away) == 0);
}

static int64_t age_of_first(struct rig *r)
{
	struct retain_ask ask = { .folder = r->archive_dir,
				  .open = SEGMENTS,
				  .counted_ms = retain_counted_ms(r->retain) };
	struct retain_plan p;
	struct reason why;

	if (retain_plan(&ask, r->reader, r->f->arena, &p, &why))
		fail_msg("%s", why.text);
	return p.all[0].age_ms;
}

/* Hours that pass count, and of a stop a day at most, whatever the wall clock says. */
static void time_is_counted(void **state)
{
	const int64_t decade = (int64_t)3652 * 24 * HOUR_MS;
	struct rig *r = *state;
	int64_t age;

	rig_up(r);
	fill(r);
	settle(r);
	/* never counted before: by the dates in the files, an hour till the open one was begun */
	age = age_of_first(r);
	assert_in_range(age, HOUR_MS, HOUR_MS + 60000);
	r->wall_ms += decade;
	settle(r);
	assert_in_range(age_of_first(r), age, age + 60000);
	rig_down(r);
	r->wall_ms -= 2 * decade;
	rig_up(r);
	settle(r);
	assert_in_range(age_of_first(r), age, age + (int64_t)2 * 60000);
	pass(r, 5 * HOUR_MS);
	settle(r);
	rig_down(r);
	r->wall_ms += 3 * decade;
	rig_up(r);
	settle(r);
	assert_in_range(age_of_first(r), age + 29 * HOUR_MS,
			age + 29 * HOUR_MS + (int64_t)4 * 60000);
	rig_down(r);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		CASE(killed_at_every_step),  CASE(what_is_shown_to_a_person_is_kept),
		CASE(others_are_waited_for), CASE(files_that_stay),
		CASE(a_folder_that_is_gone), CASE(time_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
