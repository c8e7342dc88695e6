/* cookiejar.h: the cookies of one source, kept by libcurl's engine (RFC 6265, with
 * public suffixes by libpsl) in a share of their own: sources never see each
 * other's. They outlive a restart, session cookies too, in a file of mode 0600
 * in Netscape's format. Loop thread only, but for cookiejar_write. */
#ifndef PIPED_COOKIEJAR_H
#define PIPED_COOKIEJAR_H

#include "base/buf.h"

#include <curl/curl.h>

struct cookiejar;

/* Most of one jar; past that those go first that end with the session, then
 * those that end soonest. */
#define COOKIEJAR_MOST 1000
#define COOKIEJAR_BYTES ((size_t)512 << 10)

/* `path` of its file, copied; NULL: not kept. What the file holds is taken, and a
 * file that is missing or cannot be read is an empty jar; then `why` says so. */
struct cookiejar *cookiejar_new(struct str source, const char *path, struct reason *why);
/* No handle has it any more. */
void cookiejar_free(struct cookiejar *j);
struct str cookiejar_source(const struct cookiejar *j);

/* The handle's requests send and take the jar's cookies, until it gets NULL. */
void cookiejar_lend(struct cookiejar *j, CURL *easy);
/* A response came with Set-Cookie: holds the jar to its bounds. */
void cookiejar_heard(struct cookiejar *j);
/* Whether it changed since it was last saved or asked. */
bool cookiejar_changed(struct cookiejar *j);
/* All of it, one line each, appended. */
void cookiejar_text(struct cookiejar *j, struct buf *to);
/* Replaces the file, if it has one. Any thread. Blocks. */
enum err cookiejar_write(const char *path, struct str text, struct reason *why);
const char *cookiejar_path(const struct cookiejar *j); /* NULL: none */

#endif
