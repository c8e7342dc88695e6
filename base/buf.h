/* buf.h: growing bytes with a cap chosen at birth. Past the cap an addition
 * changes nothing, and the buffer remembers that it is full. Always
 * NUL-terminated after the last byte. One thread at a time. */
#ifndef PIPED_BUF_H
#define PIPED_BUF_H

#include "base/err.h"
#include "base/str.h"

struct buf {
	char *p;
	size_t n, room, cap;
	bool full;
};

/* `cap` in bytes. Nothing is allocated until the first addition. */
void buf_init(struct buf *b, size_t cap);
void buf_done(struct buf *b);
void buf_clear(struct buf *b); /* keeps the memory; forgets full */
/* Takes back what was added behind the first `n` bytes. */
void buf_cut(struct buf *b, size_t n);

enum err buf_add(struct buf *b, struct str s); /* ERR_TOO_BIG past the cap */
enum err buf_add_text(struct buf *b, const char *text);
enum err buf_add_char(struct buf *b, char c);
enum err buf_fmt(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Room for `n` more bytes to be written at p + n by the caller, who then
 * adds to b->n; NULL past the cap. */
char *buf_room(struct buf *b, size_t n);
struct str buf_str(const struct buf *b); /* borrowed; "" when empty */
/* Gives the bytes to the caller (mem_free) and leaves the buffer empty. */
char *buf_move(struct buf *b, size_t *ret_n);

#endif
