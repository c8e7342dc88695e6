/* guard.h: whether an address may be connected to: those of the public Internet
 * may, those of special purpose (IANA's registries, RFC 6890) only within
 * networks that the configuration allows. An IPv4 address within one of IPv6 is
 * judged as itself. Pure; any thread. */
#ifndef PIPED_GUARD_H
#define PIPED_GUARD_H

#include "base/err.h"
#include "config/conf_net.h"

#include <sys/socket.h>

struct guard_range {
	struct conf_net net;
	const char *name; /* "private" */
	const char *doc;  /* "RFC 1918" */
	bool global;	  /* connected to without further ado */
	int inner;	  /* first byte of an IPv4 address within; 0: none */
	bool flipped;	  /* all bits of that one are inverted */
};

/* The range of the table that says most about the address, which is written as
 * in struct conf_net. There always is one. */
const struct guard_range *guard_range(const uint8_t at[16]);

/* ERR_DENIED when it may not: `why` names the address and its range. */
enum err guard_address(const struct sockaddr *address, const struct conf_net *allowed, int n,
		       struct reason *why);
/* The same for an address as text, without brackets or zone. */
enum err guard_text(struct str address, const struct conf_net *allowed, int n, struct reason *why);

/* A host of a URL that somebody else will resolve: an address in any form that
 * resolvers take (127.1, 0x7f000001, 017700000001), and localhost, are judged; of
 * other names nothing is known. */
enum err guard_host(struct str host, const struct conf_net *allowed, int n, struct reason *why);

#endif
