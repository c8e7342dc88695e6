#include "daemon/daemon.h"

#include "crawler/frontier.h"

#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* What the loop knows, for GET /api/status; the counts of the database are
 * added by the API itself. */

static void crawl_json(struct daemon *d, struct json *j, const struct crawl_view *v)
{
	json_object(j, "crawl");
	json_bool(j, "paused", crawl_paused(d->crawl));
	json_text(j, "held", v->held);
	json_int(j, "fetching", v->fetching);
	json_int(j, "waiting", v->waiting);
	json_int(j, "extracting", v->extracting);
	json_int(j, "committing", v->committing);
	json_int(j, "unprocessed_bytes", v->unprocessed_bytes);
	json_int(j, "requests", v->requests);
	json_int(j, "pages", v->pages);
	json_int(j, "listings", v->listings);
	json_num(j, "requests_per_s", v->requests_per_s, 2);
	json_num(j, "listings_per_s", v->listings_per_s, 1);
	json_int(j, "next_due_ms", v->next_due_ms);
	json_array(j, "in_flight");
	for (int i = 0; i < v->n_work; i++) {
		const struct crawl_work_view *w = &v->work[i];

		json_object(j, NULL);
		json_int(j, "job", w->job);
		json_str(j, "source", w->source);
		json_str(j, "url", w->url);
		json_text(j, "step", w->step);
		json_int(j, "since_ms", w->since_ms);
		json_end_object(j);
	}
	json_end_array(j);
	json_end_object(j);
}

static void hosts_json(struct daemon *d, struct json *j, struct arena *a)
{
	struct frontier_view v;

	crawl_look_hosts(d->crawl, CRAWL_HOSTS_SHOWN, a, &v);
	json_object(j, "frontier");
	json_int(j, "hosts_in_memory", v.in_memory);
	json_int(j, "hosts_shown", v.n_hosts);
	json_object(j, "why");
	for (int i = 0; i < WHY_COUNT; i++)
		json_int(j, frontier_why_name((enum frontier_why)i), v.why[i]);
	json_end_object(j);
	json_end_object(j);
	json_array(j, "hosts");
	for (int i = 0; i < v.n_hosts; i++) {
		const struct frontier_host_view *h = &v.hosts[i];

		json_object(j, NULL);
		json_str(j, "source", h->source);
		json_str(j, "host", h->host);
		json_text(j, "why", frontier_why_name(h->why));
		json_text(j, "why_doc", frontier_why_doc(h->why));
		json_int(j, "until_ms", h->until_ms);
		json_int(j, "running", h->running);
		json_int(j, "window", h->window);
		json_int(j, "troubles", h->troubles_in_a_row);
		json_str(j, "trouble", h->trouble);
		json_int(j, "due", h->due_jobs);
		json_int(j, "asked", h->asked);
		json_num(j, "rate", h->rate, 3);
		json_num(j, "rate_used", h->rate_used, 3);
		json_num(j, "factor", h->factor, 3);
		json_text(j, "factor_why", adapt_why_name(h->factor_why));
		json_text(j, "factor_doc", adapt_why_doc(h->factor_why));
		json_text(j, "breaker", state_name(STATE_BREAKER, (int)h->breaker));
		json_str(j, "address", h->address);
		json_end_object(j);
	}
	json_end_array(j);
}

static int64_t file_bytes(const char *path, const char *ending)
{
	char full[4200];
	struct stat st;

	snprintf(full, sizeof(full), "%s%s", path, ending);
	return stat(full, &st) == 0 ? (int64_t)st.st_size : 0;
}

int64_t status_database_bytes(const struct daemon *d)
{
	const char *db = store_path(d->store);

	return file_bytes(db, "") + file_bytes(db, "-wal");
}

static void disk_json(struct daemon *d, struct json *j)
{
	const char *db = store_path(d->store);
	struct retain_view kept;

	retain_look(d->retain, &kept);
	json_object(j, "disk");
	json_str(j, "state_dir", d->view->rules->conf->state_dir);
	json_text(j, "database", db);
	json_text(j, "archive", d->archive_dir);
	json_int(j, "database_bytes", status_database_bytes(d));
	json_int(j, "archive_bytes", archive_total(d->archive));
	json_int(j, "archive_bytes_written", archive_bytes(d->archive));
	json_int(j, "archive_keep_ms", d->view->rules->conf->archive_keep_ms);
	json_int(j, "archive_max_bytes", d->view->rules->conf->archive_max_bytes);
	json_int(j, "archive_removed_segments", kept.removed.n);
	json_int(j, "archive_removed_bytes", kept.removed.bytes);
	json_int(j, "archive_removed_ms", kept.removed.last_ms);
	json_text(j, "archive_waits", kept.waits);
	json_int(j, "free_bytes", d->free_bytes);
	json_int(j, "min_free_bytes", d->view->rules->conf->min_free_bytes);
	json_end_object(j);
}

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

