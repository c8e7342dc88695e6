/* warcrecord.h: WARC 1.1 records (ISO 28500:2017) as gzip members, and taken
 * apart again. Pure. */
#ifndef PIPED_WARCRECORD_H
#define PIPED_WARCRECORD_H

#include "crawler/fetch.h"

/* What each record begins with once inflated. */
#define WARCRECORD_START "WARC/1.1\r\n"

/* The record at the start of a file: who wrote it, and how. */
enum err warcrecord_info(struct str file, struct str user_agent, int64_t now_ms, struct buf *to);
/* See warc_members() and warc_split() in warc.h. */
enum err warcrecord_exchange(const struct fetch_answer *a, uint64_t seed, struct buf *to,
			     int64_t *ret_offset, int64_t *ret_bytes);
enum err warcrecord_split(struct str record, struct str *ret_warc_head, struct str *ret_http_head,
			  struct str *ret_body, struct reason *why);

#endif
