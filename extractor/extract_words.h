/* extract_words.h: words of shops, as markup and pages have them. Pure. */
#ifndef PIPED_EXTRACT_WORDS_H
#define PIPED_EXTRACT_WORDS_H

#include "base/arena.h"

/* "selling", "reserved" or "sold" (names of states) for what schema.org, Open Graph and
 * shops call availability ("http://schema.org/InStock", "in stock", "oos"); {0}: unknown. */
struct str extract_words_status(struct str availability);
/* "new", "used", "refurbished", "damaged" of "https://schema.org/UsedCondition"; else as it is. */
struct str extract_words_condition(struct str condition);
/* What a shop calls the page that its breadcrumbs begin with. */
bool extract_words_is_home(struct str crumb);
/* Whether two titles name one thing: one holds the other, but for case, spaces and
 * punctuation. Not so where what is held is a small part of it. */
bool extract_words_alike(struct str a, struct str b);
/* A text without tags and with its character references read, white space folded where there
 * were any. Borrowed or in the arena. */
struct str extract_words_plain(struct str text, struct arena *a);

#endif
