/* transfer_ask.h: what a transfer says, to whom: its headers, cookies of the
 * configuration, credentials and proxy, by where its next request goes. */
#ifndef PIPED_TRANSFER_ASK_H
#define PIPED_TRANSFER_ASK_H

#include "crawler/transfer.h"
#include "crawler/url.h"

/* The next request goes to `u`: sets url, asked_url, headers, cookie and proxy. One
 * that must not be made ends the transfer. */
void transfer_ask_set(struct transfer *t, const struct url *u);
/* Tells libcurl of the proxy, and its password. */
void transfer_ask_proxy(struct transfer *t);

#endif
