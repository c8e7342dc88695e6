/* page.h: one response and where its raw bytes lie. */
#ifndef PIPED_PAGE_H
#define PIPED_PAGE_H

#include "base/str.h"
#include "model/state.h"

/* Where a WARC record lies: file name within the archive folder, offset and
 * length in bytes of its gzip member. */
struct page_record {
	struct str file;
	int64_t offset, bytes;
};

struct page {
	int64_t id;
	int64_t job;
	struct str source, page_kind, url; /* url: after redirects */
	int64_t fetched_ms;
	int status;		 /* HTTP */
	struct str content_type; /* as sent, cut to 200 bytes */
	int64_t wire_bytes;	 /* body as it came */
	int64_t body_bytes;	 /* after content decoding */
	uint64_t body_hash;	 /* hash64 of the decoded body */
	enum page_state state;
	struct str reason;
	uint64_t extract_version; /* conf_page.version of what extracted it */
	int items;		  /* items the extractor met */
	int skipped;		  /* dropped by the source's `skip` (promoted ads) */
	int rejected;		  /* without a required field */
	int listings;		  /* stored */
	struct page_record record;
	/* When its record was removed with its segment, and by which key; 0: it was not. */
	int64_t removed_ms;
	struct str removed_by;
	/* The page whose record holds the body, when this one's is a WARC revisit; 0: its own. */
	int64_t same_as;
	/* Of another program's archive: which import brought it (0: it was fetched), from
	 * which offset of which file. */
	int64_t import, import_at;
	struct str import_file; /* as read; written by the import's id */
};

/* Whether its bytes are in the archive and were read as a page. */
static inline bool page_was_read(const struct page *p)
{
	return p->record.file.n && (p->state == PAGE_EXTRACTED || p->state == PAGE_UNPARSABLE);
}

#endif
