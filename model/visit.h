/* visit.h: what is kept of the last good answer to a job that is asked again:
 * enough to ask whether it still holds, to know it when it comes again, and to
 * say when to ask next. Text is borrowed from the arena or the row it came with. */
#ifndef PIPED_VISIT_H
#define PIPED_VISIT_H

#include "base/str.h"

struct visit {
	int64_t page;	     /* row of the page that was read; 0: none yet */
	int64_t listing;     /* row of the one listing of a page without `items`; 0: none */
	int64_t seen_ms;     /* when it last held: read, or found unchanged */
	int64_t changed_ms;  /* when its content was last another than before */
	int64_t interval_ms; /* between this visit and the next */
	int64_t visits, changes;
	uint64_t version;      /* revisit_version of what asked and read it */
	uint64_t body_hash;    /* of body, content type and address together */
	uint64_t content_hash; /* of the listings and links in it */
	/* As struct freshness has them. */
	struct str etag, last_modified;
	int64_t max_age_ms, expires_ms;
	/* The page whose record holds the body as it came: for WARC revisit records. */
	int64_t original;
	uint64_t original_seed;	    /* of its record's id */
	struct str original_digest; /* "sha256:..." of its payload */
	/* read with a job, not stored */
	struct str original_url;
	int64_t original_ms;
};

/* Copies, text and all, to `to`, which has room for so many bytes and is aligned as
 * the struct. */
size_t visit_bytes(const struct visit *v);
const struct visit *visit_put(void *to, const struct visit *from);

#endif
