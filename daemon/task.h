/* task.h: everything that is made of one answer, on a pool thread: decode,
 * extract, clean, judge, archive members. Ends in a struct write for the writer.
 * No loop, no database; time is a parameter. */
#ifndef PIPED_TASK_H
#define PIPED_TASK_H

#include "base/rng.h"
#include "crawler/fetch.h"
#include "crawler/values.h"
#include "daemon/slot.h"
#include "daemon/stage.h"
#include "drift/drift.h"
#include "store/writer.h"

/* What a failed try means. */
enum task_news { TASK_FINE, TASK_SLOW_DOWN, TASK_TROUBLE, TASK_NOTHING };

struct task {
	/* in */
	const struct serve_view *view;
	struct slot *slot;
	const struct values *values; /* found for seeds of its source; may be NULL */
	struct job job;		     /* text in `arena` */
	bool conditional;	     /* it was asked whether job.visit still holds */
	struct fetch_answer *answer;
	struct arena *arena;
	int64_t now_ms;
	int64_t seen_ms; /* when the page was asked for; set by what follows */
	uint64_t nonce;	 /* of this process: record ids and jitter */
	const char *image_dir;
	/* on the way */
	uint64_t record_seed; /* of the response's record in the archive */
	struct str payload;   /* the body as that record has it */
	uint64_t known_by;    /* outcome_body_hash() of the body */
	/* out */
	struct buf member;	  /* WARC bytes; the caller's to free */
	struct write write;	  /* kind, job, page, jobs, listings; text in `arena` */
	struct drift_page *shown; /* what a page that was read shows, in `arena`; NULL: none was */
	int64_t cpu_ns[STAGE_COUNT];
};

/* Fills `write` from `answer`: WRITE_PAGE when there was a response,
 * WRITE_JOB when there was none; an image job's is WRITE_IMAGE, with `err` where its file
 * could not be written: nothing became of the job then. Frees the answer. */
void task_run(struct task *t);

/* The same of a response that another program archived: WRITE_IMPORT, as if it had been
 * fetched when it was. Borrows the answer. */
void task_import(struct task *t, struct fetch_answer *answer);
/* Extracts a stored page again from its archived response, which is borrowed: WRITE_REREAD. The job
 * is left as it is. */
void task_reread(struct task *t, const struct page *page, struct fetch_answer *answer);

#endif
