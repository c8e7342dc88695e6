#include "base/must.h"
#include "crawler/decode_sink.h"

#include <zstd.h>
#include <zstd_errors.h>

/* The largest that a sender of content may use (RFC 9659): 8 MiB. */
#define WINDOW_LOG_MOST 23

enum err decode_zstd_frames(struct str wire, struct decode_sink *s)
{
	ZSTD_DStream *z = ZSTD_createDStream();
	ZSTD_inBuffer in = { .src = wire.p, .size = wire.n };
	char out[DECODE_STEP];
	enum err err = ERR_OK;
	size_t left = 1; /* 0: at the end of a frame */

	must(z != NULL);
	must(!ZSTD_isError(ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, WINDOW_LOG_MOST)));
	while (!err) {
		ZSTD_outBuffer to = { .dst = out, .size = sizeof(out) };

		left = ZSTD_decompressStream(z, &to, &in);
		if (ZSTD_isError(left)) {
			must(ZSTD_getErrorCode(left) != ZSTD_error_memory_allocation);
			err = decode_sink_corrupt(s, ZSTD_getErrorName(left));
			break;
		}
		err = decode_sink_put(s, out, to.pos);
		/* what is left within it comes without further input */
		if (in.pos == in.size && (left == 0 || to.pos == 0))
			break;
	}
	if (!err && left)
		err = decode_sink_short(s);
	ZSTD_freeDStream(z);
	return err;
}
