#include "crawler/warcrecord.h"

#include "base/hash.h"
#include "base/rng.h"
#include "crawler/gzmember.h"

#include <string.h>

#define HEAD_MOST ((size_t)64 << 10)
#define UUID_URN 48 /* "<urn:uuid:...>" and NUL */

/* RFC 4122 4.4, from numbers that a test can repeat. */
static void uuid_urn(struct rng *rng, char to[UUID_URN])
{
	uint64_t a = rng_next(rng), b = rng_next(rng);

	a = (a & ~(uint64_t)0xf000) | 0x4000;
	b = (b & ~((uint64_t)3 << 62)) | (uint64_t)1 << 63;
	snprintf(to, UUID_URN, "<urn:uuid:%08x-%04x-%04x-%04x-%012llx>", (unsigned)(a >> 32),
		 (unsigned)(a >> 16 & 0xffff), (unsigned)(a & 0xffff), (unsigned)(b >> 48),
		 (unsigned long long)(b & 0xffffffffffff));
}

/* A header field; control characters would end it early. */
static void field(struct buf *to, const char *name, struct str value)
{
	buf_fmt(to, "%s: ", name);
	for (size_t i = 0; i < value.n; i++)
		buf_add(to, (unsigned char)value.p[i] < ' ' || value.p[i] == 127
				    ? STR(" ")
				    : str_sub(value, i, 1));
	buf_add_text(to, "\r\n");
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
	char id[UUID_URN];
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
		return "unspecified";
	case FETCH_ANSWER:
	case FETCH_REDIRECTS:
	case FETCH_ENDS:
		break;
	}
	return NULL;
}

static enum err request(const struct fetch_answer *a, const char *id, const char *response,
			struct buf *to)
{
	struct buf head;
	char digest[64];
	enum err err;

	buf_init(&head, HEAD_MOST);
	head_start(&head, "request", id, a->started_ms);
	field(&head, "WARC-Target-URI", a->url);
	field(&head, "WARC-Concurrent-To", str_of(response));
	hash_sha256_base32(a->request_head, digest);
	head_end(&head, "application/http;msgtype=request", digest, a->request_head.n);
	err = member(&head, a->request_head, STR(""), false, to);
	buf_done(&head);
	return err;
}

static enum err response(const struct fetch_answer *a, const char *id, const char *asked,
			 struct buf *to)
{
	bool packed = a->content_encoding.n && !str_eq_nocase(a->content_encoding, STR("identity"));
	struct buf head, http, block;
	char digest[64];
	enum err err;

	buf_init(&head, HEAD_MOST);
	buf_init(&http, 4 * HEAD_MOST);
	archived_head(a->response_head, &http);
	buf_init(&block, http.n + a->body.n);
	head_start(&head, "response", id, a->started_ms);
	field(&head, "WARC-Target-URI", a->url);
	if (a->ip.n)
		field(&head, "WARC-IP-Address", a->ip);
	field(&head, "WARC-Concurrent-To", str_of(asked));
	if (truncated(a->end))
		field(&head, "WARC-Truncated", str_of(truncated(a->end)));
	hash_sha256_base32(a->body, digest);
	field(&head, "WARC-Payload-Digest", str_of(digest));
	digest_of(&block, buf_str(&http), a->body, digest);
	head_end(&head, "application/http;msgtype=response", digest, http.n + a->body.n);
	err = http.full ? ERR_TOO_BIG : member(&head, buf_str(&http), a->body, packed, to);
	buf_done(&head);
	buf_done(&http);
	buf_done(&block);
	return err;
}

enum err warcrecord_exchange(const struct fetch_answer *a, uint64_t seed, struct buf *to,
			     int64_t *ret_offset, int64_t *ret_bytes)
{
	char asked[UUID_URN], answered[UUID_URN];
	struct rng rng = { seed };
	size_t began = to->n, middle;
	enum err err;

	if (a->response_head.n == 0)
		return ERR_BAD;
	uuid_urn(&rng, asked);
	uuid_urn(&rng, answered);
	err = request(a, asked, answered, to);
	middle = to->n;
	if (!err)
		err = response(a, answered, asked, to);
	if (err) {
		buf_cut(to, began);
		return err;
	}
	*ret_offset = (int64_t)middle;
	*ret_bytes = (int64_t)(to->n - middle);
	return ERR_OK;
}

/* Takes the lines up to and with the first empty one off *rest. */
static bool take_head(struct str *rest, struct str *ret_head)
{
	struct str whole = *rest, line;
	ptrdiff_t at;

	while ((at = str_find_char(*rest, '\n')) >= 0) {
		line = str_sub(*rest, 0, (size_t)at);
		*rest = str_sub(*rest, (size_t)at + 1, rest->n);
		if (line.n == 0 || (line.n == 1 && line.p[0] == '\r')) {
			*ret_head = str_sub(whole, 0, whole.n - rest->n);
			return true;
		}
	}
	return false;
}

static bool content_length(struct str head, int64_t *ret)
{
	static const struct str name = { "content-length:", 15 };
	struct str line;

	while (str_next(&head, '\n', &line))
		if (str_eq_nocase(str_sub(line, 0, name.n), name))
			return str_i64(str_trim(str_sub(line, name.n, line.n)), ret) && *ret >= 0;
	return false;
}

enum err warcrecord_split(struct str record, struct str *ret_warc_head, struct str *ret_http_head,
			  struct str *ret_body, struct reason *why)
{
	struct str rest = record, warc, http;
	int64_t bytes;

	if (!str_starts(record, STR("WARC/1.")) || !take_head(&rest, &warc))
		return reason_set(why, ERR_BAD, "not a WARC record");
	if (!content_length(warc, &bytes) || (uint64_t)bytes > rest.n)
		return reason_set(why, ERR_BAD, "WARC record with a wrong Content-Length");
	rest = str_sub(rest, 0, (size_t)bytes);
	if (!str_starts(rest, STR("HTTP/")) || !take_head(&rest, &http))
		return reason_set(why, ERR_BAD, "WARC record without an HTTP response");
	*ret_warc_head = warc;
	*ret_http_head = http;
	*ret_body = rest;
	return ERR_OK;
}
