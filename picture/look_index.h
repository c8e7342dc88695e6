/* look_index.h: pictures found again by what they look like: multi-index hashing (Norouzi, Punjani,
 * Fleet, 2012). Each hash is cut into 16 numbers of 16 bits; what shares one of them with what is
 * asked, but for one bit, is compared as a whole. That is not all that is within LOOK_NEAR: docs/pictures.md
 * says how much is missed. In memory; adding is appending, so that the additions of a transaction
 * that failed are cut off again. One thread at a time. */
#ifndef PIPED_LOOK_INDEX_H
#define PIPED_LOOK_INDEX_H

#include "picture/look.h"

#include <stddef.h>

/* More pictures that are near are not found: what so many look like is no picture of one thing. */
#define LOOK_INDEX_FOUND 64
/* More hashes are not kept. */
#define LOOK_INDEX_MOST (1 << 28)

struct look_index;
struct look_index *look_index_new(void);
void look_index_free(struct look_index *x);

/* Flat pictures are left out. */
void look_index_add(struct look_index *x, const struct look *l, int64_t id);
/* Ids of pictures with a hash within LOOK_NEAR of one of `l`, in a mirror or not, each once, in no
 * order; how many. look_distance has the last word. */
int look_index_find(struct look_index *x, const struct look *l, int64_t ret[LOOK_INDEX_FOUND]);

/* Hashes: up to LOOK_PARTS a picture. */
size_t look_index_count(const struct look_index *x);
/* Takes back all but the first `n` hashes. */
void look_index_cut(struct look_index *x, size_t n);
size_t look_index_bytes(const struct look_index *x);

#endif
