/* host.h: names of hosts as URLs spell them: ASCII, one spelling each (WHATWG URL
 * 3.5: UTS #46 without transition, IPv4 in its odd notations, IPv6 compressed).
 * Pure. */
#ifndef PIPED_HOST_H
#define PIPED_HOST_H

#include "base/arena.h"
#include "base/err.h"

/* `text` as it stands in a URL of http or https: percent-encoded perhaps, in any
 * script, in brackets. ERR_BAD: not a host. */
enum err host_parse(struct str text, struct arena *a, struct str *ret, struct reason *why);
/* Splits HOST, HOST:PORT or [IPv6]:PORT; ret_port {0}: none is said. False: there is
 * something else behind a bracket. */
bool host_split(struct str text, struct str *ret_host, struct str *ret_port);

#endif
