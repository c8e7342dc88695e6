/* segment.h: files of the archive that are written to no more, and those that archive-keep or
 * archive-max had removed. */
#ifndef PIPED_SEGMENT_H
#define PIPED_SEGMENT_H

#include "base/str.h"

/* Time as the archive counts it, from any origin, and the wall clock's when it was stored: what
 * is kept for how long does not hang on a clock that somebody sets (daemon/retain.h). */
struct segment_clock {
	int64_t counted_ms, wall_ms;
};

struct segment_closed {
	int64_t number; /* of its name */
	struct str file;
	int64_t closed_ms; /* counted: nothing in it is newer */
};

struct segment_removed {
	int64_t number;
	struct str file;
	int64_t bytes;	    /* with its index */
	int64_t removed_ms; /* wall clock */
	struct str by;	    /* the key that says so */
};

/* A segment that is kept because of one of its pages. */
struct segment_pin {
	struct str file;
	int64_t page;
};

/* Of all segments that were removed. */
struct segment_totals {
	int64_t n, bytes, last_ms; /* 0: none was */
};

/* "page 71 was removed from the archive on 2025-03-01T12:00:00Z by archive-keep". `to` holds 160. */
void segment_removed_text(int64_t page, int64_t removed_ms, struct str by, char to[160]);

#endif
