/* frontier_bench: what finding the next due URL costs as the database grows: a real
 * database, the real writer, the real frontier, no network. Prints a line for each
 * size; progress goes to stderr.
 * Usage: frontier_bench FOLDER HOSTS TURNS SIZE... */
#include "base/clock.h"
#include "base/mem.h"
#include "base/must.h"
#include "crawler/frontier.h"
#include "store/store_engine.h"
#include "store/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define T0 INT64_C(1700000000000)
#define SOURCES 100
#define AT_ONCE 64
#define LINKS 30
#define FILL_AT_ONCE 250000
#define PATH_ROOM 512

struct bench {
	char path[PATH_ROOM];
	int64_t size, hosts, turns;
	struct conf conf;
	struct frontier *frontier;
	struct writer *writer;
	int wake_fd, in_flight;
	int64_t now_ms;
	/* figures */
	int64_t given, commits, new_jobs;
	int64_t loop_ns;		  /* CPU in the frontier */
	int64_t pick_sql_ns, page_sql_ns; /* CPU of the writer */
	int64_t picks, looks, worst_next_ns, worst_pick_ns;
};

static _Noreturn void die(const char *what, const char *why)
{
	fprintf(stderr, "frontier_bench: %s: %s\n", what, why);
	exit(1);
}

static int64_t mono_ns(void)
{
	struct timespec t;

	must(clock_gettime(CLOCK_MONOTONIC, &t) == 0);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* ---- filling ---- */

static void sql(struct store_engine *e, const char *text)
{
	if (store_engine_exec(e, text))
		die("filling", e->why.text);
}

/* Jobs of one host lie together: what a database of this size has become by
 * years of inserts takes the same room, and hours. */
static void fill_jobs(struct store_engine *e, const struct bench *b, int64_t from, int64_t to)
{
	char text[2000];

	snprintf(text, sizeof(text),
		 "WITH RECURSIVE n (i) AS (VALUES (%lld) UNION ALL SELECT i + 1 FROM n WHERE i + 1 "
		 "< %lld), j (i, h) AS (SELECT i, i * %lld / %lld FROM n) "
		 "INSERT INTO job (source, key, host, page_kind, url, vars, seed, depth, priority,"
		 " state, due_ms, attempts, changed_ms, reason) "
		 "SELECT printf('s%%02d', h * %d / %lld), printf('%%09d', i),"
		 " printf('h%%06d.example', h), 'item',"
		 " printf('https://h%%06d.example/products/item-%%09d', h, i), '', -1, 1,"
		 " CASE WHEN i %% 10 = 0 THEN 3 ELSE 5 END, 'due', %lld - (i * 7919) %% 86400000,"
		 " 0, %lld, '' FROM j",
		 (long long)from, (long long)to, (long long)b->hosts, (long long)b->size, SOURCES,
		 (long long)b->hosts, (long long)T0, (long long)T0);
	sql(e, "BEGIN");
	sql(e, text);
	sql(e, "COMMIT");
}

static void fill(struct bench *b)
{
	int64_t start = clock_mono_ms(&clock_system), to;
	struct store_engine *e;
	struct reason why;
	struct store *s;

	if (store_open(b->path, &s, &why) ||
	    store_engine_open(b->path, STORE_ENGINE_WRITE, &e, &why))
		die(b->path, why.text);
	/* it is thrown away if the machine stops */
	sql(e, "PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF; PRAGMA cache_size=-262144;");
	sql(e, "WITH RECURSIVE n (i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i < 99) "
	       "INSERT INTO source (name) SELECT printf('s%02d', i) FROM n");
	for (int64_t i = 0; i < b->size; i = to) {
		to = i + FILL_AT_ONCE < b->size ? i + FILL_AT_ONCE : b->size;
		fill_jobs(e, b, i, to);
		fprintf(stderr, "\rfilling %lld of %lld jobs, %lld s ", (long long)to,
			(long long)b->size,
			(long long)(clock_mono_ms(&clock_system) - start) / 1000);
	}
	fprintf(stderr, "\n");
	sql(e, "INSERT INTO host (source, host, due, next_ms) SELECT source, host, COUNT(*), "
	       "MIN(due_ms) FROM job WHERE state = 'due' GROUP BY source, host;"
	       "INSERT INTO tally (source, name, value) SELECT source, 'jobs-due', SUM(due) FROM "
	       "host GROUP BY source;"
	       "INSERT INTO tally (source, name, value) SELECT source, 'hosts-due', COUNT(*) FROM "
	       "host GROUP BY source;");
	store_engine_close(e);
	store_close(s);
}

/* ---- turning ---- */

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

	if (w->err)
		die("the store", w->why.text);
	b->in_flight--;
}

