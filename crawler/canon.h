/* canon.h: the canonical key of a URL: what makes two addresses one page (RFC 3986 6.2,
 * and what sites and advertisers add). Pure. */
#ifndef PIPED_CANON_H
#define PIPED_CANON_H

#include "config/conf.h"
#include "crawler/url.h"

/* The key of the absolute URL `url`, and the host that is asked for it. After the URL
 * standard's own spelling (url.h): escapes of unreserved characters undone, hexadecimal
 * digits upper case, then dots of the path resolved again; dots at the end of the host
 * dropped; parameters that make no other page left out (conf_param.h without the
 * source's `keep-params`, with its `ignore-params`), in the path as ;name=value too;
 * the rest sorted by name, empty ones and an empty query dropped; with `merge-slashes`
 * several slashes of the path are one. The key of a key is that key. ERR_BAD: no http(s)
 * URL. */
enum err canon_key(const struct conf_source *s, struct str url, struct arena *a,
		   struct str *ret_key, struct str *ret_host, struct reason *why);
/* The host alone, as it is asked. */
enum err canon_host(struct str url, struct arena *a, struct str *ret_host);
/* The same, of a URL that was read before. */
enum err canon_key_of(const struct conf_source *s, const struct url *u, struct arena *a,
		      struct str *ret_key, struct str *ret_host, struct reason *why);
/* The address that is asked for `url`: the same, but with the source's `strip-params`
 * without the parameters that the key ignores. */
struct url canon_asked(const struct conf_source *s, const struct url *u, struct arena *a);
/* Changes when the keys of the source do. Never 0. */
uint64_t canon_version(const struct conf_source *s);

#endif
