/* import.h: responses that another program archived (WARC), taken as if they had been
 * fetched when they were: extracted, cleaned, judged, archived in segments of our own,
 * stored. A few at a time, through the pool and the writer, while crawling goes on. A
 * page that is there already is left out, so the same file may be given again, after
 * a death too. Loop thread only. */
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
	void *ctx;
};

struct import *import_new(const struct import_env *env);
void import_free(struct import *i);
/* The file is opened, here and now. `source`: only URLs of it; `page_kind`: what
 * every URL is (with a source). {0}: as the configuration tells by seeds and by the
 * `match` of links, and as jobs that are stored say. ERR_BUSY, ERR_NOT_FOUND (not
 * configured, no file), ERR_BAD, ERR_UNSUPPORTED (no WARC). */
enum err import_start(struct import *i, struct view *view, struct str file, struct str source,
		      struct str page_kind, struct reason *why);
void import_stop(struct import *i); /* nothing more is begun */
bool import_busy(const struct import *i);
/* Members of the open object: "state", "file", "bytes", "done_bytes", "records", "pages",
 * "listings_new", "listings_changed", "jobs_new", "left_out": {reason: n}, "faults", "error". */
void import_json(const struct import *i, struct json *j);

#endif
