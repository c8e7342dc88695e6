#include "serve/metric.h"

#include "base/must.h"

#include <inttypes.h>
#include <stdio.h>

#define COUNTER .type = "counter"
#define GAUGE .type = "gauge"
#define HOST .labels = { "source", "host" }

const struct metric_row metrics[METRIC_COUNT] = {
	[METRIC_INFO] = { .name = "piped_info",
			  GAUGE,
			  .labels = { "version" },
			  .doc = "1, labelled with what runs." },
	[METRIC_UPTIME] = { .name = "piped_uptime_seconds", GAUGE, .doc = "Since the start." },
	[METRIC_CPU] = { .name = "process_cpu_seconds_total",
			 COUNTER,
			 .doc = "User and system CPU of the process." },
	[METRIC_MEMORY] = { .name = "process_resident_memory_bytes",
			    GAUGE,
			    .doc = "Memory that the process holds." },
	[METRIC_MEMORY_PEAK] = { .name = "piped_memory_peak_bytes",
				 GAUGE,
				 .doc = "Most memory that the process held." },
	[METRIC_API_REQUESTS] = { .name = "piped_api_requests_total",
				  COUNTER,
				  .labels = { "class" },
				  .doc = "Answers of the API by class." },
	[METRIC_JOBS] = { .name = "piped_jobs",
			  GAUGE,
			  .labels = { "source", "state" },
			  .doc = "Jobs by state." },
	[METRIC_LINKS_REFUSED] = { .name = "piped_links_refused_total",
				   COUNTER,
				   .labels = { "source", "reason" },
				   .doc = "Addresses on pages that became no job, by reason." },
	[METRIC_REJECTED] = { .name = "piped_rejected_records",
			      GAUGE,
			      .labels = { "source", "reason" },
			      .doc = "Records on pages that became no listing, by reason; of a "
				     "page "
				     "that is extracted again, as it is now." },
	[METRIC_DRIFT_ALARMS] = { .name = "piped_drift_alarms",
				  GAUGE,
				  .labels = { "source" },
				  .doc = "Statistics of its pages that are no longer what they "
					 "were." },
	[METRIC_SOURCE_PAUSED] = { .name = "piped_source_paused",
				   GAUGE,
				   .labels = { "source" },
				   .doc = "1: paused by a person." },
	[METRIC_SOURCE_NEXT_DUE] = { .name = "piped_source_next_due_timestamp_seconds",
				     GAUGE,
				     .labels = { "source" },
				     .doc = "When the soonest job is due; absent without one." },
	[METRIC_REVIEW_QUEUE] = { .name = "piped_review_queue",
				  GAUGE,
				  .doc = "Listings waiting for a person." },
	[METRIC_REQUESTS] = { .name = "piped_requests_total",
			      COUNTER,
			      .doc = "Requests to sites, robots.txt included." },
	[METRIC_IN_FLIGHT] = { .name = "piped_in_flight",
			       GAUGE,
			       .labels = { "step" },
			       .doc = "Pages under way by step." },
	[METRIC_UNPROCESSED] = { .name = "piped_unprocessed_bytes",
				 GAUGE,
				 .doc = "Bodies that came and are not committed." },
	[METRIC_HELD] = { .name = "piped_fetching_held",
			  GAUGE,
			  .doc = "1: no requests, for disk or store; status says why." },
	[METRIC_FAILURES] = { .name = "piped_commit_failures_total",
			      COUNTER,
			      .doc = "Pages whose commit failed and was put off." },
	[METRIC_STAGE_CPU] = { .name = "piped_stage_cpu_seconds_total",
			       COUNTER,
			       .labels = { "stage" },
			       .doc = "CPU by stage of the pipeline." },
	[METRIC_HOST_REQUESTS] = { .name = "piped_host_requests_total",
				   COUNTER,
				   HOST,
				   .doc = "Requests to the host for the source since the start." },
	[METRIC_HOST_RUNNING] = { .name = "piped_host_running",
				  GAUGE,
				  HOST,
				  .doc = "Requests under way." },
	[METRIC_HOST_DUE] = { .name = "piped_host_due_jobs", GAUGE, HOST, .doc = "Jobs due." },
	[METRIC_HOST_RATE_MOST] = { .name = "piped_host_rate_limit",
				    GAUGE,
				    HOST,
				    .doc = "Requests a second that are allowed." },
	[METRIC_HOST_RATE] = { .name = "piped_host_rate",
			       GAUGE,
			       HOST,
			       .doc = "Requests a second over the last minute." },
	[METRIC_HOST_TROUBLES] = { .name = "piped_host_troubles",
				   GAUGE,
				   HOST,
				   .doc = "Troubles in a row." },
	[METRIC_HOST_WAITS] = { .name = "piped_host_waits",
				GAUGE,
				.labels = { "source", "host", "why" },
				.doc = "1, labelled with why the host is not being asked now." },
	[METRIC_HOST_UNTIL] = { .name = "piped_host_until_timestamp_seconds",
				GAUGE,
				HOST,
				.doc = "Till when it waits, where that is known." },
	[METRIC_WRITER_COMMITS] = { .name = "piped_writer_commits_total",
				    COUNTER,
				    .doc = "Transactions committed." },
	[METRIC_WRITER_ITEMS] = { .name = "piped_writer_items_total",
				  COUNTER,
				  .doc = "Writes in them." },
	[METRIC_WRITER_FAILURES] = { .name = "piped_writer_failures_total",
				     COUNTER,
				     .doc = "Writes that failed." },
	[METRIC_WRITER_WAITING] = { .name = "piped_writer_waiting",
				    GAUGE,
				    .doc = "Writes that wait for their commit." },
	[METRIC_SWEEP_ACTIVE] = { .name = "piped_sweep_active",
				  GAUGE,
				  .doc = "1: listings are being judged again." },
	[METRIC_SWEEP_DONE] = { .name = "piped_sweep_listings",
				GAUGE,
				.doc = "Listings judged again in this pass." },
	[METRIC_DATABASE_BYTES] = { .name = "piped_database_bytes",
				    GAUGE,
				    .doc = "The database with its log." },
	[METRIC_ARCHIVE_BYTES] = { .name = "piped_archive_bytes",
				   GAUGE,
				   .doc = "The WARC segments." },
	[METRIC_ARCHIVE_REMOVED_SEGMENTS] = { .name = "piped_archive_removed_segments_total",
					      COUNTER,
					      .doc = "Segments that archive-keep or archive-max "
						     "removed." },
	[METRIC_ARCHIVE_REMOVED_BYTES] = { .name = "piped_archive_removed_bytes_total",
					   COUNTER,
					   .doc = "What these took, indexes included." },
	[METRIC_DISK_FREE] = { .name = "piped_disk_free_bytes",
			       GAUGE,
			       .doc = "Free on the fuller of the disks in use." },
	[METRIC_MODEL] = { .name = "piped_model_live",
			   GAUGE,
			   .labels = { "name" },
			   .doc = "The row of the model that makes the suggestions." },
	[METRIC_SUGGEST_TITLES] = { .name = "piped_suggest_titles_total",
				    COUNTER,
				    .doc = "Titles that /api/suggest was asked about and "
					   "answered." },
	[METRIC_SUGGEST_LIMITED] = { .name = "piped_suggest_limited_total",
				     COUNTER,
				     .doc = "Requests refused with 429, by `suggest-rate`." },
};

