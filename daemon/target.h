/* target.h: what each source makes of an address that a person gives: the job that it
 * would be, and whether it may be one. Pure; any thread. */
#ifndef PIPED_TARGET_H
#define PIPED_TARGET_H

#include "serve/serve.h"

/* One row per source of `conf` (only the one named `source`, unless {0}), and a last one
 * without a source, for what is stored of sources that are no longer configured. Text in
 * `a` or borrowed from `conf`. ERR_BAD, ERR_TOO_BIG: no address that could be asked. */
enum err target_find(const struct conf *conf, struct str url, struct str source, int64_t now_ms,
		     struct arena *a, struct serve_target **ret, int *ret_n, struct reason *why);

#endif
