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

#endif
