/* serve_world.h: a server over a real store with a few listings, on a loop of
 * its own thread, and a plain HTTP client at its socket. */
#ifndef PIPED_SERVE_WORLD_H
#define PIPED_SERVE_WORLD_H

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "config/conf.h"
#include "serve/metric.h"
#include "serve/serve.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

struct world {
	char folder[64], socket[108], metrics[32], suggest[32];
	struct serve_at at;
	int metrics_port, suggest_port;
	struct store *store;
	struct writer *writer;
	struct conf *conf;
	struct labeler *labeler;
	struct classifier *model;
	struct serve_view view;
	struct serve *serve;
	struct serve_ops ops;
	uv_loop_t loop;
	uv_thread_t thread;
	uv_async_t stop, drain;
	bool stopped; /* told to, by the test's thread */
	bool hold;    /* pool work waits for `go` */
	uv_sem_t go;
	int views; /* kept and not released; read when the loop has ended */
	char said[256];
};

struct reply {
	int status;
	struct buf bytes; /* head and body */
	struct str head, body;
};

static inline void world_path(const struct world *w, const char *name, char to[256])
{
	snprintf(to, 256, "%s/%s", w->folder, name);
}

static inline void world_file(const struct world *w, const char *name, const char *text)
{
	char path[256];

	world_path(w, name, path);
	assert_int_equal(file_write(path, str_of(text), NULL), ERR_OK);
}

/* --- what the daemon does, small --- */

static inline void ops_status(void *ctx, struct json *j, struct arena *a)
{
	(void)ctx;
	(void)a;
	json_int(j, "uptime_s", 5);
}

static inline void ops_metrics(void *ctx, struct buf *to, struct arena *a)
{
	(void)ctx;
	(void)a;
	metric_one(to, METRIC_REQUESTS, 7);
}

static inline enum err ops_source(void *ctx, struct str source, enum serve_source_act act,
				  struct reason *why)
{
	struct world *w = ctx;

	if (source.n && !conf_source(w->conf, source))
		return reason_set(why, ERR_NOT_FOUND, "no source `%.*s`", STR_ARG(source));
	snprintf(w->said, sizeof(w->said), "%d %.*s", (int)act, STR_ARG(source));
	return ERR_OK;
}

static inline void ops_drift(void *ctx, struct str source, struct json *j)
{
	(void)ctx;
	json_array(j, "kinds");
	json_str(j, NULL, source);
	json_end_array(j);
}

static inline enum err ops_adoptable(void *ctx, struct reader *r, const struct conf_taxonomy *t,
				     struct reason *why)
{
	(void)ctx;
	(void)r;
	return t->version < 2 ? reason_set(why, ERR_BAD, "an older file") : ERR_OK;
}

static inline enum err ops_drift_accept(void *ctx, struct str source, struct str page_kind,
					int *ret_n, struct reason *why)
{
	(void)ctx;
	(void)page_kind;
	if (!str_is(source, "bunjang"))
		return reason_set(why, ERR_NOT_FOUND, "nothing is known of it");
	*ret_n = 2;
	return ERR_OK;
}

static inline enum err ops_train(void *ctx, bool fresh, struct reason *why)
{
	(void)ctx;
	return reason_set(why, ERR_BUSY, "a model is being trained%s", fresh ? " afresh" : "");
}

static inline void ops_use_model(void *ctx, int64_t id, struct str name, struct classifier *c)
{
	struct world *w = ctx;

	snprintf(w->said, sizeof(w->said), "%d %.*s %d", (int)id, STR_ARG(name),
		 classifier_classes(c));
	classifier_close(c);
}

static inline enum err ops_evaluate_start(void *ctx, struct classifier *c,
					  const struct serve_evaluation *what, int64_t *ret_id,
					  struct reason *why)
{
	struct world *w = ctx;

