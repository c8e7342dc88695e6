/* store_bench: what storing and reading listings costs. Invented rows of the
 * size of real ones, 100 a page, through the writer as the daemon uses it.
 * Usage: store_bench [LISTINGS [BATCH_PAGES]] */
#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/rng.h"
#include "store/reader.h"
#include "store/writer.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#define PER_PAGE 100
#define PER_SWEEP 2000
#define SEEN_MS 1700000000000
#define WINDOW 32 /* writes handed over and not answered */

struct bench {
	struct writer *writer;
	int wake_fd, in_flight;
	uint64_t turn; /* another: other listings of the same names */
	int64_t model; /* makes the suggestions; 0: none yet */
};

static void wake(void *ctx)
{
	struct bench *b = ctx;

	must(eventfd_write(b->wake_fd, 1) == 0);
}

static enum err append(void *ctx, struct write **items, int n, struct reason *why)
{
	(void)ctx;
	(void)items;
	(void)n;
	(void)why;
	return ERR_OK;
}

static void done(struct write *w)
{
	struct bench *b = w->ctx;

	if (w->err) {
		fprintf(stderr, "store_bench: %s\n", w->why.text);
		exit(1);
	}
	b->in_flight--;
	arena_free(w->arena);
}

static void put(struct bench *b, struct write *w)
{
	eventfd_t n;

	b->in_flight++;
	writer_put(b->writer, w);
	while (b->in_flight >= WINDOW) {
		must(eventfd_read(b->wake_fd, &n) == 0);
		writer_drain(b->writer);
	}
}

static void finish(struct bench *b)
{
	eventfd_t n;

	while (b->in_flight) {
		must(eventfd_read(b->wake_fd, &n) == 0);
		writer_drain(b->writer);
	}
}

static struct write *write_new(struct bench *b, enum write_kind kind)
{
	struct arena *a = arena_new(128 << 10);
	struct write *w = arena_zero(a, sizeof(*w));

	w->kind = kind;
	w->arena = a;
	w->done = done;
	w->ctx = b;
	w->now_ms = SEEN_MS;
	return w;
}

static struct str category_of(struct arena *a, uint64_t n)
{
	return arena_fmt(a, "women.outer.kind%03d", (int)(n % 157));
}

static void suggest(const struct bench *b, struct arena *a, uint64_t r, struct write_listing *l)
{
	l->suggested = b->model != 0;
	if (!l->suggested)
		return;
	l->suggestion = (struct suggestion){ b->model,
					     { category_of(a, r), category_of(a, r + 1),
					       category_of(a, r + 2) },
					     { 0.7, 0.2, 0.05 } };
	l->review_score = r % 10 == 0 ? (double)(r % 1000) / 1000 : 0;
}

static void fill(struct bench *b, struct arena *a, uint64_t pid, struct write_listing *l)
{
	struct listing *x = &l->listing;
	struct rng own = { pid + b->turn };
	uint64_t r = rng_next(&own);

	x->source = STR("bunjang");
	x->ext_id = arena_fmt(a, "%llu", (unsigned long long)pid);
	x->url = arena_fmt(a, "https://m.example/products/%llu", (unsigned long long)pid);
	x->title = arena_fmt(a, "나이키 에어포스 %d 화이트 새상품 %d", (int)(r % 1000),
			     (int)(r % 300));
	x->title_clean = x->title;
	x->image = arena_fmt(a, "https://media.example/product/%llu_1_w{res}.jpg",
			     (unsigned long long)pid);
	x->category = arena_fmt(a, "%d", (int)(320000000 + r % 157));
	x->brand = STR("나이키");
	x->currency = STR("KRW");
	x->price = (int64_t)(r % 500) * 1000;
	x->family = hash64(x->title_clean, r % 20) >> 1;
	x->clean_version = 1;
	x->first_seen_ms = x->last_seen_ms = SEEN_MS;
	l->n_votes = 1 + (int)(r & 1);
	l->votes = arena_array(a, 2, sizeof(*l->votes));
	for (int i = 0; i < l->n_votes; i++)
		l->votes[i] = (struct vote){ i ? STR("words-outer") : STR("source-category"),
					     category_of(a, r), 0.9 };
	l->labeled = true;
	l->label = (struct label){ .category = category_of(a, r),
				   .confidence = 0.93,
				   .why = STR("source-category") };
	l->label_version = 77;
	suggest(b, a, r, l);
}

static void seed(struct bench *b, int n)
{
	struct write *w = write_new(b, WRITE_SEEDS);

	w->n_jobs = n;
	w->jobs = arena_array(w->arena, (size_t)n, sizeof(*w->jobs));
	for (int i = 0; i < n; i++)
		w->jobs[i] =
			(struct job){ .source = STR("bunjang"),
				      .page = STR("search"),
				      .host = STR("api.example"),
				      .key = arena_fmt(w->arena, "search?page=%d", i),
				      .url = arena_fmt(w->arena,
						       "https://api.example/search?page=%d", i) };
	put(b, w);
	finish(b);
}

/* A new model, and what it says of every stored listing: as the sweep does it. */
static void suggest_all(struct bench *b, int64_t n)
{
	struct write *w = write_new(b, WRITE_MODEL);
	int64_t id = 1;

	w->model_name = STR("bench");
	w->live = true;
	put(b, w);
	finish(b);
	b->model++;
	while (id <= n) {
		w = write_new(b, WRITE_DERIVED);
		w->listings = arena_array(w->arena, PER_SWEEP, sizeof(*w->listings));
		for (; id <= n && w->n_listings < PER_SWEEP; id++) {
			struct write_listing *l = &w->listings[w->n_listings++];
			struct rng own = { (uint64_t)id };

			l->listing.id = id;
			l->listing.last_seen_ms = SEEN_MS;
			suggest(b, w->arena, rng_next(&own), l);
		}
		put(b, w);
	}
	finish(b);
}

