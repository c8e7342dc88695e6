/* store_fixture.h: a store in a folder of its own, and writes that are waited
 * for. Included by one test program each. */
#ifndef PIPED_STORE_FIXTURE_H
#define PIPED_STORE_FIXTURE_H

#include "base/mem.h"
#include "base/must.h"
#include "base/str.h"
#include "store/query.h"
#include "store/reader.h"
#include "store/writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

#define FX_NOW 1700000000000

struct fx {
	char folder[64], path[96];
	struct store *store;
	struct writer *writer;
	struct reader *reader;
	struct arena *arena;
	/* of writes: the writer allocates in them while the test goes on */
	struct arena **arenas;
	size_t n_arenas, arenas_room;
	int wake_fd;
	int done; /* answers so far */
	struct write *order[256];
	int64_t batch_ms; /* set before fx_open */
	bool near;	  /* the same */
	/* of the append hook */
	int appends, appended;
	enum err append_err;
};

static inline void fx_wake(void *ctx)
{
	struct fx *f = ctx;

	must(eventfd_write(f->wake_fd, 1) == 0);
}

static inline enum err fx_append(void *ctx, struct write **items, int n, struct reason *why)
{
	struct fx *f = ctx;

	f->appends++;
	if (f->append_err)
		return reason_set(why, f->append_err, "the archive is full");
	for (int i = 0; i < n; i++)
		items[i]->page.record =
			(struct page_record){ STR("a.warc.gz"), (int64_t)100 * f->appended++, 100 };
	return ERR_OK;
}

static inline void fx_done(struct write *w)
{
	struct fx *f = w->ctx;

	f->order[f->done++ % 256] = w;
}

static inline void fx_open(struct fx *f)
{
	struct writer_opt opt = { .batch_items = 8,
				  .batch_ms = f->batch_ms,
				  .near = f->near,
				  .append = fx_append,
				  .wake = fx_wake,
				  .ctx = f };
	struct reason why = { "" };

	if (store_open(f->path, &f->store, &why) ||
	    writer_start(f->store, &opt, &f->writer, &why) ||
	    reader_open(f->store, &f->reader, &why))
		fail_msg("%s", why.text);
}

static inline void fx_close(struct fx *f)
{
	reader_close(f->reader);
	writer_stop(f->writer);
	store_close(f->store);
	f->reader = NULL;
	f->writer = NULL;
	f->store = NULL;
}

static inline int fx_setup(void **state)
{
	struct fx *f = calloc(1, sizeof(*f));

	must(f != NULL);
	/* in memory, where there is such a place: hundreds of syncs are made */
	snprintf(f->folder, sizeof(f->folder), "%s/piped-store.XXXXXX",
		 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	must(mkdtemp(f->folder) != NULL);
	snprintf(f->path, sizeof(f->path), "%s/db", f->folder);
	f->wake_fd = eventfd(0, EFD_CLOEXEC);
	f->arena = arena_new(64 << 10);
	*state = f;
	return 0;
}

static inline int fx_setup_open(void **state)
{
	fx_setup(state);
	fx_open(*state);
	return 0;
}

static inline int fx_teardown(void **state)
{
	struct fx *f = *state;
	char name[128];
	static const char *const ends[] = { "", "-wal", "-shm", "-journal", ".lock", ".warc" };

	fx_close(f);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(name, sizeof(name), "%s%s", f->path, ends[i]);
		unlink(name);
	}
	must(rmdir(f->folder) == 0);
	close(f->wake_fd);
	for (size_t i = 0; i < f->n_arenas; i++)
		arena_free(f->arenas[i]);
	mem_free(f->arenas);
	arena_free(f->arena);
	free(f);
	return 0;
}

static inline struct write *fx_write(struct fx *f, enum write_kind kind)
{
	struct write *w = arena_zero(f->arena, sizeof(*w));

	w->kind = kind;
	mem_grow(&f->arenas, &f->arenas_room, f->n_arenas + 1, sizeof(struct arena *));
	f->arenas[f->n_arenas++] = w->arena = arena_new(1024);
	w->done = fx_done;
	w->ctx = f;
	w->now_ms = FX_NOW;
	return w;
}

/* Until `n` more answers have come. */
static inline void fx_wait(struct fx *f, int until)
{
	eventfd_t n;

	while (f->done < until) {
		must(eventfd_read(f->wake_fd, &n) == 0);
		writer_drain(f->writer);
	}
}

static inline enum err fx_run(struct fx *f, struct write *w)
{
	int until = f->done + 1;

	writer_put(f->writer, w);
	fx_wait(f, until);
	return w->err;
}