	(void)why;
	snprintf(w->said, sizeof(w->said), "%.*s %.*s %g", STR_ARG(what->model),
		 STR_ARG(what->labels), what->precision);
	classifier_close(c);
	*ret_id = 1;
	return ERR_OK;
}

static inline enum err ops_evaluate_state(void *ctx, int64_t id, struct json *j, struct reason *why)
{
	(void)ctx;
	json_int(j, "id", id);
	return id == 1 ? ERR_OK : reason_set(why, ERR_NOT_FOUND, "no evaluation %d", (int)id);
}

static inline enum err ops_evaluate_page(void *ctx, int64_t id, bool html, struct buf *to,
					 struct reason *why)
{
	(void)ctx;
	buf_add_text(to, html ? "<p>" : "text");
	return id == 1 ? ERR_OK : reason_set(why, ERR_BUSY, "the evaluation is running");
}

static inline enum err ops_study_start(void *ctx, enum serve_study kind, int folds,
				       struct reason *why)
{
	(void)ctx;
	return kind == SERVE_FOLDS ? ERR_OK
				   : reason_set(why, ERR_BUSY, "running already, %d folds", folds);
}

static inline void ops_study_state(void *ctx, enum serve_study kind, struct json *j)
{
	(void)ctx;
	json_text(j, "state", kind == SERVE_CURVE ? "done" : "idle");
}

static inline enum err ops_study_stop(void *ctx, enum serve_study kind, struct reason *why)
{
	(void)ctx;
	return kind == SERVE_CURVE ? ERR_OK : reason_set(why, ERR_NOT_FOUND, "nothing is running");
}

static inline enum err ops_rules_start(void *ctx, enum serve_rules kind, struct serve_view *view,
				       struct conf *conf, struct labeler *labeler, int64_t *ret_id,
				       struct reason *why)
{
	struct world *w = ctx;

	(void)view;
	(void)why;
	snprintf(w->said, sizeof(w->said), "%d %d", (int)kind, conf ? conf->rules.n_rules : -1);
	labeler_free(labeler);
	conf_free(conf);
	*ret_id = 1;
	return ERR_OK;
}

static inline enum err ops_rules_state(void *ctx, int64_t id, struct json *j, struct reason *why)
{
	(void)ctx;
	json_int(j, "id", id);
	return id == 1 ? ERR_OK : reason_set(why, ERR_NOT_FOUND, "no task %d", (int)id);
}

static inline enum err ops_export_start(void *ctx, const struct export_order *order,
					int64_t *ret_id, struct reason *why)
{
	struct world *w = ctx;

	(void)why;
	snprintf(w->said, sizeof(w->said), "%.*s %d %d %.*s", STR_ARG(order->format), order->gzip,
		 order->all, STR_ARG(order->ask.labels));
	*ret_id = 1;
	return ERR_OK;
}

static inline enum err ops_export_state(void *ctx, int64_t id, struct json *j, struct reason *why)
{
	(void)ctx;
	json_int(j, "id", id);
	json_text(j, "state", "done");
	return id == 1 ? ERR_OK : reason_set(why, ERR_NOT_FOUND, "no export %d", (int)id);
}

static inline void ops_collect_images(void *ctx)
{
	struct world *w = ctx;

	snprintf(w->said, sizeof(w->said), "collect");
}

static inline enum err ops_reload(void *ctx, struct reason *why)
{
	(void)ctx;
	return reason_set(why, ERR_BAD, "piped.yaml:3:1: unknown key `rat`");
}

static inline enum err ops_export_file(void *ctx, int64_t id, struct str name, char *path,
				       size_t room, struct reason *why)
{
	struct world *w = ctx;

	snprintf(path, room, "%s/%.*s", w->folder, STR_ARG(name));
	return id == 1 && file_exists(path) ? ERR_OK
					    : reason_set(why, ERR_NOT_FOUND, "no such file");
}

