#include "crawler/warcrecord.h"

#include "base/hash.h"
#include "base/rng.h"
#include "crawler/gzmember.h"
#include "crawler/warchead.h"

#include <string.h>

#define HEAD_MOST ((size_t)64 << 10)

/* RFC 4122 4.4, from numbers that a test can repeat. */
static void uuid_urn(struct rng *rng, char to[WARCRECORD_ID])
{
	uint64_t a = rng_next(rng), b = rng_next(rng);

	a = (a & ~(uint64_t)0xf000) | 0x4000;
	b = (b & ~((uint64_t)3 << 62)) | (uint64_t)1 << 63;
	snprintf(to, WARCRECORD_ID, "<urn:uuid:%08x-%04x-%04x-%04x-%012llx>", (unsigned)(a >> 32),
		 (unsigned)(a >> 16 & 0xffff), (unsigned)(a & 0xffff), (unsigned)(b >> 48),
		 (unsigned long long)(b & 0xffffffffffff));
}

/* The rest of a line; control characters would end it early. */
static void value(struct buf *to, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_add(to,
			(unsigned char)s.p[i] < ' ' || s.p[i] == 127 ? STR(" ") : str_sub(s, i, 1));
	buf_add_text(to, "\r\n");
}

static void field(struct buf *to, const char *name, struct str s)
{
	buf_fmt(to, "%s: ", name);
	value(to, s);
}

static void head_start(struct buf *to, const char *type, const char *id, int64_t now_ms)
{
	char date[32];

	clock_iso(now_ms, date);
	buf_add_text(to, WARCRECORD_START);
	field(to, "WARC-Type", str_of(type));
	field(to, "WARC-Record-ID", str_of(id));
	field(to, "WARC-Date", str_of(date));
}

static void head_end(struct buf *to, const char *content_type, const char *block_digest,
		     size_t bytes)
{
	if (block_digest)
		field(to, "WARC-Block-Digest", str_of(block_digest));
	field(to, "Content-Type", str_of(content_type));
	buf_fmt(to, "Content-Length: %zu\r\n\r\n", bytes);
}

static enum err member(const struct buf *head, struct str http, struct str body, bool packed,
		       struct buf *to)
{
	struct gzmember_part parts[] = {
		{ .bytes = buf_str(head) },
		{ .bytes = http },
		{ .bytes = body, .packed = packed },
		{ .bytes = STR("\r\n\r\n"), .packed = packed },
	};

	return head->full ? ERR_TOO_BIG : gzmember_write(parts, 4, to);
}

enum err warcrecord_info(struct str file, struct str user_agent, int64_t now_ms, struct buf *to)
{
	struct rng rng = { hash64(file, (uint64_t)now_ms) };
	struct buf head, body;
	char id[WARCRECORD_ID];
	enum err err;

	buf_init(&head, HEAD_MOST);
	buf_init(&body, HEAD_MOST);
	field(&body, "software", STR("piped/" PIPED_VERSION));
	field(&body, "format", STR("WARC File Format 1.1"));
	field(&body, "http-header-user-agent", user_agent);
	uuid_urn(&rng, id);
	head_start(&head, "warcinfo", id, now_ms);
	field(&head, "WARC-Filename", file);
	head_end(&head, "application/warc-fields", NULL, body.n);
	err = member(&head, buf_str(&body), STR(""), false, to);
	buf_done(&head);
	buf_done(&body);
	return err;
}

/* The chunks are joined, so the header that announced them is renamed: left in
 * place, readers would look for chunks in the body. */
static void archived_head(struct str head, struct buf *to)
{
	static const struct str te = { "transfer-encoding:", 18 };
	struct str line;
	ptrdiff_t at;

	while (head.n) {
		at = str_find_char(head, '\n');
		line = str_sub(head, 0, at < 0 ? head.n : (size_t)at + 1);
		head = str_sub(head, line.n, head.n);
		if (str_eq_nocase(str_sub(line, 0, te.n), te))
			buf_add_text(to, "X-Archive-Orig-");
		buf_add(to, line);
	}
}

