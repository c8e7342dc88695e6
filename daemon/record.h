/* record.h: parts of archived records. Any thread. */
#ifndef PIPED_RECORD_H
#define PIPED_RECORD_H

#include "crawler/fetch.h"
#include "crawler/warchead.h"
#include "model/page.h"
#include "serve/serve.h"

/* The record at a place: its header and its block, in `a`. */
enum err record_read(const char *folder, const struct page_record *at, struct arena *a,
		     struct warchead *ret_head, struct str *ret_block, struct reason *why);
/* The response of a stored page, a revisit's being the one that it repeats; borrows nothing
 * but `a`. */
enum err record_answer(const char *folder, struct reader *r, const struct page *p, struct arena *a,
		       struct fetch_answer *ret, struct reason *why);
/* See struct serve_ops. */
enum err record_part(const char *folder, const struct page_record *at, enum serve_part part,
		     struct buf *to, int64_t *ret_original_ms, struct reason *why);

#endif
