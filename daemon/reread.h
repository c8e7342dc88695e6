/* reread.h: pages extracted again from the archive, without a request: those whose page
 * kind is configured otherwise than when they were read. A person makes others be behind,
 * too, by forgetting what they were read with. By id, a few at a time, through the pool
 * and the writer, while crawling goes on. What a newer page said of a listing stands.
 *
 * Links become jobs, as when a page is fetched. What a job's newest page has for the seeds
 * of others (`values`) is stored. A list that turns out to be longer than its window is
 * due again: its parts are made of what it shows then.
 *
 * Each page's row says how it was read last, and which pages a person asked for is stored
 * until all are marked, so after a death it goes on with the rest. Loop thread only. */
#ifndef PIPED_REREAD_H
#define PIPED_REREAD_H

#include "base/json.h"
#include "daemon/stage.h"
#include "daemon/view.h"
#include "store/writer.h"

struct reread;

struct reread_env {
	uv_loop_t *loop;
	const struct clock *clock;
	struct store *store;
	struct writer *writer;
	const char *archive_dir;  /* borrowed */
	void (*stale)(void *ctx); /* listings are to be judged again; may be NULL */
	void (*due)(void *ctx);	  /* jobs were stored, or are due again; may be NULL */
	void (*idle)(void *ctx);  /* a pass or its last write ended; may be NULL */
	/* Values for seeds of a source were found, or are gone; may be NULL. */
	void (*values)(void *ctx, struct str source);
	void *ctx;
};

/* Looks for pages that are behind at once. */
enum err reread_new(const struct reread_env *env, struct view *view, struct reread **ret,
		    struct reason *why);
void reread_free(struct reread *r); /* only when reread_busy is 0 */
/* Looks again if a page kind's version changed. */
void reread_set_view(struct reread *r, struct view *view);
/* Pages of a source and of a kind ({0}: all) fetched since then (0: all) are behind from
 * now on, and a pass begins. ERR_BUSY while others are being made so, ERR_NOT_FOUND: not
 * configured. */
enum err reread_start(struct reread *r, struct str source, struct str page_kind, int64_t since_ms,
		      struct reason *why);
/* Nothing is begun while `why` (borrowed) says so; NULL: go on. */
void reread_hold(struct reread *r, const char *why);
void reread_stop(struct reread *r); /* no further batch; closes its timer */
int reread_busy(const struct reread *r);

struct reread_view {
	bool active;
	int64_t marked; /* pages that a person asked for, since the start */
	int64_t cursor; /* id of the last page looked at */
	int64_t last;	/* of the newest page when the pass began */
	/* of the pass: read again; of these with other results; not readable any more;
	 * left out because the configuration does not know their kind */
	int64_t pages, changed, unparsable, lost, unknown;
	int64_t removed; /* left out because the archive has them no more (archive-keep) */
	int64_t listings_new, listings_changed, jobs_new;
	struct reason trouble; /* of the last record that was lost, or of marking */
	int64_t cpu_ns[STAGE_COUNT];
};
void reread_look(const struct reread *r, struct reread_view *ret);
/* The same as members of the open object. */
void reread_json(const struct reread *r, struct json *j);

#endif