/* Digest of two parts that follow each other in the record. */
static void digest_of(struct buf *scratch, struct str a, struct str b, char to[64])
{
	buf_clear(scratch);
	buf_add(scratch, a);
	buf_add(scratch, b);
	hash_sha256_base32(buf_str(scratch), to);
}

static const char *truncated(enum fetch_end end)
{
	switch (end) {
	case FETCH_CUT:
		return "disconnect";
	case FETCH_TOO_BIG:
		return "length";
	case FETCH_TIMEOUT:
		return "time";
	case FETCH_CANCELLED:
	case FETCH_REFUSED:
	case FETCH_UNREACHABLE:
	case FETCH_DROPPED:
		return "unspecified";
	case FETCH_ANSWER:
	case FETCH_REDIRECTS:
	case FETCH_OUTSIDE:
	case FETCH_MOVED:
	case FETCH_ENDS:
		break;
	}
	return NULL;
}

static enum err request(const struct fetch_answer *a, const char *id, const char *response,
			struct buf *to)
{
	struct buf head, block;
	char digest[64];
	enum err err;

	buf_init(&head, HEAD_MOST);
	buf_init(&block, a->request_head.n + a->request_body.n);
	head_start(&head, "request", id, a->started_ms);
	field(&head, "WARC-Target-URI", a->url);
	field(&head, "WARC-Concurrent-To", str_of(response));
	if (a->request_body.n) {
		hash_sha256_base32(a->request_body, digest);
		field(&head, "WARC-Payload-Digest", str_of(digest));
	}
	digest_of(&block, a->request_head, a->request_body, digest);
	head_end(&head, "application/http;msgtype=request", digest, block.n);
	err = member(&head, a->request_head, a->request_body, false, to);
	buf_done(&head);
	buf_done(&block);
	return err;
}

/* The body need not be kept again: the same bytes are, or the site says so. */
static bool refers(const struct fetch_answer *a, const struct warcrecord_original *of,
		   const char *payload)
{
	if (!of || a->end != FETCH_ANSWER)
		return false;
	return a->status == 304 || str_is(of->payload_digest, payload);
}

static void refer(struct buf *head, const struct fetch_answer *a,
		  const struct warcrecord_original *of)
{
	char date[32];

	clock_iso(of->fetched_ms, date);
	field(head, "WARC-Profile",
	      a->status == 304 ? STR(WARCRECORD_NOT_MODIFIED) : STR(WARCRECORD_SAME_PAYLOAD));
	if (of->record_id.n)
		field(head, "WARC-Refers-To", of->record_id);
	field(head, "WARC-Refers-To-Target-URI", of->url);
	field(head, "WARC-Refers-To-Date", str_of(date));
	if (of->payload_digest.n)
		field(head, "WARC-Payload-Digest", of->payload_digest);
}

/* A response, or where it brought nothing new a revisit of `of`. */
static enum err response(const struct fetch_answer *a, const struct warcrecord_original *of,
			 const char *id, const char *asked, struct buf *to)
{
	bool packed = a->content_encoding.n && !str_eq_nocase(a->content_encoding, STR("identity"));
	struct buf head, http, block;
	struct str body = a->body;
	char digest[64];
	bool again;
	enum err err;

	hash_sha256_base32(body, digest);
	again = refers(a, of, digest);
	if (again)
		body = STR("");
	buf_init(&head, HEAD_MOST);
	buf_init(&http, 4 * HEAD_MOST);
	archived_head(a->response_head, &http);
	buf_init(&block, http.n + body.n);
	head_start(&head, again ? "revisit" : "response", id, a->started_ms);
	field(&head, "WARC-Target-URI", a->url);
	if (a->ip.n)
		field(&head, "WARC-IP-Address", a->ip);
	field(&head, "WARC-Concurrent-To", str_of(asked));
	if (truncated(a->end))
		field(&head, "WARC-Truncated", str_of(truncated(a->end)));
	if (again)
		refer(&head, a, of);
	else
		field(&head, "WARC-Payload-Digest", str_of(digest));
	digest_of(&block, buf_str(&http), body, digest);
	head_end(&head, "application/http;msgtype=response", digest, http.n + body.n);
	err = http.full ? ERR_TOO_BIG : member(&head, buf_str(&http), body, packed, to);
	buf_done(&head);
	buf_done(&http);
	buf_done(&block);
	return err;
}