/* CPU seconds of the process, and by stage of the pipeline. */
static void cost_json(struct daemon *d, struct json *j, const struct crawl_view *v,
		      const struct sweep_view *s, const struct writer_stat *w)
{
	struct rusage r;

	getrusage(RUSAGE_SELF, &r);
	json_object(j, "cost");
	json_num(j, "cpu_s", seconds(r.ru_utime) + seconds(r.ru_stime), 3);
	json_num(j, "user_s", seconds(r.ru_utime), 3);
	json_int(j, "memory_peak_bytes", (int64_t)r.ru_maxrss * 1024);
	json_object(j, "stages_cpu_s");
	json_num(j, "loop", (double)d->loop_cpu_ns / 1e9, 3);
	for (int i = 0; i < STAGE_COUNT; i++)
		json_num(j, stage_name((enum stage)i), (double)(v->cpu_ns[i] + s->cpu_ns[i]) / 1e9,
			 3);
	json_num(j, "append", (double)w->append_cpu_ns / 1e9, 3);
	json_num(j, "sql", (double)w->sql_cpu_ns / 1e9, 3);
	json_end_object(j);
	json_end_object(j);
}

/* What the sources' images may be asked at, all together. */
static double image_rate(const struct conf *c)
{
	double r = 0;

	for (int i = 0; i < c->n_sources; i++)
		if (c->sources[i].enabled && c->sources[i].images.wanted)
			r += c->sources[i].images.rate;
	return r;
}

static void images_json(struct daemon *d, struct json *j, const struct crawl_view *v)
{
	struct images_view i;

	images_look(d->images, &i);
	json_object(j, "images");
	json_bool(j, "wanted", i.wanted);
	json_bool(j, "looking", i.looking);
	json_bool(j, "collecting", i.collecting);
	json_int(j, "collected", i.collected);
	json_int(j, "unseen", i.unseen);
	json_int(j, "collect_ms", i.collect_ms);
	json_num(j, "per_s", v->images_per_s, 2);
	json_num(j, "allowed_per_s", image_rate(d->view->rules->conf), 3);
	json_end_object(j);
}

static void writer_json(struct json *j, const struct writer_stat *w)
{
	json_object(j, "writer");
	json_int(j, "waiting", w->waiting);
	json_int(j, "commits", w->commits);
	json_int(j, "items", w->items);
	json_int(j, "failures", w->failures);
	json_text(j, "error", w->last_err ? w->last_why.text : NULL);
	json_end_object(j);
}

static void model_json(struct daemon *d, struct json *j)
{
	const struct model_ref *m = d->view->model;

	json_text(j, "model_trouble", d->model_trouble[0] ? d->model_trouble : NULL);
	if (!m) {
		json_null(j, "model");
		return;
	}
	json_object(j, "model");
	json_int(j, "id", m->id);
	json_text(j, "name", m->name);
	json_int(j, "classes", classifier_classes(m->classifier));
	json_end_object(j);
}

static void reload_json(struct daemon *d, struct json *j)
{
	json_object(j, "reload");
	json_text(j, "state", d->reloading ? "running" : d->reload_err ? "failed" : "ok");
	json_int(j, "at_ms", d->reload_ms);
	json_text(j, "error", !d->reloading && d->reload_err ? d->reload_why.text : NULL);
	json_end_object(j);
}

static void versions_json(struct daemon *d, struct json *j)
{
	const struct conf *conf = d->view->rules->conf;
	char text[24];

	json_object(j, "versions");
	json_text(j, "piped", PIPED_VERSION);
	json_int(j, "schema", store_schema_version());
	json_int(j, "taxonomy", conf->taxonomy.version);
	snprintf(text, sizeof(text), "%016llx", (unsigned long long)conf->rules.version);
	json_text(j, "rules", text);
	snprintf(text, sizeof(text), "%016llx",
		 (unsigned long long)labeler_version(d->view->v.labeler));
	json_text(j, "labeler", text);
	json_end_object(j);
}

void status_json(struct daemon *d, struct json *j, struct arena *a)
{
	struct crawl_view v;
	struct sweep_view s;
	struct writer_stat w;

	crawl_look(d->crawl, a, &v);
	sweep_look(d->sweep, &s);
	writer_stat(d->writer, &w);
	d->loop_cpu_ns = clock_thread_cpu_ns();
	json_int(j, "pid", (int64_t)getpid());
	json_int(j, "now_ms", clock_wall_ms(d->clock));
	json_int(j, "uptime_ms", clock_mono_ms(d->clock) - d->started_mono_ms);
	json_bool(j, "idle", daemon_idle(d));
	json_bool(j, "stopping", d->stopping);
	crawl_json(d, j, &v);
	hosts_json(d, j, a);
	json_object(j, "sweep");
	json_bool(j, "active", s.active);
	json_int(j, "done", s.done);
	json_int(j, "cursor", s.cursor);
	json_num(j, "per_s", s.per_s, 1);
	json_end_object(j);
	json_object(j, "reread");
	reread_json(d->reread, j);
	json_end_object(j);
	json_object(j, "import");
	import_json(d->import, j);
	json_end_object(j);
	images_json(d, j, &v);
	trainer_json(d->trainer, j, "train");
	model_json(d, j);
	writer_json(j, &w);
	disk_json(d, j);
	cost_json(d, j, &v, &s, &w);
	reload_json(d, j);
	versions_json(d, j);
}
