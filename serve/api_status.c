#include "serve/api.h"
#include "serve/api_json.h"
#include "serve/metric.h"

#define TROUBLES 10
#define ALARMS 50

void api_status_first(struct request *rq)
{
	json_object(&rq->j, NULL);
	rq->ops->status(rq->ops->ctx, &rq->j, rq->arena);
}

static void source_counts(struct json *j, const struct source_counts *s)
{
	json_bool(j, "paused", s->paused);
	api_json_jobs(j, "jobs", s->jobs);
	api_json_tallies(j, "tallies", s->tally);
	api_json_time(j, "next_due", s->next_due_ms);
}

static void sums(struct json *j, const struct source_counts *s, int n)
{
	int64_t jobs[JOB_STATES] = { 0 }, tally[TALLY_COUNT] = { 0 };

	for (int i = 0; i < n; i++) {
		for (int k = 0; k < JOB_STATES; k++)
			jobs[k] += s[i].jobs[k];
		for (int k = 0; k < TALLY_COUNT; k++)
			tally[k] += s[i].tally[k];
	}
	api_json_jobs(j, "jobs", jobs);
	api_json_tallies(j, "tallies", tally);
}

static void troubles(struct json *j, const struct trouble_row *t, int n)
{
	json_array(j, "troubles");
	for (int i = 0; i < n; i++) {
		json_object(j, NULL);
		json_int(j, "job", t[i].job);
		json_int(j, "page", t[i].page);
		api_json_time(j, "at", t[i].at_ms);
		json_str(j, "source", t[i].source);
		json_str(j, "url", t[i].url);
		json_str(j, "what", t[i].what);
		json_str(j, "reason", t[i].reason);
		json_end_object(j);
	}
	json_end_array(j);
}

static int64_t refused_times(const struct refused_row *f, int n)
{
	int64_t times = 0;

	for (int i = 0; i < n; i++)
		times += f[i].times;
	return times;
}

void api_status_work(struct request *rq)
{
	struct source_counts *s = NULL;
	struct refused_row *f = NULL;
	struct trouble_row *t = NULL;
	struct reject_count *c = NULL;
	struct alarm *alarms = NULL;
	struct reason why = { "" };
	int64_t queue = 0;
	int n = 0, m = 0, k = 0, n_counts = 0, n_alarms = 0;
	enum err err;

	err = reader_sources(rq->reader, rq->arena, &s, &n, &why);
	if (!err)
		err = reader_review_size(rq->reader, &queue, &why);
	if (!err)
		err = reader_troubles(rq->reader, TROUBLES, rq->arena, &t, &m, &why);
	if (!err)
		err = reader_refused(rq->reader, rq->arena, &f, &k, &why);
	if (!err)
		err = reader_reject_counts(rq->reader, 0, rq->arena, &c, &n_counts, &why);
	if (!err)
		err = reader_alarms(rq->reader, false, ALARMS, rq->arena, &alarms, &n_alarms, &why);
	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	api_drift_alarms(&rq->j, alarms, n_alarms, (struct str){ 0 });
	sums(&rq->j, s, n);
	json_int(&rq->j, "review_queue", queue);
	json_int(&rq->j, "links_refused", refused_times(f, k));
	api_rejected_counts(&rq->j, "rejected", c, n_counts, (struct str){ 0 });
	json_array(&rq->j, "sources");
	for (int i = 0; i < n; i++) {
		json_object(&rq->j, NULL);
		json_str(&rq->j, "source", s[i].source);
		source_counts(&rq->j, &s[i]);
		json_end_object(&rq->j);
	}
	json_end_array(&rq->j);
	troubles(&rq->j, t, m);
	json_end_object(&rq->j);
}

static const struct source_counts *counts_of(const struct source_counts *s, int n, struct str name)
{
	for (int i = 0; i < n; i++)
		if (str_eq(s[i].source, name))
			return &s[i];
	return NULL;
}

static void source(struct json *j, struct str name, const struct conf_source *c,
		   const struct source_counts *counts)
{
	const struct source_counts none = { .source = name };

	json_object(j, NULL);
	json_str(j, "source", name);
	json_str(j, "title", c ? c->title : (struct str){ 0 });
	json_bool(j, "configured", c != NULL);
	json_bool(j, "enabled", c && c->enabled);
	json_str(j, "missing", c ? c->missing : (struct str){ 0 });
	json_array(j, "hosts");
	for (int i = 0; c && i < c->n_hosts; i++)
		json_str(j, NULL, c->hosts[i]);
	json_end_array(j);
	json_num(j, "rate", c ? c->rate : 0, 3);
	json_int(j, "concurrency", c ? c->concurrency : 0);
	source_counts(j, counts ? counts : &none);
	json_end_object(j);
}

static bool is_listed(const struct conf *c, struct str name)
{
	return conf_source(c, name) && conf_source(c, name) != &c->no_source;
}

void api_status_sources(struct request *rq)
{
	const struct conf *c = rq->view->conf;
	struct source_counts *s = NULL;
	struct reason why = { "" };
	int n = 0;
	enum err err;

	err = reader_sources(rq->reader, rq->arena, &s, &n, &why);
	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	json_object(&rq->j, NULL);
	json_array(&rq->j, "sources");
	for (int i = 0; i < c->n_sources; i++)
		source(&rq->j, c->sources[i].name, &c->sources[i],
		       counts_of(s, n, c->sources[i].name));
	for (int i = 0; i < n; i++)
		if (!is_listed(c, s[i].source))
			source(&rq->j, s[i].source, conf_source(c, s[i].source), &s[i]);
	json_end_array(&rq->j);
	json_end_object(&rq->j);
}