static struct write *write_new(struct bench *b, enum write_kind kind)
{
	struct arena *a = arena_new(16 << 10);
	struct write *w = arena_zero(a, sizeof(*w));

	w->kind = kind;
	w->arena = a;
	w->done = done;
	w->ctx = b;
	w->now_ms = b->now_ms;
	return w;
}

/* Hands over what is given and waits for the answers: CPU of the writer. */
static int64_t write_all(struct bench *b, struct write **w, int n)
{
	struct writer_stat before, after;
	eventfd_t wakes;

	writer_stat(b->writer, &before);
	b->in_flight = n;
	for (int i = 0; i < n; i++) {
		w[i]->may_wait = i + 1 < n;
		writer_put(b->writer, w[i]);
	}
	while (b->in_flight) {
		must(eventfd_read(b->wake_fd, &wakes) == 0);
		writer_drain(b->writer);
	}
	writer_stat(b->writer, &after);
	return after.sql_cpu_ns - before.sql_cpu_ns;
}

/* One question to the writer: what it cost, and how long it took at most. */
static void ask(struct bench *b, struct write *w)
{
	int64_t start = mono_ns(), took;

	b->pick_sql_ns += write_all(b, &w, 1);
	took = mono_ns() - start;
	if (took > b->worst_pick_ns)
		b->worst_pick_ns = took;
}

static void list_hosts(struct bench *b)
{
	struct frontier_look look;
	struct frontier_due due[1024];
	int64_t cpu = clock_thread_cpu_ns();

	while (frontier_look(b->frontier, b->now_ms, &look)) {
		struct write *w = write_new(b, WRITE_HOSTS);

		b->loop_ns += clock_thread_cpu_ns() - cpu;
		must(look.most <= 1024);
		w->source = arena_str(w->arena, look.source);
		w->host = arena_str(w->arena, look.after);
		w->after_ms = look.after_ms;
		w->until_ms = look.until_ms;
		w->most = look.most;
		ask(b, w);
		b->looks++;
		cpu = clock_thread_cpu_ns();
		for (int i = 0; i < w->ret_n_hosts; i++)
			due[i] =
				(struct frontier_due){ w->ret_hosts[i].source, w->ret_hosts[i].host,
						       w->ret_hosts[i].due_ms,
						       w->ret_hosts[i].due };
		frontier_look_answer(b->frontier, due, w->ret_n_hosts, w->ret_next_ms);
		arena_free(w->arena);
	}
	b->loop_ns += clock_thread_cpu_ns() - cpu;
}

static void pick_jobs(struct bench *b)
{
	struct str source, host;
	const int64_t *skip;
	int most, n_skip;
	int64_t cpu = clock_thread_cpu_ns();

	while (frontier_wants(b->frontier, b->now_ms, &source, &host, &most, &skip, &n_skip)) {
		struct write *w = write_new(b, WRITE_PICK);
		int64_t *copy = arena_array(w->arena, (size_t)n_skip + 1, sizeof(*copy));

		b->loop_ns += clock_thread_cpu_ns() - cpu;
		memcpy(copy, skip, (size_t)n_skip * sizeof(*copy));
		w->source = arena_str(w->arena, source);
		w->host = arena_str(w->arena, host);
		w->most = most;
		w->skip = copy;
		w->n_skip = n_skip;
		ask(b, w);
		b->picks++;
		cpu = clock_thread_cpu_ns();
		frontier_fill(b->frontier, w->source, w->host, w->ret_jobs, w->ret_n_jobs,
			      w->ret_next_ms);
		arena_free(w->arena);
	}
	b->loop_ns += clock_thread_cpu_ns() - cpu;
}

/* Its page: done, with links to pages of other hosts of the source, half new. */
static struct write *page_of(struct bench *b, const struct job *j)
{
	struct write *w = write_new(b, WRITE_PAGE);
	int64_t per_source = b->hosts / SOURCES, source = atoll(j->source.p + 1), n;

