/* decode_sink.h: where a decoder of one coding puts what it makes, and the
 * decoders: each takes a whole body and ends with ERR_OK, ERR_BAD (corrupt or
 * cut) or what the sink said. Pure. */
#ifndef PIPED_DECODE_SINK_H
#define PIPED_DECODE_SINK_H

#include "base/buf.h"

/* Output is handed over in parts of so many bytes at most. */
#define DECODE_STEP ((size_t)64 << 10)

struct decode_sink {
	struct buf *to;
	size_t began; /* bytes in `to` before us */
	size_t most;  /* bytes out by the ratio */
	int ratio;    /* for the words */
	const char *coding;
	struct reason *why;
};

/* ERR_TOO_BIG past the ratio or the buffer's cap. */
enum err decode_sink_put(struct decode_sink *s, const void *p, size_t n);
/* ERR_BAD: "corrupt br body: ..." */
enum err decode_sink_corrupt(struct decode_sink *s, const char *what);
/* ERR_BAD: "br body ends early" */
enum err decode_sink_short(struct decode_sink *s);

enum err decode_zlib_gzip(struct str wire, struct decode_sink *s);
enum err decode_zlib_deflate(struct str wire, struct decode_sink *s);
enum err decode_br_stream(struct str wire, struct decode_sink *s);
enum err decode_zstd_frames(struct str wire, struct decode_sink *s);

#endif