/* What neither record can say: the way by redirects, and how it broke off. */
static enum err metadata(const struct fetch_answer *a, const char *id, const char *response_id,
			 struct buf *to)
{
	struct buf head, body;
	char digest[64];
	enum err err;

	buf_init(&head, HEAD_MOST);
	buf_init(&body, 4 * HEAD_MOST);
	if (a->n_hops)
		field(&body, "via", a->hops[0].url);
	for (int i = 0; i < a->n_hops; i++) {
		buf_fmt(&body, "redirect: %d ", a->hops[i].status);
		value(&body, a->hops[i].url);
	}
	buf_fmt(&body, "fetchTimeMs: %lld\r\n", (long long)a->took_ms);
	if (a->end != FETCH_ANSWER && a->end != FETCH_MOVED) {
		field(&body, "end", str_of(fetch_end_name(a->end)));
		field(&body, "reason", str_of(a->why.text));
	}
	head_start(&head, "metadata", id, a->started_ms);
	field(&head, "WARC-Target-URI", a->url);
	field(&head, "WARC-Concurrent-To", str_of(response_id));
	hash_sha256_base32(buf_str(&body), digest);
	head_end(&head, "application/warc-fields", digest, body.n);
	err = body.full ? ERR_TOO_BIG : member(&head, buf_str(&body), STR(""), false, to);
	buf_done(&head);
	buf_done(&body);
	return err;
}

void warcrecord_id(uint64_t seed, char to[WARCRECORD_ID])
{
	struct rng rng = { seed };

	uuid_urn(&rng, to);
}

enum err warcrecord_exchange(const struct fetch_answer *a, const struct warcrecord_original *of,
			     uint64_t seed, struct buf *to, int64_t *ret_offset, int64_t *ret_bytes)
{
	char answered[WARCRECORD_ID], asked[WARCRECORD_ID], told[WARCRECORD_ID];
	struct rng rng = { seed };
	size_t began = to->n, from, till = 0;
	enum err err;

	if (a->response_head.n == 0)
		return ERR_BAD;
	uuid_urn(&rng, answered);
	uuid_urn(&rng, asked);
	uuid_urn(&rng, told);
	err = request(a, asked, answered, to);
	from = to->n;
	if (!err)
		err = response(a, of, answered, asked, to);
	till = to->n;
	if (!err && (a->n_hops || (a->end != FETCH_ANSWER && a->end != FETCH_MOVED)))
		err = metadata(a, told, answered, to);
	if (err) {
		buf_cut(to, began);
		return err;
	}
	*ret_offset = (int64_t)from;
	*ret_bytes = (int64_t)(till - from);
	return ERR_OK;
}

enum err warcrecord_split(struct str record, struct str *ret_warc_head, struct str *ret_http_head,
			  struct str *ret_body, struct reason *why)
{
	struct str rest = record, warc, http;
	struct warchead h;
	enum err err;

	if (!warchead_take(&rest, &warc))
		return reason_set(why, ERR_BAD, "not a WARC record");
	err = warchead_parse(warc, &h, why);
	if (err)
		return err;
	if ((uint64_t)h.length > rest.n)
		return reason_set(why, ERR_BAD, "WARC record with a wrong Content-Length");
	rest = str_sub(rest, 0, (size_t)h.length);
	if (!str_starts(rest, STR("HTTP/")) || !warchead_take(&rest, &http))
		return reason_set(why, ERR_BAD, "WARC record without an HTTP response");
	*ret_warc_head = warc;
	*ret_http_head = http;
	*ret_body = rest;
	return ERR_OK;
}
