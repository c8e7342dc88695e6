/* httphead.h: reads and redacts the head of an HTTP message: its first line and
 * its headers as they were sent. Pure. */
#ifndef PIPED_HTTPHEAD_H
#define PIPED_HTTPHEAD_H

#include "base/arena.h"

/* Value of the first header of that name, trimmed, borrowed; {0} without. */
struct str httphead_value(struct str head, struct str name);
/* Milliseconds of Retry-After, or -1. A date is compared with the head's own
 * Date, or with `now_ms` when it has none. */
int64_t httphead_retry_after(struct str head, int64_t now_ms);
/* Milliseconds that Cache-Control allows a copy to be used: of its max-age, 0 for no-store
 * and no-cache; -1 without (RFC 9111 5.2.2). */
int64_t httphead_max_age(struct str head);
/* The head with *** in place of what may be a secret: credentials, cookies,
 * keys and tokens. */
struct str httphead_without_secrets(struct str head, struct arena *a);

#endif
