/* extract_prescan.h: the encoding that a page names in its <meta>, found in its bytes
 * before they can be read (HTML standard, "prescan a byte stream to determine its
 * encoding"). Pure. */
#ifndef PIPED_EXTRACT_PRESCAN_H
#define PIPED_EXTRACT_PRESCAN_H

#include "extractor/extract_label.h"

/* Bytes that are looked at. The standard says 1,024, and browsers that come upon it later
 * begin anew; shops put scripts before it. */
#define EXTRACT_PRESCAN_BYTES 16384

/* NULL: none is named. A page whose <meta> could be read as ASCII is not UTF-16: that is
 * taken for UTF-8. */
const struct extract_encoding *extract_prescan(struct str body);

/* "...charset = 'x'..." of a Content-Type -> x; {0}: there is none ("algorithm for
 * extracting a character encoding from a meta element"). */
struct str extract_prescan_charset(struct str s);

#endif