static void head(struct buf *to, const struct metric_row *r)
{
	buf_fmt(to, "# HELP %s %s\n# TYPE %s %s\n", r->name, r->doc, r->name, r->type);
}

void metric_head(struct buf *to, enum metric m)
{
	must(m < METRIC_COUNT);
	head(to, &metrics[m]);
}

void metric_of_tally(enum tally t, char name[METRIC_NAME], struct metric_row *ret)
{
	must(t < TALLY_COUNT);
	snprintf(name, METRIC_NAME, "piped_%s%s", tallies[t].name,
		 tallies[t].grows ? "_total" : "");
	for (char *p = name; *p; p++)
		if (*p == '-')
			*p = '_';
	*ret = (struct metric_row){ .name = name,
				    .type = tallies[t].grows ? "counter" : "gauge",
				    .labels = { "source" },
				    .doc = tallies[t].doc };
}

static void add_value(struct buf *to, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\n')
			buf_add_text(to, "\\n");
		else if (s.p[i] == '"' || s.p[i] == '\\')
			buf_fmt(to, "\\%c", s.p[i]);
		else
			buf_add_char(to, s.p[i]);
	}
}

static void add_name(struct buf *to, const struct metric_row *r, const struct str *values)
{
	buf_add_text(to, r->name);
	for (int i = 0; i < METRIC_LABELS && r->labels[i]; i++) {
		buf_fmt(to, "%s%s=\"", i ? "," : "{", r->labels[i]);
		add_value(to, values[i]);
		buf_add_char(to, '"');
	}
	buf_add_text(to, r->labels[0] ? "} " : " ");
}

void metric_int(struct buf *to, enum metric m, const struct str *values, int64_t n)
{
	must(m < METRIC_COUNT);
	add_name(to, &metrics[m], values);
	buf_fmt(to, "%" PRId64 "\n", n);
}

void metric_num(struct buf *to, enum metric m, const struct str *values, double x)
{
	must(m < METRIC_COUNT);
	add_name(to, &metrics[m], values);
	buf_fmt(to, "%.15g\n", x);
}

void metric_one(struct buf *to, enum metric m, int64_t n)
{
	metric_head(to, m);
	metric_int(to, m, NULL, n);
}

void metric_tally(struct buf *to, enum tally t, const struct source_counts *s, int n)
{
	char name[METRIC_NAME];
	struct metric_row r;

	metric_of_tally(t, name, &r);
	head(to, &r);
	for (int i = 0; i < n; i++) {
		add_name(to, &r, &s[i].source);
		buf_fmt(to, "%" PRId64 "\n", s[i].tally[t]);
	}
}

static void markdown(struct buf *to, const struct metric_row *r)
{
	buf_fmt(to, "| `%s` | %s | ", r->name, r->type);
	for (int i = 0; i < METRIC_LABELS && r->labels[i]; i++)
		buf_fmt(to, "%s%s", i ? ", " : "", r->labels[i]);
	buf_fmt(to, " | %s |\n", r->doc);
}

void metric_markdown(struct buf *to)
{
	char name[METRIC_NAME];
	struct metric_row r;

	buf_add_text(to, "\n| metric | type | labels | meaning |\n|---|---|---|---|\n");
	for (int m = 0; m < METRIC_COUNT; m++)
		markdown(to, &metrics[m]);
	for (enum tally t = 0; t < TALLY_COUNT; t++) {
		metric_of_tally(t, name, &r);
		markdown(to, &r);
	}
}
