/* near_index.h: titles that were seen, found again by likeness: MinHash-LSH whose buckets are
 * of one band and one price block, and chains of equal images. In memory, rebuilt from the
 * database; adding is appending, so that the additions of a transaction that failed are cut
 * off again. One thread at a time.
 *
 * A title is a leader (a family's representative) or was joined to one. Only leaders are
 * found by likeness, so that a family stays about its representative and none grows from
 * neighbour to neighbour; an image finds both. */
#ifndef PIPED_NEAR_INDEX_H
#define PIPED_NEAR_INDEX_H

#include "base/str.h"
#include "near/shingle.h"

#include <stddef.h>

/* Fewer bigrams say too little to be alike. */
#define NEAR_LEAST 4
/* More titles are not kept. */
#define NEAR_MOST ((1 << 26) - 2)

struct near_item {
	uint64_t key;	   /* of the clean title; not 0 */
	double price;	   /* 0: none */
	uint64_t currency; /* hashes; 0: none given */
	uint64_t image, category;
	bool leader;
};

struct near_index;
struct near_index *near_index_new(void);
void near_index_free(struct near_index *x);
/* Room for so many, at once; without it an index grows by and by. Takes 1.5 us for each title
 * that is known. */
void near_index_reserve(struct near_index *x, size_t n);

bool near_index_knows(const struct near_index *x, uint64_t key);
/* Not known yet, and of NEAR_LEAST bigrams: else nothing is done. */
void near_index_add(struct near_index *x, const struct shingle_set *s, const struct near_item *i);

/* What is known of `key` has another set now: it is found by this one, too, but not by an image.
 * Nothing is done when the key is not known, or was last added with that very set. */
void near_index_again(struct near_index *x, const struct shingle_set *s, const struct near_item *i);

size_t near_index_count(const struct near_index *x);
/* Takes back all but the first `n`. */
void near_index_cut(struct near_index *x, size_t n);
size_t near_index_bytes(const struct near_index *x);
/* Titles looked at by near_find_best so far. */
int64_t near_index_looks(const struct near_index *x);

#endif
