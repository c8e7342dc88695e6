/* extract_heap.h: what libxml2 allocates for one page, from one piece of memory
 * that is taken back at once: a tree is thousands of small blocks, and freeing
 * them costs as much as reading the page. What doesn't fit comes from malloc. */
#ifndef PIPED_EXTRACT_HEAP_H
#define PIPED_EXTRACT_HEAP_H

#include <stdbool.h>

struct extract_heap;

struct extract_heap *extract_heap_new(void);
void extract_heap_free(struct extract_heap *h); /* not between begin and end */

/* From begin to end this thread's libxml2 allocates from `h`. At the end nothing of
 * it may be left: what is meant to stay is made before, or copied. */
void extract_heap_begin(struct extract_heap *h);
void extract_heap_end(struct extract_heap *h);
/* Something came from malloc since begin, and has to be freed one by one. */
bool extract_heap_spilled(const struct extract_heap *h);

/* Makes libxml2 ask here, in the whole process; before it is first used. */
void extract_heap_install(void);

#endif
