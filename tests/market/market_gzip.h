/* market_gzip.h: bodies packed by zlib (RFC 1952). Pure. */
#ifndef PIPED_MARKET_GZIP_H
#define PIPED_MARKET_GZIP_H

#include "base/buf.h"

/* Appends `s` as one gzip member, at the fastest level: the market shares its
 * processors with the crawler that is measured. */
void market_gzip_pack(struct str s, struct buf *to);
/* Appends one gzip member that unpacks to `mb` MiB of spaces. */
void market_gzip_bomb(int64_t mb, struct buf *to);

#endif
