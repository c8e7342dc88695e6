/* taxon.h: the taxonomy as a tree that can be asked. Read-only once built. */
#ifndef PIPED_TAXON_H
#define PIPED_TAXON_H

#include "config/conf.h"

struct taxon;

/* `conf` is borrowed. */
struct taxon *taxon_new(const struct conf_taxonomy *conf);
void taxon_free(struct taxon *t);

int taxon_find(const struct taxon *t, struct str code); /* -1: none */
struct str taxon_code(const struct taxon *t, int i);
int taxon_leaves(const struct taxon *t); /* of the whole tree */
/* Leaves at or below `i`; at least 1. */
int taxon_leaves_below(const struct taxon *t, int i);
/* Whether `i` stands below `above`, at any depth; not itself. */
bool taxon_is_below(const struct taxon *t, int i, int above);
/* Taxa whose code, names, aliases, or former codes and names contain `text` in normal form; a first
 * consonant in it stands for any syllable that begins with it (initials.h: "ㅈㅋ", "ㅈ켓" find 자켓). Whole names
 * first, then beginnings, beginnings of words, anything else; among equals
 * leaves first, then shorter names. At most `most`; returns how many. */
int taxon_search(const struct taxon *t, struct str text, int *taxa, int most);

#endif
