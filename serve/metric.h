/* metric.h: what /metrics tells, in Prometheus' text format 0.0.4. One table
 * (metric.c), and that of the tallies, yield names, help, types, labels and the list
 * in docs/api.md. */
#ifndef PIPED_METRIC_H
#define PIPED_METRIC_H

#include "base/buf.h"
#include "store/reader.h"

enum metric {
	METRIC_INFO,
	METRIC_UPTIME,
	METRIC_CPU,
	METRIC_MEMORY,
	METRIC_MEMORY_PEAK,
	METRIC_API_REQUESTS,
	METRIC_JOBS,
	METRIC_LINKS_REFUSED,
	METRIC_REJECTED,
	METRIC_DRIFT_ALARMS,
	METRIC_SOURCE_PAUSED,
	METRIC_SOURCE_NEXT_DUE,
	METRIC_REVIEW_QUEUE,
	METRIC_REQUESTS,
	METRIC_IN_FLIGHT,
	METRIC_UNPROCESSED,
	METRIC_HELD,
	METRIC_FAILURES,
	METRIC_STAGE_CPU,
	METRIC_HOST_REQUESTS,
	METRIC_HOST_RUNNING,
	METRIC_HOST_DUE,
	METRIC_HOST_RATE_MOST,
	METRIC_HOST_RATE,
	METRIC_HOST_TROUBLES,
	METRIC_HOST_WAITS,
	METRIC_HOST_UNTIL,
	METRIC_WRITER_COMMITS,
	METRIC_WRITER_ITEMS,
	METRIC_WRITER_FAILURES,
	METRIC_WRITER_WAITING,
	METRIC_SWEEP_ACTIVE,
	METRIC_SWEEP_DONE,
	METRIC_DATABASE_BYTES,
	METRIC_ARCHIVE_BYTES,
	METRIC_ARCHIVE_REMOVED_SEGMENTS,
	METRIC_ARCHIVE_REMOVED_BYTES,
	METRIC_DISK_FREE,
	METRIC_MODEL,
	METRIC_SUGGEST_TITLES,
	METRIC_SUGGEST_LIMITED,
	METRIC_COUNT
};

#define METRIC_LABELS 3
#define METRIC_NAME 64

struct metric_row {
	const char *name;
	const char *type; /* "counter", "gauge" */
	const char *labels[METRIC_LABELS];
	const char *doc;
};
extern const struct metric_row metrics[METRIC_COUNT];

/* The two lines before a metric's samples: once each. */
void metric_head(struct buf *to, enum metric m);
/* A sample. `values` are those of the row's labels, as many as it has; any text,
 * escaped here; NULL without labels. */
void metric_int(struct buf *to, enum metric m, const struct str *values, int64_t n);
void metric_num(struct buf *to, enum metric m, const struct str *values, double x);
/* Head and only sample of one without labels. */
void metric_one(struct buf *to, enum metric m, int64_t n);
/* A tally of the store's is a metric by source: a counter (_total) where it never
 * falls, else a gauge. `name` holds *ret's. */
void metric_of_tally(enum tally t, char name[METRIC_NAME], struct metric_row *ret);
/* Head and all samples. */
void metric_tally(struct buf *to, enum tally t, const struct source_counts *s, int n);
/* The table for people. */
void metric_markdown(struct buf *to);

#endif
