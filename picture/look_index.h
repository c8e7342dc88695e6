/* look_index.h: pictures found again by what they look like: multi-index hashing (Norouzi, Punjani,
 * Fleet, 2012). Each hash is cut into 16 numbers of 16 bits; what shares one of them with what is
 * asked, but for one bit, is compared as a whole. That is not all that is within LOOK_NEAR: docs/pictures.md
 * says how much is missed. In memory; what was added and dropped since it was kept can be taken back,
 * as the transaction that says so may fail. One thread at a time. */
#ifndef PIPED_LOOK_INDEX_H
#define PIPED_LOOK_INDEX_H

#include "picture/look.h"

#include <stdbool.h>
#include <stddef.h>

/* More pictures that are near are not found: what so many look like is no picture of one thing. */
#define LOOK_INDEX_FOUND 64
/* Hashes that are held, 1.8 GB: 5.6 million pictures at least, 7 million as they come. What comes later
 * finds those, but is not found. */
#define LOOK_INDEX_MOST (1 << 24)

struct look_index;
/* Of no more than `most` hashes. */
struct look_index *look_index_new(size_t most);
void look_index_free(struct look_index *x);

/* Flat pictures are left out. `id` > 0. False: it is full, and holds what it held. */
bool look_index_add(struct look_index *x, const struct look *l, int64_t id);
/* Lets go of a picture; of one that it does not hold: nothing. */
void look_index_drop(struct look_index *x, const struct look *l, int64_t id);
/* All that was added and dropped since this was called last stays so, */
void look_index_keep(struct look_index *x);
/* or was not. */
void look_index_undo(struct look_index *x);
/* Ids of pictures with a hash within LOOK_NEAR of one of `l`, in a mirror or not, each once, in no
 * order; how many. look_distance has the last word. */
int look_index_find(struct look_index *x, const struct look *l, int64_t ret[LOOK_INDEX_FOUND]);

/* Hashes: up to LOOK_PARTS a picture. */
size_t look_index_count(const struct look_index *x);
size_t look_index_bytes(const struct look_index *x);

#endif
