/* boot.h: builds a daemon's parts in order, and takes them down again. */
#ifndef PIPED_BOOT_H
#define PIPED_BOOT_H

#include "daemon/daemon.h"

/* Everything up to a daemon that can run: configuration, store, archive,
 * writer, fetch, crawl, sweep, API. `idle` is called whenever a piece of work
 * ends. Returns an exit code; on failure `why` says. */
int boot_start(struct daemon *d, void (*idle)(void *ctx), struct reason *why);
/* After the loop ended, or after a failed boot_start. */
void boot_end(struct daemon *d);

#endif
