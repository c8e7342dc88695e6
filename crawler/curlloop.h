/* curlloop.h: a libcurl multi handle driven by a libuv loop: its sockets and
 * its timer. Loop thread only. */
#ifndef PIPED_CURLLOOP_H
#define PIPED_CURLLOOP_H

#include <curl/curl.h>
#include <stdbool.h>
#include <uv.h>

struct curlloop;

/* `done` hears of each transfer that ended, from the loop; it has to remove or
 * re-add the easy handle. At most `kept` idle connections are kept open. NULL
 * when libcurl cannot start. */
struct curlloop *curlloop_new(uv_loop_t *loop, long kept,
			      void (*done)(void *ctx, CURL *easy, CURLcode rc), void *ctx);
/* Nothing is called before the loop turns again. */
void curlloop_add(struct curlloop *c, CURL *easy);
void curlloop_remove(struct curlloop *c, CURL *easy);
/* All easy handles are removed. Never from within `done`. Frees `c`, then calls
 * `closed` from the loop. */
void curlloop_close(struct curlloop *c, void (*closed)(void *ctx));

#endif
