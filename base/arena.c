#include "base/arena.h"

#include "base/mem.h"
#include "base/must.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct block {
	struct block *next;
	size_t size, used;
	_Alignas(16) char data[];
};

struct arena {
	struct block *first, *now;
	size_t block_bytes, total;
};

static struct block *block_new(size_t bytes)
{
	struct block *b = mem_alloc(sizeof(*b) + bytes);

	b->next = NULL;
	b->size = bytes;
	b->used = 0;
	return b;
}

struct arena *arena_new(size_t block_bytes)
{
	struct arena *a = mem_zero(sizeof(*a));

	a->block_bytes = block_bytes < 256 ? 256 : block_bytes;
	a->first = a->now = block_new(a->block_bytes);
	return a;
}

static void blocks_free(struct block *b)
{
	while (b) {
		struct block *next = b->next;

		mem_free(b);
		b = next;
	}
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	blocks_free(a->first);
	mem_free(a);
}

void arena_reset(struct arena *a)
{
	blocks_free(a->first->next);
	a->first->next = NULL;
	a->first->used = 0;
	a->now = a->first;
	a->total = 0;
}

size_t arena_used(const struct arena *a)
{
	return a->total;
}

void *arena_alloc(struct arena *a, size_t bytes)
{
	struct block *b = a->now;
	size_t room;

	must(bytes < SIZE_MAX / 2);
	bytes = (bytes + 15) & ~(size_t)15;
	if (b->size - b->used < bytes) {
		room = bytes > a->block_bytes ? bytes : a->block_bytes;
		b->next = block_new(room);
		a->now = b = b->next;
	}
	b->used += bytes;
	a->total += bytes;
	return b->data + b->used - bytes;
}

void *arena_zero(struct arena *a, size_t bytes)
{
	return memset(arena_alloc(a, bytes), 0, bytes);
}

void *arena_array(struct arena *a, size_t n, size_t each)
{
	must(!each || n <= SIZE_MAX / 2 / each);
	return arena_zero(a, n * each);
}

struct str arena_str(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);

	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = 0;
	return (struct str){ p, s.n };
}

struct str arena_text(struct arena *a, const char *s)
{
	return s ? arena_str(a, str_of(s)) : (struct str){ 0 };
}

struct str arena_fmt(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	char *p;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	must(n >= 0);
	p = arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return (struct str){ p, (size_t)n };
}
