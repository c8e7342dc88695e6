/* extract_charset.h: bytes of a page -> UTF-8. Pure. */
#ifndef PIPED_EXTRACT_CHARSET_H
#define PIPED_EXTRACT_CHARSET_H

#include "base/arena.h"
#include "extractor/extract_detect.h"

/* The encoding that is named: by a byte order mark, the Content-Type header, or (html) a
 * <meta> near the start, in that order; NULL: by none. *ret_skip: bytes of the mark. */
const struct extract_encoding *extract_charset_told(struct str body, struct str content_type,
						    bool html, size_t *ret_skip);

/* The page's encoding: the one that is named, unless the bytes can't be that
 * (extract_detect.h), or else the one that they look like. */
const struct extract_encoding *extract_charset(struct str body, struct str content_type, bool html,
					       size_t *ret_skip);

/* `body` as well-formed UTF-8 in the arena, or `body` itself (less the mark).
 * Never fails: what cannot be read becomes U+FFFD, byte by byte. */
struct str extract_charset_utf8(struct str body, struct str content_type, bool html,
				struct arena *a);
/* Bytes that are in `e`, in the same way. */
struct str extract_charset_read(struct str body, const struct extract_encoding *e, struct arena *a);
/* The same for XML, whose first line may name the encoding (RFC 7303: after mark
 * and header). */
struct str extract_charset_xml(struct str body, struct str content_type, struct arena *a);

#endif
