/* arena.h: bump allocation for the work of one task; freed all at once.
 * One thread at a time. Memory is not zeroed unless said. */
#ifndef PIPED_ARENA_H
#define PIPED_ARENA_H

#include "base/str.h"

#include <stddef.h>

struct arena;

/* `block_bytes` is the size of the first block and of those that follow. */
struct arena *arena_new(size_t block_bytes);
void arena_free(struct arena *a);
/* Forgets everything; keeps the first block. */
void arena_reset(struct arena *a);
/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *a);

void *arena_alloc(struct arena *a, size_t bytes); /* 16-byte aligned */
void *arena_zero(struct arena *a, size_t bytes);
void *arena_array(struct arena *a, size_t n, size_t each); /* zeroed */
/* A NUL-terminated copy; the NUL is not counted. */
struct str arena_str(struct arena *a, struct str s);
struct str arena_text(struct arena *a, const char *s); /* NULL gives {0} */
struct str arena_fmt(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
