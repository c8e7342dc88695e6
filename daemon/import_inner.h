/* import_inner.h: what the halves of an import share: import.c on the loop, import_read.c
 * on the pool. */
#ifndef PIPED_IMPORT_INNER_H
#define PIPED_IMPORT_INNER_H

#include "crawler/warcfile.h"
#include "daemon/import.h"
#include "daemon/task.h"

/* Pages between the read and the commit, and what is read for them. */
#define IMPORT_BATCH 16
#define IMPORT_BATCH_BYTES ((size_t)16 << 20)
#define IMPORT_RECORDS_MOST 500

enum import_count {
	IMPORT_RECORDS,
	IMPORT_PAGES,
	IMPORT_UNPARSABLE,
	IMPORT_LISTINGS_NEW,
	IMPORT_LISTINGS_CHANGED,
	IMPORT_JOBS_NEW,
	IMPORT_FAULTS,
	/* why a record is left out */
	IMPORT_LEFT_TYPE,
	IMPORT_LEFT_REVISIT,
	IMPORT_LEFT_STATUS,
	IMPORT_LEFT_CUT,
	IMPORT_LEFT_NO_SOURCE,
	IMPORT_LEFT_NO_KIND,
	IMPORT_LEFT_KNOWN,
	IMPORT_LEFT_TOO_BIG,
	IMPORT_LEFT_BROKEN,
	IMPORT_LEFT_REFUSED,
	IMPORT_COUNTS
};
#define IMPORT_LEFT_FIRST IMPORT_LEFT_TYPE

struct import_one {
	struct import_batch *b;
	struct task task;
	struct fetch_answer answer;
};

struct import_batch {
	struct import *im;
	uv_work_t pool;
	struct import_one one[IMPORT_BATCH];
	int n, n_written;
	size_t bytes;
	int64_t at;		     /* behind what was read */
	int64_t n_of[IMPORT_COUNTS]; /* of this batch */
	int64_t pages_before;	     /* counted anew; -1: not */
	bool end;
	bool waits; /* the store failed, not the file */
	enum err err;
	struct reason why;
};

struct import {
	struct import_env env;
	struct view *view;
	struct reader *reader;
	struct slot *slot;
	struct warcfile *file;
	struct arena *text; /* of `now` */
	/* What is stored of it, and is to be by the next write. A page may be known for what
	 * it is only when another has named it: the file is gone through again while that
	 * helps. */
	struct intake now;
	int64_t n_of[IMPORT_COUNTS];
	struct write save;
	uv_timer_t timer;
	struct reason fault; /* the first; pool thread within a batch */
	int64_t news;	     /* of damage; likewise */
	struct reason waits;
	const char *held;
	/* A batch was interrupted, by a death or a full disk: how many pages it brought is not
	 * known. */
	bool recount;
	bool reading, saving, unsaved, stopping, cancelled;
};

/* On the pool: reads records until there are pages enough for a batch. */
void import_read(struct import_batch *b);

#endif