static inline void fx_ok(struct fx *f, struct write *w)
{
	if (fx_run(f, w))
		fail_msg("%s", w->why.text);
}

/* `n` due jobs of `source` at host a.example; their keys are "k0"... from `first`. */
static inline struct write *fx_seeds(struct fx *f, const char *source, int first, int n)
{
	struct write *w = fx_write(f, WRITE_SEEDS);

	w->n_jobs = n;
	w->jobs = arena_array(f->arena, (size_t)n, sizeof(*w->jobs));
	for (int i = 0; i < n; i++) {
		struct job *j = &w->jobs[i];

		j->source = str_of(source);
		j->page = STR("search");
		j->host = STR("a.example");
		j->key = arena_fmt(f->arena, "k%d", first + i);
		j->url = arena_fmt(f->arena, "http://a.example/?page=%d", first + i);
		j->vars = STR("category=320");
		j->due_ms = FX_NOW;
	}
	return w;
}

static inline struct write_listing fx_listing(const char *source, const char *ext_id,
					      const char *title)
{
	struct write_listing l = { .label_version = 7 };

	l.listing.source = str_of(source);
	l.listing.ext_id = str_of(ext_id);
	l.listing.title = str_of(title);
	l.listing.title_clean = str_of(title);
	l.listing.url = STR("http://a.example/1");
	l.listing.currency = STR("KRW");
	l.listing.category = STR("320");
	l.listing.price = 150000;
	l.listing.family = 1 + (uint64_t)strlen(title);
	l.listing.clean_version = 1;
	l.listing.first_seen_ms = l.listing.last_seen_ms = FX_NOW;
	return l;
}

static inline void fx_label(struct fx *f, struct write_listing *l, const char *category)
{
	l->votes = arena_array(f->arena, 1, sizeof(*l->votes));
	l->votes[0] = (struct vote){ .rule = STR("source-category"),
				     .category = str_of(category),
				     .weight = 0.9 };
	l->n_votes = 1;
	l->labeled = true;
	l->label.category = str_of(category);
	l->label.confidence = 0.9;
	l->label.why = STR("source-category");
}

/* An answer to job `job` that leaves it due, with these listings. */
static inline struct write *fx_page(struct fx *f, const char *source, int64_t job,
				    const struct write_listing *l, int n)
{
	struct write *w = fx_write(f, WRITE_PAGE);

	w->job.id = job;
	w->job.source = str_of(source);
	w->job.state = JOB_DUE;
	w->job.due_ms = FX_NOW + 1000;
	w->page.page_kind = STR("search");
	w->page.url = STR("http://a.example/?page=1");
	w->page.fetched_ms = FX_NOW;
	w->page.status = 200;
	w->page.wire_bytes = 10;
	w->page.items = n;
	w->member = STR("member");
	w->n_listings = n;
	w->listings = arena_array(f->arena, n ? (size_t)n : 1, sizeof(*w->listings));
	for (int i = 0; i < n; i++)
		w->listings[i] = l[i];
	return w;
}

static inline int64_t fx_model(struct fx *f, const char *name, bool live)
{
	struct write *w = fx_write(f, WRITE_MODEL);

	w->model_name = str_of(name);
	w->live = live;
	fx_ok(f, w);
	return w->ret_model;
}

/* The number that `sql` gives, as an outsider with the file would see it; every
 * mark in it stands for `text`. */
static inline int64_t fx_number_of(struct fx *f, const char *sql, int marks, const char *text)
{
	struct store_engine *e;
	struct reason why;
	struct query *q;
	int64_t n;

	if (store_engine_open(f->path, STORE_ENGINE_READ, &e, &why))
		fail_msg("%s", why.text);
	q = query_new(e, sql);
	for (int i = 0; i < marks; i++)
		query_text(q, str_of(text));
	if (query_one(q))
		fail_msg("%s: %s", sql, e->why.text);
	n = query_get_int(q);
	query_end(q);
	query_free(q);
	store_engine_close(e);
	return n;
}

static inline int64_t fx_number(struct fx *f, const char *sql)
{
	return fx_number_of(f, sql, 0, NULL);
}

static inline void fx_view(struct fx *f, const char *source, const char *ext_id,
			   struct listing_view *ret)
{
	struct reason why = { "" };

	if (reader_listing(f->reader, 0, str_of(source), str_of(ext_id), f->arena, ret, &why))
		fail_msg("%s", why.text);
}

#define fx_assert_str(s, text)                                                                     \
	do {                                                                                       \
		if (!str_is((s), (text)))                                                          \
			fail_msg("\"%.*s\" is not \"%s\"", STR_ARG(s), (text));                    \
	} while (0)

#endif
