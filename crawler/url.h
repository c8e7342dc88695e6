/* url.h: absolute http and https URLs: parsed, resolved (RFC 3986 5.2) and spelled as
 * browsers do (WHATWG URL), in what libcurl reads the same way. Pure. */
#ifndef PIPED_URL_H
#define PIPED_URL_H

#include "base/arena.h"
#include "base/err.h"

/* Longest URL that is dealt with. */
#define URL_MOST 4096

struct url {
	struct str text; /* absolute, ASCII, without fragment and default port */
	struct str host; /* lower case, with :port unless the scheme's own */
	bool https;
};

/* ERR_BAD: not http(s), malformed, or with a user name; ERR_TOO_BIG. Host names of
 * other scripts become Punycode. */
enum err url_parse(struct str text, struct arena *a, struct url *ret, struct reason *why);
/* `link` as a page at the absolute URL `base` means it. Control characters and
 * spaces around it, tabs and line breaks within are dropped, as browsers do. */
enum err url_resolve(struct str base, struct str link, struct arena *a, struct url *ret,
		     struct reason *why);
/* The same, of a base that was read before. */
enum err url_join(const struct url *base, struct str link, struct arena *a, struct url *ret,
		  struct reason *why);
/* Percent-encoding as it is compared (RFC 3986 6.2.2): unreserved characters
 * plain, hexadecimal digits upper case, what no URL may hold encoded. */
struct str url_normal(struct str text, struct arena *a);
/* `s` with all but unreserved characters percent-encoded; and the way back,
 * where + is a space and a broken escape stays as it is. */
struct str url_escape(struct str s, struct arena *a);
struct str url_unescape(struct str s, struct arena *a);

#endif