	job_copy(w->arena, j, &w->job);
	w->job.state = JOB_DONE;
	w->page = (struct page){ .page_kind = w->job.page,
				 .url = w->job.url,
				 .status = 200,
				 .wire_bytes = 20000,
				 .body_bytes = 80000,
				 .record = { STR("piped-1.warc.gz"), 1, 20000 } };
	w->n_jobs = LINKS;
	w->jobs = arena_array(w->arena, LINKS, sizeof(*w->jobs));
	for (int i = 0; i < LINKS; i++) {
		struct job *l = &w->jobs[i];

		n = (j->id * LINKS + i) * 2654435761 % (per_source ? per_source : 1);
		*l = (struct job){ .source = w->job.source, .page = STR("item"), .vars = STR("") };
		l->host = i % 3 ? w->job.host
				: arena_fmt(w->arena, "h%06d.example",
					    (int)(source * per_source + n));
		/* every second is one that is there */
		l->key = i % 2 ? arena_fmt(w->arena, "new-%lld-%d", (long long)j->id, i)
			       : w->job.key;
		l->url = arena_fmt(w->arena, "https://%.*s/products/%.*s", STR_ARG(l->host),
				   STR_ARG(l->key));
		l->seed = -1;
		l->parent = j->id;
		l->depth = 2;
		l->priority = 5;
		l->due_ms = b->now_ms;
	}
	return w;
}

static void commit(struct bench *b, struct write **w, int n)
{
	int64_t cpu;

	b->page_sql_ns += write_all(b, w, n);
	b->commits += n;
	cpu = clock_thread_cpu_ns();
	for (int i = 0; i < n; i++) {
		frontier_forget(b->frontier, w[i]->job.id);
		for (int k = 0; k < w[i]->ret_n_hosts; k++) {
			const struct write_host *h = &w[i]->ret_hosts[k];

			frontier_host(b->frontier, h->source, h->host, h->due_ms, h->due);
		}
		b->new_jobs += w[i]->ret_new_jobs;
		arena_free(w[i]->arena);
	}
	b->loop_ns += clock_thread_cpu_ns() - cpu;
}

/* Gives jobs, whose answers come at once, and commits their pages. */
static void turn(struct bench *b)
{
	struct write *w[AT_ONCE];
	const struct job *j;
	int64_t start, took, wait_ms;
	int n = 0;

	list_hosts(b);
	pick_jobs(b);
	while (n < AT_ONCE) {
		start = clock_thread_cpu_ns();
		j = frontier_next(b->frontier, b->now_ms, &wait_ms);
		took = clock_thread_cpu_ns() - start;
		b->loop_ns += took;
		if (took > b->worst_next_ns)
			b->worst_next_ns = took;
		if (!j)
			break;
		w[n++] = page_of(b, j);
		start = clock_thread_cpu_ns();
		frontier_end(b->frontier, j->id, FRONTIER_FINE, -1, b->now_ms);
		b->loop_ns += clock_thread_cpu_ns() - start;
	}
	b->given += n;
	if (n)
		commit(b, w, n);
	b->now_ms += 5;
}

static void configure(struct bench *b)
{
	struct arena *a = arena_new(1 << 20); /* lives as long as the program */
	int64_t per = b->hosts / SOURCES > 0 ? b->hosts / SOURCES : 1, h;

	b->conf = (struct conf){ .concurrency = AT_ONCE,
				 .backoff_first_ms = 1000,
				 .backoff_max_ms = 60000,
				 .salt = STR("bench"),
				 .n_sources = SOURCES };
	b->conf.sources = arena_array(a, SOURCES, sizeof(*b->conf.sources));
	for (int i = 0; i < SOURCES; i++) {
		struct conf_source *s = &b->conf.sources[i];

		s->name = arena_fmt(a, "s%02d", i);
		s->enabled = true;
		s->rate = 1;
		s->concurrency = 1;
		s->hosts = arena_array(a, (size_t)per + 1, sizeof(*s->hosts));
		for (h = i * b->hosts / SOURCES; h <= (i + 1) * b->hosts / SOURCES; h++)
			if (h * SOURCES / b->hosts == i && s->n_hosts <= per)
				s->hosts[s->n_hosts++] = arena_fmt(a, "h%06d.example", (int)h);
	}
}

