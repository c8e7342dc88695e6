#include "daemon/daemon.h"
#include "serve/metric.h"

#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

/* What the loop knows, for GET /metrics; the counts of the database are added
 * by the API itself. */

static int64_t resident_bytes(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	long long all = 0, resident = 0;

	if (!f)
		return 0;
	if (fscanf(f, "%lld %lld", &all, &resident) != 2)
		resident = 0;
	fclose(f);
	return (int64_t)resident * sysconf(_SC_PAGESIZE);
}

static void process_figures(const struct daemon *d, struct buf *to)
{
	const struct str version = STR(PIPED_VERSION);
	struct rusage r;

	getrusage(RUSAGE_SELF, &r);
	metric_head(to, METRIC_INFO);
	metric_int(to, METRIC_INFO, &version, 1);
	metric_head(to, METRIC_UPTIME);
	metric_num(to, METRIC_UPTIME, NULL,
		   (double)(clock_mono_ms(d->clock) - d->started_mono_ms) / 1e3);
	metric_head(to, METRIC_CPU);
	metric_num(to, METRIC_CPU, NULL,
		   (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
			   (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6);
	metric_one(to, METRIC_MEMORY, resident_bytes());
	metric_one(to, METRIC_MEMORY_PEAK, (int64_t)r.ru_maxrss * 1024);
}

static void crawl_figures(struct buf *to, const struct crawl_view *v, const struct sweep_view *s)
{
	const struct {
		struct str step;
		int n;
	} steps[] = {
		{ STR("fetching"), v->fetching },
		{ STR("waiting"), v->waiting },
		{ STR("extracting"), v->extracting },
		{ STR("committing"), v->committing },
	};

	metric_one(to, METRIC_REQUESTS, v->requests);
	metric_head(to, METRIC_IN_FLIGHT);
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		metric_int(to, METRIC_IN_FLIGHT, &steps[i].step, steps[i].n);
	metric_one(to, METRIC_UNPROCESSED, v->unprocessed_bytes);
	metric_one(to, METRIC_HELD, v->held != NULL);
	metric_one(to, METRIC_FAILURES, v->failures);
	metric_head(to, METRIC_STAGE_CPU);
	for (int i = 0; i < STAGE_COUNT; i++) {
		struct str stage = str_of(stage_name((enum stage)i));

		metric_num(to, METRIC_STAGE_CPU, &stage,
			   (double)(v->cpu_ns[i] + s->cpu_ns[i]) / 1e9);
	}
	metric_one(to, METRIC_SWEEP_ACTIVE, s->active);
	metric_one(to, METRIC_SWEEP_DONE, s->done);
}

/* False: the host has no such sample now. */
static bool host_figure(const struct frontier_host_view *h, enum metric m, double *ret)
{
	switch (m) {
	case METRIC_HOST_REQUESTS:
		*ret = (double)h->asked;
		return true;
	case METRIC_HOST_RUNNING:
		*ret = h->running;
		return true;
	case METRIC_HOST_DUE:
		*ret = (double)h->due_jobs;
		return true;
	case METRIC_HOST_RATE_MOST:
		*ret = h->rate;
		return true;
	case METRIC_HOST_RATE:
		*ret = h->rate_used;
		return true;
	case METRIC_HOST_TROUBLES:
		*ret = h->troubles_in_a_row;
		return true;
	case METRIC_HOST_WAITS:
		*ret = 1;
		return h->why != WHY_RUNNING;
	default:
		*ret = (double)h->until_ms / 1e3;
		return h->until_ms > 0;
	}
}

static void host_figures(struct buf *to, const struct frontier_view *v)
{
	double x;

	for (enum metric m = METRIC_HOST_REQUESTS; m <= METRIC_HOST_UNTIL; m++) {
		metric_head(to, m);
		for (int i = 0; i < v->n_hosts; i++) {
			const struct frontier_host_view *h = &v->hosts[i];
			const struct str labels[] = { h->source, h->host,
						      str_of(frontier_why_name(h->why)) };

			if (host_figure(h, m, &x))
				metric_num(to, m, labels, x);
		}
	}
}

static void store_figures(struct daemon *d, struct buf *to)
{
	struct retain_view gone;
	struct writer_stat w;

	writer_stat(d->writer, &w);
	metric_one(to, METRIC_WRITER_COMMITS, w.commits);
	metric_one(to, METRIC_WRITER_ITEMS, w.items);
	metric_one(to, METRIC_WRITER_FAILURES, w.failures);
	metric_one(to, METRIC_WRITER_WAITING, w.waiting);
	metric_one(to, METRIC_DATABASE_BYTES, status_database_bytes(d));
	metric_one(to, METRIC_ARCHIVE_BYTES, archive_total(d->archive));
	retain_look(d->retain, &gone);
	metric_one(to, METRIC_ARCHIVE_REMOVED_SEGMENTS, gone.removed.n);
	metric_one(to, METRIC_ARCHIVE_REMOVED_BYTES, gone.removed.bytes);
	metric_one(to, METRIC_DISK_FREE, d->free_bytes);
	metric_head(to, METRIC_MODEL);
	if (d->view->model) {
		const struct str name = str_of(d->view->model->name);

		metric_int(to, METRIC_MODEL, &name, d->view->model->id);
	}
}

void figures_add(struct daemon *d, struct buf *to, struct arena *a)
{
	struct frontier_view hosts;
	struct crawl_view v;
	struct sweep_view s;

	crawl_look(d->crawl, a, &v);
	crawl_look_hosts(d->crawl, CRAWL_HOSTS_SHOWN, a, &hosts);
	sweep_look(d->sweep, &s);
	process_figures(d, to);
	crawl_figures(to, &v, &s);
	host_figures(to, &hosts);
	store_figures(d, to);
}