static inline enum err ops_archive_plan(void *ctx, struct reader *r, int64_t keep_ms,
					int64_t max_bytes, struct arena *a, struct json *j,
					struct reason *why)
{
	(void)ctx;
	(void)r;
	(void)a;
	if (keep_ms == 13)
		return reason_set(why, ERR_IO, "the folder cannot be read");
	json_int(j, "keep_ms", keep_ms);
	json_int(j, "max_bytes", max_bytes);
	return ERR_OK;
}

/* A record at 1 is a revisit of what was fetched at the time 1000. */
static inline enum err ops_record(void *ctx, const struct page_record *r, enum serve_part part,
				  struct buf *to, int64_t *ret_original_ms, struct reason *why)
{
	struct world *w = ctx;

	if (r->offset == 1 && part != SERVE_PART_RECORD) {
		*ret_original_ms = 1000;
		return reason_set(why, ERR_NOT_FOUND, "a revisit");
	}
	if (part != SERVE_PART_RECORD)
		return buf_fmt(to, "part %d", (int)part);
	if (w->hold)
		uv_sem_wait(&w->go);
	return buf_fmt(to, "WARC/1.1 %.*s %d", STR_ARG(r->file), (int)r->offset);
}

static inline enum err ops_job_key(void *ctx, const struct conf_source *s, struct str url,
				   struct arena *a, struct str *ret_key, struct reason *why)
{
	(void)ctx;
	(void)s;
	(void)why;
	*ret_key = arena_str(a, url);
	return ERR_OK;
}

static inline enum err ops_work_start(void *ctx, const struct serve_work_args *a,
				      struct reason *why)
{
	struct world *w = ctx;

	if (a->kind == SERVE_INDEX)
		return reason_set(why, ERR_BUSY, "the archive is being indexed");
	snprintf(w->said, sizeof(w->said), "%d %d %.*s %.*s %.*s %lld", (int)a->kind, a->n_files,
		 STR_ARG(a->file), STR_ARG(a->source), STR_ARG(a->page_kind),
		 (long long)a->since_ms);
	return ERR_OK;
}

static inline void ops_work_state(void *ctx, enum serve_work kind, struct json *j)
{
	(void)ctx;
	json_text(j, "state", "idle");
	json_int(j, "kind", kind);
}

/* One source, whose pages all stand under http://attic.example/; the key of its
 * list is that of the stored job. */
static inline enum err ops_targets(void *ctx, const struct conf *conf, struct str url,
				   struct str source, struct arena *a, struct serve_target **ret,
				   int *ret_n, struct reason *why)
{
	struct serve_target *t = arena_array(a, 2, sizeof(*t));
	bool any = !source.n || str_is(source, "attic");

	(void)ctx;
	if (!str_starts(url, STR("http://")))
		return reason_set(why, ERR_BAD, "no address");
	for (int i = 0; i < 2; i++)
		t[i].job = (struct job){ .url = url,
					 .key = str_ends(url, STR("list?page=1")) ? STR("list-1")
										  : url,
					 .host = STR("attic.example"),
					 .vars = STR(""),
					 .seed = -1 };
	t[0].source = any ? &conf->sources[0] : NULL;
	t[0].in_scope = str_starts(url, STR("http://attic.example/"));
	t[0].refused = STR("not its host");
	t[0].job.source = STR("attic");
	if (str_find(url, STR("list?")) >= 0)
		t[0].job.page = STR("list");
	*ret = t;
	*ret_n = any ? 2 : 1;
	return ERR_OK;
}

static inline void ops_known(void *ctx, const struct conf_source *source, const struct job *job,
			     struct arena *a, struct serve_known *ret)
{
	(void)ctx;
	(void)source;
	(void)job;
	(void)a;
	*ret = (struct serve_known){ .now_ms = clock_wall_ms(&clock_system),
				     .why = "rate",
				     .why_doc = "a little later",
				     .rate = 2 };
}

static inline void ops_write(void *ctx, struct write *write)
{
	writer_put(((struct world *)ctx)->writer, write);
}

