#include "daemon/audit.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/niceness.h"
#include "crawler/cdxj.h"
#include "crawler/warc.h"
#include "store/reader.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define PROBLEMS_KEPT 100
/* Pages of one question to the database. */
#define PAGES_MOST 1000

enum kind { VERIFY, INDEX, KINDS };
enum state { IDLE, RUNNING, DONE, FAILED };
static const char *const state_names[] = { "idle", "running", "done", "failed" };

struct problem {
	char file[128];
	int64_t offset, page;
	char text[200];
};

/* What came of one run. Its thread's while it runs, but for what is atomic. */
struct result {
	enum state state;
	int64_t files, lines, wrong_digests, right_digests, unchecked_digests, warnings, damages,
		pages_wrong, pages_removed;
	_Atomic int64_t records, bytes, done_bytes, pages;
	struct problem *problems;
	int n_problems;
	int64_t all_problems;
	struct reason why;
};

struct audit {
	struct audit_env env;
	uv_thread_t thread;
	uv_async_t ended;
	bool running, stopping;
	_Atomic bool cancel;
	enum kind kind;
	bool all; /* index: the open one, too */
	char **files;
	int n_files;
	bool named;	/* by a person: paths, and no pages */
	int64_t ticked; /* number of the open segment when closed ones were last indexed */
	struct result result[KINDS];
	/* the thread's: the file that is being looked at */
	const char *file;
	int64_t file_from; /* done_bytes when it was begun */
};

static struct result *now(struct audit *a)
{
	return &a->result[a->kind];
}

static void on_ended(uv_async_t *h);

struct audit *audit_new(const struct audit_env *env)
{
	struct audit *a = mem_zero(sizeof(*a));

	a->env = *env;
	for (int i = 0; i < KINDS; i++)
		a->result[i].problems = mem_array(PROBLEMS_KEPT, sizeof(struct problem));
	must(uv_async_init(env->loop, &a->ended, on_ended) == 0);
	a->ended.data = a;
	return a;
}

static void forget_files(struct audit *a)
{
	for (int i = 0; i < a->n_files; i++)
		mem_free(a->files[i]);
	mem_free(a->files);
	a->files = NULL;
	a->n_files = 0;
}

void audit_free(struct audit *a)
{
	if (!a)
		return;
	must(!a->running);
	for (int i = 0; i < KINDS; i++)
		mem_free(a->result[i].problems);
	mem_free(a);
}

bool audit_busy(const struct audit *a)
{
	return a->running;
}

void audit_stop(struct audit *a)
{
	a->stopping = true;
	atomic_store(&a->cancel, true);
	if (!a->running && !uv_is_closing((uv_handle_t *)&a->ended))
		uv_close((uv_handle_t *)&a->ended, NULL);
}

static void problem(struct audit *a, const char *file, int64_t offset, int64_t page,
		    const char *text)
{
	struct result *r = now(a);
	struct problem *p = &r->problems[r->n_problems];

	r->all_problems++;
	log_warn("archive=%s offset=%lld page=%lld %s", file, (long long)offset, (long long)page,
		 text);
	if (r->n_problems == PROBLEMS_KEPT)
		return;
	r->n_problems++;
	snprintf(p->file, sizeof(p->file), "%s", file);
	snprintf(p->text, sizeof(p->text), "%s", text);
	p->offset = offset;
	p->page = page;
}

/* ---- the thread ---- */

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Up to where a file is whole: the open segment is being written. -1: not at all yet. */
static int64_t till(const struct audit *a, const char *path)
{
	int64_t number, open, size;

	if (a->named || !warc_is_segment(str_of(base_name(path)), &number))
		return 0;
	archive_place(a->env.archive, &open, &size);
	return number < open ? 0 : number == open && size > 0 ? size : -1;
}

static void on_news(void *ctx, enum warcfile_news kind, int64_t offset, const char *text)
{
	struct audit *a = ctx;

	if (kind == WARCFILE_WARNING) {
		now(a)->warnings++;
		return;
	}
	now(a)->damages++;
	problem(a, a->file, offset, 0, text);
}

