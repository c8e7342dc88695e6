/* vocab.h: which features a model has a row for: the ones that occur oftenest
 * in the rows to learn from, numbered by how often, the commonest first, so
 * that their rows share the near caches. Rare ones can't be learned and would
 * only collide. Memory is bounded: past VOCAB_SEEN kinds the rarest are
 * forgotten as they are in fastText's dictionary (Joulin et al., EACL 2017). One thread. */
#ifndef PIPED_VOCAB_H
#define PIPED_VOCAB_H

#include <stddef.h>
#include <stdint.h>

#define VOCAB_SEEN 3000000u /* kinds that are counted at once */
#define VOCAB_NONE UINT32_MAX

struct vocab;

struct vocab *vocab_new(void);
void vocab_free(struct vocab *v);

/* Keys are not 0. */
void vocab_count(struct vocab *v, const uint32_t *keys, unsigned n);
/* Ends the counting: keeps at most `most` of those met at least `least`
 * times; the same features in any order give the same numbers, unless some
 * had to be forgotten. */
void vocab_choose(struct vocab *v, uint32_t least, uint32_t most);
/* After vocab_choose: 0..vocab_size-1, or VOCAB_NONE. */
uint32_t vocab_id(const struct vocab *v, uint32_t key);
/* Keeps keys and counts, not what finds a key's number: no vocab_id after it. */
void vocab_forget(struct vocab *v);
uint32_t vocab_size(const struct vocab *v);
/* Keys by number, and how often each was met; borrowed. */
const uint32_t *vocab_keys(const struct vocab *v);
const uint32_t *vocab_counts(const struct vocab *v);

#endif
