/* conf_net.h: networks of the Internet Protocol by prefix: 10.0.0.0/8, fd00::/8,
 * or one address. Pure. */
#ifndef PIPED_CONF_NET_H
#define PIPED_CONF_NET_H

#include "base/str.h"

#include <stdint.h>

/* Bits of an address before those of IPv4: ::ffff:0:0/96 (RFC 4291 2.5.5.2). */
#define CONF_NET_IPV4_BITS 96

struct conf_net {
	uint8_t at[16]; /* an IPv4 address as ::ffff:a.b.c.d */
	int bits;	/* of the prefix, those 96 counted */
};

/* NULL, or what is wrong. A network has no bits set past its prefix. */
const char *conf_net_parse(struct str text, struct conf_net *ret);
/* The same, for tables of keys. */
const char *conf_net_wrong(struct str text);
/* Where to listen: ADDRESS:PORT, as 127.0.0.1:9464 or [::1]:9464. NULL, or what
 * is wrong; {0} is fine and leaves *ret_port as it is. */
const char *conf_net_endpoint(struct str text, struct conf_net *ret_address, int *ret_port);
const char *conf_net_endpoint_wrong(struct str text);
/* Whether the address (as in struct conf_net) is in the network. One of IPv6
 * that is wider than all of IPv4 holds no address of IPv4. */
bool conf_net_holds(const struct conf_net *n, const uint8_t at[16]);

#endif
