/* A byte: its low half chooses the content-encoding; the high bit says that the
 * rest is packed here, else it is the body as it came. A body that was packed
 * comes back whole, and cut short it is refused. */
#include "crawler/decode.h"
#include "tests/fuzz/fuzz.h"

#include <brotli/encode.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#define CAP ((size_t)4 << 20)

static const char *const codings[16] = {
	"gzip", "deflate", "x-gzip",	     "identity",
	"",	"GZIP",	   "identity, gzip", "gzip , identity",
	"br",	"zstd",	   "gzip, br",	     "gzip, gzip",
	",",	"zstd,br", "br, deflate",    "gzi",
};

static void check_body(struct str wire, struct str coding)
{
	struct reason why = { "" };
	struct str body = { 0 };
	struct buf b;
	enum err err;

	buf_init(&b, CAP);
	buf_add_char(&b, '!');
	err = decode_body(wire, coding, DECODE_RATIO, &b, &body, &why);
	if (err) {
		must(err == ERR_BAD || err == ERR_TOO_BIG || err == ERR_UNSUPPORTED);
		must(why.text[0] && b.n == 1 && b.p[1] == '\0');
	} else {
		must(body.p && (b.n == 1 || body.n == b.n - 1));
		must(body.n <= CAP);
		must(body.n <= (1 << 20) || body.n <= wire.n * DECODE_RATIO);
	}
	must(b.p[0] == '!');
	buf_done(&b);
}

static struct str deflated(struct str s, int window_bits, int level, struct arena *a)
{
	z_stream z = { .avail_in = (uInt)s.n };
	uLong room = compressBound((uLong)s.n) + 64;
	char *to = arena_alloc(a, room);

	memcpy(&z.next_in, &s.p, sizeof(s.p));
	must(deflateInit2(&z, level, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY) == Z_OK);
	z.next_out = (Bytef *)to;
	z.avail_out = (uInt)room;
	must(deflate(&z, Z_FINISH) == Z_STREAM_END);
	s = (struct str){ to, room - z.avail_out };
	deflateEnd(&z);
	return s;
}

static struct str brotlied(struct str s, int level, struct arena *a)
{
	size_t n = BrotliEncoderMaxCompressedSize(s.n) + 64;
	uint8_t *to = arena_alloc(a, n);

	must(BrotliEncoderCompress(level, 18, BROTLI_MODE_TEXT, s.n, (const uint8_t *)s.p, &n, to));
	return (struct str){ (const char *)to, n };
}

static struct str zstded(struct str s, int level, struct arena *a)
{
	size_t n = ZSTD_compressBound(s.n);
	char *to = arena_alloc(a, n);

	n = ZSTD_compress(to, n, s.p, s.n, level);
	must(!ZSTD_isError(n));
	return (struct str){ to, n };
}

/* Comes back whole, and cut short it does not. */
static void check_packed(struct str wire, struct str s, const char *coding)
{
	struct str body = { 0 };
	struct reason why;
	struct buf b;

	buf_init(&b, CAP);
	must(!decode_body(wire, str_of(coding), DECODE_RATIO, &b, &body, &why));
	must(str_eq(body, s));
	buf_clear(&b);
	/* nothing at all is an empty body */
	must(wire.n == 1 || decode_body(str_sub(wire, 0, wire.n - 1), str_of(coding), DECODE_RATIO,
					&b, &body, &why));
	buf_done(&b);
}

static void check_all(struct str s, int level)
{
	struct arena *a = arena_new(FUZZ_ARENA);
	struct str gzip = deflated(s, MAX_WBITS + 16, level, a);

	check_packed(gzip, s, "gzip");
	check_packed(deflated(s, MAX_WBITS, level, a), s, "deflate");
	check_packed(deflated(s, -MAX_WBITS, level, a), s, "deflate");
	check_packed(brotlied(s, level, a), s, "br");
	check_packed(zstded(s, level, a), s, "zstd");
	check_packed(brotlied(gzip, level, a), s, "gzip, br");
	check_packed(zstded(gzip, level, a), s, "gzip, zstd");
	arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = fuzz_text(data, size);
	uint8_t how = fuzz_byte(&rest);

	if (how & 0x80) {
		check_all(rest, how & 7);
	} else if (how & 0x40) {
		struct str coding = fuzz_line(&rest);

		check_body(rest, coding);
	} else {
		check_body(rest, str_of(codings[how & 15]));
	}
	return 0;
}
