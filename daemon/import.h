/* import.h: responses that another program archived (WARC), taken as if they had been
 * fetched when they were: extracted, cleaned, judged, archived in segments of our own,
 * stored, with the file and the offset that each came from. A few at a time, through the
 * pool and the writer, while crawling goes on.
 *
 * How far it is stands in the database, written with the pages of each batch: after a stop,
 * a death or a full disk it goes on where it was. A page that is there already is left out,
 * so nothing is doubled, and the same file may be given again. (Of a batch that was
 * interrupted the pages are counted; listings and jobs that were new may not be.)
 * Loop thread only. */
#ifndef PIPED_IMPORT_H
#define PIPED_IMPORT_H

#include "base/json.h"
#include "daemon/view.h"
#include "store/writer.h"

struct import;

struct import_env {
	uv_loop_t *loop;
	const struct clock *clock;
	struct store *store;
	struct writer *writer;
	uint64_t nonce;
	void (*stale)(void *ctx); /* listings are to be judged again; may be NULL */
	void (*idle)(void *ctx);  /* it ended; may be NULL */
	/* Jobs were stored, or made due; may be NULL. */
	void (*due)(void *ctx);
	/* Values for seeds of a source were found, or are gone; may be NULL. */
	void (*values)(void *ctx, struct str source);
	void *ctx;
};

/* Goes on with the import that an earlier life was at; one that can't be failed is logged. */
enum err import_new(const struct import_env *env, struct view *view, struct import **ret,
		    struct reason *why);
void import_free(struct import *i); /* only when it is not busy */
/* The file is opened, here and now. `source`: only URLs of it; `page_kind`: what
 * every URL is (with a source). {0}: as the configuration tells by seeds and by the
 * `match` of links, and as jobs that are stored say. ERR_BUSY, ERR_NOT_FOUND (not
 * configured, no file), ERR_BAD, ERR_UNSUPPORTED (no WARC). */
enum err import_start(struct import *i, struct view *view, struct str file, struct str source,
		      struct str page_kind, struct reason *why);
/* Given up: what was taken in stays. ERR_NOT_FOUND: nothing is being imported. */
enum err import_cancel(struct import *i, struct reason *why);
/* Nothing is begun while `why` (borrowed) says so; NULL: go on. */
void import_hold(struct import *i, const char *why);
void import_stop(struct import *i); /* nothing more is begun; closes its timer */
/* Work of its own is under way: it is not to be freed yet. */
bool import_busy(const struct import *i);
/* Some file is yet to be read, be it later. */
bool import_active(const struct import *i);
/* Members of the open object: "state", "file", "waits", "bytes", "done_bytes", "records",
 * "pages", "unparsable", "listings_new", "listings_changed", "jobs_new",
 * "left_out": {reason: n}, "faults", "fault", "error". */
void import_json(const struct import *i, struct json *j);

#endif
