/* extract_scan.h: a look over JSON bytes before libjq reads them. libjq bounds
 * nesting only; 8 MB of `[],[],[]` or of digits would cost it gigabytes or
 * hours. Pure. */
#ifndef PIPED_EXTRACT_SCAN_H
#define PIPED_EXTRACT_SCAN_H

#include "base/arena.h"
#include "base/err.h"

#define EXTRACT_MOST_VALUES 200000 /* arrays and objects of a page: 270 to 400 bytes each */
#define EXTRACT_MOST_MEMBERS 20000 /* of an object: libjq's hash is not keyed */
#define EXTRACT_MOST_LITERAL 400   /* bytes of a number: reading it costs their square */

/* ERR_TOO_BIG past one of these or of EXTRACT_DEPTH; ERR_BAD when the bytes
 * are plainly no JSON ("markup where JSON was expected"), or would make libjq
 * leak. Not a validator.
 * *ret_lone: half a surrogate pair is there, as sites leave that cut a text
 * within an emoji; libjq would refuse the page for it. */
enum err extract_scan_json(struct str body, bool *ret_lone, struct reason *why);
/* A copy with \ufffd for such halves. */
struct str extract_scan_repair(struct str body, struct arena *a);

#endif
