/* warc.h: WARC 1.1 (ISO 28500:2017), one gzip member per record.
 * Building a member is pure (any thread); appending is for one thread. */
#ifndef PIPED_WARC_H
#define PIPED_WARC_H

#include "base/buf.h"
#include "crawler/fetch.h"
#include "crawler/warcrecord.h"

/* Appends the members of a request and a response record to `to`, and of a
 * metadata record when there were redirects or the answer broke off.
 * WARC-Record-ID from `seed` (UUID version 4 form, so that tests repeat),
 * block and payload digests SHA-256. A body that came compressed is stored, not
 * deflated again. `of` (may be NULL): a response in the archive that may have
 * brought the same payload. If it did, by its digest, or if the answer is 304,
 * the response becomes a revisit record without a body. *ret_offset and
 * *ret_bytes say where in `to` the response's or revisit's member lies. */
enum err warc_members(const struct fetch_answer *a, const struct warcrecord_original *of,
		      uint64_t seed, struct buf *to, int64_t *ret_offset, int64_t *ret_bytes);

struct warc;
#define WARC_NAME_ROOM 40 /* of a segment, with NUL */
struct warc_opt {
	const char *folder, *user_agent; /* borrowed till warc_open is over */
	int64_t segment_bytes;		 /* a segment is followed by a new one past this */
	int64_t segment_age_ms;		 /* and so long after it was begun, if anything is in it */
	int64_t least_number; /* 0, or: those before were closed, and may have been removed */
};
/* Opens the newest segment of the folder to append (piped-000001.warc.gz ...);
 * cuts a torn tail back to the last whole member. Each segment begins with a
 * warcinfo record. A disk that is full is no reason to fail: appending tries again. */
enum err warc_open(const struct warc_opt *opt, int64_t now_ms, struct warc **ret,
		   struct reason *why);
/* Begins a new segment if the open one is old and not empty: what warc_append does
 * by itself, for when nothing is appended. */
enum err warc_turn(struct warc *w, int64_t now_ms, struct reason *why);
/* The open segment, and how much of it is whole. */
struct str warc_name(const struct warc *w);
int64_t warc_size(const struct warc *w);
/* When the open segment is to be followed by age; INT64_MAX: while it is empty. */
int64_t warc_old_ms(const struct warc *w);
/* Appends, without sync. The name of the file is borrowed until the next
 * append; *ret_offset is where `members` begins. On failure the file is cut
 * back to where it was. */
enum err warc_append(struct warc *w, struct str members, int64_t now_ms, struct str *ret_file,
		     int64_t *ret_offset, struct reason *why);
/* What was appended is on disk, under its name. ERR_IO when somebody moved or deleted the
 * file meanwhile: what was appended since the last sync is lost, and the next append
 * begins another. */
enum err warc_sync(struct warc *w, struct reason *why);
void warc_close(struct warc *w);
/* Bytes that the last warc_open cut off. */
int64_t warc_cut_bytes(const struct warc *w);

/* When a segment was begun, by its first record; -1: that cannot be read. */
int64_t warc_begun_ms(const char *folder, struct str name);
/* The segments of the folder, by number. Gives *ret, for mem_free. */
struct warc_segment {
	int64_t number;
	char name[WARC_NAME_ROOM];
};
enum err warc_list(const char *folder, struct warc_segment **ret, size_t *ret_n,
		   struct reason *why);
/* Whether a file of the folder is a segment of ours, and its number. */
bool warc_is_segment(struct str name, int64_t *ret_number);
/* One record, decompressed, read back. Bounded by the cap of `to`. `bytes` 0: not
 * known. */
enum err warc_read(const char *folder, struct str file, int64_t offset, int64_t bytes,
		   struct buf *to, struct reason *why);
/* Parts of a decompressed response record: WARC header, HTTP head, body as it
 * came (may be content-encoded). ERR_BAD. */
enum err warc_split(struct str record, struct str *ret_warc_head, struct str *ret_http_head,
		    struct str *ret_body, struct reason *why);

#endif
