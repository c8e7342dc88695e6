/* extract_gunzip.h: bodies that are gzip files (sitemap.xml.gz), which is not
 * the same as a body that was compressed on its way. Pure. */
#ifndef PIPED_EXTRACT_GUNZIP_H
#define PIPED_EXTRACT_GUNZIP_H

#include "base/buf.h"

bool extract_gunzip_is(struct str body);
/* All members into `to`. ERR_BAD: corrupt or cut (`why`), and `to` holds what
 * came before; ERR_TOO_BIG past the cap of `to`. */
enum err extract_gunzip(struct str body, struct buf *to, struct reason *why);

#endif
