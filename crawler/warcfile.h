/* warcfile.h: reads WARC files, anybody's: 1.0 and 1.1, plain, gzip by records,
 * and gzip as a whole (told as a warning). Record by record in bounded memory;
 * what is broken is told and stepped over. ARC, the format before WARC, is refused.
 * One thread at a time. */
#ifndef PIPED_WARCFILE_H
#define PIPED_WARCFILE_H

#include "base/buf.h"
#include "crawler/warchead.h"

struct warcfile;

enum warcfile_news {
	WARCFILE_WARNING, /* unusual, and read nevertheless */
	WARCFILE_DAMAGE,  /* something is lost */
};

struct warcfile_record {
	struct warchead head; /* text valid until the next record */
	int64_t offset;	      /* in the file: of its gzip member, or of itself */
	/* Of its member, or of itself with the empty lines behind it; after
	 * warcfile_end. -1: not to be found by its offset. */
	int64_t bytes;
};

/* The reason says what it is instead, when it can be told: ERR_UNSUPPORTED for ARC
 * and others, ERR_BAD for what is no archive or no regular file, ERR_NOT_FOUND and so on. Starts at
 * `from`, and leaves out what is behind `till` (0: nothing). `news` (may be NULL) is
 * told of faults. */
enum err warcfile_open(const char *path, int64_t from, int64_t till,
		       void (*news)(void *ctx, enum warcfile_news kind, int64_t offset,
				    const char *text),
		       void *ctx, struct warcfile **ret, struct reason *why);
void warcfile_close(struct warcfile *f);

/* The next record; what is left of the one before is stepped over. *ret is borrowed
 * until then; NULL: the end. An error is one of reading. */
enum err warcfile_next(struct warcfile *f, struct warcfile_record **ret, struct reason *why);
/* The next piece of its block, borrowed until the next call; empty: the end, or
 * what follows is damaged, which was told. */
enum err warcfile_piece(struct warcfile *f, struct str *ret, struct reason *why);
/* Appends what is left of the block. ERR_TOO_BIG: past the cap of `to`. */
enum err warcfile_block(struct warcfile *f, struct buf *to, struct reason *why);
/* Goes to the end of the record, so that its `bytes` are known. Whether all of it
 * was there. */
bool warcfile_end(struct warcfile *f);
/* Where to open it to go on behind the record that was read last. */
int64_t warcfile_at(const struct warcfile *f);
bool warcfile_gzip(const struct warcfile *f);

/* Longest header of a record. */
#define WARCFILE_HEAD_MOST ((size_t)64 << 10)

#endif
