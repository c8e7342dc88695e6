/* mem.h: the one allocation wrapper. Out of memory aborts, so nothing here
 * returns NULL. Any thread. */
#ifndef PIPED_MEM_H
#define PIPED_MEM_H

#include <stddef.h>

void *mem_alloc(size_t bytes);
void *mem_zero(size_t bytes);		/* zeroed */
void *mem_array(size_t n, size_t each); /* zeroed; aborts on overflow */
void *mem_lines(size_t bytes);		/* zeroed; begins at a cache line of 64 bytes */
void *mem_resize(void *p, size_t bytes);
void *mem_dup(const void *p, size_t bytes);
char *mem_text(const char *s); /* strdup; NULL gives NULL */
void mem_free(void *p);
/* The same as a z_stream's zalloc and zfree. */
void *mem_for_zlib(void *opaque, unsigned n, unsigned each);
void mem_from_zlib(void *opaque, void *p);

/* Grows *p (elements of `each` bytes) so that `need` elements fit; *cap is
 * the room in elements. Doubling, so appending is amortised O(1). */
void mem_grow(void *p, size_t *cap, size_t need, size_t each);

#endif
