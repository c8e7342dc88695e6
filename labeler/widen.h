/* widen.h: a regular expression of PCRE2 told to Vectorscan, whose syntax and whose
 * idea of Unicode are other ones. What it is told finds at least what PCRE2 finds,
 * in the same text with a space before and behind it; what it finds is then
 * confirmed by PCRE2. So classes of Unicode become classes that hold all of it,
 * which also makes them cheap (\w of Unicode compiles a hundred times as long as
 * "any letter that is not ASCII"), counts past three become + or *, and an edge of
 * the text is a space. Pure. */
#ifndef PIPED_WIDEN_H
#define PIPED_WIDEN_H

#include "base/arena.h"

/* `regex` compiles in PCRE2 with the options of base/regex.h. {0}: there is
 * something in it that this cannot tell; it must be asked of every text. No text
 * that holds a newline may be looked at this way. */
struct str widen_regex(struct str regex, struct arena *a);

#endif