static inline struct serve_view *ops_view(void *ctx)
{
	struct world *w = ctx;

	w->views++;
	return &w->view;
}

static inline void ops_release(void *ctx, struct serve_view *v)
{
	struct world *w = ctx;

	assert_ptr_equal(v, &w->view);
	w->views--;
}

/* --- what is in the store --- */

static inline enum err world_append(void *ctx, struct write **items, int n, struct reason *why)
{
	(void)ctx;
	(void)why;
	for (int i = 0; i < n; i++)
		items[i]->page.record = (struct page_record){ STR("0001.warc.gz"), 4096, 700 };
	return ERR_OK;
}

static inline void world_wake(void *ctx)
{
	uv_async_send(&((struct world *)ctx)->drain);
}

static inline void on_drain(uv_async_t *h)
{
	struct world *w = h->data;

	if (w->writer)
		writer_drain(w->writer);
}

static inline void on_put(struct write *w)
{
	if (w->err)
		fail_msg("write kind %d: %s", (int)w->kind, w->why.text);
	*(bool *)w->ctx = true;
}

static inline void world_put(struct world *w, struct write *item)
{
	bool done = false;

	item->ctx = &done;
	item->done = on_put;
	item->now_ms = 1700000000000;
	writer_put(w->writer, item);
	while (!done)
		uv_run(&w->loop, UV_RUN_ONCE);
}

#define WORLD_LISTINGS 6

static inline void world_listing(int i, struct arena *a, struct vote *vote, struct write_listing *l)
{
	static const char *const titles[] = { "linen dress", "leather boots", "wool coat" };
	struct str title = arena_fmt(a, "%s %d", titles[i % 3], i);

	*vote = (struct vote){ .rule = STR("source-category"),
			       .category = STR("women.dress"),
			       .weight = 0.9 };
	*l = (struct write_listing){
		.listing = { .source = STR("attic"),
			     .ext_id = arena_fmt(a, "e%d", i),
			     .title = title,
			     .title_clean = title,
			     .url = STR("https://attic.example/1"),
			     .category = STR("10"),
			     .currency = STR("KRW"),
			     .price = (int64_t)1000 * i,
			     .state = LISTING_SELLING,
			     .family = (uint64_t)i / 2 + 1,
			     .clean_version = 1,
			     .first_seen_ms = 1700000000000,
			     .last_seen_ms = 1700000000000 },
		.votes = vote,
		.n_votes = 1,
		.labeled = true,
		.label = { .category = STR("women.dress"),
			   .by = LABEL_BY_RULES,
			   .confidence = 0.8,
			   .why = STR("source-category") },
		.label_version = 7,
		.review_score = i < 2 ? 1.0 + i : 0,
	};
}

/* Listings 5 and 4 of the six, the first for two people. */
static inline void world_draw(struct world *w, struct arena *a)
{
	const struct review_draw draw = { .name = STR("spring"),
					  .who = STR("ann"),
					  .population = WORLD_LISTINGS,
					  .taxonomy = 2,
					  .plan = STR("{}") };
	const struct review_draw_item items[] = {
		{ 1, 5, STR("likely-wrong"), 0.5, 2, STR("{\"given\":\"women\"}") },
		{ 2, 4, STR("rest"), 0.25, 1, STR("{\"given\":\"women\"}") },
	};
	struct write put = { .kind = WRITE_DRAW,
			     .arena = a,
			     .draw = &draw,
			     .draw_items = items,
			     .n_draw_items = 2 };

	world_put(w, &put);
	assert_int_equal(put.ret_draw, 1);
}

