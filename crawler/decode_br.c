#include "base/mem.h"
#include "base/must.h"
#include "crawler/decode_sink.h"

#include <brotli/decode.h>

static void *br_alloc(void *ctx, size_t n)
{
	(void)ctx;
	return mem_alloc(n);
}

static void br_free(void *ctx, void *p)
{
	(void)ctx;
	mem_free(p);
}

enum err decode_br_stream(struct str wire, struct decode_sink *s)
{
	BrotliDecoderState *state = BrotliDecoderCreateInstance(br_alloc, br_free, NULL);
	const uint8_t *in = (const uint8_t *)wire.p;
	uint8_t out[DECODE_STEP], *to;
	BrotliDecoderResult rc;
	size_t n = wire.n, room;
	enum err err;

	must(state != NULL);
	do {
		to = out;
		room = sizeof(out);
		rc = BrotliDecoderDecompressStream(state, &n, &in, &room, &to, NULL);
		err = decode_sink_put(s, out, sizeof(out) - room);
	} while (!err && rc == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT);
	if (!err && rc == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT)
		err = decode_sink_short(s);
	if (!err && rc == BROTLI_DECODER_RESULT_ERROR)
		err = decode_sink_corrupt(
			s, BrotliDecoderErrorString(BrotliDecoderGetErrorCode(state)));
	BrotliDecoderDestroyInstance(state);
	return err;
}
