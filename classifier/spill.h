/* spill.h: bytes that are appended, then read at random; in memory up to a
 * bound, in an unlinked file past it. One thread. */
#ifndef PIPED_SPILL_H
#define PIPED_SPILL_H

#include "base/err.h"

#include <stddef.h>

struct spill;

/* The file, if one is needed, is made in the folder of `beside`. */
struct spill *spill_new(size_t memory, const char *beside);
void spill_free(struct spill *s);

enum err spill_add(struct spill *s, const void *p, size_t n, struct reason *why);
size_t spill_bytes(const struct spill *s);
/* No more additions. Gives the bytes, borrowed until spill_free. */
enum err spill_map(struct spill *s, const char **ret, struct reason *why);

#endif
