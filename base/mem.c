#include "base/mem.h"

#include "base/must.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *mem_alloc(size_t bytes)
{
	void *p = malloc(bytes ? bytes : 1);

	must(p != NULL);
	return p;
}

void *mem_zero(size_t bytes)
{
	return mem_array(1, bytes);
}

void *mem_array(size_t n, size_t each)
{
	void *p = calloc(n ? n : 1, each ? each : 1);

	must(p != NULL);
	return p;
}

void *mem_lines(size_t bytes)
{
	size_t whole = (bytes / 64 + 1) * 64;
	void *p = aligned_alloc(64, whole);

	must(p != NULL && whole > bytes);
	return memset(p, 0, whole);
}

void *mem_resize(void *p, size_t bytes)
{
	void *q = realloc(p, bytes ? bytes : 1);

	must(q != NULL);
	return q;
}

void *mem_dup(const void *p, size_t bytes)
{
	void *q = mem_alloc(bytes);

	if (bytes)
		memcpy(q, p, bytes);
	return q;
}

char *mem_text(const char *s)
{
	return s ? mem_dup(s, strlen(s) + 1) : NULL;
}

void mem_free(void *p)
{
	free(p);
}

void *mem_for_zlib(void *opaque, unsigned n, unsigned each)
{
	(void)opaque;
	return mem_alloc((size_t)n * each);
}

void mem_from_zlib(void *opaque, void *p)
{
	(void)opaque;
	mem_free(p);
}

void mem_grow(void *p, size_t *cap, size_t need, size_t each)
{
	size_t room = *cap ? *cap : 8;
	void *old;

	if (need <= *cap)
		return;
	while (room < need) {
		must(room <= SIZE_MAX / 2);
		room *= 2;
	}
	must(room <= SIZE_MAX / each);
	memcpy(&old, p, sizeof(old));
	old = mem_resize(old, room * each);
	memcpy(p, &old, sizeof(old));
	*cap = room;
}
