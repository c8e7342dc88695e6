#include "base/buf.h"

#include "base/mem.h"
#include "base/must.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void buf_init(struct buf *b, size_t cap)
{
	*b = (struct buf){ .cap = cap };
}

void buf_done(struct buf *b)
{
	if (!b)
		return;
	mem_free(b->p);
	*b = (struct buf){ .cap = b->cap };
}

void buf_clear(struct buf *b)
{
	buf_cut(b, 0);
	b->full = false;
}

void buf_cut(struct buf *b, size_t n)
{
	must(n <= b->n);
	b->n = n;
	if (b->p)
		b->p[n] = 0;
}

char *buf_room(struct buf *b, size_t n)
{
	size_t room = b->room ? b->room : 256;

	if (n > b->cap || b->n > b->cap - n) {
		b->full = true;
		return NULL;
	}
	if (b->n + n + 1 > b->room) {
		while (room < b->n + n + 1)
			room *= 2;
		if (room > b->cap + 1)
			room = b->cap + 1;
		b->p = mem_resize(b->p, room);
		b->room = room;
	}
	return b->p + b->n;
}

enum err buf_add(struct buf *b, struct str s)
{
	char *to = buf_room(b, s.n);

	if (!to)
		return ERR_TOO_BIG;
	if (s.n)
		memcpy(to, s.p, s.n);
	b->n += s.n;
	b->p[b->n] = 0;
	return ERR_OK;
}

enum err buf_add_text(struct buf *b, const char *text)
{
	return buf_add(b, str_of(text));
}

enum err buf_add_char(struct buf *b, char c)
{
	return buf_add(b, (struct str){ &c, 1 });
}

enum err buf_fmt(struct buf *b, const char *fmt, ...)
{
	const size_t have = b->room - b->n;
	va_list ap, again;
	char *to;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	/* Mostly there is room: then it is formatted once. */
	n = vsnprintf(b->p ? b->p + b->n : NULL, b->p ? have : 0, fmt, ap);
	va_end(ap);
	must(n >= 0);
	if (b->p && (size_t)n < have) {
		b->n += (size_t)n;
		va_end(again);
		return ERR_OK;
	}
	if (b->p)
		b->p[b->n] = 0;
	to = buf_room(b, (size_t)n);
	if (to) {
		vsnprintf(to, (size_t)n + 1, fmt, again);
		b->n += (size_t)n;
	}
	va_end(again);
	return to ? ERR_OK : ERR_TOO_BIG;
}

struct str buf_str(const struct buf *b)
{
	return b->p ? (struct str){ b->p, b->n } : STR("");
}

char *buf_move(struct buf *b, size_t *ret_n)
{
	char *p = b->p ? b->p : mem_zero(1);

	*ret_n = b->n;
	*b = (struct buf){ .cap = b->cap };
	return p;
}
