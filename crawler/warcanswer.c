#include "crawler/warcanswer.h"

#include "crawler/httphead.h"

#include <string.h>

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Size of the chunk whose line *rest begins with; -1: it is none (RFC 9112 7.1). */
static int64_t chunk_size(struct str *rest)
{
	int64_t n = 0;
	struct str line;
	size_t i = 0;

	if (!str_next(rest, '\n', &line) || !rest->p)
		return -1;
	for (; i < line.n && hex(line.p[i]) >= 0 && i < 8; i++)
		n = n * 16 + hex(line.p[i]);
	line = str_trim(str_sub(line, i, line.n));
	return i && (!line.n || line.p[0] == ';') ? n : -1;
}

/* Joins chunks into `to`, which has room for `body`. False: they are not in order. A
 * last chunk that is missing is let pass: the body may have been cut. */
static bool join(struct str body, char *to, size_t *ret_n)
{
	size_t at = 0;
	int64_t n;

	while (body.n) {
		n = chunk_size(&body);
		if (n < 0)
			return false;
		if (n == 0)
			break;
		if ((uint64_t)n > body.n)
			n = (int64_t)body.n;
		memcpy(to + at, body.p, (size_t)n);
		at += (size_t)n;
		body = str_sub(body, (size_t)n, body.n);
		if (str_starts(body, STR("\r\n")))
			body = str_sub(body, 2, body.n);
		else if (str_starts(body, STR("\n")))
			body = str_sub(body, 1, body.n);
		else if (body.n)
			return false;
	}
	*ret_n = at;
	return true;
}

static struct str joined(struct str body, struct arena *a)
{
	char *to = arena_alloc(a, body.n + 1);
	size_t n;

	return join(body, to, &n) ? (struct str){ to, n } : body;
}

static enum fetch_end end_of(struct str truncated)
{
	if (!truncated.n)
		return FETCH_ANSWER;
	if (str_eq_nocase(truncated, STR("length")))
		return FETCH_TOO_BIG;
	return str_eq_nocase(truncated, STR("time")) ? FETCH_TIMEOUT : FETCH_CUT;
}

enum err warcanswer_make(const struct warchead *h, struct str block, struct arena *a,
			 struct fetch_answer *ret, struct reason *why)
{
	struct fetch_answer x = { .retry_after_ms = -1 };

	if (!h->uri.n || h->date_ms < 0)
		return reason_set(why, ERR_BAD, "a record without %s",
				  h->uri.n ? "a readable date" : "an address");
	x.status = warchead_status(block);
	if (x.status < 0 || !warchead_take(&block, &x.response_head))
		return reason_set(why, ERR_BAD, "no HTTP response in the record");
	x.end = end_of(h->truncated);
	if (x.end != FETCH_ANSWER)
		reason_set(&x.why, ERR_NET, "the record says truncated: %.*s",
			   (int)(h->truncated.n < 40 ? h->truncated.n : 40), h->truncated.p);
	x.url = h->uri;
	x.started_ms = h->date_ms;
	x.content_type = httphead_value(x.response_head, STR("content-type"));
	x.content_encoding = httphead_value(x.response_head, STR("content-encoding"));
	x.body = str_eq_nocase(httphead_value(x.response_head, STR("transfer-encoding")),
			       STR("chunked"))
			 ? joined(block, a)
			 : block;
	*ret = x;
	return ERR_OK;
}
