#include "extractor/extract_heap.h"

#include "base/mem.h"
#include "base/must.h"

#include <libxml/xmlerror.h>
#include <libxml/xmlmemory.h>

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ROOM ((size_t)4 << 20) /* a page of 200 KB; untouched memory costs nothing */
#define ALIGN alignof(max_align_t)

/* Before each block, its size. */
struct block {
	alignas(max_align_t) size_t bytes;
};

struct extract_heap {
	char *p;
	size_t at;   /* of what is free */
	size_t last; /* of the newest block: it may grow, shrink and go */
	bool spilled;
};

/* Of this thread, between begin and end. */
static _Thread_local struct extract_heap *now;

struct extract_heap *extract_heap_new(void)
{
	struct extract_heap *h = mem_zero(sizeof(*h));

	h->p = mem_alloc(ROOM);
	return h;
}

void extract_heap_free(struct extract_heap *h)
{
	if (!h)
		return;
	mem_free(h->p);
	mem_free(h);
}

void extract_heap_begin(struct extract_heap *h)
{
	must(!now);
	h->at = h->last = 0;
	h->spilled = false;
	now = h;
}

void extract_heap_end(struct extract_heap *h)
{
	must(now == h);
	/* the one thing that libxml2 keeps between documents */
	xmlResetLastError();
	now = NULL;
}

bool extract_heap_spilled(const struct extract_heap *h)
{
	return h->spilled;
}

static bool inside(const struct extract_heap *h, const void *p)
{
	return h && (uintptr_t)p >= (uintptr_t)h->p && (uintptr_t)p < (uintptr_t)h->p + ROOM;
}

static struct block *block_of(void *p)
{
	return (struct block *)p - 1;
}

static size_t rounded(size_t bytes)
{
	return (bytes + ALIGN - 1) / ALIGN * ALIGN;
}

static void *heap_alloc(size_t bytes)
{
	struct extract_heap *h = now;
	struct block *b;

	if (!h)
		return malloc(bytes);
	if (bytes > ROOM || rounded(bytes) + sizeof(*b) > ROOM - h->at) {
		h->spilled = true;
		return malloc(bytes);
	}
	b = (struct block *)(void *)(h->p + h->at);
	b->bytes = rounded(bytes);
	h->last = h->at;
	h->at += sizeof(*b) + b->bytes;
	return b + 1;
}

static bool is_last(const struct extract_heap *h, const struct block *b)
{
	return h->at > h->last && (const char *)b == h->p + h->last;
}

static void heap_free(void *p)
{
	struct extract_heap *h = now;

	if (!inside(h, p))
		free(p);
	else if (is_last(h, block_of(p)))
		h->at = h->last;
}

static void *heap_resize(void *p, size_t bytes)
{
	struct extract_heap *h = now;
	struct block *b;
	void *more;

	if (!p)
		return heap_alloc(bytes);
	if (!inside(h, p))
		return realloc(p, bytes);
	b = block_of(p);
	if (bytes <= b->bytes)
		return p;
	if (is_last(h, b) && bytes <= ROOM - h->last - sizeof(*b) - ALIGN) {
		b->bytes = rounded(bytes);
		h->at = h->last + sizeof(*b) + b->bytes;
		return p;
	}
	more = heap_alloc(bytes);
	if (more)
		memcpy(more, p, b->bytes);
	return more;
}

static char *heap_text(const char *s)
{
	size_t n = strlen(s) + 1;
	char *copy = heap_alloc(n);

	return copy ? memcpy(copy, s, n) : NULL;
}

void extract_heap_install(void)
{
	must(xmlMemSetup(heap_free, heap_alloc, heap_resize, heap_text) == 0);
}
