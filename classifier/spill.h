/* spill.h: bytes that are appended, then read and changed at random; in memory
 * up to a bound, in an unlinked file past it, of which nothing is kept in memory.
 * One thread while it grows; any thread may read afterwards. */
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
/* No more additions. */
enum err spill_end(struct spill *s, struct reason *why);
/* The bytes if they are in memory, else NULL. After spill_end. */
char *spill_memory(const struct spill *s);
/* Copies n bytes from `at`; those past the end are an ERR_IO. After spill_end. */
enum err spill_read(const struct spill *s, size_t at, void *to, size_t n);
enum err spill_write(struct spill *s, size_t at, const void *p, size_t n);

#endif
