/* retain.h: how much of the archive is kept (archive-keep, archive-max). Closed segments that are
 * too old or too many are removed whole, the oldest first, one after the other: that is stored (from
 * then on its pages count as removed), its index and its file are deleted, that this is done is
 * stored. Whatever is cut off in between is gone on with at the next start. Loop thread only, but
 * for the plan.
 *
 * Kept all the same: the segment that is written to, those with a page that shows an open drift
 * warning, and all while `held` says so.
 *
 * A segment's age is the time that passed since it was closed as the archive counts it, by a clock
 * that nobody sets: while piped runs the monotonic one, and of each stop what the wall clock says,
 * but at most a day. A wall clock that is wrong by years thus has nothing removed, or what would
 * have gone within a day; after a longer stop segments stay so much longer. Those of a folder that
 * was never counted are as old as their dates are apart, from the open segment on. */
#ifndef PIPED_RETAIN_H
#define PIPED_RETAIN_H

#include "base/clock.h"
#include "base/json.h"
#include "config/conf.h"
#include "daemon/archive.h"
#include "store/reader.h"
#include "store/store.h"
#include "store/writer.h"

#include <uv.h>

struct retain_segment {
	struct str file;
	int64_t number, bytes;	   /* with its index */
	int64_t closed_ms, age_ms; /* counted; of the open one 0 */
	const char *by;		   /* the key that would have it removed; NULL: none */
	int64_t page;		   /* for which it is kept all the same; 0: for none */
	bool fresh;		   /* closed, and not stored as such */
};

/* What is in the folder, and what two bounds (0: none) would remove of it. */
struct retain_ask {
	const char *folder;
	int64_t open; /* number of the segment that is written to */
	int64_t keep_ms, max_bytes;
	int64_t counted_ms; /* retain_counted_ms */
};
struct retain_plan {
	struct retain_segment *all; /* by number */
	int n, n_removed, n_kept, n_fresh;
	int64_t bytes, removed_bytes;
	int64_t over_bytes; /* than max_bytes when these are gone */
	int64_t oldest_ms;  /* begin of the oldest segment by its record; 0: not known */
};
/* Any thread. */
enum err retain_plan(const struct retain_ask *ask, struct reader *r, struct arena *a,
		     struct retain_plan *ret, struct reason *why);
/* Members of the open object. */
void retain_plan_json(const struct retain_plan *p, const struct retain_ask *ask, struct json *j);

struct retain;
struct retain_env {
	uv_loop_t *loop;
	const struct clock *clock;
	struct store *store;
	struct writer *writer;
	struct archive *archive;
	const char *archive_dir;	/* borrowed */
	const char *(*held)(void *ctx); /* why nothing may be removed now, or NULL; may be NULL */
	void (*idle)(void *ctx);	/* a step ended; may be NULL */
	void *ctx;
};

enum err retain_new(const struct retain_env *env, struct retain **ret, struct reason *why);
void retain_free(struct retain *r);
/* Now and then: removes the next segment that is to go. */
void retain_tick(struct retain *r, const struct conf *conf);
void retain_stop(struct retain *r);
bool retain_busy(const struct retain *r);
/* A segment is on its way out just now. */
bool retain_removes(const struct retain *r);
/* Time as the archive counts it. Any thread. */
int64_t retain_counted_ms(const struct retain *r);

struct retain_view {
	struct segment_totals removed; /* since there is an archive */
	const char *waits;	       /* why what should go stays; NULL: nothing does */
};
void retain_look(const struct retain *r, struct retain_view *ret);

#endif
