/* httphead.h: reads and redacts the head of an HTTP message: its first line and
 * its headers as they were sent. Pure. */
#ifndef PIPED_HTTPHEAD_H
#define PIPED_HTTPHEAD_H

#include "base/arena.h"

/* Takes the next header off *head, the status line being none; false at the end.
 * Borrowed, trimmed. */
bool httphead_next(struct str *head, struct str *ret_name, struct str *ret_value);
/* Value of the first header of that name, trimmed, borrowed; {0} without. */
struct str httphead_value(struct str head, struct str name);
/* Milliseconds of Retry-After, or -1. A date is compared with the head's own
 * Date, or with `now_ms` when it has none. */
int64_t httphead_retry_after(struct str head, int64_t now_ms);
/* The head with *** in place of what may be a secret: credentials, cookies,
 * keys and tokens. */
struct str httphead_without_secrets(struct str head, struct arena *a);

#endif
