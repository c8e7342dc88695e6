/* warcrecord.h: WARC 1.1 records (ISO 28500:2017) as gzip members, and taken
 * apart again. Pure. */
#ifndef PIPED_WARCRECORD_H
#define PIPED_WARCRECORD_H

#include "crawler/fetch.h"

/* What each record begins with once inflated. */
#define WARCRECORD_START "WARC/1.1\r\n"
/* Profiles of revisit records (WARC 1.1, 6.7). */
#define WARCRECORD_SAME_PAYLOAD "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
#define WARCRECORD_NOT_MODIFIED "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
#define WARCRECORD_ID 48 /* "<urn:uuid:...>" and NUL */

/* The response that holds the payload which came again. */
struct warcrecord_original {
	struct str url;
	int64_t fetched_ms;
	struct str record_id;	   /* warcrecord_id() of its seed; {0}: not known */
	struct str payload_digest; /* hash_sha256_base32 of its body as it came; {0}: not known */
};

/* The record at the start of a file: who wrote it, and how. */
enum err warcrecord_info(struct str file, struct str user_agent, int64_t now_ms, struct buf *to);
/* See warc_members() and warc_split() in warc.h. */
enum err warcrecord_exchange(const struct fetch_answer *a, const struct warcrecord_original *of,
			     uint64_t seed, struct buf *to, int64_t *ret_offset,
			     int64_t *ret_bytes);
/* The WARC-Record-ID of the response (or revisit) that such a seed gives. */
void warcrecord_id(uint64_t seed, char to[WARCRECORD_ID]);
enum err warcrecord_split(struct str record, struct str *ret_warc_head, struct str *ret_http_head,
			  struct str *ret_body, struct reason *why);

#endif
