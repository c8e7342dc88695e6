/* utf8.h: well-formed UTF-8 (Unicode 15, table 3-7). Pure. */
#ifndef PIPED_UTF8_H
#define PIPED_UTF8_H

#include "base/arena.h"

/* Bytes of the well-formed character that `s` starts with: 1 to 4; 0 when it
 * starts with none (or is empty). */
size_t utf8_length(struct str s);
/* The same, and the code point. */
size_t utf8_decode(struct str s, uint32_t *ret_code);
/* Bytes written, 1 to 4. `code` is a scalar value. */
size_t utf8_encode(uint32_t code, char to[4]);
bool utf8_valid(struct str s);
/* `s` itself when valid, else a copy in `a` with U+FFFD for each bad byte
 * sequence (maximal subpart). */
struct str utf8_clean(struct arena *a, struct str s);
/* At most `most` bytes of `s`, not cutting a character. */
struct str utf8_cut(struct str s, size_t most);
/* Text as it may be shown at a terminal, into `to`, which has room for s.n bytes; gives how many it
 * took. '?' stands for each character that a terminal would act on, be it C0, DEL, C1, one that
 * ends a line (U+2028, 2029) or turns the direction of all behind it (U+202A to 202E, U+2066 to 2069), and for
 * each byte that is no UTF-8. */
size_t utf8_plain(struct str s, char *to);

#endif
