/* task.h: everything that is made of one answer, or of one stored listing, on
 * a pool thread: decode, extract, clean, label, suggest, archive members. Ends
 * in a struct write for the writer. No loop, no database; time is a parameter. */
#ifndef PIPED_TASK_H
#define PIPED_TASK_H

#include "base/rng.h"
#include "crawler/fetch.h"
#include "daemon/view.h"
#include "extractor/extractor.h"
#include "store/writer.h"

/* Where the CPU time goes. */
enum stage {
	STAGE_DECODE,
	STAGE_EXTRACT,
	STAGE_CLEAN,
	STAGE_LABEL,
	STAGE_SUGGEST,
	STAGE_ARCHIVE,
	STAGE_REREAD, /* stored listings, by a sweep */
	STAGE_COUNT
};
const char *stage_name(enum stage s);

/* What one pool thread at a time works with; kept between tasks because
 * compiling selectors is dear. */
struct slot {
	struct slot *next;
	struct rule_set *rules; /* kept: the extractor borrows its conf */
	struct extractor *extractor;
	struct labeler_scratch *scratch;
};
struct slot *slot_new(void);
/* Loop thread: makes it fit for `rules`. */
void slot_fit(struct slot *s, struct rule_set *rules);
void slot_free(struct slot *s);

/* What a failed try means. */
enum task_news { TASK_FINE, TASK_SLOW_DOWN, TASK_TROUBLE };

struct task {
	/* in */
	const struct serve_view *view;
	struct slot *slot;
	struct job job; /* text in `arena` */
	struct fetch_answer *answer;
	struct arena *arena;
	int64_t now_ms;
	uint64_t nonce; /* of this process: record ids and jitter */
	/* out */
	struct buf member;  /* WARC bytes; the caller's to free */
	struct write write; /* kind, job, page, jobs, listings; text in `arena` */
	int64_t cpu_ns[STAGE_COUNT];
};

/* The news that the answer is for its host: before the body is looked at. */
enum task_news task_news(const struct fetch_answer *a);

/* Fills `write` from `answer`: WRITE_PAGE when there was a response,
 * WRITE_JOB when there was none. Frees the answer. */
void task_run(struct task *t);

/* Votes, label and suggestion of listings whose clean fields are made. */
void task_judge(const struct serve_view *view, struct labeler_scratch *scratch, struct arena *arena,
		int64_t now_ms, struct write_listing *listings, int n, int64_t cpu_ns[STAGE_COUNT]);

/* Only the suggestion and what it makes of `label`, which stands already. */
void task_suggest(const struct serve_view *view, struct arena *arena,
		  struct write_listing *listings, int n, int64_t cpu_ns[STAGE_COUNT]);

/* When the next try of a job is due: exponential, with +-25% of jitter. */
int64_t task_backoff_ms(const struct conf *conf, int attempts, uint64_t jitter);

#endif