static void judge(struct audit *a, const struct warcfile_record *r, enum warcscan_sum sum,
		  const char *text)
{
	now(a)->wrong_digests += sum == WARCSCAN_WRONG;
	now(a)->right_digests += sum == WARCSCAN_RIGHT;
	now(a)->unchecked_digests += sum == WARCSCAN_UNKNOWN;
	if (sum == WARCSCAN_WRONG)
		problem(a, a->file, r->offset, 0, text);
}

static enum err verify_file(struct audit *a, const char *path, struct reason *why)
{
	int64_t end = till(a, path);
	struct warcfile_record *r;
	struct warcfile *f = NULL;
	struct warcscan scan;
	enum err err;

	a->file = a->named ? path : base_name(path);
	if (end < 0)
		return ERR_OK;
	err = warcfile_open(path, 0, end, on_news, a, &f, why);
	if (err) {
		now(a)->damages++;
		problem(a, a->file, 0, 0, why->text);
		return ERR_OK;
	}
	warcscan_init(&scan);
	while (!(err = warcfile_next(f, &r, why)) && r && !atomic_load(&a->cancel)) {
		err = warcscan_record(f, r, &scan, why);
		if (err)
			break;
		atomic_fetch_add(&now(a)->records, 1);
		atomic_store(&now(a)->done_bytes, a->file_from + warcfile_at(f));
		judge(a, r, scan.block, "the block is not what its digest says");
		judge(a, r, scan.payload, "the payload is not what its digest says");
	}
	warcscan_done(&scan);
	warcfile_close(f);
	if (err) {
		now(a)->damages++;
		problem(a, a->file, 0, 0, why->text);
	}
	return atomic_load(&a->cancel) ? ERR_CANCELLED : ERR_OK;
}

struct pages {
	struct audit *a;
	int64_t last;
	int n;
};

static const char *wrong_record(struct audit *a, const struct page *p)
{
	const char *wrong = NULL;
	struct warcfile_record *r = NULL;
	struct warcfile *f = NULL;
	static _Thread_local struct reason why;
	char path[PATH_MAX];
	int64_t number;

	if (!warc_is_segment(p->record.file, &number))
		return "its record's file is no segment's name";
	if (snprintf(path, sizeof(path), "%s/%.*s", a->env.archive_dir, STR_ARG(p->record.file)) >=
	    (int)sizeof(path))
		return "its record's path is too long";
	if (warcfile_open(path, p->record.offset, p->record.offset + p->record.bytes, NULL, NULL,
			  &f, &why))
		return why.text;
	if (warcfile_next(f, &r, &why) || !r)
		wrong = "its record cannot be read";
	else if (!str_is(r->head.type, "response") && !str_is(r->head.type, "revisit"))
		wrong = "its record is no response";
	else if (!str_eq(r->head.uri, p->url))
		wrong = "its record is of another address";
	else if (!warcfile_end(f) || r->bytes != p->record.bytes)
		wrong = "its record is of another length, or cut";
	warcfile_close(f);
	return wrong;
}

static bool on_page(void *ctx, const struct page *p)
{
	struct pages *s = ctx;
	const char *wrong;
	char name[128];

	s->last = p->id;
	s->n++;
	now(s->a)->pages_removed += p->removed_ms != 0;
	if (!p->record.file.n || p->removed_ms)
		return !atomic_load(&s->a->cancel);
	wrong = wrong_record(s->a, p);
	atomic_fetch_add(&now(s->a)->pages, 1);
	if (wrong) {
		now(s->a)->pages_wrong++;
		snprintf(name, sizeof(name), "%.*s", STR_ARG(p->record.file));
		problem(s->a, name, p->record.offset, p->id, wrong);
	}
	return !atomic_load(&s->a->cancel);
}

static enum err verify_pages(struct audit *a, struct reason *why)
{
	struct pages s = { .a = a };
	struct reader *r = NULL;
	struct arena *arena = arena_new(4096);
	enum err err = reader_open(a->env.store, &r, why);

