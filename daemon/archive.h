/* archive.h: WARC segments for the writer thread: its `append` hook. */
#ifndef PIPED_ARCHIVE_H
#define PIPED_ARCHIVE_H

#include "base/clock.h"
#include "config/conf.h"
#include "store/writer.h"

struct archive;

/* Opens the folder's newest segment, unless its number is below `least`: then one of that
 * number. What a torn tail cost is logged. */
enum err archive_open(const struct conf *conf, const struct clock *clock, int64_t least,
		      struct archive **ret, struct reason *why);
void archive_close(struct archive *a);
/* struct writer_opt.append: members of all items, then one sync. Writer thread. */
enum err archive_append(void *archive, struct write **items, int n, struct reason *why);
/* Number of the open segment, and how much of it is synced (0: nothing yet). Any thread. */
void archive_place(const struct archive *a, int64_t *ret_number, int64_t *ret_bytes);
/* Whether the open segment is due to be followed by another though nothing comes: a
 * WRITE_TURN does it. Any thread. */
bool archive_is_old(const struct archive *a, int64_t now_ms);
/* So many bytes of segments are there no more. Any thread. */
void archive_removed(struct archive *a, int64_t bytes);
/* Bytes appended since it was opened. Any thread. */
int64_t archive_bytes(const struct archive *a);
/* Of all segments, without their indexes. Any thread. */
int64_t archive_total(const struct archive *a);

#endif