static inline void world_fill(struct world *w)
{
	struct arena *a = arena_new(4096);
	struct write_listing listings[WORLD_LISTINGS];
	struct vote votes[WORLD_LISTINGS];
	struct job job = { .source = STR("attic"),
			   .page = STR("list"),
			   .url = STR("http://attic.example/list?page=1"),
			   .key = STR("list-1"),
			   .host = STR("attic.example"),
			   .vars = STR("page=1"),
			   .seed = 0 };
	struct write seeds = { .kind = WRITE_SEEDS, .arena = a, .jobs = &job, .n_jobs = 1 };
	struct write pick = {
		.kind = WRITE_PICK, .arena = a, .source = job.source, .host = job.host, .most = 1
	};
	struct reject reject = { .code = REJECT_MIN,
				 .field = FIELD_PRICE,
				 .place = WORLD_LISTINGS + 1,
				 .ext_id = STR("cheap"),
				 .value = STR("1"),
				 .why = STR("price 1 is below min 10"),
				 .excerpt = STR("id: cheap; price: 1") };
	struct write page = { .kind = WRITE_PAGE,
			      .arena = a,
			      .n_listings = WORLD_LISTINGS,
			      .rejects = &reject,
			      .n_rejects = 1,
			      .reject_times = { [REJECT_MIN] = 7 },
			      .rejected_keep = 10 };

	world_put(w, &seeds);
	world_put(w, &pick);
	assert_int_equal(pick.ret_n_jobs, 1);
	page.job = pick.ret_jobs[0];
	page.job.state = JOB_DONE;
	page.page = (struct page){ .source = job.source,
				   .page_kind = job.page,
				   .url = job.url,
				   .fetched_ms = 1700000000000,
				   .status = 200,
				   .items = WORLD_LISTINGS };
	page.member = STR("bytes");
	page.page_bytes = 5;
	page.listings = listings;
	for (int i = 0; i < WORLD_LISTINGS; i++)
		world_listing(i, a, &votes[i], &listings[i]);
	world_put(w, &page);
	assert_int_equal(page.ret_new_listings, WORLD_LISTINGS);
	world_draw(w, a);
	arena_free(a);
}

static inline void world_config(struct world *w)
{
	struct conf_problem *problems = NULL;
	struct reason why;
	char path[256], text[512];
	int n = 0;

	world_file(w, "source.yaml",
		   "name: attic\ntitle: Attic\nlanguage: en\ncurrency: KRW\n"
		   "seeds:\n  - page: list\n"
		   "    url: http://attic.example/list?page={page}\n    vars: { page: 1..3 }\n"
		   "pages:\n  list:\n    format: json\n    items: .list[]\n"
		   "    fields: { id: .id, title: .name }\n");
	world_file(w, "taxonomy.yaml",
		   "name: test\nversion: 2\nsources: [attic]\ntaxa:\n"
		   "  women: { ko: 여성 의류, en: Women, names: { ja: 女性服 } }\n"
		   "  women.dress: { ko: 원피스, en: Dresses, aliases: [드레스] }\n"
		   "  shoes: { ko: 신발, en: Shoes }\n"
		   "  shoes.boots: { ko: 부츠, en: Boots }\n"
		   "mappings:\n  attic: { \"10\": women }\n");
	world_file(w, "rules.yaml",
		   "rules:\n  boots-word:\n    taxon: shoes.boots\n"
		   "    precision: 0.9\n    any: [boots]\n");
	snprintf(text, sizeof(text),
		 "state-dir: %s\nsources: [source.yaml]\ntaxonomy: taxonomy.yaml\n"
		 "rules: [rules.yaml]\n",
		 w->folder);
	world_file(w, "piped.yaml", text);
	world_path(w, "piped.yaml", path);
	if (conf_load(path, &w->conf, &problems, &n)) {
		char line[512];

		conf_problem_text(&problems[0], line);
		fail_msg("%s", line);
	}
	if (labeler_new(w->conf, &w->labeler, &why))
		fail_msg("%s", why.text);
}

/* --- the loop's thread --- */

static inline void on_walk(uv_handle_t *h, void *ctx)
{
	(void)ctx;
	if (!uv_is_closing(h))
		uv_close(h, NULL);
}