static void page(struct bench *b, int64_t job, uint64_t first, enum job_state to)
{
	struct write *w = write_new(b, WRITE_PAGE);

	w->job = (struct job){ .id = job, .source = STR("bunjang"), .state = to };
	w->page = (struct page){ .page_kind = STR("search"),
				 .url = STR("https://api.example/search"),
				 .status = 200,
				 .items = PER_PAGE,
				 .wire_bytes = 20000,
				 .body_bytes = 80000,
				 .record = { STR("piped-1.warc.gz"), job * 20000, 20000 } };
	w->n_listings = PER_PAGE;
	w->listings = arena_array(w->arena, PER_PAGE, sizeof(*w->listings));
	for (uint64_t i = 0; i < PER_PAGE; i++)
		/* an odd multiplier: every number once, in no order */
		fill(b, w->arena, ((first + i) * 2654435761u) % (1u << 28) + 1, &w->listings[i]);
	put(b, w);
}

static void report(struct bench *b, const char *what, int64_t n, int64_t *cpu_ns, int64_t *wall_ms)
{
	struct writer_stat s;
	int64_t wall = clock_mono_ms(&clock_system);

	writer_stat(b->writer, &s);
	printf("%s: %.1f us of writer CPU a listing, %lld ms in all, %lld commits so far\n", what,
	       (double)(s.sql_cpu_ns - *cpu_ns) / 1000 / (double)n, (long long)(wall - *wall_ms),
	       (long long)s.commits);
	*cpu_ns = s.sql_cpu_ns;
	*wall_ms = wall;
}

static bool each(void *ctx, const struct listing_view *v)
{
	*(int64_t *)ctx += v->labeled && v->suggested && v->record.bytes;
	return true;
}

static void scan(struct store *s, const char *what, const struct listing_filter *f)
{
	int64_t n = 0, cpu = clock_thread_cpu_ns();
	struct arena *a = arena_new(4096);
	struct reader *r;
	struct reason why;

	must(reader_open(s, &r, &why) == ERR_OK);
	must(reader_begin(r, &why) == ERR_OK);
	if (reader_listings(r, f, a, each, &n, &why))
		fprintf(stderr, "store_bench: %s\n", why.text);
	printf("%s: %lld rows, %.0f ms of CPU\n", what, (long long)n,
	       (double)(clock_thread_cpu_ns() - cpu) / 1e6);
	reader_end(r);
	reader_close(r);
	arena_free(a);
}

static void scans(struct store *s)
{
	scan(s, "whole scan", &(struct listing_filter){ 0 });
	scan(s, "two words", &(struct listing_filter){ .text = STR("나이키 77") });
	scan(s, "category", &(struct listing_filter){ .category = STR("women.outer.kind005") });
	scan(s, "review queue, first 50",
	     &(struct listing_filter){ .review_queue = true, .most = 50 });
	scan(s, "stale, none",
	     &(struct listing_filter){
		     .stale = true, .label_version = 77, .clean_version = 1, .model = 2 });
	scan(s, "stale, first 2000",
	     &(struct listing_filter){ .stale = true,
				       .label_version = 78,
				       .clean_version = 1,
				       .model = 2,
				       .most = 2000 });
}

int main(int argc, char **argv)
{
	int64_t n = argc > 1 ? atoll(argv[1]) : 226800, cpu_ns = 0, wall;
	char folder[] = "/tmp/store_bench.XXXXXX", path[64], command[96];
	struct bench b = { .turn = 0 };
	struct writer_opt opt = { .batch_items = argc > 2 ? atoi(argv[2]) : 16,
				  .near = true,
				  .append = append,
				  .wake = wake,
				  .ctx = &b };
	int pages = n < PER_PAGE ? 1 : (int)(n / PER_PAGE);
	struct reason why;
	struct store *s;
	struct rusage use;

	n = (int64_t)pages * PER_PAGE;
	must(mkdtemp(folder) != NULL);
	snprintf(path, sizeof(path), "%s/db", folder);
	b.wake_fd = eventfd(0, EFD_CLOEXEC);
	if (store_open(path, &s, &why) || writer_start(s, &opt, &b.writer, &why)) {
		fprintf(stderr, "store_bench: %s\n", why.text);
		return 1;
	}
	seed(&b, pages);
	wall = clock_mono_ms(&clock_system);
	report(&b, "seeds", pages, &cpu_ns, &wall);
	for (int i = 0; i < pages; i++)
		page(&b, i + 1, (uint64_t)i * PER_PAGE, JOB_DUE);
	finish(&b);
	report(&b, "new listings", n, &cpu_ns, &wall);
	suggest_all(&b, n);
	report(&b, "suggested by a first model", n, &cpu_ns, &wall);
	suggest_all(&b, n);
	report(&b, "suggested by another", n, &cpu_ns, &wall);
	for (int i = 0; i < pages / 4; i++)
		page(&b, i + 1, (uint64_t)i * PER_PAGE, JOB_DUE);
	finish(&b);
	report(&b, "seen again as they were", n / 4, &cpu_ns, &wall);
	b.turn = 1;
	for (int i = 0; i < pages / 4; i++)
		page(&b, i + 1, (uint64_t)i * PER_PAGE, JOB_DONE);
	finish(&b);
	report(&b, "seen again, all of each changed", n / 4, &cpu_ns, &wall);
	scans(s);
	writer_stop(b.writer);
	store_close(s);
	getrusage(RUSAGE_SELF, &use);
	printf("peak memory %ld MB\n", use.ru_maxrss / 1024);
	snprintf(command, sizeof(command), "ls -l %s; rm -r %s", folder, folder);
	return system(command) != 0;
}