static void log_line(void *ctx, int64_t wall_ms, enum log_level l, struct str line)
{
	struct json *j = ctx;

	json_object(j, NULL);
	api_json_time(j, "at", wall_ms);
	json_text(j, "level", log_level_name(l));
	json_str(j, "text", line);
	json_end_object(j);
}

void api_status_log(struct request *rq)
{
	enum log_level least = LOG_LEVEL_INFO;

	log_level_parse(request_text(rq, "level"), &least);
	json_object(&rq->j, NULL);
	json_array(&rq->j, "lines");
	log_recent(least, (size_t)request_int(rq, "n"), log_line, &rq->j);
	json_end_array(&rq->j);
	json_end_object(&rq->j);
}

void api_status_config(struct request *rq)
{
	if (!str_is(request_text(rq, "format"), "yaml")) {
		conf_json(rq->view->conf, &rq->out);
		return;
	}
	rq->type = "application/yaml";
	conf_print(rq->view->conf, &rq->out);
}

void api_status_metrics_first(struct request *rq)
{
	metric_head(&rq->out, METRIC_API_REQUESTS);
	for (int i = 2; i < 6; i++) {
		const struct str class = arena_fmt(rq->arena, "%dxx", i);

		metric_int(&rq->out, METRIC_API_REQUESTS, &class, rq->counts->answered[i]);
	}
	metric_one(&rq->out, METRIC_SUGGEST_TITLES, rq->counts->titles);
	metric_one(&rq->out, METRIC_SUGGEST_LIMITED, rq->counts->limited);
	rq->ops->metrics(rq->ops->ctx, &rq->out, rq->arena);
}

static void metric_jobs(struct buf *to, const struct source_counts *s, int n)
{
	metric_head(to, METRIC_JOBS);
	for (int i = 0; i < n; i++) {
		for (int k = 0; k < JOB_STATES; k++) {
			const struct str labels[] = { s[i].source,
						      str_of(state_name(STATE_JOB, k)) };

			metric_int(to, METRIC_JOBS, labels, s[i].jobs[k]);
		}
	}
}

static void metric_sources(struct buf *to, const struct source_counts *s, int n)
{
	metric_head(to, METRIC_SOURCE_PAUSED);
	for (int i = 0; i < n; i++)
		metric_int(to, METRIC_SOURCE_PAUSED, &s[i].source, s[i].paused);
	metric_head(to, METRIC_SOURCE_NEXT_DUE);
	for (int i = 0; i < n; i++)
		if (s[i].next_due_ms)
			metric_num(to, METRIC_SOURCE_NEXT_DUE, &s[i].source,
				   (double)s[i].next_due_ms / 1e3);
}

static void metric_refused(struct buf *to, const struct refused_row *f, int n)
{
	metric_head(to, METRIC_LINKS_REFUSED);
	for (int i = 0; i < n; i++) {
		const struct str labels[] = { f[i].source, str_of(refusals[f[i].reason].name) };

		metric_int(to, METRIC_LINKS_REFUSED, labels, f[i].times);
	}
}

static void metric_rejected(struct buf *to, const struct reject_count *c, int n)
{
	metric_head(to, METRIC_REJECTED);
	for (int i = 0; i < n; i++) {
		const struct str labels[] = { c[i].source, str_of(rejects[c[i].code].name) };

		metric_int(to, METRIC_REJECTED, labels, c[i].times);
	}
}

/* Sources without any, too, so that an alert on it ends. */
static void metric_alarms(struct buf *to, const struct source_counts *s, int n,
			  const struct alarm *a, int n_alarms)
{
	metric_head(to, METRIC_DRIFT_ALARMS);
	for (int i = 0; i < n; i++) {
		int64_t open = 0;

		for (int k = 0; k < n_alarms; k++)
			open += str_eq(a[k].source, s[i].source);
		metric_int(to, METRIC_DRIFT_ALARMS, &s[i].source, open);
	}
}

void api_status_metrics(struct request *rq)
{
	struct source_counts *s = NULL;
	struct refused_row *f = NULL;
	struct reject_count *c = NULL;
	struct alarm *alarms = NULL;
	struct reason why = { "" };
	int64_t queue = 0;
	int n = 0, k = 0, n_counts = 0, n_alarms = 0;
	enum err err;

	err = reader_sources(rq->reader, rq->arena, &s, &n, &why);
	if (!err)
		err = reader_review_size(rq->reader, &queue, &why);
	if (!err)
		err = reader_refused(rq->reader, rq->arena, &f, &k, &why);
	if (!err)
		err = reader_reject_counts(rq->reader, 0, rq->arena, &c, &n_counts, &why);
	if (!err)
		err = reader_alarms(rq->reader, false, 0, rq->arena, &alarms, &n_alarms, &why);
	if (err) {
		request_err(rq, err, &why, NULL);
		return;
	}
	rq->type = "text/plain; version=0.0.4; charset=utf-8";
	for (enum tally t = 0; t < TALLY_COUNT; t++)
		metric_tally(&rq->out, t, s, n);
	metric_jobs(&rq->out, s, n);
	metric_sources(&rq->out, s, n);
	metric_refused(&rq->out, f, k);
	metric_rejected(&rq->out, c, n_counts);
	metric_alarms(&rq->out, s, n, alarms, n_alarms);
	metric_one(&rq->out, METRIC_REVIEW_QUEUE, queue);
}