static inline void on_served(void *ctx)
{
	struct world *w = ctx;

	w->serve = NULL;
	writer_stop(w->writer);
	w->writer = NULL;
	uv_walk(&w->loop, on_walk, NULL);
}

static inline void on_stop(uv_async_t *h)
{
	struct world *w = h->data;

	serve_stop(w->serve, on_served, w);
}

static inline void world_thread(void *ctx)
{
	struct world *w = ctx;

	uv_run(&w->loop, UV_RUN_DEFAULT);
}

/* A port that nobody listens at now. */
static inline int world_port(void)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t n = sizeof(in);

	assert_int_equal(bind(fd, (struct sockaddr *)&in, n), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&in, &n), 0);
	close(fd);
	return ntohs(in.sin_port);
}

static inline int world_up(void **state)
{
	struct world *w = mem_zero(sizeof(*w));
	struct writer_opt opt = {
		.batch_items = 8, .append = world_append, .wake = world_wake, .ctx = w
	};
	struct reason why;
	char path[256];

	snprintf(w->folder, sizeof(w->folder), "/tmp/piped-serve-XXXXXX");
	assert_non_null(mkdtemp(w->folder));
	snprintf(w->socket, sizeof(w->socket), "%s/run/api.sock", w->folder);
	assert_int_equal(uv_loop_init(&w->loop), 0);
	assert_int_equal(uv_async_init(&w->loop, &w->stop, on_stop), 0);
	assert_int_equal(uv_async_init(&w->loop, &w->drain, on_drain), 0);
	assert_int_equal(uv_sem_init(&w->go, 0), 0);
	w->stop.data = w->drain.data = w;
	world_config(w);
	world_path(w, "piped.db", path);
	if (store_open(path, &w->store, &why) || writer_start(w->store, &opt, &w->writer, &why))
		fail_msg("%s", why.text);
	world_fill(w);
	w->view = (struct serve_view){ .conf = w->conf, .labeler = w->labeler };
	w->ops = (struct serve_ops){
		.ctx = w,
		.status = ops_status,
		.metrics = ops_metrics,
		.source = ops_source,
		.drift = ops_drift,
		.adoptable = ops_adoptable,
		.drift_accept = ops_drift_accept,
		.train = ops_train,
		.use_model = ops_use_model,
		.evaluate_start = ops_evaluate_start,
		.evaluate_state = ops_evaluate_state,
		.evaluate_page = ops_evaluate_page,
		.study_start = ops_study_start,
		.study_state = ops_study_state,
		.study_stop = ops_study_stop,
		.rules_start = ops_rules_start,
		.rules_state = ops_rules_state,
		.export_start = ops_export_start,
		.export_state = ops_export_state,
		.collect_images = ops_collect_images,
		.reload = ops_reload,
		.export_file = ops_export_file,
		.targets = ops_targets,
		.known = ops_known,
		.record = ops_record,
		.archive_plan = ops_archive_plan,
		.job_key = ops_job_key,
		.work_start = ops_work_start,
		.work_state = ops_work_state,
		.write = ops_write,
		.view = ops_view,
		.release = ops_release,
	};
	w->metrics_port = world_port();
	snprintf(w->metrics, sizeof(w->metrics), "127.0.0.1:%d", w->metrics_port);
	do
		w->suggest_port = world_port();
	while (w->suggest_port == w->metrics_port);
	snprintf(w->suggest, sizeof(w->suggest), "127.0.0.1:%d", w->suggest_port);
	w->at = (struct serve_at){ .socket = w->socket,
				   .metrics = str_of(w->metrics),
				   .suggest = str_of(w->suggest) };
	if (serve_start(&w->loop, &w->at, w->store, &w->ops, &w->serve, &why))
		fail_msg("%s", why.text);
	assert_int_equal(uv_thread_create(&w->thread, world_thread, w), 0);
	*state = w;
	return 0;
}

