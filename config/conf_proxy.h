/* conf_proxy.h: how a proxy is written: "SCHEME://[{credential:NAME}@]HOST:PORT". */
#ifndef PIPED_CONF_PROXY_H
#define PIPED_CONF_PROXY_H

#include "base/str.h"

/* NULL, or what is wrong with a proxy; "none" is fine. */
const char *conf_proxy_wrong(struct str proxy);
/* The same of a host of no-proxy. */
const char *conf_proxy_host_wrong(struct str host);
/* Its parts; *ret_credential {0} without one. Of a proxy that is not wrong. */
void conf_proxy_split(struct str proxy, struct str *ret_scheme, struct str *ret_credential,
		      struct str *ret_host);
/* Whether `host`, without a port, is one of no-proxy's. */
bool conf_proxy_skips(const struct str *no_proxy, int n, struct str host);

#endif