	do {
		struct page_filter f = { .after_id = s.last, .most = PAGES_MOST };

		s.n = 0;
		arena_reset(arena);
		if (!err)
			err = reader_pages(r, &f, arena, on_page, &s, why);
	} while (!err && s.n == PAGES_MOST && !atomic_load(&a->cancel));
	reader_close(r);
	arena_free(arena);
	return err;
}

static bool go_on(void *ctx, int64_t offset)
{
	struct audit *a = ctx;

	atomic_store(&now(a)->done_bytes, a->file_from + offset);
	return !atomic_load(&a->cancel);
}

/* Whether the index is as new as its segment. */
static bool indexed(const char *path)
{
	char index[PATH_MAX];
	struct stat s, i;

	if (snprintf(index, sizeof(index), "%s.cdxj", path) >= (int)sizeof(index))
		return true;
	return stat(index, &i) == 0 && stat(path, &s) == 0 &&
	       (i.st_mtim.tv_sec > s.st_mtim.tv_sec ||
		(i.st_mtim.tv_sec == s.st_mtim.tv_sec && i.st_mtim.tv_nsec >= s.st_mtim.tv_nsec));
}

static enum err index_file(struct audit *a, const char *path, struct reason *why)
{
	int64_t end = till(a, path), lines = 0, faults = 0;
	enum err err;

	if (end < 0 || (end > 0 && !a->all) || indexed(path))
		return ERR_OK;
	err = cdxj_write(a->env.archive_dir, str_of(base_name(path)), end, go_on, a, &lines,
			 &faults, why);
	if (err == ERR_BAD || err == ERR_UNSUPPORTED) {
		problem(a, base_name(path), 0, 0, why->text);
		return ERR_OK;
	}
	now(a)->files++;
	now(a)->lines += lines;
	now(a)->damages += faults;
	return err;
}

static int64_t file_bytes(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : (int64_t)st.st_size;
}

static enum err run(struct audit *a, struct reason *why)
{
	struct result *r = now(a);
	enum err err = ERR_OK;

	for (int i = 0; i < a->n_files; i++)
		atomic_fetch_add(&r->bytes, file_bytes(a->files[i]));
	for (int i = 0; i < a->n_files && !err; i++) {
		a->file_from = atomic_load(&r->done_bytes);
		if (a->kind == VERIFY) {
			err = verify_file(a, a->files[i], why);
			r->files++;
		} else {
			err = index_file(a, a->files[i], why);
		}
		atomic_store(&r->done_bytes, a->file_from + file_bytes(a->files[i]));
	}
	if (!err && a->kind == VERIFY && !a->named)
		err = verify_pages(a, why);
	if (!err && atomic_load(&a->cancel))
		err = ERR_CANCELLED;
	if (err == ERR_CANCELLED)
		reason_set(why, err, "stopped");
	return err;
}

static void on_thread(void *ctx)
{
	struct audit *a = ctx;
	struct reason why = { "" };
	enum err err;

	niceness_add(a->env.nice);
	err = run(a, &why);
	now(a)->why = why;
	now(a)->state = err ? FAILED : DONE;
	uv_async_send(&a->ended);
}

/* ---- the loop ---- */

static void on_ended(uv_async_t *h)
{
	struct audit *a = h->data;
	struct result *r = now(a);

	if (!a->running)
		return;
	uv_thread_join(&a->thread);
	a->running = false;
	forget_files(a);
	if (a->kind == VERIFY)
		log_info("archive verified files=%lld records=%lld pages=%lld problems=%lld",
			 (long long)r->files, (long long)r->records, (long long)r->pages,
			 (long long)r->all_problems);
	else if (r->files)
		log_info("archive indexed files=%lld lines=%lld", (long long)r->files,
			 (long long)r->lines);
	if (r->state == FAILED)
		log_warn("archive: %s", r->why.text);
	if (a->stopping)
		uv_close((uv_handle_t *)&a->ended, NULL);
	if (a->env.idle)
		a->env.idle(a->env.ctx);
}