static inline void world_stop(struct world *w)
{
	if (!w->stopped)
		uv_async_send(&w->stop);
	w->stopped = true;
}

static inline void world_end(struct world *w)
{
	world_stop(w);
	uv_thread_join(&w->thread);
	assert_int_equal(uv_loop_close(&w->loop), 0);
	assert_int_equal(w->views, 0);
	assert_false(file_exists(w->socket));
}

static inline int world_down(void **state)
{
	struct world *w = *state;
	char command[128];

	world_end(w);
	uv_sem_destroy(&w->go);
	store_close(w->store);
	classifier_close(w->model);
	labeler_free(w->labeler);
	conf_free(w->conf);
	snprintf(command, sizeof(command), "rm -r %s", w->folder);
	assert_int_equal(system(command), 0); /* NOLINT: a folder of ours */
	mem_free(w);
	return 0;
}

/* --- a client --- */

static inline int client_connect(const struct world *w)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	snprintf(at.sun_path, sizeof(at.sun_path), "%s", w->socket);
	assert_int_equal(connect(fd, (const struct sockaddr *)(const void *)&at, sizeof(at)), 0);
	return fd;
}

/* A server that has answered already may have hung up: that is no fault. */
static inline void client_send(int fd, struct str s)
{
	ssize_t n;

	while (s.n) {
		n = send(fd, s.p, s.n, MSG_NOSIGNAL);
		if (n <= 0)
			return;
		s = str_sub(s, (size_t)n, s.n);
	}
}

/* Reads until the server closes. */
static inline struct reply client_read(int fd)
{
	struct reply r = { .status = 0 };
	struct str all;
	char part[4096];
	int64_t status = 0;
	ptrdiff_t at;
	ssize_t n;

	buf_init(&r.bytes, 64 << 20);
	while ((n = recv(fd, part, sizeof(part), 0)) > 0)
		buf_add(&r.bytes, (struct str){ part, (size_t)n });
	close(fd);
	all = buf_str(&r.bytes);
	at = str_find(all, STR("\r\n\r\n"));
	assert_true(at > 12);
	assert_true(str_i64(str_sub(all, 9, 3), &status));
	r.status = (int)status;
	r.head = str_sub(all, 0, (size_t)at);
	r.body = str_sub(all, (size_t)at + 4, all.n);
	return r;
}

/* From the address `from` of this machine. */
static inline int client_connect_tcp(in_addr_t from, int port)
{
	struct sockaddr_in own = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(from) };
	struct sockaddr_in in = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (const struct sockaddr *)(const void *)&own, sizeof(own)), 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)(const void *)&in, sizeof(in)), 0);
	return fd;
}

/* Takes `fd`. */
static inline struct reply ask_at(int fd, const char *method, const char *target, const char *body)
{
	struct buf b;

	buf_init(&b, 8 << 20);
	buf_fmt(&b, "%s %s HTTP/1.1\r\nHost: piped\r\nConnection: close\r\n", method, target);
	if (body)
		buf_fmt(&b, "Content-Length: %zu\r\n", strlen(body));
	buf_add_text(&b, "\r\n");
	buf_add_text(&b, body ? body : "");
	client_send(fd, buf_str(&b));
	buf_done(&b);
	return client_read(fd);
}

static inline struct reply ask(const struct world *w, const char *method, const char *target,
			       const char *body)
{
	return ask_at(client_connect(w), method, target, body);
}

static inline bool says(const struct reply *r, const char *part)
{
	return str_find(buf_str(&r->bytes), str_of(part)) >= 0;
}

static inline void expect(const struct world *w, const char *method, const char *target,
			  const char *body, int status, const char *part)
{
	struct reply r = ask(w, method, target, body);

	if (r.status != status || !says(&r, part))
		fail_msg("%s %s: wanted %d with %s, got %s", method, target, status, part,
			 r.bytes.p);
	buf_done(&r.bytes);
}

#endif
