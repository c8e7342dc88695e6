#include "market_send.h"

#include "market_gzip.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/must.h"

#include <microhttpd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define RESET_MS 200

/* Reads a body by pieces, for the faults that are about pieces. */
struct reader {
	struct MHD_Connection *connection;
	struct market_wait *wait;
	char *body;
	uint64_t n;   /* bytes of the body; white space follows */
	uint64_t cut; /* end here; UINT64_MAX: at the size said before */
	ssize_t end;  /* how: an error of libmicrohttpd, or its end of stream */
	size_t step;  /* most bytes at a time; 0: any */
	int64_t ms;   /* between pieces */
	bool waited, reset;
};

/* At once: an orderly end would come first when it is only closed. */
static void reset(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *i =
		MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
	const struct sockaddr nobody = { .sa_family = AF_UNSPEC };

	/* where that is not to be had, the connection is closed all the same */
	if (i && connect(i->connect_fd, &nobody, sizeof(nobody)))
		return;
}

static ssize_t read_piece(void *ctx, uint64_t at, char *to, size_t most)
{
	struct reader *r = ctx;
	size_t n = most;

	if (at >= r->cut) {
		if (!r->reset)
			return r->end;
		/* once the bytes before are there: it would overtake them */
		if (!r->waited && market_wait_add(r->wait, r->connection, RESET_MS)) {
			r->waited = true;
			return 0;
		}
		reset(r->connection);
		return r->end;
	}
	if (r->ms > 0 && !r->waited && market_wait_add(r->wait, r->connection, r->ms)) {
		r->waited = true;
		return 0;
	}
	r->waited = false;
	if (r->step && n > r->step)
		n = r->step;
	if (n > r->cut - at)
		n = (size_t)(r->cut - at);
	if (at >= r->n) {
		memset(to, ' ', n);
		return (ssize_t)n;
	}
	if (n > r->n - at)
		n = (size_t)(r->n - at);
	memcpy(to, r->body + at, n);
	return (ssize_t)n;
}

static void reader_free(void *ctx)
{
	struct reader *r = ctx;

	mem_free(r->body);
	mem_free(r);
}

static struct MHD_Response *by_pieces(struct MHD_Connection *c, struct market_wait *w,
				      const struct market_fault *f, struct buf *body)
{
	struct reader *r = mem_zero(sizeof(*r));
	uint64_t size;
	size_t n;

	*r = (struct reader){ .connection = c,
			      .wait = w,
			      .cut = UINT64_MAX,
			      .end = MHD_CONTENT_READER_END_WITH_ERROR };
	r->body = buf_move(body, &n);
	r->n = size = n;
	if (f->does == FAULT_HUGE && (uint64_t)f->mb << 20 > size)
		size = (uint64_t)f->mb << 20;
	r->reset = f->does == FAULT_RESET;
	if (f->does == FAULT_TRUNCATE || r->reset)
		r->cut = size * (uint64_t)f->at / 100;
	if (f->does == FAULT_LENGTH) {
		r->cut = size;
		r->end = MHD_CONTENT_READER_END_OF_STREAM;
		size = MHD_SIZE_UNKNOWN;
	}
	if (f->does == FAULT_TRICKLE) {
		r->step = (size_t)f->bytes;
		r->ms = f->ms;
	}
	return MHD_create_response_from_callback(size, 32768, read_piece, r, reader_free);
}

static struct MHD_Response *at_once(struct buf *body)
{
	size_t n;
	char *p = buf_move(body, &n);

	return MHD_create_response_from_buffer_with_free_callback(n, p, mem_free);
}

static bool wants_gzip(struct MHD_Connection *c)
{
	const char *v = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Accept-Encoding");
	struct str rest = str_of(v), part, name = { 0 };

	while (str_next(&rest, ',', &part)) {
		if (!str_next(&part, ';', &name) || !str_eq_nocase(str_trim(name), STR("gzip")))
			continue;
		part = str_trim(part);
		return !str_is(part, "q=0") && !str_is(part, "q=0.0");
	}
	return false;
}

static void pack_body(struct market_answer *a)
{
	struct buf out;

	buf_init(&out, MARKET_BODY_MOST);
	market_gzip_pack(buf_str(&a->body), &out);
	buf_done(&a->body);
	a->body = out;
	a->packed = true;
}

static void header(struct MHD_Response *r, const char *name, const char *value)
{
	must(MHD_add_response_header(r, name, value) == MHD_YES);
}

/* Not for 304s, whose missing body says nothing. */
static bool unchanged(struct MHD_Connection *c, const struct market_answer *a, char tag[32])
{
	const char *known = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "If-None-Match");

	snprintf(tag, 32, "\"%016llx\"", (unsigned long long)hash64(buf_str(&a->body), 3));
	return known && strstr(known, tag);
}

static void add_headers(struct MHD_Response *r, const struct market_answer *a, const char *tag)
{
	header(r, "Content-Type", a->type);
	if (a->packed)
		header(r, "Content-Encoding", "gzip");
	header(r, "Vary", "Accept-Encoding");
	if (a->location[0])
		header(r, "Location", a->location);
	if (a->retry_after[0])
		header(r, "Retry-After", a->retry_after);
	if (tag[0])
		header(r, "ETag", tag);
}

/* A response of unknown size in HTTP/1.0 has no length but ours, and the
 * connection ends with it. */
static void lie_about_length(struct MHD_Response *r, const struct market_fault *f, int64_t n)
{
	char text[32];

	n = n + f->by > 0 ? n + f->by : 0;
	snprintf(text, sizeof(text), "%lld", (long long)n);
	MHD_set_response_options(
		r, MHD_RF_HTTP_VERSION_1_0_RESPONSE | MHD_RF_INSANITY_HEADER_CONTENT_LENGTH,
		MHD_RO_END);
	header(r, "Content-Length", text);
}

static bool needs_pieces(enum market_fault_does does)
{
	return does == FAULT_TRICKLE || does == FAULT_TRUNCATE || does == FAULT_RESET ||
	       does == FAULT_HUGE || does == FAULT_LENGTH;
}

bool market_send_answer(struct MHD_Connection *c, struct market_wait *w,
			const struct market_fault *f, struct market_answer *a, int64_t *ret_bytes)
{
	struct MHD_Response *r;
	char tag[32] = "";
	bool queued;
	int64_t n;

	if (a->etag && f->does == FAULT_NONE && unchanged(c, a, tag)) {
		a->status = 304;
		buf_clear(&a->body);
	}
	/* what is padded with white space must not be packed */
	if (!a->packed && f->does != FAULT_HUGE && a->body.n >= MARKET_SEND_PACK_LEAST &&
	    strncmp(a->type, "image/", 6) != 0 && wants_gzip(c))
		pack_body(a);
	n = (int64_t)a->body.n;
	r = needs_pieces(f->does) ? by_pieces(c, w, f, &a->body) : at_once(&a->body);
	must(r);
	add_headers(r, a, tag);
	if (f->does == FAULT_LENGTH)
		lie_about_length(r, f, n);
	queued = MHD_queue_response(c, (unsigned)a->status, r) == MHD_YES;
	MHD_destroy_response(r);
	*ret_bytes = f->does == FAULT_HUGE ? f->mb << 20 : n;
	return queued;
}