/* The segments of the folder, in order. */
static void list(struct audit *a)
{
	struct warc_segment *all = NULL;
	struct reason why;
	char path[PATH_MAX];
	size_t n = 0;

	if (warc_list(a->env.archive_dir, &all, &n, &why))
		log_warn("archive: %s", why.text);
	a->files = mem_array(n ? n : 1, sizeof(*a->files));
	for (size_t i = 0; i < n; i++)
		if (snprintf(path, sizeof(path), "%s/%s", a->env.archive_dir, all[i].name) <
		    (int)sizeof(path))
			a->files[a->n_files++] = mem_text(path);
	mem_free(all);
}

static enum err start(struct audit *a, enum kind kind, struct reason *why)
{
	struct result *r = &a->result[kind];
	struct problem *problems = r->problems;

	if (a->stopping)
		return reason_set(why, ERR_CANCELLED, "the daemon is stopping");
	if (a->running)
		return reason_set(why, ERR_BUSY, "the archive is being %s",
				  a->kind == VERIFY ? "verified" : "indexed");
	memset(r, 0, sizeof(*r));
	r->problems = problems;
	r->state = RUNNING;
	a->kind = kind;
	a->named = false;
	return ERR_OK;
}

static void begin(struct audit *a)
{
	a->running = true;
	must(uv_thread_create(&a->thread, on_thread, a) == 0);
}

enum err audit_verify(struct audit *a, const struct str *files, int n, struct reason *why)
{
	enum err err = start(a, VERIFY, why);

	if (err)
		return err;
	if (n == 0) {
		list(a);
	} else {
		a->named = true;
		a->files = mem_array((size_t)n, sizeof(*a->files));
		for (int i = 0; i < n; i++) {
			a->files[i] = mem_zero(files[i].n + 1);
			memcpy(a->files[i], files[i].p, files[i].n);
		}
		a->n_files = n;
	}
	begin(a);
	return ERR_OK;
}

enum err audit_index(struct audit *a, bool all, struct reason *why)
{
	enum err err = start(a, INDEX, why);

	if (err)
		return err;
	a->all = all;
	list(a);
	begin(a);
	return ERR_OK;
}

void audit_tick(struct audit *a)
{
	int64_t number, size;
	struct reason why;

	archive_place(a->env.archive, &number, &size);
	if (number != a->ticked && !a->running && !a->stopping && !audit_index(a, false, &why))
		a->ticked = number;
}

static void problems_json(const struct result *r, struct json *j)
{
	json_int(j, "problems", r->all_problems);
	json_array(j, "problem");
	for (int i = 0; i < r->n_problems; i++) {
		const struct problem *p = &r->problems[i];

		json_object(j, NULL);
		json_text(j, "file", p->file);
		json_int(j, "offset", p->offset);
		if (p->page)
			json_int(j, "page", p->page);
		json_text(j, "what", p->text);
		json_end_object(j);
	}
	json_end_array(j);
}

void audit_json(const struct audit *a, bool index, struct json *j)
{
	enum kind kind = index ? INDEX : VERIFY;
	const struct result *r = &a->result[kind];
	bool running = a->running && a->kind == kind;

	json_text(j, "state", running ? "running" : state_names[r->state]);
	json_int(j, "bytes", atomic_load(&r->bytes));
	json_int(j, "done_bytes", atomic_load(&r->done_bytes));
	json_int(j, "records", atomic_load(&r->records));
	json_int(j, "pages", atomic_load(&r->pages));
	if (running || r->state == IDLE)
		return;
	json_int(j, "files", r->files);
	json_int(j, "lines", r->lines);
	json_int(j, "digests_right", r->right_digests);
	json_int(j, "digests_wrong", r->wrong_digests);
	json_int(j, "digests_unchecked", r->unchecked_digests);
	json_int(j, "warnings", r->warnings);
	json_int(j, "damages", r->damages);
	json_int(j, "pages_wrong", r->pages_wrong);
	json_int(j, "pages_removed", r->pages_removed);
	problems_json(r, j);
	json_text(j, "error", r->state == FAILED ? r->why.text : NULL);
}
