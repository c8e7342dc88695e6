/* extract_detect.h: the encoding of bytes when nobody names it, or when they are not
 * what they are said to be: Korean by its commonest syllables, UTF-8 by its own rules,
 * the rest by ICU's detector. Pure. */
#ifndef PIPED_EXTRACT_DETECT_H
#define PIPED_EXTRACT_DETECT_H

#include "extractor/extract_label.h"

/* What `body` is in. `told`: what it is said to be, or NULL; it stands unless the bytes
 * can't be that: UTF-8 that is none, two bytes a character with many that are none, Latin
 * letters that spell Korean. Bytes that are all ASCII are what they are said to be, or
 * UTF-8. Never NULL. */
const struct extract_encoding *extract_detect(struct str body, const struct extract_encoding *told);

#endif
