#include "model/visit.h"

#include <string.h>

static const size_t texts[] = {
	offsetof(struct visit, etag),
	offsetof(struct visit, last_modified),
	offsetof(struct visit, original_digest),
	offsetof(struct visit, original_url),
};
#define TEXTS (sizeof(texts) / sizeof(texts[0]))

static struct str text_of(const struct visit *v, size_t i)
{
	struct str s;

	memcpy(&s, (const char *)v + texts[i], sizeof(s));
	return s;
}

size_t visit_bytes(const struct visit *v)
{
	size_t n = sizeof(*v);

	for (size_t i = 0; i < TEXTS; i++)
		n += text_of(v, i).n;
	return n;
}

const struct visit *visit_put(void *to, const struct visit *from)
{
	struct visit *v = to;
	char *at = (char *)(v + 1);

	*v = *from;
	for (size_t i = 0; i < TEXTS; i++) {
		struct str s = text_of(from, i);

		if (s.n)
			memcpy(at, s.p, s.n);
		s.p = at;
		memcpy((char *)v + texts[i], &s, sizeof(s));
		at += s.n;
	}
	return v;
}
