/* extract_charset.h: bytes of a page -> UTF-8. Pure. */
#ifndef PIPED_EXTRACT_CHARSET_H
#define PIPED_EXTRACT_CHARSET_H

#include "base/arena.h"

/* Bytes of a page in which <meta charset> is looked for; the standard says
 * 1,024, shops put scripts before it. */
#define EXTRACT_CHARSET_PRESCAN 4096

/* What iconv calls the page's encoding: told by a byte order mark, the
 * Content-Type header, or (html) a <meta> near the start, in that order;
 * "UTF-8" when nobody says, or says something unknown. Labels are read as
 * browsers do (encoding.spec.whatwg.org): euc-kr is CP949, iso-8859-1 is
 * windows-1252. *ret_skip: bytes of the mark. */
const char *extract_charset(struct str body, struct str content_type, bool html, size_t *ret_skip);

/* `body` as well-formed UTF-8 in the arena, or `body` itself (less the mark).
 * Never fails: what cannot be read becomes U+FFFD, byte by byte. */
struct str extract_charset_utf8(struct str body, struct str content_type, bool html,
				struct arena *a);
/* The same for XML, whose first line may name the encoding (RFC 7303: after mark
 * and header). */
struct str extract_charset_xml(struct str body, struct str content_type, struct arena *a);

#endif
