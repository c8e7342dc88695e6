#include "crawler/decode_sink.h"

enum err decode_sink_put(struct decode_sink *s, const void *p, size_t n)
{
	if (s->to->n - s->began + n > s->most)
		return reason_set(s->why, ERR_TOO_BIG, "body expands more than %d times", s->ratio);
	if (buf_add(s->to, (struct str){ p, n }))
		return reason_set(s->why, ERR_TOO_BIG, "body over %zu bytes when decoded",
				  s->to->cap);
	return ERR_OK;
}

enum err decode_sink_corrupt(struct decode_sink *s, const char *what)
{
	return reason_set(s->why, ERR_BAD, "corrupt %s body: %s", s->coding, what);
}

enum err decode_sink_short(struct decode_sink *s)
{
	return reason_set(s->why, ERR_BAD, "%s body ends early", s->coding);
}
