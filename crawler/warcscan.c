#include "crawler/warcscan.h"

#include "base/digest.h"
#include "crawler/httphead.h"

#define HEAD_MOST ((size_t)64 << 10)

/* A record on its way through. */
struct pass {
	struct digest *block, *payload;
	bool http, head; /* it is an HTTP message, and its head is not over */
};

void warcscan_init(struct warcscan *s)
{
	*s = (struct warcscan){ .status = -1 };
	buf_init(&s->http, HEAD_MOST);
}

void warcscan_done(struct warcscan *s)
{
	buf_done(&s->http);
}

/* How many bytes of `s` belong to the head, which goes on from `before`. */
static size_t head_bytes(const struct buf *before, struct str s, bool *ret_over)
{
	size_t n = before->n;

	*ret_over = true;
	for (size_t i = 0; i < s.n; i++) {
#define BACK(k) (i >= (k) ? s.p[i - (k)] : n + i >= (k) ? before->p[n + i - (k)] : 0)
		if (s.p[i] == '\n' && (BACK(1) == '\n' || (BACK(1) == '\r' && BACK(2) == '\n')))
			return i + 1;
#undef BACK
	}
	*ret_over = false;
	return s.n;
}

static void take(struct pass *p, struct warcscan *s, struct str piece)
{
	bool over;
	size_t n;

	if (p->block)
		digest_add(p->block, piece);
	if (p->head) {
		n = head_bytes(&s->http, piece, &over);
		if (buf_add(&s->http, str_sub(piece, 0, n)))
			over = true; /* no head at all: left as it is */
		p->head = !over;
		piece = str_sub(piece, n, piece.n);
	}
	if (p->payload && !p->head)
		digest_add(p->payload, piece);
}

static enum warcscan_sum judge(struct str said, struct digest *d, bool whole)
{
	if (!said.n) {
		digest_free(d);
		return WARCSCAN_NONE;
	}
	if (!d || !whole) {
		digest_free(d);
		return WARCSCAN_UNKNOWN;
	}
	return digest_end(d) ? WARCSCAN_RIGHT : WARCSCAN_WRONG;
}

static struct str media_type(struct str s)
{
	ptrdiff_t at = str_find_char(s, ';');

	return str_trim(at < 0 ? s : str_sub(s, 0, (size_t)at));
}

enum err warcscan_record(struct warcfile *f, const struct warcfile_record *r, struct warcscan *ret,
			 struct reason *why)
{
	const struct warchead *h = &r->head;
	bool http = str_eq_nocase(str_sub(h->content_type, 0, 16), STR("application/http"));
	bool revisit = str_is(h->type, "revisit");
	struct pass p = { .block = digest_new(h->block_digest),
			  .payload = revisit ? NULL : digest_new(h->payload_digest),
			  .http = http,
			  .head = http };
	struct str piece;
	enum err err;

	buf_clear(&ret->http);
	while (!(err = warcfile_piece(f, &piece, why)) && piece.n)
		take(&p, ret, piece);
	ret->whole = warcfile_end(f);
	ret->block = judge(h->block_digest, p.block, ret->whole);
	ret->payload = judge(h->payload_digest, p.payload, ret->whole);
	if (ret->payload == WARCSCAN_WRONG &&
	    (httphead_value(buf_str(&ret->http), STR("transfer-encoding")).n || h->truncated.n))
		ret->payload = WARCSCAN_UNKNOWN;
	ret->status = warchead_status(buf_str(&ret->http));
	ret->mime = media_type(http ? httphead_value(buf_str(&ret->http), STR("content-type"))
				    : h->content_type);
	return err;
}
