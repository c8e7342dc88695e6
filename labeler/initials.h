/* initials.h: Korean typed by first consonants (choseong): "ㅈㅋ" for 자켓. Text is in normal form
 * (base/normal.h), which makes of a consonant that stands alone U+1100 to U+1112. Pure. */
#ifndef PIPED_INITIALS_H
#define PIPED_INITIALS_H

#include "base/str.h"

bool initials_any(struct str text); /* whether a consonant stands alone in it */
/* Bytes of `key` that `text` stands for at its beginning, spaces aside: a consonant for itself and
 * for any syllable that begins with it, other characters for themselves. 0: it does not begin so. */
size_t initials_begin(struct str key, struct str text);

#endif
