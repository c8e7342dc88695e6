/* crawl_stream.h: the files of ../shared/data/crawl-stream, read in place. For tests. */
#ifndef PIPED_CRAWL_STREAM_H
#define PIPED_CRAWL_STREAM_H

#include "base/arena.h"

struct crawl_stream_row {
	int64_t row; /* from 1, the head not counted */
	struct str title, price;
};

/* NULL: no such file. */
struct crawl_stream *crawl_stream_open(const char *folder, struct str file);
void crawl_stream_close(struct crawl_stream *s);
/* False at the end. The text lives until the next one is asked for. */
bool crawl_stream_next(struct crawl_stream *s, struct crawl_stream_row *ret);

#endif
