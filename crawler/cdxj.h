/* cdxj.h: the index of an archive that replay tools (pywb and others) read: a line
 * a record, "SURT TIMESTAMP {JSON}", sorted by bytes (LC_ALL=C). Pure but for
 * cdxj_write. */
#ifndef PIPED_CDXJ_H
#define PIPED_CDXJ_H

#include "base/arena.h"
#include "crawler/warcscan.h"

/* Sort-friendly form of an address: "com,example)/path?a=1&b=2": lower case, the
 * host's labels turned round, without www., default port, fragment and the last
 * slash, the query's parts in order. What is no http(s) address stays as it is. */
struct str cdxj_surt(struct str url, struct arena *a);

/* Appends the line of a record that was scanned, with its end of line; nothing for
 * records that are not looked up (warcinfo, request, metadata) or that cannot be
 * found by their offset. */
void cdxj_line(const struct warcfile_record *r, const struct warcscan *scan, struct str file,
	       struct buf *to);

/* Most bytes of one segment's index. */
#define CDXJ_MOST ((size_t)256 << 20)

/* Sorts the lines of `text` by bytes into *ret. */
void cdxj_sort(struct str text, struct buf *ret);

/* Indexes the file `name` of `folder` up to `till` (0: all) into NAME.cdxj beside it,
 * in one step (see file_write). Faults of the file are counted; what is readable is
 * indexed. `go_on` (may be NULL) is asked now and then; false: ERR_CANCELLED. */
enum err cdxj_write(const char *folder, struct str name, int64_t till,
		    bool (*go_on)(void *ctx, int64_t offset), void *ctx, int64_t *ret_lines,
		    int64_t *ret_faults, struct reason *why);

#endif
