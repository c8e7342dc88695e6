/* secret.h: the credentials of a source (conf_auth.h), put into what is sent and
 * taken out of what is kept. What a site says back in other forms than those
 * named here (encrypted, compressed, with other escapes) is not recognised. Pure. */
#ifndef PIPED_SECRET_H
#define PIPED_SECRET_H

#include "base/arena.h"
#include "config/conf.h"

/* `text` with its {credential:NAME} replaced by values. */
struct str secret_put(const struct conf_source *s, struct str text, struct arena *a);
/* The URL as it is asked: credentials that the source's URLs name, percent-encoded,
 * and the query parameter of its `auth`, in place of one that is there. */
struct str secret_url(const struct conf_source *s, struct str url, struct arena *a);
/* The header of its `auth`; false when it has none. */
bool secret_header(const struct conf_source *s, struct arena *a, struct conf_header *ret);
/* Whether a header's value, as configured, is for the source's own hosts only. */
bool secret_is(const struct conf_header *h);
/* `text` with {credential:NAME} in place of every value: plain, percent-encoded,
 * or base64 as basic sends it. `text` itself when there is none. */
struct str secret_hide(const struct conf_source *s, struct str text, struct arena *a);
/* The same with a * for each byte, so that lengths stay true. */
struct str secret_mask(const struct conf_source *s, struct str text, struct arena *a);

#endif
