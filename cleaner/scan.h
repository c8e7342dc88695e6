/* scan.h: what is left of a text that is read from the left. Pure; any thread. */
#ifndef PIPED_SCAN_H
#define PIPED_SCAN_H

#include "base/str.h"

/* Takes `word` off the front, letters of ASCII in any case. A word that ends in such a
 * letter has to end there. */
bool scan_word(struct str *s, const char *word);
/* The first of `words` (up to NULL) that fits; its place, or -1. */
int scan_any(struct str *s, const char *const *words);
/* Takes one to `most` figures off the front: how many; 0: there are none, or more. */
size_t scan_number(struct str *s, size_t most, int64_t *ret);
void scan_space(struct str *s);

#endif
