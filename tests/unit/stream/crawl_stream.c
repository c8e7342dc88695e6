#include "crawl_stream.h"

#include "base/mem.h"

#include <stdio.h>
#include <zlib.h>

struct crawl_stream {
	gzFile f;
	struct arena *a;
	int64_t row;
	char line[1 << 16];
};

/* The next field of a line of CSV (RFC 4180), in the arena. */
static struct str next_field(struct arena *a, struct str *rest)
{
	char *to = arena_alloc(a, rest->n + 1);
	bool quoted = false;
	size_t n = 0, i = 0;

	for (; i < rest->n && (quoted || rest->p[i] != ','); i++) {
		if (rest->p[i] != '"') {
			to[n++] = rest->p[i];
		} else if (quoted && i + 1 < rest->n && rest->p[i + 1] == '"') {
			to[n++] = '"';
			i++;
		} else {
			quoted = !quoted;
		}
	}
	*rest = i < rest->n ? str_sub(*rest, i + 1, rest->n) : (struct str){ 0 };
	return (struct str){ to, n };
}

struct crawl_stream *crawl_stream_open(const char *folder, struct str file)
{
	struct crawl_stream *s = mem_zero(sizeof(*s));
	char path[512];

	snprintf(path, sizeof(path), "%s/%.*s", folder, STR_ARG(file));
	s->a = arena_new(1 << 14);
	s->f = gzopen(path, "rb");
	if (s->f && gzgets(s->f, s->line, sizeof(s->line))) /* the head */
		return s;
	crawl_stream_close(s);
	return NULL;
}

void crawl_stream_close(struct crawl_stream *s)
{
	if (!s)
		return;
	if (s->f)
		gzclose(s->f);
	arena_free(s->a);
	mem_free(s);
}

bool crawl_stream_next(struct crawl_stream *s, struct crawl_stream_row *ret)
{
	struct str line;

	if (!gzgets(s->f, s->line, sizeof(s->line)))
		return false;
	arena_reset(s->a);
	line = str_trim(str_of(s->line));
	next_field(s->a, &line); /* when it was crawled */
	ret->row = ++s->row;
	ret->title = next_field(s->a, &line);
	ret->price = next_field(s->a, &line);
	return true;
}
