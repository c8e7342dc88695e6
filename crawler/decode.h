/* decode.h: undoes a body's content-encoding: gzip, deflate, br (RFC 7932), zstd
 * (RFC 8878), and chains of them ("gzip, br": the last was applied last). Bounded
 * in bytes and in expansion while it goes, so that a bomb is stopped early. Pure. */
#ifndef PIPED_DECODE_H
#define PIPED_DECODE_H

#include "base/buf.h"

/* What is offered to servers: every coding that is undone here. */
#define DECODE_ACCEPT "gzip, br, zstd, deflate"
/* Most bytes out per byte in, unless configured. */
#define DECODE_RATIO 200
/* Output that no ratio bounds. */
#define DECODE_FREE ((size_t)1 << 20)
/* Codings of one body, at most. */
#define DECODE_CODINGS 4

/* Appends to `to`; identity adds nothing to `to` and returns `wire` itself in
 * *ret_body. No coding of a chain gives more than `to` may hold, or than `ratio`
 * times the wire bytes past the first MiB. Bytes after a whole gzip or br stream
 * are padding, as browsers take them. ERR_TOO_BIG (bomb or cap), ERR_BAD
 * (corrupt or cut), ERR_UNSUPPORTED (unknown coding, or too many); `why` says. */
enum err decode_body(struct str wire, struct str encoding, int ratio, struct buf *to,
		     struct str *ret_body, struct reason *why);

#endif
