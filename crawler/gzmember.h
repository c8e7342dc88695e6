/* gzmember.h: gzip members (RFC 1952), one after another in a file: written
 * from parts, read back by offset, and walked to find the last whole one. */
#ifndef PIPED_GZMEMBER_H
#define PIPED_GZMEMBER_H

#include "base/buf.h"

struct gzmember_part {
	struct str bytes;
	bool packed; /* already compressed: stored as it is */
};

/* Appends one member that holds all parts. ERR_TOO_BIG past the cap of `to`. */
enum err gzmember_write(const struct gzmember_part *parts, int n, struct buf *to);
/* Appends the content of the member that is exactly the `bytes` bytes at
 * `offset`. ERR_BAD when they are no whole member, ERR_TOO_BIG, ERR_IO. */
enum err gzmember_read(int fd, int64_t offset, int64_t bytes, struct buf *to, struct reason *why);
/* The same of a member whose length is not known. */
enum err gzmember_read_any(int fd, int64_t offset, struct buf *to, struct reason *why);
/* *ret_end is where the last whole member ends of those that follow each other
 * from `from` on. The content of each has to begin with `start`. */
enum err gzmember_walk(int fd, int64_t from, struct str start, int64_t *ret_end);
/* Where the last whole member of the file ends. Looks at its last bytes first:
 * when whole members lead up to the end, what precedes them is not read. */
enum err gzmember_end(int fd, int64_t size, struct str start, int64_t *ret_end);

#endif
