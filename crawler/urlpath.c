#include "crawler/urlpath.h"

#include <string.h>

/* Nearly all that there is, and nobody encodes. */
static bool is_word(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static size_t put(char *to, unsigned char c, const char *encoded)
{
	static const char digit[] = "0123456789ABCDEF";

	if (is_word(c) || (c > ' ' && c < 127 && !strchr(encoded, c))) {
		to[0] = (char)c;
		return 1;
	}
	to[0] = '%';
	to[1] = digit[c >> 4];
	to[2] = digit[c & 15];
	return 3;
}

static bool is_slash(char c)
{
	return c == '/' || c == '\\';
}

/* How many dots the segment amounts to, each perhaps as %2e; 0: it is another. */
static int dots(struct str s)
{
	int n = 0;

	while (s.n) {
		if (s.p[0] == '.')
			s = str_sub(s, 1, s.n);
		else if (s.n >= 3 && str_eq_nocase(str_sub(s, 0, 3), STR("%2e")))
			s = str_sub(s, 3, s.n);
		else
			return 0;
		n++;
	}
	return n <= 2 ? n : 0;
}

/* Length without the last segment and its slash. */
static size_t shorter(const char *path, size_t n)
{
	while (n > 0 && path[--n] != '/')
		;
	return n;
}

struct str urlpath_join(struct str base, struct str path, struct arena *a)
{
	char *to = arena_alloc(a, base.n + 3 * path.n + 2);
	size_t n = base.n ? shorter(base.p, base.n) : 0, i = 0;
	struct str segment;
	bool last;
	int up;

	if (base.n)
		memcpy(to, base.p, n);
	if (path.n && is_slash(path.p[0]))
		i = 1;
	do {
		segment = str_sub(path, i, path.n);
		for (segment.n = 0; i < path.n && !is_slash(path.p[i]); i++)
			segment.n++;
		last = i++ >= path.n;
		up = dots(segment);
		if (up == 2)
			n = shorter(to, n);
		if (up && !last)
			continue;
		to[n++] = '/';
		for (size_t k = 0; k < segment.n && !up; k++)
			n += put(to + n, (unsigned char)segment.p[k], "\"#<>?^`{}");
	} while (!last);
	to[n] = 0;
	return (struct str){ to, n };
}

struct str urlpath_query(struct str query, struct arena *a)
{
	char *to = arena_alloc(a, 3 * query.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < query.n; i++)
		n += put(to + n, (unsigned char)query.p[i], "\"#<>'");
	to[n] = 0;
	return (struct str){ to, n };
}
