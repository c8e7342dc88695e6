/* scope.h: whether an address belongs to a source, and whether it looks like one of a
 * trap: sites make endless addresses of calendars, relative links and sessions. Pure;
 * the budget of a folder is kept by the writer, who counts. */
#ifndef PIPED_SCOPE_H
#define PIPED_SCOPE_H

#include "config/conf.h"
#include "crawler/url.h"
#include "model/refusal.h"

struct scope_link {
	struct url url; /* that would be asked */
	struct str key; /* canon.h */
	int depth;
	int64_t now_ms; /* of calendars */
};

/* Whether a link may become a job; else which rule is against it, and the words. */
bool scope_link(const struct conf_source *s, const struct scope_link *l, struct arena *a,
		enum refusal *ret, struct reason *why);
/* Whether redirects may lead the source to `host`, its own and images' included. */
bool scope_led(const struct conf_source *s, struct str host);
/* Whether an answer of the source may lead to `u`. */
bool scope_redirect(const struct conf_source *s, const struct url *u, struct reason *why);
/* Whether the source may ask `host` (as in struct url). */
bool scope_host(const struct conf_source *s, struct str host);
/* The same for listings' images. */
bool scope_image(const struct conf_source *s, struct str host);
/* The folder that a key counts in: at most `segments` of its path without the last one;
 * that, too, when there is a query. "/shop", "/". */
struct str scope_prefix(struct str key, int segments);

#endif
