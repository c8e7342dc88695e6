/* extract_sitemap.h: pages of the formats sitemap and feed: their addresses as
 * links, each by the first of the page kind's links that takes it. Pure. */
#ifndef PIPED_EXTRACT_SITEMAP_H
#define PIPED_EXTRACT_SITEMAP_H

#include "extractor/extract_sink.h"

/* A gzip file is unpacked up to `most` bytes. What is wrong with parts (entries
 * without address, lines that are none, broken XML, a file that was cut, more
 * than EXTRACT_MOST_ADDRESSES) counts as rejected, and the rest is read. ERR_BAD:
 * no sitemap (or feed) at all; ERR_TOO_BIG. */
enum err extract_sitemap_run(const struct extract_in *in, size_t most, struct extract_sink *s,
			     struct reason *why);

#endif