static int64_t file_bytes(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? (int64_t)st.st_size : 0;
}

/* What was asked four times a second before there was table host. */
static double naive_ms(const struct bench *b)
{
	int64_t start = clock_thread_cpu_ns();
	struct store_engine *e;
	struct reason why;

	if (store_engine_open(b->path, STORE_ENGINE_READ, &e, &why))
		die(b->path, why.text);
	sql(e, "SELECT source, host, MIN(due_ms), COUNT(*) FROM job WHERE state = 'due' GROUP BY "
	       "source, host");
	store_engine_close(e);
	return (double)(clock_thread_cpu_ns() - start) / 1e6;
}

static void play(struct bench *b)
{
	struct writer_opt opt = {
		.batch_items = 16, .batch_ms = 20, .append = append, .wake = wake, .ctx = b
	};
	struct frontier_view view;
	struct reason why;
	struct rusage use;
	struct store *s;
	struct arena *a = arena_new(4096);

	configure(b);
	b->wake_fd = eventfd(0, EFD_CLOEXEC);
	if (store_open(b->path, &s, &why) || writer_start(s, &opt, &b->writer, &why))
		die(b->path, why.text);
	b->frontier = frontier_new(&b->conf);
	b->now_ms = T0 + 1000;
	while (b->given < b->turns)
		turn(b);
	frontier_view(b->frontier, b->now_ms, 0, a, &view);
	writer_stop(b->writer);
	frontier_free(b->frontier);
	store_close(s);
	getrusage(RUSAGE_SELF, &use);
	printf("%9lld %7lld %6.0f %8.1f %8.1f %8.1f %9.0f %9.0f %8d %7ld %9.0f\n",
	       (long long)b->size, (long long)b->hosts, (double)file_bytes(b->path) / 1e6,
	       (double)(b->loop_ns + b->pick_sql_ns) / 1e3 / (double)b->given,
	       (double)b->worst_next_ns / 1e3, (double)b->worst_pick_ns / 1e3,
	       (double)b->page_sql_ns / 1e3 / (double)b->commits,
	       (double)b->new_jobs / (double)b->commits, view.in_memory, use.ru_maxrss / 1024,
	       naive_ms(b));
	arena_free(a);
}

/* In a process of its own, whose memory is its own. */
static void apart(struct bench *b, void (*f)(struct bench *))
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	must(pid >= 0);
	if (!pid) {
		f(b);
		fflush(stdout);
		_exit(0);
	}
	must(waitpid(pid, &status, 0) == pid);
	if (status)
		exit(1);
}

int main(int argc, char **argv)
{
	static const char *const ends[] = { "", "-wal", "-shm", ".lock" };
	char name[PATH_ROOM + 8];

	if (argc < 5) {
		fprintf(stderr, "Usage: frontier_bench FOLDER HOSTS TURNS SIZE...\n");
		return 2;
	}
	printf("%9s %7s %6s %8s %8s %8s %9s %9s %8s %7s %9s\n", "jobs", "hosts", "MB", "us/URL",
	       "worst us", "ask us", "us/commit", "new jobs", "hosts in", "peak", "GROUP BY");
	printf("%9s %7s %6s %8s %8s %8s %9s %9s %8s %7s %9s\n", "", "", "", "", "on loop", "worst",
	       "of 30 lks", "a page", "memory", "MB", "ms");
	for (int i = 4; i < argc; i++) {
		struct bench b = { .size = atoll(argv[i]), .turns = atoll(argv[3]) };

		b.hosts = atoll(argv[2]) < b.size / 10 ? atoll(argv[2]) : b.size / 10;
		if (b.hosts < SOURCES)
			die(argv[i], "too few: at least 1000 jobs");
		if (b.turns > b.size / 2)
			b.turns = b.size / 2;
		snprintf(b.path, sizeof(b.path), "%s/piped.db", argv[1]);
		apart(&b, fill);
		apart(&b, play);
		for (size_t k = 0; k < sizeof(ends) / sizeof(ends[0]); k++) {
			snprintf(name, sizeof(name), "%s%s", b.path, ends[k]);
			unlink(name);
		}
	}
	return 0;
}
