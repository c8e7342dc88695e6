/* marks.h: what a title says of the offer beside its name: brand, model, size, condition,
 * shipping and so on, by the words of the configuration; sizes and storage by a grammar
 * too. Read-only once built: many threads may share one. */
#ifndef PIPED_MARKS_H
#define PIPED_MARKS_H

#include "base/arena.h"
#include "config/conf.h"

/* Of one title; later words count no more. */
#define MARKS_MOST_HITS 256
#define MARKS_MOST_VALUES 8 /* of one kind */

struct marks;

/* `conf` is borrowed for as long as it lives. */
struct marks *marks_new(const struct conf_words *conf);
void marks_free(struct marks *m);
/* Hash of the words; 0: none. */
uint64_t marks_version(const struct marks *m);

/* The members stand in the order of conf_words_rows: lists of brand, model, size and
 * storage in the order of the title, one value or true or false of the others, such as
 * {"brand":["nike"],"size":["270"],"condition":"new","negotiable":false}. "" for nothing.
 * `title` is in normal form. */
struct str marks_find(const struct marks *m, struct str title, struct arena *a);

/* The title without what it says of the offer alone (condition, shipping, price talk, ...): the
 * thing's name, brand and size stay, and so do words that are part of a longer one of Hangul. ""
 * where nothing is left out, or nothing would be left. */
struct str marks_core(const struct marks *m, struct str title, struct arena *a);

#endif
