/* cookieset.h: the cookie jars of all sources that keep cookies. Jars that changed
 * are saved a few seconds later, on the pool, and at the end. Loop thread only. */
#ifndef PIPED_COOKIESET_H
#define PIPED_COOKIESET_H

#include "config/conf.h"
#include "crawler/cookiejar.h"

#include <uv.h>

/* How long a change may wait to be saved. */
#define COOKIESET_SAVE_MS 5000

struct cookieset;

/* `folder` of the jars' files, made when there is something to save; {0}: nothing is
 * kept. */
struct cookieset *cookieset_new(uv_loop_t *loop, struct str folder);
/* Opens the jars of sources that are new, reading their files: at start and at a
 * reload. */
void cookieset_configure(struct cookieset *c, const struct conf *conf);
/* NULL for a source without cookies. */
struct cookiejar *cookieset_jar(const struct cookieset *c, const struct conf_source *s);
/* A response for the jar came with Set-Cookie. */
void cookieset_heard(struct cookieset *c, struct cookiejar *j);
/* No handle has a jar any more. Saves, frees, and calls `closed` from the loop. */
void cookieset_close(struct cookieset *c, void (*closed)(void *ctx), void *ctx);

#endif
