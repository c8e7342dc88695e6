/* audit.h: the archive looked at as a whole, in a thread of its own while crawling goes
 * on: verified (gzip, structure, digests, and that every page's record is there and is
 * its), or indexed (cdxj.h). Segments that are closed are indexed by itself. One at a time.
 * Loop thread only. */
#ifndef PIPED_AUDIT_H
#define PIPED_AUDIT_H

#include "base/clock.h"
#include "base/json.h"
#include "daemon/archive.h"
#include "store/store.h"

#include <uv.h>

struct audit;

struct audit_env {
	uv_loop_t *loop;
	const struct clock *clock;
	struct store *store;
	const struct archive *archive;
	const char *archive_dir; /* borrowed */
	int nice;		 /* its thread is lowered so */
	void (*idle)(void *ctx); /* it ended; may be NULL */
	void *ctx;
};

struct audit *audit_new(const struct audit_env *env);
void audit_free(struct audit *a);
/* Files by their paths; n 0: all segments, and the pages of the database. ERR_BUSY. */
enum err audit_verify(struct audit *a, const struct str *files, int n, struct reason *why);
/* Indexes what has no index or an older one: the open segment, too, if `all`. */
enum err audit_index(struct audit *a, bool all, struct reason *why);
/* Indexes closed segments if some are not: now and then. */
void audit_tick(struct audit *a);
void audit_stop(struct audit *a); /* cancels; closes its handle */
bool audit_busy(const struct audit *a);
/* Of the last verify, or of the last index, as members of the open object. */
void audit_json(const struct audit *a, bool index, struct json *j);

#endif
