/* decode.h: undoes a body's content-encoding (identity, gzip, deflate),
 * bounded in bytes and in expansion ratio. Pure. */
#ifndef PIPED_DECODE_H
#define PIPED_DECODE_H

#include "base/buf.h"

/* Most bytes out per byte in, past the first MiB of output. */
#define DECODE_RATIO 200

/* Appends to `to`; identity adds nothing to `to` and returns `wire` itself in
 * *ret_body. ERR_TOO_BIG (bomb or cap), ERR_BAD (corrupt or cut),
 * ERR_UNSUPPORTED (unknown coding); `why` says. */
enum err decode_body(struct str wire, struct str encoding, struct buf *to, struct str *ret_body,
		     struct reason *why);

#endif
